"""One endless PCM stream through libVLC's `imem` input, with our own time stamps.

Each block's presentation time lies `SKEW` behind its decoding time: libVLC reads a block when its decoding time comes
and plays it 300 ms after its presentation time, so that a smaller skew is a slower but safer way to the ear.
"""

import ctypes
import threading
from collections import deque
from types import ModuleType
from typing import Any, Final, TypeAlias

from nbd_tui.errors import OutputError
from nbd_tui.media import libpulse, libvlc
from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.media.output.pcm import Pcm16, to_int16
from nbd_tui.media.output.watch import ServerWatch
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

BLOCK: Final[Frames] = RATE // 50
"""20 ms. With 40, which cost a third less, libVLC moved the stream by 40 ms some 15 s after its start (measured)."""

SKEW: Final[Seconds] = 0.250
"""More is quicker to the ear and leaves less slack for a late block; up to 280 ms works at all."""

LATENCY: Final[Seconds] = 0.145
"""From the read of a block in steady state to its being heard, where libVLC is content with −40…+60 ms around it."""

START_LIMIT: Final[Seconds] = 3.0
"""A sound server that takes this long to play the first block counts as none."""

ERRORS_IN_A_SECOND: Final = 5
"""libVLC goes on "playing" when the sound server dies, but complains of every block: so many mean a dead output."""

LATE: Final[Seconds] = 0.1
"""libVLC never gives lateness back: reads this far behind their pace do not recover, and their blocks are dropped."""

LATE_FOR: Final[Seconds] = 0.5
SILENCE: Final[Seconds] = 0.6
"""Without a read for so long the stream counts as dead."""

_OPTIONS: Final = ("--quiet", "--no-video", "--no-audio-time-stretch", "--role=music")

Foreign: TypeAlias = Any
"""A pointer of libVLC's, or an object of python-vlc, which has no types."""

_GET = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_int64),
    ctypes.POINTER(ctypes.c_int64),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_size_t),
    ctypes.POINTER(ctypes.c_void_p),
)
_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p)


class Pace:
    """How libVLC reads: the line its reads follow once the first burst is over, and whether they still do.

    The reads of a running stream follow the system's clock exactly, so the earliest read (in relation to its frame) of
    all gives the line; it is only ever later by accident.
    """

    def __init__(self) -> None:
        self.frames: Frames = 0
        self.last_read: Monotonic | None = None
        self._offset: Seconds = 0.0
        self._punctual_at: Monotonic = 0.0

    def read(self, now: Monotonic, frames: Frames) -> None:
        """A block of `frames` frames was read at `now`."""
        offset = now - self.frames / RATE
        if self.last_read is None or offset < self._offset:
            self._offset = offset
        if offset <= self._offset + LATE:
            self._punctual_at = now
        self.frames += frames
        self.last_read = now

    def pair(self, latency: Seconds) -> ClockPair:
        """The next block's first frame and when it is heard."""
        frames = self.frames
        return ClockPair(frames, self._offset + frames / RATE + latency)

    def failure(self, now: Monotonic) -> str | None:
        """Why this stream will not be heard any more, or not on time."""
        if self.last_read is None:
            return None
        if now - self.last_read > SILENCE:
            return "libVLC stopped reading, or the program stood still"
        if self.last_read - self._punctual_at > LATE_FOR:
            return "libVLC fell behind"
        return None


class Complaints:
    """libVLC's error messages of the last second. `hear` is its log callback and calls nothing of libVLC."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: deque[Monotonic] = deque(maxlen=ERRORS_IN_A_SECOND)

    def hear(self, _data: object, level: int, _context: object, _format: object, _values: object) -> None:
        """Called by libVLC for each message, from any of its threads."""
        if level >= 4:  # LIBVLC_ERROR
            self._times.append(self._clock())

    def failure(self, now: Monotonic) -> str | None:
        """That there were too many of them."""
        times = tuple(self._times)
        if len(times) == ERRORS_IN_A_SECOND and now - times[0] < 1.0:
            return "the sound server or device is gone"
        return None


class _Feed:
    """What libVLC's input thread calls. Blocks stay alive here until libVLC has given them back."""

    def __init__(self, render: Render, pace: Pace, clock: Clock) -> None:
        self._render = render
        self._pace = pace
        self._clock = clock
        self._alive: dict[int, Pcm16] = {}
        self.closed = False
        self.get = _GET(self._get)
        self.release = _RELEASE(self._release)

    def _get(
        self,
        _data: Foreign,
        _cookie: Foreign,
        dts: Foreign,
        pts: Foreign,
        _flags: Foreign,
        size: Foreign,
        buffer: Foreign,
    ) -> int:
        if self.closed:
            return 1
        when = self._pace.frames * 1_000_000 // RATE
        self._pace.read(self._clock(), BLOCK)
        block = to_int16(self._render(BLOCK))
        address = block.ctypes.data
        self._alive[address] = block
        dts[0], pts[0] = when, when - round(SKEW * 1_000_000)
        size[0], buffer[0] = block.nbytes, address
        return 0

    def _release(self, _data: Foreign, _cookie: Foreign, _size: Foreign, buffer: Foreign) -> None:
        self._alive.pop(buffer, None)


