"""The parent's end of a child process that decodes (of the probe, of the analysis): starts it, asks it, ends it."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final

from nbd_tui.library.fault import Fault
from nbd_tui.media.child import child_environment, python_command
from nbd_tui.model.units import Monotonic, Seconds

STALL_S: Final[Seconds] = 12.0
"""A child that has decoded nothing more for so long hangs; a little more than it grants libVLC itself."""

ONE_THREAD_EACH: Final = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""The cores are shared out among processes; numpy reads these when it is imported."""
MEMORY_KEPT: Final = {"MALLOC_TRIM_THRESHOLD_": str(2**28), "MALLOC_MMAP_THRESHOLD_": str(2**25)}
"""glibc gives no memory back in between: arrays of a few hundred KB, made and dropped thousands of times a track, cost
a tenth of the processor time if the system makes each anew. Other systems know nothing of it."""

_START_S: Final[Seconds] = 20.0
"""Its imports take a second, on a busy machine or a slow disk several."""
_LOOK_S: Final[Seconds] = 0.1
_DYING_S: Final[Seconds] = 0.5

_OUTSIDE: Final = frozenset(
    getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)
"""Signals that are sent to a process, by people or a system without memory; no decoder makes them."""
_FIRST_NT_ERROR: Final = 0x8000_0000
"""From here on, the exit code of a Windows process names the exception that killed it."""


class ChildFailedError(Exception):
    """The child did not answer; the text says why."""

    def __init__(self, reason: str, fault: Fault, *, was_ended: bool = False) -> None:
        """A failure.

        Args:
            reason: for people.
            fault: whose fault it is, as far as that can be told.
            was_ended: a signal from outside ended the child; it may have had nothing to do with the file.
        """
        super().__init__(reason)
        self.fault = fault
        self.was_ended = was_ended


class GaveWayError(Exception):
    """The child was ended because something else is more urgent."""


def worker_command(cache_folder: Path) -> list[str]:
    """How to start `probe_worker`."""
    return python_command("nbd_tui.library.probe_worker", str(cache_folder))


class ProbeChild:
    """One child process, started when first asked and again after a failure.

    Owned by one thread; only `kill` may be called from another. Low priority; in a session of its own, so that
    Ctrl+C in the terminal does not reach it. What it says is read by a thread, `probe-reader`, which ends with it.
    """

    def __init__(
        self, command: Sequence[str], stall_s: Seconds = STALL_S, clock: Callable[[], Monotonic] = time.monotonic
    ) -> None:
        self._command = command
        self._stall_s = stall_s
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._given_up = False

    def ask(self, message: dict[str, Any], gives_way: Callable[[], bool] = lambda: False) -> dict[str, Any]:
        """Sends `message` and waits for its answer, starting the child if there is none.

        Args:
            message: the request.
            gives_way: asked several times a second; once it says yes, the child is ended.

        Raises:
            ChildFailedError: it died, did not start, or made no progress; it is gone then.
            GaveWayError: it was ended for something else.
        """
        self.start()
        try:
            self._send(json.dumps(message).encode() + b"\n")
            return self._hear(self._stall_s, gives_way)
        except EOFError:
            code = self._end()
            fault = Fault.FILE if _is_crash(code) else Fault.CIRCUMSTANCES
            reason = f"the decoder died of it ({_exit_name(code)})"
            raise ChildFailedError(reason, fault, was_ended=fault is not Fault.FILE) from None
        except TimeoutError:
            self._kill_and_end()
            reason = f"decoding made no progress for {self._stall_s:g} s"
            raise ChildFailedError(reason, Fault.CIRCUMSTANCES) from None
        except GaveWayError:
            self._kill_and_end()
            raise

    def start(self) -> None:
        """Starts the child and waits until it is ready; nothing when it is running.

        Raises:
            ChildFailedError: it does not start.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        try:
            self._spawn()
            self._hear(_START_S, lambda: False)
        except OSError as error:  # a TimeoutError among them
            self._kill_and_end()
            raise ChildFailedError(f"the decoding process does not start: {error}", Fault.WORKER) from error
        except EOFError:
            how = _exit_name(self._end())
            raise ChildFailedError(f"the decoding process does not start ({how})", Fault.WORKER) from None

    def kill(self) -> None:
        """Ends the child at once and for good; whoever waits for its answer gets an error."""
        self._given_up = True
        self._kill_process()

    def close(self) -> None:
        """Ends the child and gives its pipes back."""
        self.kill()
        self._end()

    def _spawn(self) -> None:
        """Starts the process and the thread that reads its lines; an empty one is their end."""
        process = self._process = _popen(self._command)
        lines = self._lines = SimpleQueue()
        assert process.stdout is not None  # noqa: S101
        self._reader = threading.Thread(target=_read, args=(process.stdout, lines), name="probe-reader", daemon=True)
        self._reader.start()
        if self._given_up:
            process.kill()

    def _send(self, line: bytes) -> None:
        """What a dead child does not take shows when it is heard."""
        process = self._process
        assert process is not None  # noqa: S101
        assert process.stdin is not None  # noqa: S101
        with contextlib.suppress(OSError):
            process.stdin.write(line)
            process.stdin.flush()

    def _hear(self, stall_s: Seconds, gives_way: Callable[[], bool]) -> dict[str, Any]:
        """The next answer.

        Raises:
            EOFError: there will be none.
            TimeoutError: neither an answer nor progress came for `stall_s`.
            GaveWayError: it is not to be waited for.
        """
        latest = self._clock() + stall_s
        while True:
            message = self._next_message()
            if message and "progress" not in message:
                return message
            if message:
                latest = self._clock() + stall_s
            if gives_way():
                raise GaveWayError
            if self._clock() > latest:
                raise TimeoutError(f"nothing came for {stall_s:g} s")

    def _next_message(self) -> dict[str, Any] | None:
        """What came within one look; None for nothing."""
        try:
            line = self._lines.get(timeout=_LOOK_S)
        except Empty:
            return None
        if not line.endswith(b"\n"):
            raise EOFError
        message: dict[str, Any] = json.loads(line)
        return message

    def _kill_process(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def _kill_and_end(self) -> None:
        self._kill_process()
        self._end()

    def _end(self) -> int:
        """Takes leave of the process and tells its exit code; it gets a moment to end by itself."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DYING_S)
        process.kill()
        code = process.wait()
        if self._reader:
            self._reader.join(_DYING_S)
        return code


def _read(stdout: IO[bytes], lines: "SimpleQueue[bytes]") -> None:
    """Thread `probe-reader`: hands the child's lines on, and then an empty one."""
    with stdout:
        for line in stdout:
            lines.put(line)
    lines.put(b"")


def _popen(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment() | ONE_THREAD_EACH | MEMORY_KEPT,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _is_crash(code: int) -> bool:
    """Whether a process ended by a fault of its own code, such as a segmentation fault."""
    return -code not in _OUTSIDE if code < 0 else code >= _FIRST_NT_ERROR


def _exit_name(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
