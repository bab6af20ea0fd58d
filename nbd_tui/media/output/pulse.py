"""A sound server of PulseAudio's kind, spoken to directly: it tells when a frame is heard.

The stream is opened without pre-buffering: when it runs dry, the server goes on with silence and leaves out what comes
too late, instead of moving all that follows. A hole is a hole, and the bell after it is on time.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_void_p, cast
from typing import Final

from nbd_tui.audio.source import Samples
from nbd_tui.errors import OutputError
from nbd_tui.media.libpulse import (
    ADJUST_LATENCY,
    DEFAULT,
    NOTIFY_CALLBACK,
    S16LE,
    STREAM_FAILED,
    STREAM_READY,
    WRITE_CALLBACK,
    BufferAttr,
    Foreign,
    Line,
    SampleSpec,
)
from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.media.output.cushion import Cushion
from nbd_tui.media.output.device import PULSE_LATENCY
from nbd_tui.media.output.pcm import to_int16
from nbd_tui.media.output.timing import TimingClock
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

log = logging.getLogger(__name__)

FRAME_BYTES: Final = 4
BLOCK: Final[Frames] = RATE // 50
"""Rendered and handed over at a time, so that the first of a long request is on its way soon."""

ASK: Final[Seconds] = 0.1
"""How often the server is asked how far it is."""

START_LIMIT: Final[Seconds] = 4.0
"""A sink that was idle may take 2 s to wake."""

SILENCE: Final[Seconds] = 0.6
"""Without a request for so long the device counts as gone."""


class PulseOutput:
    """The server's default sink. `render` is called from libpulse's thread, which `close` ends."""

    name = "device"

    def __init__(
        self, line: Line, clock: Clock = MONOTONIC, cushion: Cushion | None = None, wall_clock: Clock = time.time
    ) -> None:
        """An output not yet open.

        Args:
            line: To the server; closed with the output.
            clock: The clock its pairs are told in.
            cushion: How much sound the server is given in hand; shared with the outputs before and after this one.
            wall_clock: The clock that the server's answers are told in.
        """
        self._line = line
        self._pulse = line.library
        self._clock = clock
        self._wall_clock = wall_clock
        self._cushion = cushion or Cushion()
        self._asked_ms = self._cushion.ms
        self._timing = TimingClock()
        self._written: Frames = 0
        self._stream: Foreign = None
        self._on_request = WRITE_CALLBACK(self._give)
        self._on_underflow = NOTIFY_CALLBACK(self._note_hole)
        self._on_state = NOTIFY_CALLBACK(self._note_state)
        self._state = 0
        self._render: Render | None = None
        self._asked_at: Monotonic = 0.0
        self._told_at: tuple[int, int] = (0, 0)
        self._last: Monotonic = 0.0
        self._plays = False
        self._steady = threading.Event()
        self._closed = False

    def open(self, render: Render) -> None:
        """Starts the stream and waits until the device runs.

        Raises:
            OutputError: the server has no device, or it does not start.
        """
        self._render = render
        try:
            with self._line.locked():
                self._connect()
            self._wait_until_heard()
        except BaseException:  # whatever it is, no thread and no line to the server stays behind
            self.close()
            raise

    def clock(self) -> ClockPair | None:
        """As the server tells it."""
        return self._timing.pair(self._written) if self._steady.is_set() else None

    def failure(self) -> str | None:
        """That the server or the device is gone, or stands still."""
        if self._closed or not self._steady.is_set():
            return None
        if self._state != STREAM_READY:
            return "the sound server or device is gone"
        if self._clock() - self._last > SILENCE:
            return "the sound server or device stopped, or the program stood still"
        return None

    def close(self) -> None:
        """Ends the stream and hangs up."""
        if self._closed:
            return
        self._closed = True
        if self._stream is not None:
            with self._line.locked():
                self._hear_of(None, None, None)
                self._pulse.pa_stream_disconnect(self._stream)
                self._pulse.pa_stream_unref(self._stream)
        self._line.close()

    def _wait_until_heard(self) -> None:
        if not self._line.wait(lambda: self._state >= STREAM_READY, START_LIMIT) or self._state >= STREAM_FAILED:
            raise OutputError("the sound server has no device")
        if not self._line.wait(self._steady.is_set, START_LIMIT):
            self._begin_anyhow()

    def _begin_anyhow(self) -> None:
        """A device that plays and is told of unevenly: better inexact than silent."""
        if not self._plays:
            raise OutputError("the sound device does not ask for sound")
        with self._line.locked():
            self._begin()

    def _connect(self) -> None:
        spec = SampleSpec(S16LE, RATE, 2)
        self._stream = self._pulse.pa_stream_new(self._line.context, b"Workout", byref(spec), None)
        if not self._stream:
            raise OutputError("the sound server takes no stream")
        self._hear_of(*(cast(each, c_void_p) for each in (self._on_request, self._on_underflow, self._on_state)))
        attributes = self._attributes()
        with _own_lengths():
            self._pulse.pa_stream_connect_playback(self._stream, None, byref(attributes), ADJUST_LATENCY, None, None)

    def _attributes(self) -> BufferAttr:
        return BufferAttr(DEFAULT, _bytes(self._asked_ms), 0, _bytes(self._cushion.request_ms), DEFAULT)

    def _hear_of(self, request: Foreign, underflow: Foreign, state: Foreign) -> None:
        self._pulse.pa_stream_set_write_callback(self._stream, request, None)
        self._pulse.pa_stream_set_underflow_callback(self._stream, underflow, None)
        self._pulse.pa_stream_set_state_callback(self._stream, state, None)

    def _give(self, stream: Foreign, size: int, _data: Foreign) -> None:
        """On libpulse's thread, which holds the line's lock."""
        if self._closed or self._render is None:
            return
        self._last = self._clock()
        self._learn(stream)
        first, frames = self._written, size // FRAME_BYTES
        for start in range(0, frames, BLOCK):
            self._write(stream, self._render(min(BLOCK, frames - start)))
            if start == 0:
                self._judge(stream, first)

    def _note_state(self, stream: Foreign, _data: Foreign) -> None:
        """On libpulse's thread."""
        self._state = int(self._pulse.pa_stream_get_state(stream))

    def _note_hole(self, _stream: Foreign, _data: Foreign) -> None:
        """On libpulse's thread. A stream begins with a hole."""
        if self._steady.is_set():
            self._cushion.broke_off(self._clock())

    def _write(self, stream: Foreign, samples: Samples) -> None:
        chunk = to_int16(samples)
        self._pulse.pa_stream_write(stream, chunk.ctypes.data, chunk.nbytes, None, 0, 0)
        self._written += len(chunk)

    def _judge(self, stream: Foreign, frame: Frames) -> None:
        """How much was in hand when `frame` was handed over says whether the cushion is thick enough."""
        heard_at = self._timing.heard_at(frame)
        if not self._steady.is_set() or heard_at is None:
            return
        now = self._clock()
        self._cushion.note(heard_at - now, now)
        if self._cushion.ms != self._asked_ms:
            self._asked_ms = self._cushion.ms
            log.info("%d ms of sound in hand from now on", self._asked_ms)
            self._ask_for_lengths(stream)

    def _ask_for_lengths(self, stream: Foreign) -> None:
        attributes = self._attributes()
        with _own_lengths():
            self._line.forget(self._pulse.pa_stream_set_buffer_attr(stream, byref(attributes), None, None))

    def _learn(self, stream: Foreign) -> None:
        """Takes in the newest answer, and asks again now and then."""
        told = self._pulse.pa_stream_get_timing_info(stream)
        if told and (at := (told.contents.timestamp_s, told.contents.timestamp_us)) != self._told_at:
            self._told_at = at
            self._take_in(told.contents)
        if self._last - self._asked_at > (ASK if self._steady.is_set() else 0.0):
            self._asked_at = self._last
            self._line.forget(self._pulse.pa_stream_update_timing_info(stream, None, None))

    def _take_in(self, told: Foreign) -> None:
        age = self._wall_clock() - (told.timestamp_s + told.timestamp_us * 1e-6)
        heard: Frames = told.read_index // FRAME_BYTES
        self._timing.note(heard, self._clock() - age + told.sink_usec * 1e-6)
        self._plays = bool(told.playing)
        if self._plays and self._timing.is_steady:
            self._begin()

    def _begin(self) -> None:
        """In the lock, or on libpulse's thread."""
        if not self._steady.is_set():
            self._timing.begin()
            self._steady.set()


@contextmanager
def _own_lengths() -> Iterator[None]:
    """The buffer is as asked for: libpulse would go by the environment instead, with pre-buffering."""
    theirs = os.environ.pop(PULSE_LATENCY, None)
    try:
        yield
    finally:
        if theirs is not None:
            os.environ[PULSE_LATENCY] = theirs


def _bytes(ms: int) -> int:
    return RATE * ms // 1000 * FRAME_BYTES