class VlcOutput:
    """The stream through libVLC. `render` is called from libVLC's input thread, which `close` ends.

    libVLC makes up for the device's own latency (Bluetooth) and for the drift of its clock by itself, so the clock here
    has the slope of the system's; its height is estimated, good to libVLC's tolerance of −40…+60 ms.
    """

    name = "vlc"

    def __init__(self, clock: Clock = MONOTONIC, audio_output: str = "", options: tuple[str, ...] = ()) -> None:
        """An output not yet open.

        Args:
            clock: The clock its pairs are told in.
            audio_output: A module of libVLC's by name, such as `adummy` in tests; empty: the one libVLC chooses.
            options: Further options of libVLC's, for such a module.
        """
        self._clock = clock
        self._options = (*_OPTIONS, *((f"--aout={audio_output}",) if audio_output else ()), *options)
        self._pace = Pace()
        self._complaints = Complaints(clock)
        self._has_server = not audio_output
        self._watch = ServerWatch(None)
        self._feed: _Feed | None = None
        self._log: Foreign = None
        self._instance: Foreign = None
        self._media: Foreign = None
        self._player: Foreign = None
        self._playing = False

    def open(self, render: Render) -> None:
        """Starts the stream and waits until libVLC has played the first of it (about 0.3 s).

        Raises:
            OutputError: there is no libVLC, it finds no sound server or device, or the server does not answer.
        """
        vlc = libvlc.load()
        line = libpulse.dial() if self._has_server else None
        self._watch = ServerWatch(line)
        try:
            self._prepare(vlc)
            if line is not None:
                line.await_answer()  # libVLC would wait for it for ever
            self._feed = _Feed(render, self._pace, self._clock)
            self._play(self._feed)
            self._wait_until_heard(vlc.MediaStats())
        except BaseException:  # whatever it is, no thread and no line to the server stays behind
            self.close()
            raise

    def clock(self) -> ClockPair | None:
        """The estimate described above."""
        return self._pace.pair(LATENCY) if self._playing else None

    def failure(self) -> str | None:
        """What libVLC itself does not tell: the sound server is gone or hangs, the stream is behind or stands still."""
        now = self._clock()
        if not self._playing:
            return None
        return self._complaints.failure(now) or self._watch.failure(now) or self._pace.failure(now)

    def close(self) -> None:
        """Stops the stream; libVLC may hang here when its sound server does."""
        self._playing = False
        self._watch.close()
        if self._feed is not None:
            self._feed.closed = True
        if self._player is not None:
            self._player.stop()
            self._player.release()
            self._media.release()
            self._player = self._media = None
        if self._instance is not None:
            self._instance.log_unset()
            self._instance.release()
            self._instance = None

    def _prepare(self, vlc: ModuleType) -> None:
        self._instance = libvlc.new_instance(*self._options)
        self._instance.set_user_agent("Never Back Down", "nbd-tui")
        self._log = vlc.CallbackDecorators.LogCb(self._complaints.hear)
        self._instance.log_set(self._log, None)

    def _play(self, feed: _Feed) -> None:
        self._media = self._instance.media_new("imem://")
        for option in _imem_options(feed):
            self._media.add_option(option)
        self._player = self._instance.media_player_new()
        self._player.set_media(self._media)
        self._player.play()

    def _wait_until_heard(self, stats: Foreign) -> None:
        start = self._clock()
        pause = threading.Event()
        while not (self._media.get_stats(stats) and stats.played_abuffers > 0):
            now = self._clock()
            if now - start > START_LIMIT or (now - start > 0.3 and self._complaints.failure(now)):
                raise OutputError("libVLC finds no sound server or device to play to")
            pause.wait(0.02)
        self._playing = True


def _imem_options(feed: _Feed) -> tuple[str, ...]:
    return (
        f":imem-get={ctypes.cast(feed.get, ctypes.c_void_p).value}",
        f":imem-release={ctypes.cast(feed.release, ctypes.c_void_p).value}",
        ":imem-cookie=nbd",
        ":imem-data=0",
        ":imem-cat=1",  # an audio elementary stream
        ":imem-codec=s16l",
        f":imem-samplerate={RATE}",
        ":imem-channels=2",
    )
