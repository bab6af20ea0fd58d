"""Files are decoded as a whole in a child process before the player may touch them.

The player must not be the one to find out that a file kills its decoder, and files that only libVLC reads need a
decoded copy first. So the conductor asks here for the planned files and a reserve per phase, and plays what came back.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from nbd_tui.library.fault import Fault
from nbd_tui.library.probe_child import STALL_S, ChildFailedError, GaveWayError, ProbeChild, worker_command
from nbd_tui.model.speed import Copy
from nbd_tui.model.units import Decibels, Frames, Monotonic, Seconds

GIVE_WAY_S: Final[Seconds] = 2.0
"""A file of the background that takes longer is put off for one that is wanted at once."""

_STARTS: Final = 3
"""A child that does not start so often in a row is not tried again for the files that wait."""

_LEAVING_S: Final[Seconds] = 1.0


class Fitted(NamedTuple):
    """A copy of a file at another speed."""

    path: Path
    copy: Copy


Wanted: TypeAlias = Path | Fitted
"""A file to be examined, or such a copy of one to be made."""


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
    fault: Fault = Fault.FILE
    """Whose fault that is."""
    fitted: Fitted | None = None
    """The copy all this is about; None: the file as it is."""

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        return self.fitted or self.path

    @property
    def lasting(self) -> bool:
        """It would be the same at another time."""
        return self.playable is not None or self.fault is Fault.FILE


class ProbeWorker:
    """Decodes files in the background, one at a time.

    Owned by the session (or by whoever scans). Its thread `probe` starts with it, starts the child process at once, and
    ends with `close()`. The other methods never block and may be called from one other thread.

    Args:
        cache_folder: where decoded copies are kept.
        command: starts the child; by default `probe_worker`.
        stall_s: a file of which nothing more is decoded for so long is given up.
        give_way_s: a file asked for at the front takes the place of another after so long.
        clock: for these two.
    """

    def __init__(
        self,
        cache_folder: Path,
        *,
        command: Sequence[str] = (),
        stall_s: Seconds = STALL_S,
        give_way_s: Seconds = GIVE_WAY_S,
        clock: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        self._child = ProbeChild(command or worker_command(cache_folder), stall_s, clock)
        self._give_way_s = give_way_s
        self._clock = clock
        self._known: dict[Wanted, ProbeResult] = {}
        self._changed = threading.Condition()
        self._waiting: dict[Wanted, bool] = {}
        """In their order, those asked for at the front (True) first."""
        self._current: Wanted | None = None
        self._is_urgent = False
        self._began: Monotonic = 0.0
        self._answers: deque[ProbeResult] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()

    def request(self, wanted: Path | Iterable[Wanted], *, front: bool = False) -> None:
        """Asks for these files, before all that wait (`front`) or after them.

        Those that are known need no decoding. A file that is wanted at the front does not wait long for another.
        """
        asked: dict[Wanted, bool] = dict.fromkeys([wanted] if isinstance(wanted, Path) else wanted, front)
        with self._changed:
            if self._current in asked:
                self._is_urgent = self._is_urgent or front
                del asked[self._current]
            self._waiting = asked | self._waiting | asked if front else self._waiting | asked | self._waiting
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
        with contextlib.suppress(ChildFailedError):  # early; a failure shows with the first file
            self._child.start()
        while (wanted := self._next()) is not None:
            if result := self._remembered(wanted) or self._examine(wanted):
                self._answer(result)
            else:
                self._put_back(wanted)
        self._child.close()

    def _next(self) -> Wanted | None:
        """What to do now; None when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._waiting)
            if self._closing:
                return None
            wanted = self._current = next(iter(self._waiting))
            self._is_urgent = self._waiting.pop(wanted)
            self._began = self._clock()
            return wanted

    def _answer(self, result: ProbeResult) -> None:
        """Hands a result over; one that holds for every file is that of all that wait."""
        with self._changed:
            self._current = None
            if result.lasting:
                self._known[result.wanted] = result
            self._answers.append(result)
            if result.fault is Fault.WORKER:
                self._answers += [_failed(wanted, result.reason, result.fault) for wanted in self._waiting]
                self._waiting.clear()
            self._changed.notify_all()

    def _put_back(self, wanted: Wanted) -> None:
        """It comes next after those that were more urgent."""
        with self._changed:
            self._current = None
            urgent = {one: True for one, front in self._waiting.items() if front}
            self._waiting = {**urgent, wanted: self._is_urgent, **self._waiting}

    def _remembered(self, wanted: Wanted) -> ProbeResult | None:
        """What is known, unless a decoded copy has left the cache; one that has not counts as used."""
        result = self._known.get(wanted)
        if result and result.playable not in {None, result.path}:
            with contextlib.suppress(OSError):
                os.utime(result.playable or "")
        return result if result and (result.playable is None or result.playable.exists()) else None

    def _examine(self, wanted: Wanted) -> ProbeResult | None:
        """None when something more urgent has come between."""
        failure = None
        for _ in range(_STARTS):
            try:
                return _result(wanted, self._child.ask(_message(wanted), self._gives_way))
            except GaveWayError:
                return None
            except ChildFailedError as error:
                failure = _failed(wanted, str(error), error.fault)
                if error.fault is not Fault.WORKER or self._closing:
                    break
        return failure

    def _gives_way(self) -> bool:
        """Whether the present file has had its time while one waits that is more urgent."""
        with self._changed:
            late = self._clock() - self._began > self._give_way_s
            return late and not self._is_urgent and next(iter(self._waiting.values()), False)


def _message(wanted: Wanted) -> dict[str, Any]:
    if isinstance(wanted, Path):
        return {"path": str(wanted)}
    return {"path": str(wanted.path), "steps": wanted.copy.speed.steps, "marks": wanted.copy.marks}


def _failed(wanted: Wanted, reason: str, fault: Fault) -> ProbeResult:
    path, fitted = (wanted, None) if isinstance(wanted, Path) else (wanted.path, wanted)
    return ProbeResult(path, None, reason=reason, fault=fault, fitted=fitted)


def _result(wanted: Wanted, answer: dict[str, Any]) -> ProbeResult:
    failed = _failed(wanted, str(answer.get("reason", "")), Fault(answer.get("fault", Fault.FILE)))
    if "playable" not in answer:
        return failed
    found = {name: answer[name] for name in ("frames", "peak", "rms_db")}
    return replace(failed, playable=Path(answer["playable"]), **found)
