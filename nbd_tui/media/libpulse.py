"""The one place that speaks to libpulse, the client library of PulseAudio and of PipeWire's stand-in for it.

Nothing has to be installed for it: where there is such a sound server its clients have the library. Functions called
from libpulse's own thread must not block, and are called without giving the interpreter's lock away, which a busy
thread would take for up to a switch interval.
"""

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_int64, c_long, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from functools import cache
from typing import Any, Final, TypeAlias

from nbd_tui.errors import OutputError, ServerMuteError
from nbd_tui.model.units import Seconds

Foreign: TypeAlias = Any
"""A pointer of libpulse's, or one of its functions."""

DEFAULT: Final = 0xFFFFFFFF
"""For a length in bytes: the server's own choice."""

NO_AUTOSPAWN: Final = 1
S16LE: Final = 3
ADJUST_LATENCY: Final = 0x2000
"""The length of the buffer that is asked for is to include the device's."""

LONG: Final = 8
"""Bytes of a `long` where it is as long as a `time_t` for certain."""

CONTEXT_READY, CONTEXT_FAILED = 4, 5
STREAM_READY, STREAM_FAILED = 2, 3
OPERATION_RUNNING: Final = 0
LOOK: Final[Seconds] = 0.002
"""How often `Line.wait` looks."""

ANSWERS_WITHIN: Final[Seconds] = 1.5
"""A server that takes longer to let a client in hangs."""

MUTE: Final = "the sound server does not answer"


class SampleSpec(ctypes.Structure):
    """`pa_sample_spec`."""

    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class BufferAttr(ctypes.Structure):
    """`pa_buffer_attr`, in bytes."""

    _fields_ = (
        ("maxlength", c_uint32),
        ("tlength", c_uint32),
        ("prebuf", c_uint32),
        ("minreq", c_uint32),
        ("fragsize", c_uint32),
    )


class TimingInfo(ctypes.Structure):
    """`pa_timing_info`: at the time told, `read_index` bytes had gone to the device, which held `sink_usec` of them."""

    _fields_ = (
        ("timestamp_s", c_long),
        ("timestamp_us", c_long),
        ("synchronized_clocks", c_int),
        ("sink_usec", c_uint64),
        ("source_usec", c_uint64),
        ("transport_usec", c_uint64),
        ("playing", c_int),
        ("write_index_corrupt", c_int),
        ("write_index", c_int64),
        ("read_index_corrupt", c_int),
        ("read_index", c_int64),
        ("configured_sink_usec", c_uint64),
        ("configured_source_usec", c_uint64),
        ("since_underrun", c_int64),
    )


WRITE_CALLBACK: Final = ctypes.CFUNCTYPE(None, c_void_p, c_size_t, c_void_p)
"""What the server asks for: stream, bytes, user data."""

NOTIFY_CALLBACK: Final = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
"""Something happened to a stream: stream, user data."""

_FUNCTIONS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "pa_threaded_mainloop_new": (c_void_p, ()),
    "pa_threaded_mainloop_start": (c_int, (c_void_p,)),
    "pa_threaded_mainloop_stop": (None, (c_void_p,)),
    "pa_threaded_mainloop_free": (None, (c_void_p,)),
    "pa_threaded_mainloop_lock": (None, (c_void_p,)),
    "pa_threaded_mainloop_unlock": (None, (c_void_p,)),
    "pa_threaded_mainloop_get_api": (c_void_p, (c_void_p,)),
    "pa_context_new": (c_void_p, (c_void_p, c_char_p)),
    "pa_context_connect": (c_int, (c_void_p, c_char_p, c_int, c_void_p)),
    "pa_context_disconnect": (None, (c_void_p,)),
    "pa_context_unref": (None, (c_void_p,)),
    "pa_context_get_state": (c_int, (c_void_p,)),
    "pa_context_get_server_info": (c_void_p, (c_void_p, c_void_p, c_void_p)),
    "pa_operation_get_state": (c_int, (c_void_p,)),
    "pa_operation_unref": (None, (c_void_p,)),
    "pa_stream_new": (c_void_p, (c_void_p, c_char_p, POINTER(SampleSpec), c_void_p)),
    "pa_stream_connect_playback": (c_int, (c_void_p, c_char_p, POINTER(BufferAttr), c_int, c_void_p, c_void_p)),
    "pa_stream_disconnect": (c_int, (c_void_p,)),
    "pa_stream_unref": (None, (c_void_p,)),
    "pa_stream_get_state": (c_int, (c_void_p,)),
    "pa_stream_set_state_callback": (None, (c_void_p, c_void_p, c_void_p)),
    "pa_stream_set_write_callback": (None, (c_void_p, c_void_p, c_void_p)),
    "pa_stream_set_underflow_callback": (None, (c_void_p, c_void_p, c_void_p)),
    "pa_stream_set_buffer_attr": (c_void_p, (c_void_p, POINTER(BufferAttr), c_void_p, c_void_p)),
    "pa_stream_write": (c_int, (c_void_p, c_void_p, c_size_t, c_void_p, c_int64, c_int)),
    "pa_stream_update_timing_info": (c_void_p, (c_void_p, c_void_p, c_void_p)),
    "pa_stream_get_timing_info": (POINTER(TimingInfo), (c_void_p,)),
}

