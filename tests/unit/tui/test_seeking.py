"""Where the keys that seek lead to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.units import to_frames
from nbd_tui.tui.seeking import SLACK_S, Step, places_of, sought

BEATS = tuple(0.3 + n * 0.5 for n in range(200))
TRACK = Hearing(
    to_frames(101.0), 120.0, 0.9, beats_s=BEATS, downbeats_s=BEATS[::4],
    drops=(Drop(BEATS[80], 2.0, None, Span(BEATS[48], BEATS[80])),),
)  # fmt: skip
STEPS = st.sampled_from(Step)


@given(STEPS, st.floats(0.0, 101.0))
def test_a_step_on_leads_to_the_next_place(step: Step, at_s: float) -> None:
    places = places_of(TRACK, step)
    new_s = sought(TRACK, at_s, step, 1)
    assert new_s == min((place for place in places if place > at_s + SLACK_S), default=TRACK.duration_s)


@given(STEPS, st.floats(0.0, 101.0))
def test_a_step_back_leads_to_the_place_before(step: Step, at_s: float) -> None:
    places = places_of(TRACK, step)
    assert sought(TRACK, at_s, step, -1) == max((place for place in places if place < at_s - SLACK_S), default=0.0)


@given(STEPS, st.integers(1, 30))
def test_so_many_steps_on_and_back_is_where_one_was(step: Step, count: int) -> None:
    start_s = BEATS[0]
    there_s = sought(TRACK, start_s, step, count)
    if there_s < TRACK.duration_s:
        assert sought(TRACK, there_s, step, -count) == start_s


@given(st.floats(0.0, 30.0), STEPS, st.integers(-50, 50).filter(bool), st.floats(0.0, 30.0))
def test_without_beats_one_stays_within_the_track(length_s: float, step: Step, count: int, at_s: float) -> None:
    beatless = Hearing(to_frames(length_s))
    assert 0.0 <= sought(beatless, at_s, step, count) <= beatless.duration_s


def test_without_beats_a_step_is_a_usual_one() -> None:
    beatless = Hearing(to_frames(60.0))
    assert [sought(beatless, 20.0, step, 1) for step in Step] == [20.5, 22.0, 36.0]


def test_sections_are_build_ups_and_drops_and_eight_bars_where_these_are_far() -> None:
    assert places_of(TRACK, Step.SECTION) == pytest.approx([0.3, 16.3, 24.3, 32.3, 40.3, 48.3, 64.3, 80.3, 96.3])
    late = replace(TRACK, drops=(replace(TRACK.drops[0], build=Span(BEATS[36], BEATS[80])),))
    assert places_of(late, Step.SECTION) == pytest.approx([0.3, 18.3, 32.3, 40.3, 48.3, 64.3, 80.3, 96.3])


def test_beats_without_bars_are_counted_in_fours() -> None:
    plain = Hearing(to_frames(101.0), 120.0, beats_s=BEATS)
    assert sought(plain, BEATS[0], Step.BAR, 2) == BEATS[8]
