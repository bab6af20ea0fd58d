"""What the ears hear is what the timer says: bells, tracks and drops on time, no gaps, through both outputs."""

import shutil
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.e2e.conftest import need, running_server
from tests.e2e.hearing import RATE, Heard, Signal, SoundServer, measured, read_wav, recorded
from tests.e2e.machine import Witness
from tests.e2e.music import DROP_S, MARK_S, dropping_track, mark, track, write_wav
from tests.e2e.program import Event, Gym

CHECKOUT: Final = Path(__file__).parents[2]
CUES: Final = CHECKOUT / "assets" / "cues" / "sharp"
SOUND_OF: Final = {"round-start": "bell-single", "round-end": "bell-triple", "finish": "finish"}

SCHEDULED: Final = 10
"""Five tracks, and five bells."""
WORST_S: Final = 0.015
BELL_TO_TRACK_S: Final = 0.001
BELL_TO_DROP_S: Final = 0.002
"""The analysis has found the drop itself, so this is its error as well."""
LONGEST_DROPOUT_S: Final = 0.005
SHIFT_S: Final = 0.040
"""How late the one bell of the control run is."""
MOST_ATTEMPTS: Final = 4
"""More than one retry only where the machine itself stood still; what is asserted stays the same."""
ALIKE: Final = 0.5
"""From this likeness on, a sound is taken to be the one looked for."""

PRESET: Final = """
name = "Forty-two seconds"
[[blocks]]
phases = [{ kind = "warm-up", duration = 4 }]
[[blocks]]
phases = [{ kind = "work", duration = 8 }, { kind = "rest", duration = 20 }, { kind = "work", duration = 6 }]
[[blocks]]
phases = [{ kind = "cool-down", duration = 4 }]
"""
"""A rest of 20 s is the shortest that has music of its own."""

TRACKS: Final = {"0.wav": 0, "work/1.wav": 1, "work/2.wav": 2, "rest/3.wav": 3, "4.wav": 4}
DROPPING: Final = "work/2.wav"
"""The one with a beat and a drop, which is the best there is for the last round."""

SETTINGS: Final = """
[audio]
fade_s = 0.4
music_volume = 60
cue_volume = 75
[music]
folders = ["{music}"]
pins = {{ "warm-up" = "{music}/0.wav", work = "{music}/work", rest = "{music}/rest", "cool-down" = "{music}/4.wav" }}
"""


@dataclass
class Match:
    """One thing scheduled, and when it was heard."""

    what: str
    scheduled: float
    heard: float
    likeness: float


def heard_library(folder: Path) -> Gym:
    """Tracks for each kind of phase, four of noise and one with a drop, and what `nbd analyse` hears in them."""
    gym = Gym(folder)
    for name, number in TRACKS.items():
        path = gym.music / name
        path.parent.mkdir(exist_ok=True)
        write_wav(path, (dropping_track if name == DROPPING else track)(number, 40))
    gym.settings(SETTINGS.format(music=gym.music))
    analysed = gym.run("analyse")
    assert analysed.returncode == 0, analysed.stderr
    return gym


def prepare(gym: Gym, library: Gym) -> dict[str, int]:
    """The tracks pinned to the kinds of phase, and known; file name to number."""
    shutil.copytree(library.home / "data", gym.home / "data", dirs_exist_ok=True)
    gym.settings(SETTINGS.format(music=library.music))
    gym.preset("short", PRESET)
    return {str(library.music / name): number for name, number in TRACKS.items()}


def mark_s(event: Event) -> float:
    """When the burst of the track that begins is to be heard; in the one with a drop it is `MARK_S` after that."""
    in_track_s = MARK_S + (DROP_S if event["path"].endswith(DROPPING) else 0.0)
    return float(event["at"] + in_track_s - event["in_point_s"])


