"""What the ears hear is what the timer says: bells and tracks on time, no gaps, through both outputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import RATE, Heard, Signal, SoundServer, read_wav, recorded
from tests.e2e.music import MARK_S, mark, track, write_wav
from tests.e2e.program import Event, Gym

CUES: Final = Path(__file__).parents[2] / "assets" / "cues" / "sharp"
SOUND_OF: Final = {"round-start": "bell-single", "round-end": "bell-triple", "finish": "finish"}

WORST_S: Final = 0.015
BELL_TO_TRACK_S: Final = 0.001
LONGEST_DROPOUT_S: Final = 0.005
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

SETTINGS: Final = """
[audio]
fade_s = 0.4
music_volume = 60
cue_volume = 100
[music]
pins = {{ "warm-up" = "{music}/0.wav", work = "{music}/work", rest = "{music}/rest", "cool-down" = "{music}/4.wav" }}
"""


@dataclass
class Match:
    """One thing scheduled, and when it was heard."""

    what: str
    scheduled: float
    heard: float
    likeness: float


def prepare(gym: Gym) -> dict[str, int]:
    """Five tracks of noise, pinned to the kinds of phase; file name to number."""
    numbers = {"0.wav": 0, "work/1.wav": 1, "work/2.wav": 2, "rest/3.wav": 3, "4.wav": 4}
    for name, number in numbers.items():
        path = gym.music / name
        path.parent.mkdir(exist_ok=True)
        write_wav(path, track(number, 40))
    gym.settings(SETTINGS.format(music=gym.music))
    gym.preset("short", PRESET)
    return {str(gym.music / name): number for name, number in numbers.items()}


def matches(events: list[Event], numbers: dict[str, int], heard: Heard) -> list[Match]:
    """Every track's burst and every bell, found in the recording where the schedule says.

    The bursts are like nothing else and are looked for widely; the strokes of a bell are alike, so they are looked for
    near where the bursts say they must be.
    """
    bursts = [
        find(heard, "track", event, mark(numbers[event["path"]]), event["at"] + MARK_S - event["in_point_s"], 0.5)
        for event in events
        if event["event"] == "track"
    ]
    constant = float(np.median([burst.heard - burst.scheduled for burst in bursts]))
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

    @property
    def found(self) -> list[Match]:
        """What was scheduled, and when it was heard."""
        return matches(self.events, self.numbers, self.heard)

    @property
    def dropouts(self) -> list[tuple[float, float]]:
        """Holes in the music, from the first track to the end."""
        first = next(event["at"] for event in self.events if event["event"] == "track")
        last = next(event["at"] for event in self.events if event["event"] == "finished")
        return self.heard.dropouts(first + 1.0, last - 0.5, LONGEST_DROPOUT_S)

    @property
    def good(self) -> bool:
        """Everything this file asks for."""
        found = self.found
        return on_time(found) and max(bell_to_track(found)) <= BELL_TO_TRACK_S and not self.dropouts


def play(gym: Gym, server: SoundServer, output: str) -> Run:
    """Plays and hears the preset once, and prints what was found."""
    gym.env = dict(server.env)
    numbers = prepare(gym)
    with recorded(server) as recordings:
        workout = gym.workout("short", "--output", output)
        assert workout.finish() == 0, workout.errors
    assert workout.of("sound")[-1]["text"] == output
    run = Run(workout.events, numbers, recordings[0])
    for match, error in zip(run.found, errors_of(run.found) * 1000, strict=True):
        print(f"{match.what:22} {error:+8.2f} ms  likeness {match.likeness:.2f}")
    print(f"bell to track {[f'{1000 * gap:.2f} ms' for gap in bell_to_track(run.found)]}, dropouts {run.dropouts}")
    return run


def on_time(found: list[Match]) -> bool:
    """The check: everything was heard, and no more than 15 ms off."""
    return all(match.likeness > ALIKE for match in found) and float(np.max(np.abs(errors_of(found)))) <= WORST_S


def bell_to_track(found: list[Match]) -> list[float]:
    """How far each work track's beginning is from its bell, in the recording."""
    bells = [match for match in found if match.what.startswith("round-start")]
    tracks = [match for match in found if match.what == "track work"]
    return [abs((track.heard - MARK_S) - bell.heard) for bell, track in zip(bells, tracks, strict=True)]


def delayed(heard: Heard, at: float, by_s: float) -> Heard:
    """The recording with a quarter second around `at` moved later."""
    start, length, shift = heard.frame_at(at) - 200, RATE // 4, round(by_s * RATE)
    samples = heard.samples.copy()
    samples[start + shift : start + shift + length] = heard.samples[start : start + length]
    changed = Heard.__new__(Heard)
    changed.__dict__.update(heard.__dict__, samples=samples)
    return changed


@pytest.mark.parametrize("output", ["vlc", "device"])
def test_bells_and_tracks_are_heard_when_the_timer_says(gym: Gym, sound_server: SoundServer, output: str) -> None:
    if output == "vlc":
        need("libvlc")
    run = play(gym, sound_server, output)
    if not run.good:  # figures from a recording: one retry, both printed
        run = play(Gym(gym.home / "again"), sound_server, output)
    found = run.found
    assert len(found) == 10, [match.what for match in found]
    assert on_time(found)
    assert max(bell_to_track(found)) <= BELL_TO_TRACK_S
    assert run.dropouts == []


def test_the_check_notices_a_bell_that_is_40_ms_late(gym: Gym, sound_server: SoundServer) -> None:
    run = play(gym, sound_server, "device")
    bell = next(match for match in run.found if match.what.startswith("round-end"))
    wrong = delayed(run.heard, bell.heard, 0.040)
    late = errors_of(matches(run.events, run.numbers, wrong)) - errors_of(run.found)
    assert not on_time(matches(run.events, run.numbers, wrong))
    assert float(np.max(late)) > 0.035, "and it is that bell it notices"
