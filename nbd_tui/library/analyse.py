"""Has the library heard: what is new, what has changed, and what an older version of the analysis heard.

A run lives in whatever thread calls it, with a `HearingStore` of that thread's own. Every result is saved when it
comes, so that a run can be stopped, or killed, at any time; the next one goes on from there.

What it costs: a file that is listened to is decoded once. One that is not known by its path, but by its sound (moved,
re-tagged) is only decoded, to know its sound and its length, for about a third of the time. Every other file costs
nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from nbd_tui.errors import LibraryError
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.crew import Crew, scratch_folder, worker_count
from nbd_tui.library.listener import Failed, Heard, Listener, NoWorker, Outcome, analysis_command
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Frames, Monotonic, Seconds
from nbd_tui.store.hearings import HearingStore, Pending, Unheard
from nbd_tui.store.tracks import FileStamp

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL_S: Final[Seconds] = 240.0
"""What tracks of unknown length are taken to have."""


@dataclass(frozen=True, slots=True)
class AnalysisProgress:
    """How far a run is."""

    total: int
    done: int = 0
    """Heard, recognised or failed."""
    failed: int = 0
    elapsed_s: Seconds = 0.0
    done_s: Seconds = 0.0
    """Music in those that are done."""
    left_s: Seconds = 0.0
    """Music in the others."""

    @property
    def per_minute(self) -> float:
        """Files a minute so far."""
        return 60 * self.done / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def time_left_s(self) -> Seconds | None:
        """By the length of the music, since files differ; None while nothing is done."""
        return self.elapsed_s * self.left_s / self.done_s if self.done_s else None


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """What a run did."""

    heard: int = 0
    recognised: int = 0
    """Known by their sound: moved or re-tagged, and copies."""
    failures: tuple[Unheard, ...] = ()
    trouble: str = ""
    """Why no worker could be started."""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a run works with."""

    cache: Path
    """Where decoded copies are kept (`Places.cache`)."""
    pcm_cache: Path
    workers: int = field(default_factory=worker_count)
    clock: Callable[[], Monotonic] = time.monotonic
    command: Callable[[Path, Path], Sequence[str]] = analysis_command
    """Starts a worker, with a cache and a scratch folder."""

    @contextmanager
    def crew(self, files: int) -> Iterator[Crew]:
        """No more workers than files.

        Raises:
            LibraryError: there is no place for decoded copies.
        """
        try:
            with scratch_folder(self.cache) as scratch:
                command = self.command(self.pcm_cache, scratch)
                yield Crew(Listener(command, clock=self.clock) for _ in range(min(self.workers, files)))
        except OSError as error:
            raise LibraryError(f"the analysis has no place for its files: {error}", file=self.cache) from error


def progress_words(progress: AnalysisProgress) -> str:
    """`analysing 120 of 1,204, 9 a minute, 12 min left`; the last two once they can be told."""
    words = [f"analysing {min(progress.done + 1, progress.total):,} of {progress.total:,}"]
    if (left_s := progress.time_left_s) is not None:
        words += [f"{progress.per_minute:,.0f} a minute", f"{_roughly(left_s)} left"]
    return ", ".join(words)


def _roughly(seconds: Seconds) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"


def analyse(
    store: HearingStore,
    files: Sequence[Pending],
    workshop: Workshop,
    progress: Callable[[AnalysisProgress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> AnalysisReport:
    """Has files heard, and saves what was.

    Args:
        store: of the calling thread.
        files: what `HearingStore.pending` lists.
        workshop: what to do it with.
        progress: told after every file, in the calling thread.
        should_stop: asked ten times a second; after a yes the workers are killed at once.

    Raises:
        LibraryError: the database cannot be written any more.
    """
    if not files:
        return AnalysisReport()
    run = _Run(store, files, workshop.clock, progress)
    progress(run.state())
    with workshop.crew(len(files)) as crew, _explained():
        stopped = crew.run(files, run.known, run.finished, should_stop)
    return run.report(stopped=stopped)


def listen_now(paths: Iterable[Path], workshop: Workshop) -> "Mapping[Path, Hearing | str]":
    """What is heard in files, or the reason why nothing is, without a database; in the order of `paths`.

    Raises:
        LibraryError: no worker can be started.
    """
    files = [Pending(path, _stamp(path), None) for path in dict.fromkeys(paths)]
    found: dict[Path, Hearing | str] = {}
    trouble: SimpleQueue[str] = SimpleQueue()

    def finished(file: Pending, outcome: Outcome) -> None:
        if isinstance(outcome, Heard) and outcome.hearing:
            found[file.path] = outcome.hearing
        elif isinstance(outcome, Failed):
            found[file.path] = outcome.reason
        elif isinstance(outcome, NoWorker):
            trouble.put(outcome.reason)

    with workshop.crew(len(files)) as crew:
        crew.run(files, lambda _: (), finished, lambda: False)
    if not trouble.empty() and len(found) < len(files):
        raise LibraryError(trouble.get())
    return {file.path: found[file.path] for file in files}


class _Run:
    """One run: its store, and its counts."""

    def __init__(
        self,
        store: HearingStore,
        files: Sequence[Pending],
        clock: Callable[[], Monotonic],
        progress: Callable[[AnalysisProgress], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._progress = progress
        self._began = clock()
        self._total = len(files)
        self._left_s = sum(map(_length_s, files))
        self._done_s = 0.0
        self._heard = self._recognised = 0
        self._failures: list[Unheard] = []
        self._trouble = ""

    def known(self, head: bytes) -> list[Frames]:
        return self._store.known_lengths(head, VERSION)

    def finished(self, file: Pending, outcome: Outcome) -> None:
        if isinstance(outcome, NoWorker):
            self._trouble = outcome.reason
            return
        self._save(file, outcome)
        self._done_s += _length_s(file)
        self._left_s -= _length_s(file)
        self._progress(self.state())

    def state(self) -> AnalysisProgress:
        done = self._heard + self._recognised + len(self._failures)
        elapsed_s = self._clock() - self._began
        return AnalysisProgress(self._total, done, len(self._failures), elapsed_s, self._done_s, self._left_s)

    def report(self, *, stopped: bool) -> AnalysisReport:
        trouble = self._trouble if self.state().done < self._total else ""
        return AnalysisReport(self._heard, self._recognised, tuple(self._failures), trouble, stopped)

    def _save(self, file: Pending, outcome: Heard | Failed) -> None:
        if isinstance(outcome, Failed):
            self._store.fail(file, outcome.reason, VERSION, tries=outcome.tries)
            self._failures.append(Unheard(file.path, outcome.reason))
        elif outcome.hearing:
            self._store.save(file, outcome.sound, outcome.hearing, VERSION)
            self._heard += 1
        else:
            self._store.recognise(file, outcome.sound, VERSION)
            self._recognised += 1


def _length_s(file: Pending) -> Seconds:
    return USUAL_S if file.duration_s is None else max(1.0, file.duration_s)


def _stamp(path: Path) -> FileStamp:
    try:
        return FileStamp(path.stat().st_size, 0)
    except OSError:
        return FileStamp(0, 0)


@contextmanager
def _explained() -> Iterator[None]:
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        raise LibraryError(f"what was heard could not be kept: {error}") from error
