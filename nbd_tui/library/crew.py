"""Several workers of the analysis at once, fed from one list; what they find comes back to one thread."""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple, TypeAlias

from nbd_tui.library.listener import Failed, Known, Listener, NoWorker, Outcome, limit_s
from nbd_tui.model.units import Frames, Seconds
from nbd_tui.store.hearings import Pending

MOST_WORKERS: Final = 8
"""Each takes up to 150 MB."""

_LOOK_S: Final[Seconds] = 0.1
_LEAVING_S: Final[Seconds] = 2.0
_ABANDONED_S: Final[Seconds] = 3600.0


class _Question(NamedTuple):
    """A thread asks which sounds begin so."""

    head: bytes
    answer: "SimpleQueue[Sequence[Frames]]"


class _Done(NamedTuple):
    """A thread is done with a file."""

    file: Pending
    outcome: Outcome


class _Left(NamedTuple):
    """A thread has ended."""


_Event: TypeAlias = _Question | _Done | _Left
Finished: TypeAlias = Callable[[Pending, Outcome], None]


def worker_count() -> int:
    """One for each core this process may use; their low priority keeps the screen smooth."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_WORKERS, cores)


@contextlib.contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """A folder for decoded copies that are not kept; removes what a run that was killed has left."""
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob("analysis-*"):
        with contextlib.suppress(OSError):
            if time.time() - max(part.stat().st_mtime for part in (old, *old.iterdir())) > _ABANDONED_S:
                shutil.rmtree(old)
    with tempfile.TemporaryDirectory(prefix="analysis-", dir=cache, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


class Crew:
    """The workers of one run.

    `run` starts a thread `analysis-N` for each worker and ends them, and the workers, before it returns.

    Args:
        listeners: the workers; they are closed at the end of the run.
    """

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._listeners = tuple(listeners)
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._waiting: deque[Pending] = deque()
        self._over = threading.Event()

    def run(self, files: Iterable[Pending], known: Known, finished: Finished, should_stop: Callable[[], bool]) -> bool:
        """Has files heard.

        Args:
            files: in this order.
            known: see `listener`; called in this thread.
            finished: is told what became of a file, at once; called in this thread.
            should_stop: asked ten times a second.

        Returns:
            Whether it was stopped; what was finished until then has been told.
        """
        self._waiting.extend(files)
        lanes = [
            threading.Thread(target=self._work, args=(listener,), name=f"analysis-{number}", daemon=True)
            for number, listener in enumerate(self._listeners, 1)
        ]
        for lane in lanes:
            lane.start()
        try:
            return self._attend(len(lanes), known, finished, should_stop)
        finally:
            self._end(lanes)
            self._tell_rest(finished)

    def _attend(self, working: int, known: Known, finished: Finished, should_stop: Callable[[], bool]) -> bool:
        while working:
            if should_stop():
                return True
            try:
                event = self._events.get(timeout=_LOOK_S)
            except Empty:
                continue
            if isinstance(event, _Question):
                event.answer.put(known(event.head))
            elif isinstance(event, _Done):
                finished(event.file, event.outcome)
            else:
                working -= 1
        return False

    def _end(self, lanes: Sequence[threading.Thread]) -> None:
        self._over.set()
        for listener in self._listeners:
            listener.stop()
        for lane in lanes:
            lane.join(_LEAVING_S)

    def _tell_rest(self, finished: Finished) -> None:
        """What was finished while it was being stopped."""
        with contextlib.suppress(Empty):
            while True:
                event = self._events.get_nowait()
                if isinstance(event, _Done):
                    finished(event.file, event.outcome)

    def _work(self, listener: Listener) -> None:
        """A thread: one file after the other; without a worker that starts it leaves the rest to others."""
        try:
            while not self._over.is_set():
                try:
                    file = self._waiting.popleft()
                except IndexError:
                    return
                outcome = self._listen(listener, file)
                if outcome is None:
                    return
                self._events.put(_Done(file, outcome))
                if isinstance(outcome, NoWorker):
                    return
        finally:
            listener.close()
            self._events.put(_Left())

    def _listen(self, listener: Listener, file: Pending) -> Outcome | None:
        limit = limit_s(file.duration_s, file.stamp.size)
        try:
            return listener.listen(file.path, limit, self._known)
        except Exception as error:  # noqa: BLE001 (the edge of a thread: one file fails, the others go on)
            return Failed(f"the analysis failed ({type(error).__name__}: {error})", 1)

    def _known(self, head: bytes) -> Sequence[Frames]:
        """Asks the thread that has the database."""
        answer: SimpleQueue[Sequence[Frames]] = SimpleQueue()
        self._events.put(_Question(head, answer))
        while not self._over.is_set():
            with contextlib.suppress(Empty):
                return answer.get(timeout=_LOOK_S)
        return ()
