"""No sound, no music, broken music: the workout runs, and says why it is silent."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.e2e.conftest import running_server
from tests.e2e.hearing import Heard, SoundServer, recorded
from tests.e2e.music import track, write_wav
from tests.e2e.program import Event, Gym, Workout

pytestmark = pytest.mark.together

BROKEN: Final = ("a.mp3", "b.flac", "c.ogg", "d.wav", "e.m4a", "f.opus")
QUICK: Final = """
name = "Quick"
[cues]
countdown = false
[[blocks]]
phases = [{ kind = "work", duration = 1.5 }, { kind = "rest", duration = 1 }, { kind = "work", duration = 1 }]
"""


def without_sound(folder: Path) -> dict[str, str]:
    """An environment in which no sound server and no device can be reached."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULSE", "XDG_RUNTIME", "PIPEWIRE"))
    }
    nowhere = folder / "nowhere"
    nowhere.mkdir(mode=0o700)
    return env | {
        "XDG_RUNTIME_DIR": str(nowhere),
        "PULSE_RUNTIME_PATH": str(nowhere),
        "HOME": str(nowhere),
        "PULSE_SERVER": "unix:/nowhere",
        "ALSA_CONFIG_PATH": "/nowhere",
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Event]]]:
    """What runs of the quick preset said, each to its end, all at the same time to save some."""
    folder = tmp_path_factory.mktemp("silent")
    with running_server(folder) as server, ExitStack() as stack:
        gyms = {name: Gym(folder / name, dict(server.env)) for name in ("no device", "empty", "broken", "one good")}
        gyms["no device"].env = without_sound(folder)
        write_wav(gyms["no device"].music / "0.wav", track(0, 20))
        break_files(gyms["broken"].music)
        break_files(gyms["one good"].music)
        write_wav(gyms["one good"].music / "good.wav", track(0, 30))
        workouts = {}
        for name, gym in gyms.items():
            stack.callback(gym.close)
            gym.preset("quick", QUICK)
            workouts[name] = gym.workout("quick", "--music", str(gym.music))
        yield {name: events_of(workout) for name, workout in workouts.items()}


def events_of(workout: Workout) -> list[Event]:
    """What a workout said that runs to its end, come what may."""
    assert workout.finish() == 0, workout.errors
    assert "Traceback" not in workout.errors
    assert [event["kind"] for event in workout.of("phase")] == ["work", "rest", "work"]
    assert workout.of("finished")[0]["text"] == "completed"
    return workout.events


def break_files(folder: Path) -> None:
    """Files of every format that hold nothing, or nothing but noise."""
    for number, name in enumerate(BROKEN):
        (folder / name).write_bytes(random.Random(number).randbytes(40_000) if number % 2 else b"")


def sound_lines(events: list[Event]) -> str:
    """What was said of the sound."""
    return " | ".join(str(event["text"]) for event in events if event["event"] == "sound")


def music_lines(events: list[Event]) -> list[str]:
    """What was said of the music as a whole."""
    return [event["text"] for event in events if event["event"] == "music"]


def tracks(events: list[Event]) -> set[str]:
    """The files that were played."""
    return {Path(event["path"]).name for event in events if event["event"] == "track"}


def test_without_any_sound_device(told: dict[str, list[Event]]) -> None:
    assert "silent – no sound: vlc: " in sound_lines(told["no device"])
    assert "device: " in sound_lines(told["no device"]), "the reason of each output"
    assert tracks(told["no device"]) == {"0.wav"}, "music that nobody hears"


def test_with_an_empty_music_folder(told: dict[str, list[Event]]) -> None:
    assert tracks(told["empty"]) == set()
    assert music_lines(told["empty"])[-1] == "no music found"


def test_with_a_folder_of_broken_files(told: dict[str, list[Event]]) -> None:
    assert tracks(told["broken"]) == set()
    said = music_lines(told["broken"])[-1]
    assert said.startswith(f"none of {len(BROKEN)} files can be played: ")
    assert "empty file" in said
    assert "not audio" in said


def test_one_good_file_among_broken_ones_is_found(told: dict[str, list[Event]]) -> None:
    assert tracks(told["one good"]) == {"good.wav"}


def test_without_libvlc_the_device_plays(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env) | {"PYTHON_VLC_LIB_PATH": "/nowhere/libvlc.so"}
    gym.settings("[audio]\ncue_volume = 50\n")
    gym.preset("quick", QUICK)
    with recorded(sound_server) as recording:
        workout = gym.workout("quick", "--music", str(gym.music))
        said = sound_lines(events_of(workout))
    assert "device – vlc: " in said
    assert "libVLC" in said
    bells = [loudest(recording.heard, bell["at"]) for bell in workout.of("cue", cue="round-start")]
    print("bells:", bells)
    assert min(bells) > 0.02
    assert max(bells) < 1.2 * min(bells), "the first has the volume of the settings as well"


def loudest(heard: Heard, at: float) -> float:
    """The highest peak near a time."""
    return float(np.max(np.abs(heard.samples[heard.frame_at(at - 0.1) : heard.frame_at(at + 0.25)])))


def test_the_bell_rings_in_the_doctor(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env)
    with recorded(sound_server) as recording:
        told = gym.run("doctor")
    assert told.returncode == 0, told.stderr
    assert "rung" in told.stdout
    assert str(Path.home()) not in told.stdout
    assert recording.heard.first_sound(0, floor=0.1) is not None
