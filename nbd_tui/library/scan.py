"""Brings the database in step with the music folders: new and changed files are read, vanished ones marked gone.

A scan runs in whatever thread calls it, with a `TrackStore` of that thread's own; the app reads beside it through
another connection. It writes in batches and can be stopped between any two files: what was read until then is kept, and
the next scan goes on from there.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nbd_tui.errors import DecodeError
from nbd_tui.library.tags import read_track
from nbd_tui.library.walk import FoundFile, UnreadFolder, is_there, require_folder, walk
from nbd_tui.model.track import Track
from nbd_tui.store.tracks import Failure, FileStamp, KnownFile, ScannedTrack, TrackStore

BATCH_FILES: Final = 200
"""Files per transaction: at most so many are read twice after a power cut."""
PROGRESS_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is."""

    found: int
    """Audio files found so far; final once `to_read` is known."""
    to_read: int | None = None
    """New and changed files; None while the folders are still being walked."""
    read: int = 0
    failed: int = 0
    """Of those read, how many could not be."""
    path: str = ""
    """The last file looked at."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan did."""

    found: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    """Known and the same; among them files that failed before and are still the same."""
    back: int = 0
    """Gone before, and there again unchanged."""
    gone: int = 0
    failures: tuple[Failure, ...] = ()
    """Every file below the folders that cannot be read, old and new."""
    missing: tuple[Path, ...] = ()
    """Folders that are not there or empty though tracks of theirs are known: an unmounted drive. Nothing was marked."""
    unread: tuple[UnreadFolder, ...] = ()
    """Folders that could not be listed; what is known of them is kept."""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Difference:
    """Folders against database."""

    to_read: Sequence[FoundFile]
    back: Sequence[str]
    vanished: Sequence[str]
    unchanged: int


