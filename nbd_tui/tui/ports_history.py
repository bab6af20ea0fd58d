"""What the screens ask of the history. The command line wires it; tests give a list."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from nbd_tui.store.records import NO_WEEK, SessionRecord, SessionRow, WeekStats

if TYPE_CHECKING:
    from concurrent.futures import Future


class KeptSessions(Protocol):
    """The sessions kept. Reading may wait for the disk: call it from a thread; writing never makes anybody wait."""

    def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:
        """Sessions for a table, the newest first; `before` is the last row of the page before.

        Raises:
            HistoryError: they cannot be read.
        """
        ...

    def session(self, session_id: str) -> SessionRecord | None:
        """One session, whole.

        Raises:
            HistoryError: it cannot be read.
        """
        ...

    def last_done(self) -> Mapping[str, date]:
        """The last day of each preset, by its id.

        Raises:
            HistoryError: they cannot be read.
        """
        ...

    def week(self) -> WeekStats:
        """This week, as of now.

        Raises:
            HistoryError: the sessions cannot be read.
        """
        ...

    def notice(self) -> str:
        """What has happened to the sessions kept before ("nbd.sqlite was damaged and is now …"), else empty."""
        ...

    def keep(self, record: SessionRecord) -> "Future[None]":
        """Files a session, or the verdicts, the effort and the note of one that is kept already, soon.

        Returns:
            At once, what is done when it is written, and has the `HistoryError` when it cannot be.
        """
        ...

    def renamed(self, old: str, new: str) -> "Future[None]":
        """The sessions of the preset `old` are those of `new` from now on; returns as `keep`."""
        ...


class NoHistory:
    """Keeps nothing and has nothing to tell."""

    def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:  # noqa: ARG002
        """None."""
        return ()

    def session(self, session_id: str) -> SessionRecord | None:  # noqa: ARG002
        """None."""
        return None

    def last_done(self) -> Mapping[str, date]:
        """Nothing was ever done."""
        return {}

    def week(self) -> WeekStats:
        """An idle one."""
        return NO_WEEK

    def notice(self) -> str:
        """Nothing."""
        return ""

    def keep(self, record: SessionRecord) -> "Future[None]":  # noqa: ARG002
        """Forgets it."""
        return _done()

    def renamed(self, old: str, new: str) -> "Future[None]":  # noqa: ARG002
        """There are none."""
        return _done()


def _done() -> "Future[None]":
    from concurrent.futures import Future

    done: Future[None] = Future()
    done.set_result(None)
    return done


NO_HISTORY: Final = NoHistory()
