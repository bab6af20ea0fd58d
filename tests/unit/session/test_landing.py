"""The drop lands on the bell, whatever keys are pressed: heard through the real mixer."""

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.keymap import Action
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.units import RATE, Seconds, to_frames
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import START, Stage, level

TRACK_S = 120.0
DROP_S = 33.0
BUILD_S = 17.0
"""The build-up lasts 16 s: eight bars at 120 BPM."""
CLICK = 0.6

ROUNDS: list[dict[str, object]] = [
    {"phases": [{"kind": "warm-up", "duration": 30}]},
    {"repeat": 3, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 25}]},
    {"phases": [{"kind": "cool-down", "duration": 30}]},
]
"""warm-up 0–30, work 30–70, rest 70–95, work 95–135, rest 135–160, work 160–200, cool-down 200–230."""

PREPARED: list[dict[str, object]] = [
    {"phases": [{"kind": "prepare", "duration": 10}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 30}]},
]
"""prepare 0–10, work 10–50, rest 50–80, work 80–120."""

PINS = {PhaseKind.WARM_UP: 0, PhaseKind.WORK: 1, PhaseKind.REST: 2, PhaseKind.COOL_DOWN: 3}


def clicking() -> Samples:
    """Soft before the drop, a click on it, soft after it."""
    samples = np.full((to_frames(TRACK_S), 2), level(1), np.float32)
    samples[to_frames(DROP_S)] = CLICK
    return samples


def heard_in(drop: bool = True) -> Hearing:
    beats = tuple(at / 2 for at in range(2, 2 * int(TRACK_S)))
    drops = (Drop(DROP_S, 9.0, build=Span(BUILD_S, DROP_S)),) if drop else ()
    curve = EnergyCurve(4.0, (0.4,) * int(4 * DROP_S) + (1.0,) * int(4 * (TRACK_S - DROP_S)))
    return Hearing(to_frames(TRACK_S), 120.0, 0.9, True, beats, beats[::4], energy=curve, drops=drops)


def stage(blocks: list[dict[str, object]] = ROUNDS, **more: object) -> Stage:
    """One track with a drop for all rounds."""
    return Stage(
        blocks, pins=PINS, track_s=TRACK_S, clips={1: clicking()}, hearings={1: heard_in()},
        **more,  # type: ignore[arg-type]
    ).begin()  # fmt: skip


def clicks(stage: Stage) -> list[Seconds]:
    """The session times of all drops heard."""
    stage.player.poll()
    frames = np.flatnonzero(np.abs(stage.player.heard[:, 0]) > 0.5 * CLICK)
    return [float(frame) / RATE for frame in frames]


def bells(stage: Stage) -> list[Seconds]:
    """The session times at which the bells of the rounds were heard."""
    return [heard for name, _, heard in stage.cue_times() if name == "round-start"]


def assert_landed(stage: Stage, rounds: int) -> None:
    """Every bell has its drop, and there is no drop without one."""
    assert len(bells(stage)) == rounds
    assert clicks(stage) == pytest.approx(bells(stage), abs=0.001)


def tracks(stage: Stage) -> list[tuple[int, float, float]]:
    """(number, session time, in-point) of all that began."""
    told = stage.of("track")
    return [(int(r.path.rsplit("/", 1)[1].split(".")[0]), r.at - START, r.in_point_s or 0.0) for r in told]


def test_every_drop_is_heard_with_its_bell_and_the_build_up_before_it() -> None:
    played = stage()
    played.run(225)
    assert_landed(played, 3)
    assert bells(played) == pytest.approx([30.0, 95.0, 160.0], abs=0.001)
    begun = [(round(at, 2), round(in_s, 2)) for number, at, in_s in tracks(played) if number == 1]
    assert begun == [(14.0, 17.0), (79.0, 17.0), (144.0, 17.0)]


def test_a_rest_too_short_for_the_build_up_has_a_part_of_it_from_a_bar_on() -> None:
    blocks: list[dict[str, object]] = [
        {"repeat": 2, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}]}
    ]
    hearing = heard_in()
    late = Hearing(
        hearing.frames, 120.0, 0.9, True, hearing.beats_s, hearing.downbeats_s, energy=hearing.energy,
        drops=(Drop(DROP_S, 9.0, build=Span(5.0, DROP_S)),),
    )  # fmt: skip
    played = Stage(blocks, pins=PINS, track_s=TRACK_S, clips={1: clicking()}, hearings={1: late}).begin()
    played.run(70)
    assert clicks(played)[-1] == pytest.approx(60.0, abs=0.001)
    _, at, in_s = [track for track in tracks(played) if track[0] == 1][-1]
    assert in_s in hearing.downbeats_s
    assert 44.0 - 1e-3 <= at < 46.0


def test_under_a_prepare_phase_the_build_up_is_there_from_the_start() -> None:
    played = stage(PREPARED)
    played.run(100)
    assert_landed(played, 2)
    assert min(abs(played.level_at(s)) for s in (0.4, 2.0, 9.9)) > 0.01


def test_without_a_drop_a_strong_downbeat_is_heard_with_the_bell() -> None:
    played = Stage(
        ROUNDS, pins=PINS, track_s=TRACK_S, clips={1: clicking()}, hearings={1: heard_in(drop=False)}
    ).begin()
    played.run(100)
    for number, at, in_s in tracks(played):
        if number == 1:
            bell_s = min(bells(played), key=lambda bell: abs(bell - at))
            landed = in_s + bell_s - at
            assert min(abs(landed - bar) for bar in heard_in().downbeats_s) < 0.001
            assert abs(at - bell_s) < 0.021


