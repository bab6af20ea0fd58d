"""`nbd render` through libVLC: a workout that is heard on the spot, as a file for the phone."""

import subprocess
import sys
from pathlib import Path

import pytest
from tinytag import TinyTag

from tests.e2e.conftest import need
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym

pytestmark = pytest.mark.together

PRESET = """
name = "Short"
[[blocks]]
phases = [{ kind = "rest", duration = 20 }, { kind = "work", duration = 10 }]
"""


@pytest.mark.parametrize("ending", ["flac", "opus"])
def test_a_rendered_file_lasts_as_long_as_the_workout_and_its_last_bell(gym: Gym, tmp_path: Path, ending: str) -> None:
    need("libvlc")
    gym.preset("short", PRESET)
    write_wav(gym.music / "one.wav", track(1, 35.0))
    target = tmp_path / f"session.{ending}"
    command = [sys.executable, "-m", "nbd_tui", "render", "short", "-o", str(target), "--music", str(gym.music)]
    done = subprocess.run(command, env=gym.environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in tmp_path.iterdir() if "session" in file.name) == [
        "session.cue",
        target.name,
    ]
    length_s = TinyTag.get(target).duration
    assert length_s is not None
    assert 30.0 < length_s < 38.0
