"""No sound at all: the stream runs at the pace of the clock and is thrown away, so that the workout goes on."""

import threading
from collections.abc import Callable

from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

BLOCK: Frames = RATE // 50
"""20 ms."""

STALL: Seconds = 0.6
"""Further behind than this the stream is not caught up with but given up, as a sound card would do."""

Wait = Callable[[threading.Event, Seconds], object]
"""Waits for the event, at most so long."""


class SilentOutput:
    """Renders on the thread `silent-output`, which it owns and which `close` ends."""

    name = "silent"

    def __init__(self, clock: Clock = MONOTONIC, wait: Wait = threading.Event.wait) -> None:
        self._clock = clock
        self._wait = wait
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._pair: ClockPair | None = None
        self._failure: str | None = None

    def open(self, render: Render) -> None:
        """Starts the thread; frame 0 is heard now."""
        self._pair = ClockPair(0, self._clock())
        self._thread = threading.Thread(
            target=self._run, args=(render, self._pair.at), name="silent-output", daemon=True
        )
        self._thread.start()

    def clock(self) -> ClockPair | None:
        """Exact: a frame is heard at the start and its own length of time."""
        return self._pair

    def failure(self) -> str | None:
        """That the program stood still for longer than can be caught up with."""
        if self._failure is None and self._pair is not None and self._clock() > self._pair.at + STALL:
            self._failure = "the program stood still"
        return self._failure

    def close(self) -> None:
        """Ends the thread."""
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=0.3)

    def _run(self, render: Render, start: Monotonic) -> None:
        frame: Frames = 0
        while not self._closed.is_set() and self.failure() is None:
            if (ahead := start + frame / RATE - self._clock()) > 0:
                self._wait(self._closed, ahead)
                continue
            render(BLOCK)
            frame += BLOCK
            self._pair = ClockPair(frame, start + frame / RATE)
