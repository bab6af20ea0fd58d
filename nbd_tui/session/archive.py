"""The history as the running program uses it: read from any thread, written in the background, in order."""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from nbd_tui.errors import HistoryError
from nbd_tui.store.history import History
from nbd_tui.store.records import SessionRecord, SessionRow, WeekStats

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)


def local_now() -> datetime:
    """The time on the wall, with its offset."""
    return datetime.now().astimezone()


class Archive:
    """The sessions kept.

    Its thread, `history`, begins with the first write, writes one after the other, and ends with `close`, which waits
    for what is still to be written.
    """

    def __init__(
        self, history: History, now: Callable[[], datetime] = local_now, notice: Callable[[], str] = str
    ) -> None:
        """An archive.

        Args:
            history: where the sessions are.
            now: the time on the wall.
            notice: what has happened to the database since the program began, else empty.
        """
        self._history = history
        self.notice = notice
        self._now = now
        self._writer: ThreadPoolExecutor | None = None

    def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:
        """Sessions for a table, the newest first."""
        return self._history.rows(limit, before)

    def session(self, session_id: str) -> SessionRecord | None:
        """One session, whole."""
        return self._history.session(session_id)

    def last_done(self) -> Mapping[str, date]:
        """The last day of each preset, by its id."""
        return self._history.last_done()

    def week(self) -> WeekStats:
        """This week, as of now."""
        return self._history.week(self._now())

    def keep(self, record: SessionRecord) -> "Future[None]":
        """Files a session, or what was said of it since; returns at once."""
        return self._soon(partial(self._history.keep, record))

    def renamed(self, old: str, new: str) -> "Future[None]":
        """The sessions of a preset follow it to another id; returns at once."""
        return self._soon(partial(self._history.renamed, old, new))

    def close(self) -> None:
        """Waits until everything is written."""
        if self._writer is not None:
            self._writer.shutdown()
            self._writer = None

    def _soon(self, write: Callable[[], None]) -> "Future[None]":
        from concurrent.futures import ThreadPoolExecutor

        self._writer = self._writer or ThreadPoolExecutor(1, thread_name_prefix="history")
        return self._writer.submit(_tried_twice, write)


def _tried_twice(write: Callable[[], None]) -> None:
    """The second time the database is opened anew, and mended where it was damaged."""
    try:
        write()
    except HistoryError as error:
        log.warning("the history could not be written: %s", error)
        write()
