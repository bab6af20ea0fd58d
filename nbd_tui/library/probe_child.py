"""The parent's end of the probe's child process: starts it, asks it, ends it."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbd_tui.media.child import child_environment, python_command

_DYING_S = 0.5

LIMIT_S = 60.0
"""A file that takes longer has hung its decoder."""


class ChildFailedError(Exception):
    """The child did not answer; the text says why. `started` is false when it never got as far as a file."""

    def __init__(self, reason: str, *, started: bool) -> None:
        super().__init__(reason)
        self.started = started


def worker_command(cache_folder: Path) -> list[str]:
    """How to start `probe_worker`."""
    return python_command("nbd_tui.library.probe_worker", str(cache_folder))


class ProbeChild:
    """One child process, started when first asked and again after a failure.

    Owned by the probe thread; only `kill` may be called from another. Low priority; in a session of its own, so that
    Ctrl+C in the terminal does not reach it.
    """

    def __init__(self, command: Sequence[str], limit_s: float = LIMIT_S) -> None:
        self._command = command
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._overdue = False
        self._given_up = False

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Sends `message` and waits for its answer, starting the child if there is none.

        Raises:
            ChildFailedError: it died, did not start, or took longer than the limit; it is gone then.
        """
        self.start()
        return self._exchange(json.dumps(message).encode() + b"\n", started=True)

    def start(self) -> None:
        """Starts the child and waits until it is ready; nothing when it is running.

        Raises:
            ChildFailedError: it does not start.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        try:
            self._process = _spawn(self._command)
        except OSError as error:
            raise ChildFailedError(f"the decoding process does not start: {error}", started=False) from error
        if self._given_up:
            self._process.kill()
        self._exchange(b"", started=False)

    def kill(self) -> None:
        """Ends the child at once and for good; whoever waits for its answer gets an error."""
        self._given_up = True
        self._kill_process()

    def close(self) -> None:
        """Ends the child and gives its pipes back."""
        self.kill()
        self._end()

    def _exchange(self, line: bytes, *, started: bool) -> dict[str, Any]:
        self._overdue = False
        timer = threading.Timer(self._limit_s, self._kill_overdue)
        timer.name, timer.daemon = "probe-limit", True
        timer.start()
        try:
            answer = self._send_and_read(line)
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            raise ChildFailedError(self._why_silent(started=started), started=started)
        message: dict[str, Any] = json.loads(answer)
        return message

    def _send_and_read(self, line: bytes) -> bytes:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            return b""
        return process.stdout.readline()

    def _kill_overdue(self) -> None:
        self._overdue = True
        self._kill_process()

    def _kill_process(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def _why_silent(self, *, started: bool) -> str:
        how = self._end()
        if not started:
            return f"the decoding process does not start ({how})"
        return f"decoding took longer than {self._limit_s:g} s" if self._overdue else f"the decoder died of it ({how})"

    def _end(self) -> str:
        """Takes leave of the process and tells how it ended; it gets a moment to end by itself."""
        process, self._process = self._process, None
        if process is None:
            return ""
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.stdin = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DYING_S)
        process.kill()
        process.communicate()
        return _exit_name(process.returncode)


def _spawn(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _exit_name(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
