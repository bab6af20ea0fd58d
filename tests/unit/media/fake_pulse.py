"""As much of a sound server of PulseAudio's kind, and of its client library, as outputs use. Time goes on by hand."""

import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nbd_tui.media import libpulse
from nbd_tui.media.libpulse import BufferAttr, Foreign, TimingInfo
from nbd_tui.model.units import RATE, Frames

FRAME_BYTES = 4
TICK_S = 0.010
"""So often the device takes what is due, and the server asks for as much."""


class FakeServer:
    """A server with one stream, which plays on whether it has something to play or not.

    It is its own client library and the line to it, for none of that can be told apart from outside.
    """

    def __init__(self, now: float = 100.0) -> None:
        self.now = now
        self.wall_clock = 1_000_000.0
        self.context = object()
        self.library: Any = self
        self._stream_state = libpulse.STREAM_READY
        self._tell_of_state: Foreign = None
        self.is_up = True
        self.is_hanging = False
        self.wakes_at = now
        """Until then its device takes nothing but what fills it at first."""
        self.device_s = 0.020
        """What the device holds."""
        self.answers_late_s = 0.0
        """So much later than it looked it tells the time at which it did."""
        self.begins_with_hole = False
        self.lengths_ms: list[float] = []
        self.written: list[np.ndarray[Any, Any]] = []
        self.closed = False
        self.late_by_s: Callable[[], float] = float
        """How much later than asked the client hears of a request."""
        self._started: float | None = None
        self._read: Frames = 0
        self._asked: Frames = 0
        self._length: Frames = 0
        self._told = TimingInfo()
        self.tell_of_hole: Foreign = None
        self._ask_callback: Callable[[Any, int, Any], None] | None = None

    @property
    def stream_state(self) -> int:
        """Of the stream, once it is asked for."""
        return self._stream_state

    @stream_state.setter
    def stream_state(self, state: int) -> None:
        self._stream_state = state
        if self._tell_of_state:
            self._tell_of_state(1, None)

    def pa_stream_set_state_callback(self, _stream: object, callback: Foreign, _data: object) -> None:
        self._tell_of_state = ctypes.cast(callback, libpulse.NOTIFY_CALLBACK) if callback else None

    def clock(self) -> float:
        return self.now

    def time(self) -> float:
        """The wall clock."""
        return self.wall_clock + self.now

    def heard_at(self, frame: Frames) -> float:
        """When a frame is heard, whatever the client thinks."""
        assert self._started is not None
        return self._started + frame / RATE + self.device_s

    def run(self, seconds: float) -> None:
        """The server plays for so long."""
        end = self.now + seconds
        while self.now < end:
            self.now += TICK_S
            if not self.is_hanging:
                self.tick()

    def tick(self) -> None:
        """The device takes what is due, and more is asked for."""
        self._read = self._due
        missing = self._read + self._length - self._asked
        if missing > 0 and self._ask_callback is not None:
            self._asked += missing
            self.now += self.late_by_s()
            self._ask_callback(1, missing * FRAME_BYTES, None)

    @property
    def _due(self) -> Frames:
        """How far the device is; it was woken by the stream."""
        assert self._started is not None
        return max(0, round((self.now - self._started) * RATE))

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield

    def wait(self, condition: Callable[[], bool], patience: float) -> bool:
        for _ in range(round(patience / TICK_S)):
            if condition():
                return True
            self.run(TICK_S)
        return condition()

    def forget(self, _operation: object) -> None: ...

    def ask(self) -> object:
        return object()

    def is_answered(self, _question: object) -> bool:
        return not self.is_hanging

    def close(self) -> None:
        self.closed = True

    def pa_stream_new(self, *_: object) -> int:
        return 1

    def pa_stream_set_write_callback(self, _stream: object, callback: Foreign, _data: object) -> None:
        made = callback and ctypes.cast(callback, libpulse.WRITE_CALLBACK)
        self._ask_callback = made or None

    def pa_stream_set_underflow_callback(self, _stream: object, callback: Foreign, _data: object) -> None:
        self.tell_of_hole = ctypes.cast(callback, libpulse.NOTIFY_CALLBACK) if callback else None

    def pa_stream_connect_playback(self, _stream: object, _device: object, attributes: Foreign, *_: object) -> int:
        self.pa_stream_set_buffer_attr(_stream, attributes)
        self._started = max(self.now, self.wakes_at)
        self.stream_state = self._stream_state
        if self.begins_with_hole:
            self.tell_of_hole(None, None)
        return 0

    def pa_stream_set_buffer_attr(self, _stream: object, attributes: Foreign, *_: object) -> None:
        asked: BufferAttr = attributes._obj
        assert asked.prebuf == 0
        theirs = os.environ.get("PULSE_LATENCY_MSEC")
        self._length = RATE * int(theirs) // 1000 if theirs else asked.tlength // FRAME_BYTES
        self.lengths_ms.append(round(1000 * self._length / RATE))

    def pa_stream_disconnect(self, _stream: object) -> None: ...

    def pa_stream_unref(self, _stream: object) -> None: ...

    def pa_stream_get_state(self, _stream: object) -> int:
        return self.stream_state

    def pa_stream_write(self, _stream: object, data: int, size: int, *_: object) -> None:
        block = np.ctypeslib.as_array((ctypes.c_int16 * (size // 2)).from_address(data))
        self.written.append(block.reshape(-1, 2).copy())

    def pa_stream_update_timing_info(self, *_: object) -> None:
        at = self.time() + self.answers_late_s
        self._told = TimingInfo(
            timestamp_s=int(at),
            timestamp_us=round(at % 1 * 1e6),
            sink_usec=round(self.device_s * 1e6),
            playing=int(self.now > self.wakes_at),
            read_index=self._due * FRAME_BYTES,
        )

    def pa_stream_get_timing_info(self, _stream: object) -> Foreign:
        return ctypes.pointer(self._told)


class RunningServer(FakeServer):
    """One whose time goes on by itself, many times too fast, while its stream is open."""

    def __init__(self) -> None:
        super().__init__()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def pa_stream_connect_playback(self, *arguments: Any) -> int:  # noqa: ANN401 - as the server's
        result = super().pa_stream_connect_playback(*arguments)
        self._thread.start()
        return result

    def wait(self, condition: Callable[[], bool], patience: float) -> bool:
        end = time.monotonic() + patience
        while not condition() and time.monotonic() < end:
            self._over.wait(0.001)
        return condition()

    def close(self) -> None:
        super().close()
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.001):
            self.run(TICK_S)
