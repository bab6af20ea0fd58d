"""Tapped, typed, doubled and halved tempos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.tui.tempo_edit import FASTEST, LEAST_TAPS, NEXT_TAP_S, SLOWEST, Taps, doubled, halved, tapped_bpm, typed

TEMPOS = st.floats(25.0, 390.0)


def tapping(bpm: float, count: int, slips: list[float] | None = None) -> list[float]:
    errors = [*(slips or []), *[0.0] * count]
    return [1000.0 + n * 60 / bpm + errors[n] for n in range(count)]


@given(TEMPOS, st.integers(LEAST_TAPS, 40))
def test_even_taps_have_their_tempo(bpm: float, count: int) -> None:
    assert tapped_bpm(tapping(bpm, count)) == pytest.approx(bpm, rel=1e-6)


@given(st.floats(60.0, 180.0), st.lists(st.floats(-0.02, 0.02), min_size=8, max_size=24))
def test_a_hands_unsteadiness_is_averaged(bpm: float, errors: list[float]) -> None:
    assert tapped_bpm(tapping(bpm, len(errors), errors)) == pytest.approx(bpm, rel=0.04)


@given(st.floats(60.0, 200.0), st.integers(8, 20), st.data())
def test_a_beat_left_out_is_counted(bpm: float, count: int, data: st.DataObject) -> None:
    times = tapping(bpm, count)
    del times[data.draw(st.integers(1, count - 2))]
    assert tapped_bpm(times) == pytest.approx(bpm, rel=1e-6)


@given(st.floats(60.0, 200.0), st.integers(8, 20), st.data())
def test_a_tap_between_two_beats_is_left_out(bpm: float, count: int, data: st.DataObject) -> None:
    times = tapping(bpm, count)
    place = data.draw(st.integers(1, count - 2))
    times.insert(place + 1, times[place] + 0.1 * 60 / bpm)
    assert tapped_bpm(times) == pytest.approx(bpm, rel=1e-6)


@given(st.lists(st.floats(0.0, 1e6), max_size=40))
def test_any_taps_have_a_tempo_or_none(times: list[float]) -> None:
    bpm = tapped_bpm(sorted(times))
    assert bpm is None or bpm > 0.0


def test_taps_count_from_the_fourth_on() -> None:
    taps, told = Taps(), []
    for at in tapping(120.0, 5):
        taps = taps.tapped(at)
        told.append((taps.answer().bpm, taps.answer().words))
    assert told == [
        (None, "tap on the beat, 3 more"),
        (None, "tap on the beat, 2 more"),
        (None, "tap on the beat, 1 more"),
        (120.0, "tapped 120 BPM"),
        (120.0, "tapped 120 BPM"),
    ]


def test_after_a_pause_one_taps_anew() -> None:
    taps = Taps(tuple(tapping(120.0, 8)))
    last = taps.times[-1]
    assert not taps.is_over(last + NEXT_TAP_S)
    assert taps.is_over(last + NEXT_TAP_S + 0.01)
    assert taps.tapped(last + NEXT_TAP_S + 0.01).times == (last + NEXT_TAP_S + 0.01,)
    assert not Taps().is_over(5.0)


def test_nobody_taps_on_for_ever_with_the_first_taps_in_the_mean() -> None:
    taps = Taps()
    for at in (*tapping(100.0, 10), *[1005.4 + n * 0.5 for n in range(1, 60)]):
        taps = taps.tapped(at)
    assert taps.answer().bpm == pytest.approx(120.0)


@pytest.mark.parametrize(("bpm", "kept"), [(137.0, 138.02), (139.5, 138.02), (69.5, 69.01), (274.0, 276.04)])
def test_near_the_heard_tempo_in_some_octave_it_is_that_one(bpm: float, kept: float) -> None:
    answer = Taps(tuple(tapping(bpm, 8))).answer(138.02)
    assert answer.bpm == pytest.approx(kept)
    assert answer.words.endswith("as heard")


def test_further_away_the_hand_counts() -> None:
    assert Taps(tuple(tapping(132.0, 8))).answer(138.0).bpm == 132.0


def test_a_hammering_hand_has_no_tempo() -> None:
    assert Taps(tuple(tapping(900.0, 8))).answer().bpm is None
    assert Taps((1.0, 1.0, 1.0, 1.0)).answer().bpm is None


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("138", 138.0), (" 92,5 ", 92.5), ("92.50 bpm", 92.5), ("120 BPM", 120.0), ("20", 20.0), ("400", 400.0),
     ("99.", 99.0), ("٣٣", 33.0)],
)  # fmt: skip
def test_a_tempo_as_one_types_it(text: str, bpm: float) -> None:
    assert typed(text).bpm == bpm


@pytest.mark.parametrize("text", ["", "fast", "-120", "1e2", "19.9", "400.1", "12O", "120 130", "1,000.5", "nan"])
def test_what_is_no_tempo(text: str) -> None:
    assert typed(text).bpm is None


def test_what_is_no_tempo_is_told() -> None:
    assert typed("7").words == "from 20 to 400 BPM"
    assert typed("fast").words == "a number such as 138 or 92.5"
    assert typed(" ").words == ""


@given(st.text(max_size=12))
def test_any_text_is_a_tempo_or_none(text: str) -> None:
    bpm = typed(text).bpm
    assert bpm is None or SLOWEST <= bpm <= FASTEST


@given(st.floats(40.0, 200.0))
def test_doubling_is_undone_by_halving(bpm: float) -> None:
    assert halved(doubled(bpm).bpm).bpm == bpm


def test_no_tempo_leaves_its_range_or_comes_of_nothing() -> None:
    assert doubled(201.0).bpm is None
    assert halved(39.0).bpm is None
    assert doubled(None).words == "there is no tempo yet: tap or type one"
    assert doubled(69.0).words == "69 → 138 BPM"
    assert halved(185.0).words == "185 → 92.5 BPM"
