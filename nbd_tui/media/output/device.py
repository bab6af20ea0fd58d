"""A sound device through miniaudio: no library of the system's needed."""

import os
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from types import ModuleType
from typing import Any, Final

import numpy as np

from nbd_tui.errors import OutputError
from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.clock import MONOTONIC, STEP, Clock, DeviceClock
from nbd_tui.media.output.pcm import Pcm16, to_int16
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

BUFFERS_MS: Final = (80, 120, 160)
"""Asked for at first, and each time the sound has run dry too often. 60 ms did so every half minute on two busy cores,
and PulseAudio asks for it off the beat, by up to 20 ms."""

CHUNKS_MS: Final = (20, 120, 160)
"""What is asked for at once of each buffer: the smaller, the sooner a key is heard (with 20 of 80 ms 30 ms sooner than
with 80 of 80), at the same distance from running dry. PulseAudio asks for less than 120 and 160 ms off the beat."""

PULSE_LATENCY: Final = "PULSE_LATENCY_MSEC"
"""PulseAudio's own variable for the length of its buffer; miniaudio would make it as short as one chunk."""

IN_HAND: Final = 0.62
"""From the request of a chunk to its first frame being heard, as a part of the buffer, where the start of
the stream does not tell it: measured with PulseAudio."""

SPARE: Final[Seconds] = 0.010
"""A request may be later than half the buffer by so much before the sound breaks off: measured with PulseAudio to 1 ms,
with 80, 120 and 160 ms."""

MOST_DRY: Final = 2
"""Holes after which a longer buffer is worth the half second that it takes to open."""

START_LIMIT: Final[Seconds] = 4.0
STEADY_REQUESTS: Final = 3
"""A sink that was idle takes its first buffer at once and what follows up to 2 s later; from the second request after
it on it runs."""

SILENCE: Final[Seconds] = 0.6
"""Without a request for so long the device counts as gone."""


def load() -> ModuleType:
    """The `miniaudio` module.

    Raises:
        OutputError: this machine has none (some ARM systems lack a wheel), or it does not load.
    """
    try:
        import miniaudio
    except (ImportError, OSError) as error:
        raise OutputError(f"the Python package miniaudio cannot be used ({error})") from error
    module: ModuleType = miniaudio
    return module


class Buffer:
    """How much sound the device is given in hand; outlives the outputs that find it too little."""

    def __init__(self) -> None:
        self._step = 0

    @property
    def ms(self) -> int:
        """Milliseconds to ask for."""
        return BUFFERS_MS[self._step]

    @property
    def chunk_ms(self) -> int:
        """Milliseconds to be asked for at once."""
        return CHUNKS_MS[self._step]

    @property
    def chunks(self) -> int:
        """So many fill it."""
        return self.ms // self.chunk_ms

    def grow(self) -> bool:
        """More from now on; false when there is no more."""
        if self._step + 1 == len(BUFFERS_MS):
            return False
        self._step += 1
        return True


class DeviceOutput:
    """The system's default device. `render` is called from miniaudio's thread, which `close` ends.

    The card's own clock is followed: see `DeviceClock`. An output that has run dry too often fails once, so that its
    owner opens the next one, with a longer buffer.
    """

    name = "device"

    def __init__(self, clock: Clock = MONOTONIC, backends: Sequence[Any] = (), buffer: Buffer | None = None) -> None:
        """An output not yet open.

        Args:
            clock: The clock its pairs are told in.
            backends: Of `miniaudio.Backend`, such as NULL in tests; empty: the one miniaudio chooses.
            buffer: Shared with those opened before and after it.
        """
        self._clock = clock
        self._backends = list(backends)
        self._buffer = buffer or Buffer()
        self._device: Any = None
        self._card = self._new_clock()
        self._ran_dry = False
        self._steady = threading.Event()
        self._last: Monotonic = 0.0
        self._closed = False

    def open(self, render: Render) -> None:
        """Starts the device and waits until it asks steadily.

        Raises:
            OutputError: there is no miniaudio, no device, or it does not start.
        """
        module = load()
        try:
            self._start(module, render)
        except module.MiniaudioError as error:
            self.close()
            raise OutputError(f"no sound device can be opened ({error.args[0]})") from error
        if not self._steady.wait(START_LIMIT):
            self.close()
            raise OutputError("the sound device does not ask for sound")

    def clock(self) -> ClockPair | None:
        """The card's line at its newest request."""
        return self._card.pair()

    def failure(self) -> str | None:
        """That the device has not asked for sound for too long, or has run dry too often."""
        if self._closed or not self._steady.is_set():
            return None
        if self._clock() - self._last > SILENCE:
            return "the sound device stopped, or the program stood still"
        self._ran_dry = self._ran_dry or (self._card.dry >= MOST_DRY and self._buffer.grow())
        return "the sound broke off; it goes on with a longer buffer" if self._ran_dry else None

    def close(self) -> None:
        """Stops the device."""
        self._closed = True
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _start(self, module: ModuleType, render: Render) -> None:
        with _pulse_latency(self._buffer.ms):
            device = module.PlaybackDevice(
                output_format=module.SampleFormat.SIGNED16,
                nchannels=2,
                sample_rate=RATE,
                buffersize_msec=self._buffer.chunk_ms,
                callback_periods=self._buffer.chunks if self._buffer.chunks > 1 else 0,
                backends=self._backends or None,
                app_name="Never Back Down",
            )
        self._device = device
        self._card = self._new_clock(STEP if device.backend == "PulseAudio" else 0.0)
        if device.backend == "Null" and not self._backends:
            raise module.MiniaudioError("there is none")
        chunks = self._chunks(render)
        next(chunks)
        device.start(chunks)

    def _new_clock(self, step: Seconds = STEP) -> DeviceClock:
        buffer_s = self._buffer.ms / 1000
        return DeviceClock(buffer_s * IN_HAND, buffer_s / 2 + SPARE, step=step)

    def _chunks(self, render: Render) -> Generator[Pcm16, Frames, None]:
        """What miniaudio's callback sends a number of frames to."""
        asked = yield np.empty((0, 2), np.int16)
        frame: Frames = 0
        steady = STEADY_REQUESTS + self._buffer.chunks - 1
        for request in count(1):
            if self._closed:
                return
            self._last = self._clock()
            if request == 1:
                self._card.start(self._last)
            if request >= steady:
                self._card.update(frame, self._last)
                self._steady.set()
            frame += asked
            chunk = to_int16(render(asked))
            if request >= steady:
                self._card.deliver(self._clock())
            asked = yield chunk


@contextmanager
def _pulse_latency(ms: int) -> Iterator[None]:
    """Has PulseAudio keep a buffer of `ms` in a stream that is opened meanwhile, unless the user asks for another."""
    if PULSE_LATENCY in os.environ:
        yield
        return
    os.environ[PULSE_LATENCY] = str(ms)
    try:
        yield
    finally:
        os.environ.pop(PULSE_LATENCY, None)
