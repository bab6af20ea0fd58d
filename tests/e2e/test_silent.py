"""No sound, no music, broken music: the workout runs, and says why it is silent."""

import os
from pathlib import Path
from typing import Final

from tests.e2e.hearing import SoundServer, recorded
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym

QUICK: Final = """
name = "Quick"
[[blocks]]
phases = [{ kind = "work", duration = 3 }, { kind = "rest", duration = 2 }, { kind = "work", duration = 2 }]
"""


def without_sound(tmp_path: Path) -> dict[str, str]:
    """An environment in which no sound server and no device can be reached."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULSE", "XDG_RUNTIME", "PIPEWIRE"))
    }
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir(mode=0o700)
    return env | {
        "XDG_RUNTIME_DIR": str(nowhere),
        "PULSE_RUNTIME_PATH": str(nowhere),
        "HOME": str(nowhere),
        "PULSE_SERVER": "unix:/nowhere",
    }


def run(gym: Gym, *arguments: str) -> list[dict[str, object]]:
    """Runs the quick preset to its end; its events."""
    gym.preset("quick", QUICK)
    workout = gym.workout("quick", *arguments)
    assert workout.finish() == 0, workout.errors
    assert "Traceback" not in workout.errors
    phases = [event["kind"] for event in workout.of("phase")]
    assert phases == ["work", "rest", "work"]
    assert workout.of("finished")[0]["text"] == "completed"
    return workout.events


def sound_lines(events: list[dict[str, object]]) -> str:
    """What was said of the sound."""
    return " | ".join(str(event["text"]) for event in events if event["event"] == "sound")


def test_without_any_sound_device(gym: Gym, tmp_path: Path) -> None:
    gym.env = without_sound(tmp_path)
    write_wav(gym.music / "0.wav", track(0, 20))
    said = sound_lines(run(gym, "--music", str(gym.music)))
    assert "silent" in said
    assert "–" in said, "the reason"


def test_without_libvlc_the_device_plays(gym: Gym, sound_server: SoundServer, tmp_path: Path) -> None:
    gym.env = dict(sound_server.env) | {"PYTHON_VLC_LIB_PATH": str(tmp_path / "no-such-libvlc.so")}
    write_wav(gym.music / "0.wav", track(0, 20))
    with recorded(sound_server) as recordings:
        said = sound_lines(run(gym, "--music", str(gym.music)))
    assert "device" in said
    assert "libVLC" in said
    assert recordings[0].first_sound(0) is not None


def test_with_an_empty_music_folder(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env)
    events = run(gym, "--music", str(gym.music))
    assert not [event for event in events if event["event"] == "track"]
    assert any("no music" in str(event.get("text")) for event in events if event["event"] == "music")


def test_with_a_folder_of_broken_files(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env)
    for number, name in enumerate(("a.mp3", "b.flac", "c.ogg", "d.wav", "e.m4a", "f.opus")):
        (gym.music / name).write_bytes(os.urandom(40_000) if number % 2 else b"")
    events = run(gym, "--music", str(gym.music))
    assert not [event for event in events if event["event"] == "track"]
    assert any(event.get("text") for event in events if event["event"] == "music")


def test_one_good_file_among_broken_ones_is_found(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env)
    for name in ("a.mp3", "b.flac", "c.ogg"):
        (gym.music / name).write_bytes(os.urandom(40_000))
    write_wav(gym.music / "good.wav", track(0, 30))
    events = run(gym, "--music", str(gym.music))
    assert {str(event["path"]) for event in events if event["event"] == "track"} == {str(gym.music / "good.wav")}


def test_the_bell_rings_in_the_doctor(gym: Gym, sound_server: SoundServer) -> None:
    gym.env = dict(sound_server.env)
    with recorded(sound_server) as recordings:
        told = gym.run("doctor")
    assert told.returncode == 0, told.stderr
    assert "rung" in told.stdout
    assert str(Path.home()) not in told.stdout
    assert recordings[0].first_sound(0, floor=0.1) is not None
