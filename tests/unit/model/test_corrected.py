"""A track with the user's corrections in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.corrected import corrected, whole_factor
from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import to_frames

BEATS = tuple(1.0 + n * 0.5 for n in range(32))
HEARD_DROP = Drop(9.0, 3.0, Span(8.0, 9.0), Span(1.0, 8.0))
HEARD = Hearing(
    to_frames(20.0), 120.0, 0.9, is_constant=True, beats_s=BEATS, downbeats_s=BEATS[2::4], drops=(HEARD_DROP,)
)


def test_without_a_correction_all_is_as_heard() -> None:
    assert corrected(HEARD, Correction()) == HEARD


@pytest.mark.parametrize(
    ("bpm", "factor"),
    [(120.0, 1), (121.0, 1), (240.0, 2), (60.0, -2), (360.0, 3), (40.0, -3), (30.0, -4), (90.0, None)],
)
def test_how_a_tempo_stands_to_the_heard_one(bpm: float, factor: int | None) -> None:
    assert whole_factor(bpm, 120.0) == factor


def test_double_the_tempo_has_a_beat_between_every_two() -> None:
    found = corrected(HEARD, Correction(240.0))
    assert found.bpm == 240.0
    assert found.beats_s[::2] == BEATS
    assert found.beats_s[1] == pytest.approx(1.25)
    assert found.downbeats_s == tuple(found.beats_s[4::4])


def test_half_the_tempo_has_every_second_beat_and_those_that_begin_bars() -> None:
    found = corrected(HEARD, Correction(60.0))
    assert found.beats_s == BEATS[0::2]
    assert found.downbeats_s == BEATS[2::8]
    odd = corrected(Hearing(HEARD.frames, 120.0, beats_s=BEATS, downbeats_s=BEATS[3::4]), Correction(60.0))
    assert odd.beats_s == BEATS[1::2]


def test_a_waltz_stays_one_at_any_octave() -> None:
    waltz = Hearing(HEARD.frames, 120.0, beats_s=BEATS, downbeats_s=BEATS[::3])
    assert corrected(waltz, Correction(60.0)).downbeats_s == BEATS[::6]
    double = corrected(waltz, Correction(240.0))
    assert double.downbeats_s[:4] == pytest.approx((1.0, 1.75, 2.5, 3.25))


@pytest.mark.parametrize("beats_per_bar", [3, 5, 7])
def test_bars_keep_their_beats_at_any_tempo(beats_per_bar: int) -> None:
    odd = Hearing(HEARD.frames, 120.0, beats_s=BEATS, downbeats_s=BEATS[1::beats_per_bar])
    assert odd.beats_per_bar == beats_per_bar
    assert corrected(odd, Correction(100.0)).beats_per_bar == beats_per_bar


def test_without_bars_there_are_four_beats_in_one() -> None:
    assert Hearing(HEARD.frames, 120.0, beats_s=BEATS).beats_per_bar == 4
    assert Hearing(HEARD.frames, 120.0, beats_s=BEATS, downbeats_s=BEATS[:1]).beats_per_bar == 4


def test_bars_cut_short_do_not_change_how_many_beats_they_have() -> None:
    cut = (*BEATS[0:15:5], *BEATS[13::5])
    assert Hearing(HEARD.frames, 120.0, beats_s=BEATS, downbeats_s=cut).beats_per_bar == 5


def test_another_tempo_has_an_even_grid_through_the_first_bar_heard() -> None:
    found = corrected(HEARD, Correction(100.0))
    steps = [b - a for a, b in zip(found.beats_s, found.beats_s[1:], strict=False)]
    assert steps == pytest.approx([0.6] * len(steps))
    assert min(abs(at_s - 2.0) for at_s in found.downbeats_s) < 1e-9
    assert 0.0 <= found.beats_s[0] < 0.6
    assert 19.4 < found.beats_s[-1] <= 20.0


def test_a_track_without_beats_gets_a_grid_from_a_tapped_tempo() -> None:
    found = corrected(Hearing(to_frames(3.0)), Correction(60.0))
    assert found.beats_s == pytest.approx((0.0, 1.0, 2.0, 3.0))


def test_drops_of_the_users_take_the_place_of_those_heard() -> None:
    found = corrected(HEARD, Correction(drops_s=(15.0, 9.001, 4.0)))
    assert [drop.at_s for drop in found.drops] == [4.0, 9.0, 15.0]
    assert found.drops[1] == HEARD_DROP, "one that was left where it was keeps its build-up"
    assert found.drops[0] == Drop(4.0, 3.0)
    assert corrected(HEARD, Correction(drops_s=())).drops == ()


@given(st.floats(20.0, 400.0), st.floats(20.0, 400.0), st.lists(st.floats(0.0, 20.0), max_size=40, unique=True))
def test_beats_stay_in_order_and_bars_are_beats(bpm: float, heard_bpm: float, times: list[float]) -> None:
    beats = tuple(sorted(round(at_s, 2) for at_s in set(times)))
    hearing = Hearing(to_frames(20.0), heard_bpm, beats_s=beats, downbeats_s=beats[1::4])
    found = corrected(hearing, Correction(bpm))
    assert list(found.beats_s) == sorted(found.beats_s)
    assert set(found.downbeats_s) <= set(found.beats_s)
