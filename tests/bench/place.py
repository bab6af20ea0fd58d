"""Where benchmarks run: homes of imaginary users, music, a private sound server."""

import ctypes.util
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.figures import MissingPartError
from tests.e2e.hearing import SoundServer
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym

PARTS: Final = ("pulseaudio", "pactl", "parec", "pacat")


@dataclass
class Place:
    """What every section is given."""

    scratch: Path
    quick: bool
    minutes: float
    """How long to listen where drift and dropouts are looked for."""
    _homes: int = 0

    def gym(self, env: dict[str, str] | None = None) -> Gym:
        """A new user's home."""
        self._homes += 1
        return Gym(self.scratch / f"home{self._homes}", env or dict(os.environ))

    @property
    def outputs(self) -> list[str]:
        """The outputs that can be heard on this machine; the first of them when it must be quick."""
        found = ["vlc", "device"] if ctypes.util.find_library("vlc") else ["device"]
        return found[:1] if self.quick else found

    @contextmanager
    def sound_server(self) -> Iterator[SoundServer]:
        """A private sound server that is gone after the block.

        Raises:
            MissingPartError: PulseAudio is not installed.
        """
        if missing := [part for part in PARTS if not shutil.which(part)]:
            raise MissingPartError(f"needs {', '.join(missing)}")
        self._homes += 1
        runtime = self.scratch / f"r{self._homes}"
        runtime.mkdir(mode=0o700)
        server = SoundServer(runtime)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def noise_tracks(gym: Gym, seconds: float, number: int = 2) -> None:
    """WAV files of unbroken noise: every hole in it is a dropout."""
    for place in range(number):
        write_wav(gym.music / f"{place}.wav", track(place, seconds))


def let_pass(seconds: float) -> None:
    """Real time is what is measured here."""
    threading.Event().wait(seconds)