_BLOCKING: Final = frozenset(
    {
        *(f"pa_threaded_mainloop_{name}" for name in ("start", "stop", "lock", "free")),
        "pa_context_new",
        "pa_context_connect",
    }
)
"""The first wait for libpulse's thread, which may wait for the interpreter's lock; the others may look up an X display
or a host, and call back nothing of ours."""


class Library:
    """libpulse's functions by name, with their types."""

    def __init__(self, name: str) -> None:
        quick, blocking = ctypes.PyDLL(name), ctypes.CDLL(name)
        for function, (result, arguments) in _FUNCTIONS.items():
            found = getattr(blocking if function in _BLOCKING else quick, function)
            found.restype, found.argtypes = result, arguments
            setattr(self, function, found)

    def __getattr__(self, name: str) -> Foreign:
        """Only for the type checker: all functions are attributes."""
        raise AttributeError(name)


@cache
def load() -> Library | None:
    """libpulse, or None where the system has none, or is one of 32 bits: the lengths of its times are not known."""
    if not sys.platform.startswith(("linux", "freebsd")) or ctypes.sizeof(c_long) < LONG:
        return None
    try:
        return Library("libpulse.so.0")
    except (OSError, AttributeError):
        return None


class Line:
    """A client's line to the sound server. libpulse serves it on a thread of its own, until `close`."""

    def __init__(self, library: Library) -> None:
        """A line not yet dialled.

        Raises:
            OutputError: the system gives libpulse nothing to make one of.
        """
        self.library = library
        self._loop = library.pa_threaded_mainloop_new()
        if not self._loop:
            raise OutputError("no line to the sound server can be made")
        self.context = library.pa_context_new(library.pa_threaded_mainloop_get_api(self._loop), b"Never Back Down")
        self._closed = False
        library.pa_threaded_mainloop_start(self._loop)

    def dial(self) -> None:
        """Begins to connect."""
        with self.locked():
            self.library.pa_context_connect(self.context, None, NO_AUTOSPAWN, None)

    def await_answer(self) -> bool:
        """Whether there is a server.

        Raises:
            ServerMuteError: there is one, and it does not answer in time.
        """
        if not self.wait(lambda: self.state >= CONTEXT_READY, ANSWERS_WITHIN):
            raise ServerMuteError(MUTE)
        return self.is_up

    def ask(self) -> Foreign:
        """A question that any server answers at once; for `is_answered`."""
        with self.locked():
            return self.library.pa_context_get_server_info(self.context, None, None)

    def is_answered(self, question: Foreign) -> bool:
        """Whether it is; then the question is over and done with."""
        with self.locked():
            if question and self.library.pa_operation_get_state(question) == OPERATION_RUNNING:
                return False
            self.forget(question)
        return True

    def forget(self, operation: Foreign) -> None:
        """Nobody waits for how this ends. In the lock, or on libpulse's thread."""
        if operation:
            self.library.pa_operation_unref(operation)

    @property
    def state(self) -> int:
        """Of the context."""
        if self._closed:
            return CONTEXT_FAILED
        with self.locked():
            return int(self.library.pa_context_get_state(self.context))

    @property
    def is_up(self) -> bool:
        """The server has not hung up."""
        return self.state == CONTEXT_READY

    @contextmanager
    def locked(self) -> Iterator[None]:
        """What is done with the context and its streams from other threads than libpulse's is done in here."""
        self.library.pa_threaded_mainloop_lock(self._loop)
        try:
            yield
        finally:
            self.library.pa_threaded_mainloop_unlock(self._loop)

    def wait(self, condition: Callable[[], bool], patience: Seconds) -> bool:
        """Looks every few milliseconds whether `condition` holds; whether it came to hold within `patience`."""
        pause = threading.Event()
        for _ in range(round(patience / LOOK)):
            if condition():
                return True
            pause.wait(LOOK)
        return condition()

    def close(self) -> None:
        """Hangs up, waiting for no answer; the thread is over afterwards. May be called twice."""
        if self._closed:
            return
        self._closed = True
        with self.locked():
            self.library.pa_context_disconnect(self.context)
            self.library.pa_context_unref(self.context)
        self.library.pa_threaded_mainloop_stop(self._loop)
        self.library.pa_threaded_mainloop_free(self._loop)


def dial() -> Line | None:
    """A line that begins to connect to the sound server; None without libpulse."""
    library = load()
    if library is None:
        return None
    line = Line(library)
    line.dial()
    return line


def reach() -> Line | None:
    """A line to the sound server; None where there is no PulseAudio, and no PipeWire in its place.

    Raises:
        ServerMuteError: it does not answer in time.
    """
    line = dial()
    if line is None:
        return None
    try:
        if line.await_answer():
            return line
    except ServerMuteError:
        line.close()
        raise
    line.close()
    return None