def scan(
    folders: Sequence[Path],
    store: TrackStore,
    progress: Callable[[ScanProgress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> ScanReport:
    """Scans `folders` with all that lies below them.

    Args:
        folders: may overlap.
        store: of the calling thread.
        progress: called often, in the calling thread; must be quick.
        should_stop: asked often; once it says yes the scan ends, and nothing is marked as gone.

    Raises:
        LibraryError: a folder is not there (and no track in it is known), or is a file; nothing was scanned then.
    """
    there = {folder: _is_there(folder, store) for folder in map(_absolute, folders)}
    roots = [folder for folder in there if not any(other in folder.parents for other in there)]
    return _Scan(store, progress, should_stop).run(roots, [root for root in roots if there[root]])


def quick_tracks(
    folder: Path,
    should_stop: Callable[[], bool] = lambda: False,
    on_failed: Callable[[Path, str], None] = lambda _path, _reason: None,
) -> Iterator[Track]:
    """The tracks below a folder one by one as they are found, without a database; what is none is told.

    Raises:
        LibraryError: the folder is not there, or is a file.
    """
    require_folder(folder)
    for found in walk([folder], lambda unread: on_failed(unread.path, str(unread))):
        if should_stop():
            return
        path = Path(found.path)
        try:
            track = read_track(path)
        except DecodeError as error:
            on_failed(path, str(error))
        else:
            yield track


class _Scan:
    """One run of `scan`: what it was given, and its counts."""

    def __init__(
        self, store: TrackStore, progress: Callable[[ScanProgress], None], should_stop: Callable[[], bool]
    ) -> None:
        self._store = store
        self._progress = progress
        self._should_stop = should_stop
        self._stopped = False
        self._unread: list[UnreadFolder] = []
        self._known: dict[str, KnownFile] = {}
        self._found = self._read = self._failed = self._added = self._changed = 0

    def run(self, roots: Sequence[Path], present: Sequence[Path]) -> ScanReport:
        """Compares, reads, marks, and tells."""
        self._known = {path: file for root in present for path, file in self._store.known_files(root).items()}
        difference = self._compare(walk(present, self._unread.append))
        self._store.mark_back(difference.back)
        self._read_all(difference.to_read)
        lost = [root for root in roots if _looks_unmounted(root)]
        kept = [*lost, *(unread.path for unread in self._unread)]
        gone = [] if self._stopped else _outside(difference.vanished, kept)
        self._store.mark_gone(gone)
        return ScanReport(
            found=self._found,
            added=self._added,
            changed=self._changed,
            unchanged=difference.unchanged,
            back=len(difference.back),
            gone=sum(not self._known[path].failed for path in gone),
            failures=tuple(failure for root in roots for failure in self._store.failures(root)),
            missing=tuple(root for root in lost if self._store.count_below(root)),
            unread=tuple(self._unread),
            stopped=self._stopped,
        )

    def _compare(self, files: Iterable[FoundFile]) -> _Difference:
        to_read: list[FoundFile] = []
        back: list[str] = []
        unmet, unchanged = dict(self._known), 0
        for found in files:
            before = unmet.pop(found.path, None)
            if before is None or before.mtime_ns != found.mtime_ns or before.size != found.size:
                to_read.append(found)
            elif before.gone:
                back.append(found.path)
            else:
                unchanged += 1
            self._found += 1
            if self._found % PROGRESS_FILES == 0 and self._told(ScanProgress(self._found, path=found.path)):
                break
        return _Difference(to_read, back, [path for path, file in unmet.items() if not file.gone], unchanged)

    def _read_all(self, files: Sequence[FoundFile]) -> None:
        """Reads, and saves batch by batch; what was read is saved even when something interrupts it."""
        batch: list[ScannedTrack | Failure] = []
        try:
            for found in files:
                if self._told(ScanProgress(self._found, len(files), self._read, self._failed, found.path)):
                    break
                self._take(found, batch)
        finally:
            self._save(batch)
        self._progress(ScanProgress(self._found, len(files), self._read, self._failed))

    def _take(self, found: FoundFile, batch: list[ScannedTrack | Failure]) -> None:
        if result := _read_one(found):
            batch.append(result)
            self._count(found.path, result)
        self._read += 1
        if len(batch) >= BATCH_FILES:
            self._save(batch)

    def _told(self, progress: ScanProgress) -> bool:
        """Says how far it is; true when that is far enough."""
        self._progress(progress)
        self._stopped = self._stopped or self._should_stop()
        return self._stopped

    def _save(self, batch: list[ScannedTrack | Failure]) -> None:
        failures = [result for result in batch if isinstance(result, Failure)]
        self._store.save([result for result in batch if not isinstance(result, Failure)], failures)
        batch.clear()

    def _count(self, path: str, result: ScannedTrack | Failure) -> None:
        before = self._known.get(path)
        if isinstance(result, Failure):
            self._failed += 1
        elif before and not before.failed and not before.gone:
            self._changed += 1
        else:
            self._added += 1


def _absolute(folder: Path) -> Path:
    """With links kept as they are, so that tracks have the paths the user knows."""
    return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 (resolve() would follow links)


def _is_there(root: Path, store: TrackStore) -> bool:
    """False for a missing folder whose tracks are known: its drive is not plugged in, which is no mistake."""
    if not is_there(root) and store.count_below(root):
        return False
    require_folder(root)
    return True


def _looks_unmounted(root: Path) -> bool:
    """A folder that is missing or wholly empty, as the place of a drive that is not plugged in."""
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def _outside(paths: Iterable[str], folders: Sequence[Path]) -> list[str]:
    """The paths that are in none of the folders."""
    inside = tuple(os.path.join(folder, "") for folder in folders)  # noqa: PTH118 (wants the separator at the end)
    return [path for path in paths if not path.startswith(inside)]


def _read_one(found: FoundFile) -> ScannedTrack | Failure | None:
    """None for a file that vanished meanwhile."""
    path, stamp = Path(found.path), FileStamp(found.size, found.mtime_ns)
    try:
        return ScannedTrack(read_track(path), stamp)
    except DecodeError as error:
        if isinstance(error.__cause__, OSError):
            return Failure(path, str(error)) if path.exists() else None
        return Failure(path, str(error), stamp)
