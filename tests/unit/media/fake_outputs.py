"""A time, a device and something to play, for the tests of outputs."""

import threading
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.media.output import device as device_module
from nbd_tui.model.units import RATE, Frames

PATIENCE_S = 10.0
CHUNK: Frames = 3528
WAV_HEADER = 44
STARTING_UP: Frames = RATE * 4 // 10
"""libVLC drops the blocks whose time had passed before its output was open."""
ENOUGH: Frames = RATE // 2


class Ramp:
    """A `render` whose samples are numbered, with a note of every call."""

    def __init__(self, enough: Frames = ENOUGH) -> None:
        self.sizes: list[Frames] = []
        self.at: list[float] = []
        self.total: Frames = 0
        self.closed = False
        self.after_close = 0
        self._enough = enough
        self._reached = threading.Event()

    def __call__(self, frames: Frames) -> Samples:
        self.after_close += self.closed
        numbers = np.arange(self.total, self.total + frames) % 32000
        self.sizes.append(frames)
        self.total += frames
        if self.total >= self._enough:
            self._reached.set()
        return np.repeat((numbers / 32767).astype(np.float32)[:, None], 2, axis=1)

    def wait(self) -> bool:
        return self._reached.wait(PATIENCE_S)


class FakeTime:
    """A clock that goes on only when somebody waits for it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, _event: threading.Event, seconds: float) -> None:
        self.now += seconds


class FakePlaybackDevice:
    """As much of `miniaudio.PlaybackDevice` as we use: a thread that asks for chunks of uneven sizes."""

    def __init__(self, **_: object) -> None:
        self.backend = "Fake"
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.taken: list[np.ndarray[Any, Any]] = []

    def start(self, chunks: Generator[Any, Frames, None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(chunks,))
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _run(self, chunks: Generator[Any, Frames, None]) -> None:
        sizes = (2646, 441, 882)
        while not self._stop.wait(0.001):
            try:
                self.taken.append(chunks.send(sizes[len(self.taken) % 3]))
            except StopIteration:
                return


def fake_devices(patch: pytest.MonkeyPatch) -> list[FakePlaybackDevice]:
    """Puts them in the place of miniaudio's; those that are made."""
    made: list[FakePlaybackDevice] = []

    def make(**options: object) -> FakePlaybackDevice:
        made.append(FakePlaybackDevice(**options))
        return made[0]

    module = SimpleNamespace(PlaybackDevice=make, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2))
    patch.setattr(device_module, "load", lambda: module)
    return made
