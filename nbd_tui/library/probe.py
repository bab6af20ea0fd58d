"""Files are decoded as a whole in a child process before the player may touch them.

The player must not be the one to find out that a file kills its decoder, and files that only libVLC reads need a
decoded copy first. So the conductor asks here for the planned files and a reserve per phase, and plays what came back.
"""

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbd_tui.library.probe_child import LIMIT_S, ChildFailedError, ProbeChild, worker_command
from nbd_tui.model.units import Decibels, Frames

_STARTS = 3
"""A child that does not start so often in a row is not tried again for the files that wait."""

_LEAVING_S = 1.0


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What became of one file."""

    path: Path
    playable: Path | None
    """What the player may open: the file itself, or its decoded copy; None when it cannot be played."""
    frames: Frames = 0
    """Length of our own decode."""
    peak: float = 0.0
    """Largest sample, full scale at 1.0."""
    rms_db: Decibels = 0.0
    """Mean level of the whole file against full scale."""
    reason: str = ""
    """Why it cannot be played; empty when it can."""


class ProbeWorker:
    """Decodes files in the background, one at a time.

    Owned by the session (or by whoever scans). Its thread `probe` starts with it, starts the child process at once, and
    ends with `close()`. The other methods never block and may be called from one other thread.
    """

    def __init__(self, cache_folder: Path, *, command: Sequence[str] = (), limit_s: float = LIMIT_S) -> None:
        self._child = ProbeChild(command or worker_command(cache_folder), limit_s)
        self._failed_starts = 0
        self._known: dict[Path, ProbeResult] = {}
        self._changed = threading.Condition()
        self._waiting: dict[Path, None] = {}
        self._answers: deque[ProbeResult] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()

    def request(self, paths: Path | Iterable[Path], *, front: bool = False) -> None:
        """Asks for these files, before all that wait (`front`) or after them. One that is known is answered at once."""
        asked = dict.fromkeys([paths] if isinstance(paths, Path) else paths)
        with self._changed:
            self._waiting = {**asked, **self._waiting} if front else {**self._waiting, **asked}
            self._changed.notify_all()

    def results(self) -> list[ProbeResult]:
        """The answers that came since the last call."""
        with self._changed:
            answers = list(self._answers)
            self._answers.clear()
        return answers

    def wait(self, timeout_s: float) -> bool:
        """Waits until an answer is there, for `timeout_s` at most; whether one is."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._answers), timeout_s)

    def close(self) -> None:
        """Ends thread and child at once; what waits is dropped. May be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._child.kill()
        self._thread.join(_LEAVING_S)

    def _run(self) -> None:
        self._start_early()
        while (path := self._next()) is not None:
            result = self._remembered(path) or self._examine(path)
            with self._changed:
                self._known[path] = result
                self._answers.append(result)
                self._changed.notify_all()
        self._child.close()

    def _start_early(self) -> None:
        """Starts the child before the first file is asked for; a failure shows with that file."""
        try:
            self._child.start()
        except ChildFailedError:
            self._failed_starts += 1

    def _next(self) -> Path | None:
        """The file to do now; None when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._waiting)
            if self._closing:
                return None
            path = next(iter(self._waiting))
            del self._waiting[path]
            return path

    def _remembered(self, path: Path) -> ProbeResult | None:
        """What is known of `path`, unless its decoded copy has left the cache."""
        result = self._known.get(path)
        return result if result and (result.playable is None or result.playable.exists()) else None

    def _examine(self, path: Path) -> ProbeResult:
        if self._failed_starts >= _STARTS:
            return ProbeResult(path, None, reason="the decoding process does not start")
        try:
            answer = self._child.ask({"path": str(path)})
        except ChildFailedError as error:
            self._failed_starts = 0 if error.started else self._failed_starts + 1
            return ProbeResult(path, None, reason=str(error))
        self._failed_starts = 0
        return _result(path, answer)


def _result(path: Path, answer: dict[str, Any]) -> ProbeResult:
    if "playable" not in answer:
        return ProbeResult(path, None, reason=str(answer["reason"]))
    return ProbeResult(path, Path(answer["playable"]), answer["frames"], answer["peak"], answer["rms_db"])
