"""The second wind inside the last round: another track's drop, joined on a bar, whatever keys are pressed."""

import numpy as np
import pytest

from nbd_tui.keymap import Action
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.units import Bpm, Seconds, to_frames
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import Stage, level
from tests.unit.session.test_landing import CLICK, bells, clicks, tracks

TRACK_S = 130.0
ROUND: list[dict[str, object]] = [
    {
        "phases": [
            {"kind": "warm-up", "duration": 20},
            {"kind": "work", "duration": 120},
            {"kind": "cool-down", "duration": 30},
        ]
    }
]
"""warm-up 0–20, work 20–140, cool-down 140–170; the second wind is due at 95."""
PINS = {PhaseKind.WARM_UP: 0, PhaseKind.WORK: (1, 2), PhaseKind.COOL_DOWN: 3}
DUE_S = 95.0


def heard_at(bpm: Bpm, score: float, bars: int = 16, build_bars: int = 4, with_drop: bool = True) -> Hearing:
    """A steady track whose drop is at its 16th bar, after a build-up of four."""
    beats = tuple(0.5 + beat * 60 / bpm for beat in range(int((TRACK_S - 1) * bpm / 60)))
    drop_s, build_s = beats[4 * bars], beats[4 * (bars - build_bars)]
    drops = (Drop(drop_s, score, build=Span(build_s, drop_s)),) if with_drop else ()
    curve = EnergyCurve(4.0, (0.4,) * int(4 * drop_s) + (1.0,) * int(4 * (TRACK_S - drop_s)))
    return Hearing(to_frames(TRACK_S), bpm, 0.9, True, beats, beats[::4], energy=curve, drops=drops)


def stage(bpm: Bpm = 128.0, blocks: list[dict[str, object]] = ROUND, **more: object) -> Stage:
    """Track 1 at 120 BPM for the round, track 2 with the strongest drop."""
    one, two = heard_at(120.0, 8.0), heard_at(bpm, 30.0)
    clips = {}
    for number, hearing in ((1, one), (2, two)):
        clips[number] = np.full((to_frames(TRACK_S), 2), level(number), np.float32)
        for drop in hearing.drops:
            clips[number][to_frames(drop.at_s)] = CLICK
    options: dict[str, object] = {"pins": PINS, "hearings": {1: one, 2: two}, "clips": clips, **more}
    return Stage(blocks, track_s=TRACK_S, **options).begin()  # type: ignore[arg-type]


def began(played: Stage, number: int) -> tuple[Seconds, Seconds]:
    """Session time and in-point of the newest beginning of a track."""
    return next((at, in_s) for one, at, in_s in reversed(tracks(played)) if one == number)


def test_the_strongest_drop_falls_before_the_end_of_the_last_round() -> None:
    played = stage()
    played.run(165)
    first, second = clicks(played)
    assert first == pytest.approx(bells(played)[0], abs=0.001)
    assert DUE_S - 2.1 <= second <= DUE_S + 0.001
    at, in_s = began(played, 2)
    assert second - at == pytest.approx(heard_at(128.0, 30.0).drops[0].at_s - in_s, abs=0.001)


def test_it_takes_over_on_a_bar_of_the_track_before() -> None:
    played = stage()
    played.run(100)
    (at, in_s), (before_at, before_in_s) = began(played, 2), began(played, 1)
    bars = np.array(heard_at(120.0, 8.0).downbeats_s)
    assert np.abs(bars - (at - before_at + before_in_s)).min() < 0.001, "a bar of the old track"
    assert np.abs(np.array(heard_at(128.0, 8.0).downbeats_s) - in_s).min() < 0.001, "and of the new one"
    assert played.level_at(at - 0.03) == pytest.approx(level(1), abs=1e-3)
    assert played.level_at(at + 0.03) == pytest.approx(level(2), abs=1e-3)


