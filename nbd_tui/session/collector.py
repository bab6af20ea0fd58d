"""Fills the pool: from the database at once, from folders never seen as fast as they can be read, then by a scan."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from nbd_tui.errors import NbdError
from nbd_tui.library.playlists import pinned_files
from nbd_tui.library.scan import quick_tracks, scan
from nbd_tui.library.tags import read_track
from nbd_tui.model.track import Track
from nbd_tui.session.pool import Pool
from nbd_tui.store.database import Database
from nbd_tui.store.tracks import TrackStore
from nbd_tui.workout.phase import PhaseKind

log = logging.getLogger(__name__)


class Collector:
    """Finds the user's tracks.

    Its thread, `collector`, is started by `start` and ends with its work, or with `close`.
    """

    def __init__(
        self, folders: Sequence[Path], pins: Mapping[PhaseKind, Path], database: Callable[[], Database] | None
    ) -> None:
        self._folders = tuple(folders)
        self._database = database
        self._stop = threading.Event()
        self._failed: set[Path] = set()
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)
        self.pool = Pool({kind: pinned_tracks(path) for kind, path in pins.items()})
        self.state = ""
        """One line for the screen: how many tracks, and what is going on."""

    @classmethod
    def of_demo(cls, folder: Path, pins: Mapping[PhaseKind, Path]) -> "Collector":
        """The tracks that come with the program; nothing is stored."""
        return cls((folder,), pins, None)

    def start(self) -> None:
        """Begins to collect."""
        self._thread.start()

    def close(self) -> None:
        """Stops within the file being read."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def mark_failed(self, path: Path, reason: str) -> None:
        """A file that could not be played leaves the pool, and is marked for later sessions."""
        self._failed.add(path)
        self.pool.without([path])
        if self._database is not None:
            threading.Thread(target=self._store_failure, args=(path, reason), name="mark-failed", daemon=True).start()

    def _run(self) -> None:
        self.pool.growing = True
        try:
            if self._database is None:
                self._quick(self._folders)
            else:
                self._collect(self._database())
        except NbdError as error:
            self.state = str(error)
            log.warning("%s", error)
        except Exception:  # the edge of a thread: the workout goes on with what was found
            log.exception("collecting the music failed")
        finally:
            self.pool.growing = False

    def _collect(self, database: Database) -> None:
        with closing(database.connect()) as connection:
            store = TrackStore(connection)
            known = self._known(store)
            self.pool.add(known)
            self._quick([folder for folder in self._folders if not store.count_below(folder)])
            scan(self._folders, store, lambda _: None, self._stop.is_set)
            if not self._stop.is_set():
                self.pool.replace(track for track in self._known(store) if track.path not in self._failed)
                self.state = f"{len(self.pool):,} tracks"

    def _known(self, store: TrackStore) -> list[Track]:
        return [track for folder in self._folders for track in store.tracks_below(folder)]

    def _quick(self, folders: Iterable[Path]) -> None:
        for folder in folders:
            for track in quick_tracks(folder):
                self.pool.add([track])
                if self._stop.is_set():
                    return
        self.state = f"{len(self.pool):,} tracks"

    def _store_failure(self, path: Path, reason: str) -> None:
        if self._database is None:
            return
        try:
            with closing(self._database().connect()) as connection:
                TrackStore(connection).mark_unplayable(path, reason)
        except Exception:  # the edge of a thread
            log.exception("could not mark %s", path)


def pinned_tracks(path: Path) -> tuple[Track, ...]:
    """The tracks of a pin: a track, a folder or a playlist."""
    return tuple(read_track(file) for file in pinned_files(path))