def matches(events: list[Event], numbers: dict[str, int], heard: Heard) -> list[Match]:
    """Every track's burst and every bell, found in the recording where the schedule says.

    The bursts are like nothing else and are looked for widely; the strokes of a bell are alike, so they are looked for
    near where the bursts say they must be.
    """
    bursts = [
        find(heard, "track", event, mark(numbers[event["path"]]), mark_s(event), 0.5)
        for event in events
        if event["event"] == "track"
    ]
    constant = float(np.median([burst.heard - burst.scheduled for burst in bursts])) if bursts else 0.0
    bells = [
        find(
            heard,
            event["cue"],
            event,
            read_wav(CUES / f"{SOUND_OF[event['cue']]}.wav", 0.2),
            event["at"],
            0.15,
            constant,
        )
        for event in events
        if event["event"] == "cue" and event["cue"] in SOUND_OF
    ]
    return sorted([*bursts, *bells], key=lambda match: match.scheduled)


def find(
    heard: Heard, what: str, event: Event, sound: Signal, at: float, within: float, constant: float = 0.0
) -> Match:
    """One sound, looked for at its time."""
    when, likeness = heard.find(sound, at + constant, within)
    return Match(f"{what} {event.get('kind', '')}", at, when, likeness)


def errors_of(found: list[Match]) -> Signal:
    """How late each was heard, less the one constant of the run (the way from the program to the ear)."""
    late = np.array([match.heard - match.scheduled for match in found])
    return np.asarray(late - np.median(late))


@dataclass
class Run:
    """One run of the preset, heard."""

    events: list[Event]
    numbers: dict[str, int]
    heard: Heard
    stalls: list[float]
    """When the machine stood still (see `machine`)."""

    @cached_property
    def found(self) -> list[Match]:
        """What was scheduled, and when it was heard."""
        return matches(self.events, self.numbers, self.heard)

    @cached_property
    def dropouts(self) -> list[tuple[float, float]]:
        """Holes in the music, from the first track to the end."""
        first = next(event["at"] for event in self.events if event["event"] == "track")
        last = next(event["at"] for event in self.events if event["event"] == "finished")
        return self.heard.dropouts(first + 1.0, last - 0.5, LONGEST_DROPOUT_S)

    @property
    def good(self) -> bool:
        """Everything this file asks for."""
        return on_time(self.found) and is_together(self.found) and not self.dropouts

    @property
    def good_but_for_the_finish(self) -> bool:
        """As it is meant to be where the last bell is late."""
        errors = np.abs(errors_of(self.found))
        return len(errors) == SCHEDULED and float(np.max(errors[:-1])) <= WORST_S and not self.dropouts


def play(gym: Gym, server: SoundServer, output: str, library: Gym) -> Run:
    """Plays and hears the preset once."""
    gym.env = dict(server.env)
    numbers = prepare(gym, library)
    with recorded(server) as recording, Witness() as witness:
        workout = gym.workout("short", "--output", output)
        assert workout.finish() == 0, workout.errors
    assert workout.of("sound")[-1]["text"] == output
    return Run(workout.events, numbers, recording.heard, witness.stalls)


def show(run: Run, output: str) -> None:
    """Prints what was found."""
    print(output)
    for match, error in zip(run.found, errors_of(run.found) * 1000, strict=True):
        print(f"{match.what:22} {error:+8.2f} ms  likeness {match.likeness:.2f}")
    first = run.events[0]["at"]
    holes = [f"{1000 * length:.1f} ms at {at - first:.2f} s" for at, length in run.dropouts]
    print(f"bell to track {[f'{1000 * gap:.2f} ms' for gap in bell_to_track(run.found)]}, dropouts {holes}")
    print(f"the machine stood still at {[round(at - first, 2) for at in run.stalls]} s")


def take(
    folder: Path,
    output: str,
    library: Gym,
    program: Path | None = None,
    is_good: Callable[[Run], bool] = lambda run: run.good,
) -> Run:
    """A run of its own, with a sound server of its own, twice where the first is not good."""

    def attempt(number: int) -> Run:
        place = folder / f"{output}{number}"
        place.mkdir()
        gym = Gym(place / "gym", program=program)
        try:
            with running_server(place) as server:
                run = play(gym, server, output, library)
        finally:
            gym.close()
        show(run, output)
        return run

    run = measured(attempt, is_good)
    for number in range(2, MOST_ATTEMPTS):
        if is_good(run) or not run.stalls:
            break
        print("the machine stood still, so that was no measurement:")
        run = attempt(number)
    return run


