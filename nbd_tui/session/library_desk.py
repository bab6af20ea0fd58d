"""The library as the screens have it: read from any thread, written in the background, in order."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nbd_tui.errors import NbdError

if TYPE_CHECKING:  # the first screen is painted without any of it
    from concurrent.futures import Future, ThreadPoolExecutor

    from nbd_tui.model.hearing import Hearing
    from nbd_tui.model.library_row import LibraryRow
    from nbd_tui.model.opinion import Correction, Opinion
    from nbd_tui.session.collector import Collector
    from nbd_tui.session.ears import Ears
    from nbd_tui.store.hearings import HearingStore
    from nbd_tui.store.opened import OpenedDatabase

log = logging.getLogger(__name__)


class LibraryDesk:
    """What is known of the tracks, and the user's word on them; see `tui.ports_library.LibraryPort`.

    Its thread, `library`, begins with the first write, writes one after the other, then has the tracks of workouts take
    it over, and ends with `close`, which waits for what is still to be written.
    """

    def __init__(
        self, database: "OpenedDatabase", library: "Callable[[], Collector]", ears: "Ears | None" = None
    ) -> None:
        """A desk.

        Args:
            database: where tracks and hearings are.
            library: the one in use now.
            ears: what listens to the tracks, if anything does.
        """
        self._database = database
        self._library = library
        self.ears = ears
        self._writer: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._waiting = 0
        self._changes = 0
        self._said: set[Path] = set()
        """Tracks of which something was said that those of workouts have not taken over."""
        self._is_closing = False

    def rows(self) -> "Sequence[LibraryRow]":
        """Every track of the library in use.

        Raises:
            LibraryError: they cannot be read.
        """
        from nbd_tui.store.hearings import HearingStore

        folders = self._library().folders
        if not folders:
            return ()
        with self._database.connected("be read") as connection:
            return HearingStore(connection).rows(folders)

    def version(self) -> int:
        """Another number whenever the rows have changed."""
        return self._changes + (self.ears.changes if self.ears else 0)

    def hearing(self, path: Path) -> "Hearing | None":
        """What is heard in a track.

        Raises:
            LibraryError: it cannot be read.
        """
        from nbd_tui.store.hearings import HearingStore

        if (shipped := self._library().shipped(path)) is not None:
            return shipped
        with self._database.connected("be read") as connection:
            return HearingStore(connection).hearing(path)

    def correction(self, path: Path) -> "Correction":
        """What the user says of a track instead.

        Raises:
            LibraryError: it cannot be read.
        """
        from nbd_tui.store.hearings import HearingStore

        with self._database.connected("be read") as connection:
            return HearingStore(connection).correction(path)

    def opinions(self, paths: Sequence[Path]) -> "Mapping[Path, Opinion]":
        """What the user thinks of some tracks, as far as anything was said.

        Raises:
            LibraryError: it cannot be read.
        """
        from nbd_tui.store.hearings import HearingStore

        with self._database.connected("be read") as connection:
            store = HearingStore(connection)
            found = ((path, store.opinion(path)) for path in paths)
            return {path: opinion for path, opinion in found if opinion}

    def correct(self, path: Path, correction: "Correction") -> "Future[None]":
        """Keeps what the user says of a track; returns at once."""
        return self._soon(path, lambda store: store.correct(path, correction))

    def judge(self, path: Path, opinion: "Opinion | None") -> "Future[None]":
        """Keeps what the user thinks of a track; returns at once."""
        return self._soon(path, lambda store: store.judge(path, opinion))

    def progress(self) -> str:
        """How far the analysis is."""
        return self.ears.line if self.ears else ""

    def close(self) -> None:
        """Waits until everything is written."""
        if self._writer is not None:
            self._is_closing = True
            self._writer.shutdown()
            self._writer = None
            self._is_closing = False

    def _soon(self, path: Path, write: "Callable[[HearingStore], None]") -> "Future[None]":
        from concurrent.futures import ThreadPoolExecutor

        self._writer = self._writer or ThreadPoolExecutor(1, thread_name_prefix="library")
        with self._lock:
            self._waiting += 1
        written = self._writer.submit(partial(self._write, path, write))
        self._writer.submit(self._learn)
        return written

    def _write(self, path: Path, write: "Callable[[HearingStore], None]") -> None:
        from nbd_tui.store.hearings import HearingStore

        with self._lock:
            self._waiting -= 1
        with self._database.connected("be written") as connection:
            write(HearingStore(connection))
        self._changes += 1
        self._said.add(path)

    def _learn(self) -> None:
        """Workouts take over the last of several writes, and with it those before."""
        from nbd_tui.store.hearings import HearingStore

        with self._lock:
            is_last = not self._waiting
        if not is_last or self._is_closing or not self._said:
            return
        said, self._said = self._said, set()
        try:
            with self._database.connected("be read") as connection:
                self._library().learn_of(HearingStore(connection), said)
        except NbdError as error:
            log.warning("workouts do not know what was said last: %s", error)
