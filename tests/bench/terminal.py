"""The program in a terminal of a given size: what it writes and when, keys sent, the window resized."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tests.e2e.program import Gym

Size = tuple[int, int]
"""Columns and rows."""

USUAL: Final[Size] = (80, 24)
LARGE: Final[Size] = (200, 60)


class Terminal:
    """`nbd` on a pseudo terminal; the thread `terminal` reads what it writes."""

    def __init__(self, gym: Gym, *arguments: str, size: Size = USUAL) -> None:
        self._own, theirs = os.openpty()
        self._set_size(size)
        self._chunks: list[tuple[float, bytes]] = []
        self._written = threading.Condition()
        environment = gym.environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nbd_tui", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._thread = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Of the app."""
        return self._process.pid

    def press(self, key: str) -> float:
        """Sends the bytes of a key; when that was."""
        at = time.monotonic()
        os.write(self._own, key.encode())
        return at

    def resize(self, size: Size) -> None:
        """Gives the window another size, and says so as a terminal does."""
        self._set_size(size)
        self._process.send_signal(signal.SIGWINCH)

    def await_text(self, text: str, since: float = 0.0, seconds: float = 20.0) -> float:
        """When a text had been written whole; fails after `seconds`."""
        wanted, end = text.encode(), time.monotonic() + seconds
        with self._written:
            while (at := self._time_of(wanted, since)) is None:
                assert time.monotonic() < end, f"{text!r} was not shown: {self.written(since)[-300:]!r}"
                self._written.wait(1.0)
        return at

    def written(self, since: float, until: float = float("inf")) -> bytes:
        """What was written between two times."""
        return b"".join(data for at, data in list(self._chunks) if since <= at < until)

    def close(self) -> None:
        """Ends the program as a closing window does."""
        self._process.send_signal(signal.SIGHUP)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._own)
        self._thread.join(5)

    def _time_of(self, text: bytes, since: float) -> float | None:
        seen = b""
        for at, data in self._chunks:
            if at >= since and text in (seen := seen[-200:] + data):
                return at
        return None

    def _read(self) -> None:
        with suppress(OSError):
            while data := os.read(self._own, 65_536):
                with self._written:
                    self._chunks.append((time.monotonic(), data))
                    self._written.notify_all()

    def _set_size(self, size: Size) -> None:
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))


@contextmanager
def opened(gym: Gym, *arguments: str, size: Size = USUAL) -> Iterator[Terminal]:
    """A terminal for the length of a block."""
    terminal = Terminal(gym, *arguments, size=size)
    try:
        yield terminal
    finally:
        terminal.close()
