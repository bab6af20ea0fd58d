"""Tempo fit: which tracks are stretched, how far, and where everything in them is then."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.speed import AS_RECORDED, Copy, Speed
from nbd_tui.model.tempo import in_octave_of
from nbd_tui.model.units import Bpm
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.tempo_fit import MOST, asked, ordered, played, speed_for, target_bpm
from nbd_tui.soundtrack.wants import Want, wants
from tests.unit.soundtrack.planning import drop, heard, workout

SEGMENTS = workout(("rest", 60.0), ("work", 80.0)).segments
REST, WORK = wants(SEGMENTS, plan_stretches(SEGMENTS))
TARGET = target_bpm(WORK)


def heard_at(bpm: Bpm, want: Want = WORK, before: Bpm | None = None) -> Bpm:
    """The tempo at which a track of this tempo is heard."""
    return bpm * speed_for(want, heard(bpm=bpm), before).factor


@pytest.mark.parametrize("bpm", [130.0, 137.5, 145.0, 66.0, 72.0])
def test_a_track_near_the_target_has_it_in_its_own_octave(bpm: Bpm) -> None:
    assert in_octave_of(TARGET, heard_at(bpm)) == pytest.approx(TARGET, rel=1e-4)


def test_a_track_farther_off_comes_as_near_as_it_may() -> None:
    assert heard_at(120.0) == pytest.approx(120.0 * (1 + MOST))
    assert heard_at(160.0) == pytest.approx(160.0 * (1 - MOST))


def test_only_work_and_only_a_certain_even_beat_is_stretched() -> None:
    steady = heard(bpm=130.0)
    assert speed_for(WORK, steady) != AS_RECORDED
    assert speed_for(REST, steady) == AS_RECORDED
    assert speed_for(WORK, None) == AS_RECORDED
    assert speed_for(WORK, replace(steady, is_constant=False)) == AS_RECORDED
    assert speed_for(WORK, replace(steady, confidence=0.4)) == AS_RECORDED
    assert speed_for(WORK, replace(steady, bpm=None)) == AS_RECORDED
    assert speed_for(WORK, heard(bpm=TARGET * 1.0005)) == AS_RECORDED


def test_a_track_meets_the_one_before_it_unless_that_is_the_wrong_way() -> None:
    assert heard_at(122.0, before=127.2) == pytest.approx(127.2, rel=1e-4)
    assert heard_at(61.0, before=127.2) == pytest.approx(63.6, rel=1e-4)
    assert heard_at(138.0, before=127.2) == pytest.approx(TARGET, rel=1e-4)


@given(st.floats(40.0, 220.0), st.none() | st.floats(40.0, 220.0))
def test_no_track_is_stretched_too_far_or_away_from_the_target(bpm: Bpm, before: Bpm | None) -> None:
    speed = speed_for(WORK, heard(bpm=bpm), before)
    assert abs(speed.factor - 1) <= MOST + 1e-9
    own = in_octave_of(TARGET, bpm)
    assert abs(own * speed.factor - TARGET) <= abs(own - TARGET) + 0.01


@given(st.integers(9_400, 10_600))
def test_all_that_was_heard_moves_alike(steps: int) -> None:
    speed, hearing = Speed(steps), heard(200.0, 125.0, [drop(60.0, 45.0)])
    at = played(hearing, speed)
    assert at.frames == speed.frame(hearing.frames)
    assert at.drops[0].at_s * speed.factor == pytest.approx(60.0)
    assert at.drops[0].build is not None
    assert at.drops[0].build.start_s * speed.factor == pytest.approx(45.0)
    assert [speed.track_s(beat) for beat in at.beats_s] == pytest.approx(hearing.beats_s)
    assert len(at.energy.values) / at.energy.rate_hz * speed.factor == pytest.approx(200.0)


def test_at_the_recorded_speed_all_is_as_it_was() -> None:
    hearing: Hearing = heard(bpm=120.0)
    assert played(hearing, AS_RECORDED) is hearing


def test_a_copy_is_ordered_with_the_drops_that_must_be_exact() -> None:
    assert ordered(WORK, heard(200.0, 130.0, [drop(60.0)])) == Copy(Speed.of(TARGET / 130), (60 * 44_100,))
    assert ordered(REST, heard(200.0, 130.0, [drop(60.0)])) is None


def test_what_the_user_says_of_a_track_moves_with_it() -> None:
    pinned = replace(WORK, pin=Pin(Path("/music/tiger.mp3"), 30.0, 60.0))
    pin = asked(pinned, Speed.of(1.05)).pin
    assert pin is not None
    assert pin.from_s == pytest.approx(30.0 / 1.05)
    assert pin.drop_s == pytest.approx(60.0 / 1.05)
    assert ordered(pinned, heard(200.0, 130.0)) == Copy(Speed.of(TARGET / 130), (60 * 44_100,))
    assert asked(WORK, Speed.of(1.05)) == WORK
