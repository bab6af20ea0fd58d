"""The stream into a WAV file, faster than it is heard: the mixtape, and exact tests."""

import threading
import wave
from pathlib import Path
from typing import BinaryIO

from nbd_tui.errors import OutputError
from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.pcm import to_int16
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

BLOCK: Frames = RATE // 50


class WaveFileOutput:
    """Writes `frames` frames as 16-bit stereo on the thread `wavefile-output`, which ends by itself or by `close`.

    Its clock is the file's: frame 0 is heard at `start`, whatever the real time.
    """

    name = "wavefile"

    def __init__(self, path: Path, frames: Frames, start: Monotonic = 0.0) -> None:
        self._path = path
        self._frames = frames
        self._start = start
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._written: Frames | None = None
        self._failure: str | None = None

    def open(self, render: Render) -> None:
        """Creates the file and begins to write.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            file = self._path.open("wb")
        except OSError as error:
            raise OutputError(f"cannot write {self._path}: {error.strerror}") from error
        self._written = 0
        self._thread = threading.Thread(target=self._run, args=(render, file), name="wavefile-output", daemon=True)
        self._thread.start()

    def clock(self) -> ClockPair | None:
        """How far the file is."""
        if self._written is None:
            return None
        return ClockPair(self._written, self._start + self._written / RATE)

    def failure(self) -> str | None:
        """Why writing ended early, such as a full disk."""
        return self._failure

    def wait(self, timeout: Seconds | None = None) -> bool:
        """Waits until the file is complete; whether it is."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._failure is None and self._written == self._frames

    def close(self) -> None:
        """Ends the file where it is."""
        self._closed.set()
        self.wait(timeout=0.3)

    def _run(self, render: Render, file: BinaryIO) -> None:
        try:
            with file, wave.open(file, "wb") as writer:
                writer.setparams((2, 2, RATE, 0, "NONE", "not compressed"))
                self._write(render, writer)
        except OSError as error:
            self._failure = f"cannot write {self._path}: {error.strerror}"

    def _write(self, render: Render, writer: wave.Wave_write) -> None:
        written: Frames = 0
        while written < self._frames and not self._closed.is_set():
            block = min(BLOCK, self._frames - written)
            writer.writeframesraw(to_int16(render(block)).tobytes())
            written += block
            self._written = written
