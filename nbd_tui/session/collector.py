"""Fills the pool: from the database at once, from folders never seen as fast as they can be read, then by a scan."""

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from nbd_tui.errors import NbdError
from nbd_tui.model.track import Track
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.session.collecting_line import CollectingLine
from nbd_tui.session.known import is_known, known_of
from nbd_tui.session.pins import read_pin
from nbd_tui.session.pool import Pool
from nbd_tui.session.recall import ReadyRecall, Recall, SessionRecall
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:  # imported by the thread, so that the first screen need not wait for them
    from nbd_tui.library.scan import ScanProgress
    from nbd_tui.model.hearing import Hearing
    from nbd_tui.soundtrack.songs import Song
    from nbd_tui.store.database import Database
    from nbd_tui.store.hearings import HearingStore
    from nbd_tui.store.tracks import TrackStore

FIRST_TRACKS: Final = 60
"""So many tracks of a folder never seen are read before its scan begins: enough to start with."""

log = logging.getLogger(__name__)


class Collector:
    """Finds the user's tracks.

    Its thread, `collector`, is started by `start`; it stores the failures of playback once everything is collected, and
    ends with `close`. The other methods may be called from any thread.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        pins: Mapping[PhaseKind, Path],
        database: "Callable[[], Database] | None",
        *,
        is_demo: bool = False,
    ) -> None:
        self._folders = tuple(_whole(folder) for folder in folders)
        self._pins = dict(pins)
        self._database = database
        self._is_demo = is_demo
        self._stop = threading.Event()
        self._failed: set[Path] = set()
        self._broken: SimpleQueue[tuple[Path, str, bool] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)
        self.pool = Pool(dict.fromkeys(pins, ()))
        self._line = CollectingLine(self.pool.__len__, self._folders, is_demo=is_demo)
        self.is_collected = False
        """All folders have been read, and what is in them is in the database."""
        self.to_hear = 0
        """So many tracks are yet to be analysed."""
        self._shipped: dict[Path, Hearing] = {}

    @property
    def folders(self) -> tuple[Path, ...]:
        """Those whose tracks are in the database; none for the demo."""
        return self._folders if self._database else ()

    @property
    def state(self) -> str:
        """One line for the screen: how many tracks, and what is going on."""
        return self._line.text("", self.to_hear)

    def state_with(self, progress: str) -> str:
        """The same, with how far the analysis is in place of how many tracks are left to it."""
        return self._line.text(progress, self.to_hear)

    def learn(self, hearings: "HearingStore") -> None:
        """Takes over what is known of the tracks beyond their tags; from any thread, with a store of its own.

        Of the demo's tracks all is known that there is.
        """
        if self._is_demo:
            return
        songs = {str(song.path): song for folder in self.folders for song in hearings.songs_below(folder)}
        self.pool.learn({path: known_of(song) for path, song in songs.items() if is_known(song)}, songs)

    def learn_of(self, hearings: "HearingStore", paths: Iterable[Path]) -> None:
        """The same of what was just said of a few tracks; it costs milliseconds, however many there are."""
        if self._is_demo:
            songs = [_judged(song, hearings) for path in paths if (song := self.pool.song(path))]
        else:
            songs = [song for path in paths for song in hearings.songs_of(path)]
        self.pool.learn_of(songs)

    def shipped(self, path: Path) -> "Hearing | None":
        """What was heard in a track of the demo, as it comes with the program."""
        return self._shipped.get(path)

    def recall(self) -> SessionRecall:
        """What was heard in the tracks, for one session."""
        return Recall(self._database) if self._database else ReadyRecall(self._shipped)

    @classmethod
    def of_demo(cls, folder: Path, pins: Mapping[PhaseKind, Path]) -> "Collector":
        """The tracks that come with the program, and what was heard in them; nothing is stored."""
        return cls((folder,), pins, None, is_demo=True)

    def start(self) -> None:
        """Begins to collect; once only: a folder that is chosen before Home is loaded is begun with at once."""
        if self._thread.ident is None:
            self.pool.growing = self.pool.learning = True
            self._thread.start()

    def close(self) -> None:
        """Stops within the file being read."""
        self._stop.set()
        self._broken.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def mark_failed(self, path: Path, reason: str, own_fault: bool) -> None:
        """A file that could not be played leaves the pool; later sessions do without it until a scan takes it back.

        By its own fault it stays away until it changes; any other is back with the next scan of its folder.
        """
        self._failed.add(path)
        self.pool.without({path: reason})
        self._broken.put((path, reason, own_fault))

    def _run(self) -> None:
        try:
            if self._database is None or not self._collect_stored(self._database):
                self._read_pins()
                self._each_folder(self._read_demo if self._is_demo else self._read_all)
                self._line.say("")
        except Exception:  # the edge of a thread: the workout goes on with what was found
            log.exception("collecting the music failed")
        finally:
            self.pool.end_learning()
            self.pool.growing = False

    def _read_pins(self) -> None:
        """After what is known of the tracks: what plays first is chosen by it."""
        self.pool.end_learning()
        for kind, path in self._pins.items():
            read_pin(kind, path, self.pool.pin, self._line.tell, self._stop.is_set)

    def _collect_stored(self, open_database: "Callable[[], Database]") -> bool:
        """By way of the database; false when it cannot be used: then the music is read without it."""
        import sqlite3

        from nbd_tui.store.hearings import HearingStore
        from nbd_tui.store.tracks import TrackStore

        try:
            with closing(open_database().connect()) as connection:
                self.learn(HearingStore(connection))
                self._read_pins()
                self._collect(TrackStore(connection))
                return True
        except (NbdError, sqlite3.Error) as error:
            self._line.note(error)
            return False

    def _collect(self, store: "TrackStore") -> None:
        self.pool.add(track for folder in self._folders for track in store.tracks_below(folder))
        self._each_folder(lambda folder: self._look_into(folder, store))
        self._each_folder(lambda folder: self._scan(folder, store))
        self._line.say("")
        self.pool.growing = False
        self.is_collected = not self._stop.is_set()
        self._store_failures(store)

    def _each_folder(self, work: Callable[[Path], None]) -> None:
        for folder in self._folders:
            if self._stop.is_set():
                return
            try:
                work(folder)
            except NbdError as error:
                self._line.note(error)

    def _look_into(self, folder: Path, store: "TrackStore") -> None:
        """The first tracks of a folder never scanned."""
        from nbd_tui.library.scan import quick_tracks

        if not store.count_below(folder):
            for track in islice(quick_tracks(folder, self._stop.is_set, self._leave_out), FIRST_TRACKS):
                self.pool.add([track])
                self._line.say(", more are being found")

    def _read_all(self, folder: Path) -> None:
        """A whole folder without a database, in batches that double: an addition costs as much as the pool is long."""
        from nbd_tui.library.scan import quick_tracks

        batch: list[Track] = []
        for track in quick_tracks(folder, self._stop.is_set, self._leave_out):
            batch.append(track)
            if len(batch) > len(self.pool):
                self._add(batch)
        self._add(batch)

    def _read_demo(self, folder: Path) -> None:
        """The tracks that come with the program: none is offered before it is known what was heard in it."""
        from nbd_tui.library.scan import quick_tracks
        from nbd_tui.library.shipped import shipped_hearings
        from nbd_tui.soundtrack.songs import heard_song

        tracks = list(quick_tracks(folder, self._stop.is_set, self._leave_out))
        self._shipped |= {path: shipped.hearing for path, shipped in shipped_hearings(folder).items()}
        songs = [heard_song(track, self._shipped[track.path]) for track in tracks if track.path in self._shipped]
        self.pool.learn({str(song.path): known_of(song) for song in songs}, {str(song.path): song for song in songs})
        self.pool.add(tracks)

    def _leave_out(self, path: Path, reason: str) -> None:
        self.pool.note_unread({path: reason})

    def _add(self, batch: list[Track]) -> None:
        self.pool.add(batch)
        batch.clear()
        self._line.say(", more are being found")

    def _scan(self, folder: Path, store: "TrackStore") -> None:
        from nbd_tui.library.scan import scan

        wanted = 2 * len(self.pool)

        def grow(progress: "ScanProgress") -> None:
            nonlocal wanted
            if progress.read > wanted:
                self.pool.add(store.tracks_below(folder))
                self._line.say(", more are being found")
                wanted = 2 * max(wanted, len(self.pool))

        def should_stop() -> bool:
            self._store_waiting(store)
            return self._stop.is_set()

        report = scan((folder,), store, grow, should_stop)
        self.pool.note_unread({failure.path: failure.reason for failure in report.failures})
        for unread in report.unread:
            self._leave_out(unread.path, str(unread))
            self._line.tell(f"{with_home_as_tilde(unread.path)}: {unread.reason.lower()}")
        for missing in report.missing:
            self._line.tell(f"{with_home_as_tilde(missing)}: not there; is its drive plugged in?")
        if not self._stop.is_set():
            self.pool.renew(folder, [track for track in store.tracks_below(folder) if track.path not in self._failed])

    def _store_waiting(self, store: "TrackStore") -> None:
        """The failures of playback so far."""
        try:
            while not self._stop.is_set() and (broken := self._broken.get_nowait()):
                _store_failure(store, *broken)
        except Empty:
            return

    def _store_failures(self, store: "TrackStore") -> None:
        """Those and all that come, until `close`."""
        while (broken := self._broken.get()) is not None:
            _store_failure(store, *broken)


def _whole(folder: Path) -> Path:
    """The path as the scan knows it: absolute, links kept."""
    return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 (resolve() would follow links)


def _judged(song: "Song", hearings: "HearingStore") -> "Song":
    return replace(song, opinion=hearings.opinion(song.path))


def _store_failure(store: "TrackStore", path: Path, reason: str, own_fault: bool) -> None:
    try:
        store.mark_unplayable(path, reason, own_fault=own_fault)
    except Exception:  # another process may hold the database; the session goes on
        log.exception("could not mark %s", path)