@pytest.mark.parametrize("ppm", [-300.0, 300.0])
def test_a_clock_that_drifts_parts_no_drop_from_its_bell(ppm: float) -> None:
    played = stage(drift_ppm=ppm)
    played.run(225)
    frames = np.flatnonzero(np.abs(played.player.heard[:, 0]) > 0.5 * CLICK)
    heard = [float(frame) / (RATE * (1 + ppm * 1e-6)) for frame in frames]
    assert heard == pytest.approx(bells(played), abs=0.001)
    assert bells(played) == pytest.approx([30.0, 95.0, 160.0], abs=0.012)


def test_a_skipped_rest_jumps_to_the_drop_with_the_bell() -> None:
    for at_s in (75.0, 85.0):  # in the rest's own music, and in the build-up
        played = stage()
        played.run(at_s)
        played.press(Action.SKIP)
        played.run(5)
        assert bells(played)[-1] == pytest.approx(at_s + 0.1, abs=0.1)
        assert clicks(played)[-1] == pytest.approx(bells(played)[-1], abs=0.001)


@pytest.mark.parametrize("at_s", [40.0, 75.0, 85.0, 94.0])
@pytest.mark.parametrize("pause_s", [0.3, 7.0])
def test_a_pause_changes_nothing_of_it(at_s: Seconds, pause_s: Seconds) -> None:
    played = stage()
    played.run(at_s)
    played.press(Action.PAUSE)
    played.run(pause_s)
    played.press(Action.PAUSE)
    played.run(130 - at_s)
    assert bells(played) == pytest.approx([30.0, 95.0 + pause_s], abs=0.06)
    assert clicks(played)[-1] == pytest.approx(bells(played)[-1], abs=0.001)
    assert len([at for at in clicks(played) if at > 50]) == 1


def test_a_pause_in_the_build_up_goes_on_at_the_very_place() -> None:
    played = stage()
    played.run(85)
    played.press(Action.PAUSE)
    played.run(3)
    played.press(Action.PAUSE)
    played.run(4)
    number, at, in_s = tracks(played)[-1]
    assert number == 1
    assert at == pytest.approx(88.15, abs=0.11)
    assert in_s == pytest.approx(DROP_S - (98.0 - at), abs=0.06)


def test_a_pause_elsewhere_takes_the_music_up_two_beats_earlier() -> None:
    played = stage()
    played.run(50)
    played.press(Action.PAUSE)
    played.run(3)
    played.press(Action.PAUSE)
    played.run(2)
    number, _, in_s = tracks(played)[-1]
    left_s = DROP_S + 20.1
    assert number == 1
    assert in_s in heard_in().beats_s
    assert 1.0 - 0.06 <= left_s - in_s <= 1.5 + 0.06


def test_after_a_pause_just_after_the_drop_it_is_not_heard_a_second_time_before_its_time() -> None:
    played = stage()
    played.run(30.3)
    played.press(Action.PAUSE)
    played.run(2)
    played.press(Action.PAUSE)
    played.run(2)
    assert tracks(played)[-1][2] == pytest.approx(DROP_S)


@pytest.mark.parametrize("at_s", [75.0, 85.0, 93.0])
def test_a_longer_rest_pulls_the_music_back_and_builds_again(at_s: Seconds) -> None:
    played = stage()
    played.run(at_s)
    played.press(Action.ADD_TIME)
    added_s = played.conductor.snapshot().total_remaining_s - (230 - at_s)
    assert added_s > 4
    played.run(2)
    if at_s == 85.0:
        assert played.level_at(at_s + 1.5) == pytest.approx(level(2), abs=1e-3), "the music of the rest is back"
    played.run(120 - at_s)
    assert bells(played) == pytest.approx([30.0, 95.0 + added_s], abs=0.06)
    assert clicks(played)[-1] == pytest.approx(bells(played)[-1], abs=0.001)
    assert len([at for at in clicks(played) if at > 50]) == 1


@pytest.mark.parametrize("at_s", [72.0, 80.0])
def test_a_shorter_rest_enters_later_in_the_build_up(at_s: Seconds) -> None:
    played = stage()
    played.run(at_s)
    played.press(Action.REMOVE_TIME)
    played.run(100 - at_s)
    assert bells(played)[-1] < 94
    assert clicks(played)[-1] == pytest.approx(bells(played)[-1], abs=0.001)
    assert len([at for at in clicks(played) if at > 50]) == 1


def test_going_back_builds_up_to_the_bell_again() -> None:
    played = stage()
    played.run(98)
    played.press(Action.BACK)
    played.run(0.2)
    played.press(Action.BACK)
    played.run(40)
    assert clicks(played)[-1] == pytest.approx(bells(played)[-1], abs=0.001)
    assert played.conductor.snapshot().segment.kind is PhaseKind.WORK


def test_the_music_never_stops_on_the_way_to_the_bell() -> None:
    played = stage()
    played.run(225)
    heard = np.abs(played.player.heard[RATE : 220 * RATE, 0])
    assert float(heard.min()) > 0.03
