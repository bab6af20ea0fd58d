"""Moving, adding and removing drops."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.units import to_frames
from nbd_tui.tui.drop_edit import SAME_S, added, as_heard, moved, nearest_beat, nearest_drop, removed

LENGTH_S = 120.0
BEATS = tuple(n * 0.5 for n in range(240))
PLACES = st.lists(st.integers(0, 239), max_size=12, unique=True).map(
    lambda found: tuple(BEATS[n] for n in sorted(found))
)
MOMENTS = st.floats(0.0, LENGTH_S)


def track(*drops_s: float, beats: tuple[float, ...] = BEATS) -> Hearing:
    drops = tuple(Drop(at_s, 2.0, Span(at_s - 1, at_s)) for at_s in drops_s)
    return Hearing(to_frames(LENGTH_S), 120.0, 0.9, beats_s=beats, drops=drops)


@given(PLACES, MOMENTS)
def test_a_moved_drop_is_on_the_beat_under_the_playhead_and_the_others_stay(
    drops: tuple[float, ...], at_s: float
) -> None:
    hearing = track(*drops)
    answer, beat_s, nearest = moved(hearing, at_s), nearest_beat(hearing, at_s), nearest_drop(hearing, at_s)
    if nearest is None or beat_s in drops:
        assert answer.drops_s is None
    else:
        assert answer.drops_s == tuple(sorted({*drops, beat_s} - {nearest.at_s}))


@given(PLACES, MOMENTS)
def test_what_was_added_is_removed_at_the_same_place(drops: tuple[float, ...], at_s: float) -> None:
    answer = added(track(*drops), at_s)
    if answer.drops_s is None:
        assert nearest_beat(track(), at_s) in drops
    else:
        assert len(answer.drops_s) == len(drops) + 1
        assert removed(track(*answer.drops_s), nearest_beat(track(), at_s)).drops_s == drops


@given(PLACES, st.lists(st.tuples(st.sampled_from([moved, added, removed]), MOMENTS), max_size=12))
def test_whatever_is_done_drops_are_in_order_on_beats_and_apart(
    drops: tuple[float, ...], steps: "list[tuple[object, float]]"
) -> None:
    for step, at_s in steps:
        answer = step(track(*drops), at_s)  # type: ignore[operator]
        drops = drops if answer.drops_s is None else answer.drops_s
        assert answer.words
    assert list(drops) == sorted(drops)
    assert set(drops) <= set(BEATS)
    assert all(later - earlier > SAME_S for earlier, later in pairwise(drops))


def test_without_beats_a_drop_stands_where_it_was_set() -> None:
    assert added(track(beats=()), 12.34).drops_s == (12.34,)


def test_nothing_to_move_or_remove() -> None:
    assert moved(track(), 3.0).words == "there is no drop to move"
    assert removed(track(), 3.0).words == "there is no drop to remove"
    assert moved(track(3.0), 3.1).words == "a drop is at 0:03.0 already"


def test_the_drops_that_were_heard_are_no_correction() -> None:
    heard = track(3.0, 60.0).drops
    assert as_heard((3.0, 60.0), heard)
    assert not as_heard((3.0,), heard)
    assert as_heard((), ())
