"""End-to-end tests: the real program, real sound, a real terminal. They import nothing of nbd_tui."""

import ctypes.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.hearing import SoundServer
from tests.e2e.program import Gym


def need(*parts: str) -> None:
    """Skips a test whose parts are missing; fails it where NBD_E2E=require says that nothing may be missing."""
    missing = [part for part in parts if not _present(part)]
    if missing and os.environ.get("NBD_E2E") == "require":
        pytest.fail(f"needs {', '.join(missing)}, and NBD_E2E=require is set")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


def _present(part: str) -> bool:
    if part == "libvlc":
        return ctypes.util.find_library("vlc") is not None
    return shutil.which(part) is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end."""
    for item in items:
        item.add_marker(pytest.mark.e2e)


@pytest.fixture
def sound_server(tmp_path: Path) -> Iterator[SoundServer]:
    """A private sound server with a null sink."""
    with running_server(tmp_path) as server:
        yield server


@contextmanager
def running_server(folder: Path) -> Iterator[SoundServer]:
    """A sound server whose files lie in `folder`; ended with the block."""
    need("pulseaudio", "pactl", "parec", "pacat")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    server = SoundServer(runtime)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def gym(tmp_path: Path) -> Iterator[Gym]:
    """A user's home with a music folder, presets and settings; no sound server."""
    gym = Gym(tmp_path / "gym")
    yield gym
    gym.close()
