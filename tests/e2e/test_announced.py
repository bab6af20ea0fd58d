"""The announcer, heard: through a real output, between bells that stay on time, with the system's own speech."""

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.e2e.conftest import need, running_server
from tests.e2e.hearing import RATE, Heard, Signal, measured, read_wav, recorded
from tests.e2e.program import Event, Gym

ASSETS: Final = Path(__file__).parents[2] / "assets"
SOUND_OF: Final = {"round-start": "bell-single", "round-end": "bell-triple", "countdown 3": "beep"}
WORST_S: Final = 0.015
ALIKE: Final = 0.5

PRESET: Final = """
name = "Half a minute"
[[blocks]]
phases = [
    { kind = "prepare", duration = 8 },
    { kind = "work", duration = 4 },
    { kind = "rest", duration = 12 },
    { kind = "work", duration = 4, label = "Squats; $(touch owned) <b>" },
]
"""

WORDS: Final = ["get ready", "round 1", "rest", "Squats; $(touch owned) <b>", "workout complete"]
FIRST_CLIP: Final = {
    "get ready": "get-ready",
    "round 1": "round",
    "rest": "rest",
    "workout complete": "workout-complete",
}


@dataclass
class Found:
    """One sound scheduled, and when it was heard."""

    what: str
    late_s: float
    likeness: float


@dataclass
class Run:
    """One run of the preset, heard."""

    events: list[Event]
    found: list[Found]
    speech_db: dict[str, float]
    """How loud what is said is, in dBFS."""
    quiet_db: float
    """How loud it is where nothing is said and nothing rings."""

    @property
    def late(self) -> Signal:
        """How late each was, less the one constant of the run."""
        late = np.array([found.late_s for found in self.found])
        return np.asarray(late - np.median(late))

    @property
    def good(self) -> bool:
        """What this file asks of the recording."""
        return bool(np.abs(self.late).max() <= WORST_S) and all(found.likeness > ALIKE for found in self.found)


def read_clip(file: Path) -> Signal:
    """The beginning of a clip at `RATE`."""
    with wave.open(str(file)) as reader:
        rate = reader.getframerate()
        samples = np.frombuffer(reader.readframes(rate // 4), "<i2").astype(np.float64) / 32768
    at = np.arange(round(len(samples) * RATE / rate)) * rate / RATE
    return np.asarray(np.interp(at, np.arange(len(samples)), samples))


def sound_of(event: Event, clips: Path) -> Signal | None:
    """What is to be heard of an event."""
    if event["event"] == "cue" and event["cue"] in SOUND_OF:
        return read_wav(ASSETS / "cues" / "sharp" / f"{SOUND_OF[event['cue']]}.wav", 0.12)
    if event["event"] != "said":
        return None
    if clip := FIRST_CLIP.get(event["text"]):
        return read_clip(ASSETS / "voice" / f"{clip}.wav")
    (label,) = clips.glob("*.wav")
    return read_clip(label)


def look_for(heard: Heard, events: list[Event], clips: Path) -> list[Found]:
    """Every bell, beep and utterance, near where it was scheduled."""
    sounds = [(event, sound) for event in events if (sound := sound_of(event, clips)) is not None]
    return [
        Found(str(event.get("text") or event["cue"]), when - event["at"], likeness)
        for event, sound in sounds
        for when, likeness in [heard.find(sound, event["at"] + 0.1, 0.25)]
    ]


def level_db(heard: Heard, at: float) -> float:
    """How loud it is in the band of speech in the third of a second from a time on, in dBFS."""
    return 20 * float(np.log10(band(heard, at, at + 0.3) + 1e-6))


def band(heard: Heard, start: float, end: float) -> float:
    """RMS between 300 Hz and 6 kHz."""
    samples = heard.samples[heard.frame_at(start) : heard.frame_at(end)]
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum = np.where((hertz > 300) & (hertz < 6000), np.fft.rfft(samples), 0)
    return float(np.sqrt(np.mean(np.fft.irfft(spectrum, len(samples)) ** 2)))


def take(place: Path) -> Run:
    """Plays and hears the preset once."""
    place.mkdir()
    gym = Gym(place / "gym")
    try:
        with running_server(place) as server:
            gym.env = dict(server.env)
            gym.settings(f'[audio]\nannouncer = "labels"\ncue_volume = 100\n[music]\nfolders = ["{gym.music}"]\n')
            gym.preset("short", PRESET)
            with recorded(server) as recording:
                workout = gym.workout("short", "--output", "device")
                assert workout.finish() == 0, workout.errors
    finally:
        gym.close()
    heard, clips = recording.heard, gym.home / "data" / "cache" / "speech"
    found = look_for(heard, workout.events, clips)
    constant = float(np.median([one.late_s for one in found]))
    said = {event["text"]: level_db(heard, event["at"] + constant) for event in workout.of("said")}
    rest = next(event["at"] for event in workout.events if event["event"] == "cue" and event["cue"] == "round-end")
    run = Run(workout.events, found, said, level_db(heard, rest + constant + 5.0))
    for one, error in zip(found, run.late * 1000, strict=True):
        print(f"{one.what:28} {error:+8.2f} ms  likeness {one.likeness:.2f}")
    print({text: round(level, 1) for text, level in said.items()}, "quiet", run.quiet_db)
    assert not list(place.rglob("owned"))
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run, or a second where the first was disturbed."""
    need("pulseaudio", "pactl", "espeak-ng")
    folder = tmp_path_factory.mktemp("announced")
    return measured(lambda number: take(folder / str(number)), lambda run: run.good)


def test_it_says_the_rounds_the_phases_and_a_label_in_order(run: Run) -> None:
    assert [event["text"] for event in run.events if event["event"] == "said"] == WORDS
    assert not [event for event in run.events if event["event"] in {"unsaid", "cue-missed"}]


def test_what_is_said_is_heard_when_it_says_so_and_the_bells_and_beeps_stay_on_time(run: Run) -> None:
    assert {found.what for found in run.found} >= {*WORDS, *SOUND_OF}
    assert min(found.likeness for found in run.found) > ALIKE
    assert np.abs(run.late).max() <= WORST_S


def test_there_is_speech_where_something_is_said(run: Run) -> None:
    assert min(run.speech_db.values()) > -35
    assert run.quiet_db < -60
