"""Writes the journal of one session and files the session when it is over, away from every thread that may not wait."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from nbd_tui.errors import NbdError, system_reason
from nbd_tui.model.units import Seconds
from nbd_tui.store.journal import Appending
from nbd_tui.store.journal_lines import Mark, Opening, mark_line, opening_line
from nbd_tui.store.records import SessionRecord

CLOSE_S: Final[Seconds] = 2.0
"""A disk that hangs does not keep the program: what is not written by then is lost, and the journal stays."""

log = logging.getLogger(__name__)


class Scribe:
    """A journal's writer.

    Its thread, `journal`, begins with the first thing to write and is over with `close`. It alone touches the file and
    the history; the conductor's thread hands over marks and the record, and never waits.
    """

    def __init__(
        self,
        opening: Opening,
        open_file: Callable[[], Appending],
        keep: Callable[[SessionRecord], None],
        *,
        begun: bool = False,
    ) -> None:
        """A scribe for a session.

        Args:
            opening: the session.
            open_file: gives its journal; may raise OSError, and is then asked again.
            keep: files the record of a session for good; may raise NbdError.
            begun: the journal is one that was begun before.
        """
        self._opening = opening
        self._open_file = open_file
        self._keep = keep
        self._begun = begun
        self._file: Appending | None = None
        self._before: Mark | None = None
        self._queue: SimpleQueue[Mark | SessionRecord | None] = SimpleQueue()
        self._trouble = ""
        self._told = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def write(self, mark: Mark) -> None:
        """Notes a moment."""
        self._put(mark)

    def file(self, record: SessionRecord) -> None:
        """The session is over: it goes to where sessions are kept, and its journal is removed."""
        self._put(record)

    def news(self) -> str:
        """Why the session is not kept as it should be, once; else empty."""
        if self._told or not self._trouble:
            return ""
        self._told = True
        return self._trouble

    def close(self) -> None:
        """Writes what is left and lets go of the journal."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(CLOSE_S)

    def _put(self, what: Mark | SessionRecord) -> None:
        self._queue.put(what)
        if not self._thread.ident:
            self._thread.start()

    def _run(self) -> None:
        try:
            while self._step():
                pass
        except Exception:  # the boundary of this thread: the workout goes on without a journal
            log.exception("the journal of the session failed")
            self._trouble = "this session is not kept: an error, see the log"
        finally:
            if self._file is not None:
                self._file.close()

    def _step(self) -> bool:
        """Takes all that there is to write, writes it at once, and files; false when that was the last of it."""
        taken = self._take()
        marks = [one for one in taken if isinstance(one, Mark)]
        if marks:
            self._write(marks)
        for one in taken:
            if isinstance(one, SessionRecord):
                self._file_away(one)
        return None not in taken

    def _take(self) -> list[Mark | SessionRecord | None]:
        taken = [self._queue.get()]
        try:
            while taken[-1] is not None:
                taken.append(self._queue.get_nowait())
        except Empty:
            pass
        return taken

    def _write(self, marks: list[Mark]) -> None:
        try:
            file = self._file = self._file or self._open_file()
            before, lines = self._before, [] if self._begun else [opening_line(self._opening)]
            for mark in marks:
                lines.append(mark_line(mark, before))
                before = mark
            self._before = None  # until it is written: a line that failed has told nothing
            file.append(lines)
            self._before, self._begun = before, True
        except OSError as error:
            log.warning("the journal cannot be written: %s", error)
            self._trouble = f"this session is not kept: {system_reason(error)}"

    def _file_away(self, record: SessionRecord) -> None:
        try:
            self._keep(record)
            if self._file is not None:
                self._file.remove()
        except (NbdError, OSError) as error:
            log.warning("the session cannot be filed: %s", error)
            self._trouble = f"this session could not be filed, the next start tries again: {_reason(error)}"


def _reason(error: Exception) -> str:
    return getattr(error, "message", "") or system_reason(error)
