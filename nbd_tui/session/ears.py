"""Has the library heard in the background, whenever nothing more important goes on."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nbd_tui.errors import NbdError
from nbd_tui.model.units import Monotonic, Seconds

if TYPE_CHECKING:  # the first screen is painted without them
    from nbd_tui.library.analyse import AnalysisProgress, AnalysisReport, Workshop
    from nbd_tui.session.collector import Collector
    from nbd_tui.store.hearings import HearingStore
    from nbd_tui.store.opened import OpenedDatabase

LOOK_S: Final[Seconds] = 1.0
"""How often it is looked whether there is something to do; costs a few comparisons."""
TELL_S: Final[Seconds] = 5.0
"""Screens that list the library read it again no more often while it changes."""
LEARN_S: Final[Seconds] = 30.0
"""The tracks of workouts take over what was heard no more often."""

_LEAVING_S: Final[Seconds] = 1.5

log = logging.getLogger(__name__)


class Ears:
    """Analyses the tracks of the library that is in use, once its folders have been read.

    Its thread, `ears`, is begun by `start` and ends with `close`; the workers of a run end with it. The other methods
    may be called from any thread.
    """

    def __init__(
        self,
        database: "OpenedDatabase",
        workshop: "Callable[[], Workshop]",
        library: "Callable[[], Collector]",
        may_listen: Callable[[], bool],
        clock: Callable[[], Monotonic] = time.monotonic,
    ) -> None:
        """Ears.

        Args:
            database: where tracks and hearings are.
            workshop: what to listen with, asked for at the first run.
            library: the one in use now.
            may_listen: asked ten times a second; a no ends the workers at once (a workout begins, or the user says so).
            clock: for the pauses between news.
        """
        self._database = database
        self._workshop = workshop
        self._library = library
        self._may_listen = may_listen
        self._clock = clock
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ears", daemon=True)
        self._collected: Collector | None = None
        """The library last seen whole."""
        self._done: Collector | None = None
        """The one that was heard to its end."""
        self._told_at = self._learned_at = 0.0
        self.changes = 0
        """Grows when more is known of the library than before."""
        self.line = ""
        """How far the analysis is; empty where there is none."""

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()

    def close(self) -> None:
        """Ends it, in the middle of a file if need be."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_LEAVING_S)

    def _run(self) -> None:
        while not self._closing.wait(LOOK_S):
            try:
                self._look()
            except NbdError as error:
                log.warning("the library is not analysed: %s", error)
                self._done = self._collected
            except Exception:  # the edge of a thread: everything else works without the analysis
                log.exception("the analysis failed")
                self._done = self._collected
            self.line = ""

    def _look(self) -> None:
        library = self._library()
        if not library.folders or not library.is_collected:
            return
        if library is not self._collected:
            self._collected = library
            self.changes += 1
        if not self._may_listen():
            return
        if library is not self._done:
            self._listen(library)

    def _listen(self, library: "Collector") -> None:
        """One run over all that is yet to be heard."""
        from nbd_tui.library.analyse import analyse
        from nbd_tui.library.analysis import VERSION
        from nbd_tui.store.hearings import HearingStore

        def told(progress: "AnalysisProgress") -> None:
            self._tell(progress, library, store)

        def should_stop() -> bool:
            return self._closing.is_set() or not self._may_listen() or self._library() is not library

        with self._database.connected("be analysed") as connection:
            store = HearingStore(connection)
            files = store.pending(VERSION, library.folders)
            library.to_hear = len(files)
            report = analyse(store, files, self._workshop(), told, should_stop)
            if not report.stopped:
                self._finish(report, library, store)

    def _tell(self, progress: "AnalysisProgress", library: "Collector", store: "HearingStore") -> None:
        from nbd_tui.library.analyse import progress_words

        library.to_hear = progress.total - progress.done
        self.line = progress_words(progress)
        now = self._clock()
        if progress.done and now - self._told_at >= TELL_S:
            self._told_at = now
            self.changes += 1
        if progress.done and now - self._learned_at >= LEARN_S and self._may_listen():
            self._learned_at = now
            library.learn(store)

    def _finish(self, report: "AnalysisReport", library: "Collector", store: "HearingStore") -> None:
        if report.trouble:
            log.warning("the library is not analysed: %s", report.trouble)
        if report.heard or report.recognised or report.failures:
            library.learn(store)
            self.changes += 1
            log.info("%d heard, %d recognised, %d failed", report.heard, report.recognised, len(report.failures))
        library.to_hear = 0
        self._done = library