def copy_with_a_late_finish(folder: Path) -> Path:
    """The program once more, whose finish bell begins with 40 ms of silence."""
    for part in ("nbd_tui", "assets"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    bell = folder / "assets" / "cues" / "sharp" / "finish.wav"
    with wave.open(str(bell), "rb") as file:
        form, frames = file.getparams(), file.readframes(file.getnframes())
    with wave.open(str(bell), "wb") as file:
        file.setparams(form)
        file.writeframes(bytes(round(SHIFT_S * RATE) * form.sampwidth * form.nchannels) + frames)
    return folder


def on_time(found: list[Match]) -> bool:
    """The check: everything was heard, and no more than 15 ms off."""
    return (
        len(found) == SCHEDULED
        and all(match.likeness > ALIKE for match in found)
        and float(np.max(np.abs(errors_of(found)))) <= WORST_S
    )


def is_together(found: list[Match]) -> bool:
    """The other check: the first round's track begins with its bell, and the drop of the last one falls on its own."""
    gaps = bell_to_track(found)
    return len(gaps) == 2 and gaps[0] <= BELL_TO_TRACK_S and gaps[1] <= BELL_TO_DROP_S


def bell_to_track(found: list[Match]) -> list[float]:
    """How far each work track's beginning, or its drop, is from its bell, in the recording."""
    bells = [match for match in found if match.what.startswith("round-start")]
    tracks = [match for match in found if match.what == "track work"]
    return [abs((track.heard - MARK_S) - bell.heard) for bell, track in zip(bells, tracks, strict=False)]


def changed(heard: Heard, samples: Signal) -> Heard:
    """The recording with other samples."""
    other = copy(heard)
    other.samples = samples
    return other


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """One run through each output, and one of a program that rings late, all at the same time to save some."""
    need("libvlc", "pulseaudio")
    folder = tmp_path_factory.mktemp("heard")
    late = folder / "late"
    other = copy_with_a_late_finish(folder / "program")
    library = heard_library(folder / "library")
    with ThreadPoolExecutor() as pool:
        futures = {output: pool.submit(take, folder, output, library) for output in ("vlc", "device")}
        late.mkdir()
        futures["late"] = pool.submit(take, late, "vlc", library, other, lambda run: run.good_but_for_the_finish)
        return {output: future.result() for output, future in futures.items()}


@pytest.mark.parametrize("output", ["vlc", "device"])
def test_bells_and_tracks_are_heard_when_the_timer_says(runs: dict[str, Run], output: str) -> None:
    run = runs[output]
    assert len(run.found) == SCHEDULED, [match.what for match in run.found]
    assert on_time(run.found)
    assert bell_to_track(run.found)[0] <= BELL_TO_TRACK_S
    assert run.dropouts == []


@pytest.mark.parametrize("output", ["vlc", "device"])
def test_the_drop_is_heard_with_the_bell_and_the_build_up_before_it(runs: dict[str, Run], output: str) -> None:
    run = runs[output]
    (begun,) = (event for event in run.events if event["event"] == "track" and event["path"].endswith(DROPPING))
    bell = [event for event in run.events if event["event"] == "cue" and event["cue"] == "round-start"][-1]
    assert begun["at"] < bell["at"] - 2.0
    assert begun["in_point_s"] < DROP_S - 2.0
    assert bell_to_track(run.found)[1] <= BELL_TO_DROP_S


def test_the_check_rejects_a_program_that_rings_one_bell_40_ms_late(runs: dict[str, Run]) -> None:
    run = runs["late"]
    assert run.good_but_for_the_finish, "it is that bell alone"
    assert run.found[-1].what.startswith("finish")
    assert run.found[-1].likeness > ALIKE
    assert errors_of(run.found)[-1] == pytest.approx(SHIFT_S, abs=WORST_S)
    assert not on_time(run.found)


def test_the_check_notices_a_hole_of_6_ms(runs: dict[str, Run]) -> None:
    run = runs["device"]
    samples = run.heard.samples.copy()
    hole = run.heard.frame_at(run.found[4].heard + 2.0)
    samples[hole : hole + round(0.006 * RATE)] = 0.0
    with_hole = Run(run.events, run.numbers, changed(run.heard, samples), [])
    assert len(with_hole.dropouts) == len(run.dropouts) + 1