def test_tracks_of_one_tempo_are_mixed_in_time() -> None:
    played = stage(bpm=120.5, fade_s=2.0)
    played.run(100)
    at, _ = began(played, 2)
    assert level(1) < played.level_at(at + 1.0) < level(1) + level(2)
    assert played.level_at(at + 1.0) == pytest.approx((level(1) + level(2)) / 2**0.5, abs=0.01)


def test_a_round_too_short_for_it_has_its_strongest_drop_at_the_start() -> None:
    played = stage(blocks=[{"phases": [{"kind": "warm-up", "duration": 20}, {"kind": "work", "duration": 80}]}])
    played.run(95)
    assert [number for number, _, _ in tracks(played)] == [0, 2]
    assert clicks(played) == pytest.approx(bells(played), abs=0.001)


@pytest.mark.parametrize(("work", "with_drop"), [(1, True), ((1, 2), False)])
def test_without_another_drop_it_is_left_out(work: int | tuple[int, ...], with_drop: bool) -> None:
    blocks: list[dict[str, object]] = [
        {"phases": [{"kind": "warm-up", "duration": 20}, {"kind": "work", "duration": 95}]}
    ]
    hearings = {1: heard_at(120.0, 8.0, with_drop=with_drop), 2: heard_at(128.0, 30.0, with_drop=False)}
    played = stage(blocks=blocks, hearings=hearings, pins={**PINS, PhaseKind.WORK: work})
    played.run(110)
    assert len(tracks(played)) == 2


def test_time_added_in_its_build_up_pulls_the_music_back_and_builds_again() -> None:
    played = stage()
    played.run(92)
    assert tracks(played)[-1][0] == 2
    played.press(Action.ADD_TIME)
    added_s = played.conductor.snapshot().total_remaining_s - (170 - 92)
    played.run(3)
    assert played.level_at(94) == pytest.approx(level(1), abs=1e-3)
    played.run(30)
    assert DUE_S + added_s - 2.1 <= clicks(played)[-1] <= DUE_S + added_s + 0.05
    assert len(clicks(played)) == 2


def test_time_added_after_it_changes_nothing_of_it() -> None:
    played = stage()
    played.run(100)
    played.press(Action.ADD_TIME)
    played.run(50)
    assert len(clicks(played)) == 2
    assert tracks(played)[-1][0] == 2


def test_time_taken_away_to_after_it_brings_it_at_once() -> None:
    played = stage()
    played.run(83)
    played.press(Action.REMOVE_TIME)
    played.run(3)
    assert clicks(played)[-1] == pytest.approx(83.1, abs=0.11)


def test_a_pause_in_its_build_up_goes_on_where_the_drop_is_on_time() -> None:
    played = stage()
    played.run(92)
    played.press(Action.PAUSE)
    played.run(4)
    played.press(Action.PAUSE)
    played.run(10)
    assert DUE_S + 4 - 2.1 <= clicks(played)[-1] <= DUE_S + 4.05
    assert len(clicks(played)) == 2


def test_a_pause_after_it_goes_on_in_its_track() -> None:
    played = stage()
    played.run(110)
    played.press(Action.PAUSE)
    played.run(4)
    played.press(Action.PAUSE)
    played.run(5)
    assert tracks(played)[-1][0] == 2
    assert len(clicks(played)) == 2


def test_near_a_short_rest_it_comes_with_the_bell_after_it() -> None:
    intervals: list[dict[str, object]] = [
        {"phases": [{"kind": "warm-up", "duration": 20}]},
        {"repeat": 5, "phases": [{"kind": "work", "duration": 20}, {"kind": "rest", "duration": 3}]},
    ]
    played = stage(blocks=intervals, taste=MusicTaste(second_wind_s=22.0))
    played.run(130)
    assert [round(at) for at in bells(played)] == [20, 43, 66, 89, 112]
    assert clicks(played) == pytest.approx([bells(played)[0], bells(played)[-1]], abs=0.001)


def test_going_back_to_the_start_of_the_round_has_both_drops_again() -> None:
    played = stage()
    played.run(110)
    played.press(Action.BACK)
    played.run(80)
    assert len(clicks(played)) == 4
