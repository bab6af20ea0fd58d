"""What was heard in the tracks of a session, read from the database without anybody waiting for it."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from nbd_tui.model.corrected import corrected

if TYPE_CHECKING:  # SQLite comes with them
    from nbd_tui.model.hearing import Hearing
    from nbd_tui.store.database import Database
    from nbd_tui.store.hearings import HearingStore

log = logging.getLogger(__name__)


class RecallPort(Protocol):
    """What is needed of it."""

    @property
    def version(self) -> int:
        """Grows with every answer."""
        ...

    def ask(self, path: Path) -> None:
        """Has a file looked up; returns at once."""
        ...

    def hearing(self, path: Path) -> "Hearing | None":
        """What was heard in it, with the user's corrections; None where nothing was, or nobody knows yet."""
        ...


class NoRecall:
    """Nothing was heard."""

    version = 0

    def ask(self, path: Path) -> None:
        """There is nothing to look up."""

    def hearing(self, path: Path) -> None:  # noqa: ARG002
        """Nothing."""
        return


class SessionRecall(RecallPort, Protocol):
    """What is made for one session, and ends with it."""

    def start(self) -> None:
        """Begins to read."""
        ...

    def close(self) -> None:
        """Ends; waits for nothing."""
        ...


class ReadyRecall:
    """What is known without a database; the mapping may still be filled."""

    def __init__(self, heard: "Mapping[Path, Hearing]") -> None:
        self._heard = heard

    def start(self) -> None:
        """There is nothing to begin."""

    def close(self) -> None:
        """There is nothing to end."""

    @property
    def version(self) -> int:
        """Grows with what is known."""
        return len(self._heard)

    def ask(self, path: Path) -> None:
        """Everything is known that can be."""

    def hearing(self, path: Path) -> "Hearing | None":
        """What was heard in a file."""
        return self._heard.get(path)


class Recall:
    """The hearings of one session's tracks.

    Its thread, `recall`, is started by `start` and ends with `close`. `ask` and `hearing` are the conductor's.
    """

    def __init__(self, open_database: "Callable[[], Database]") -> None:
        self._open_database = open_database
        self._wanted: SimpleQueue[Path | None] = SimpleQueue()
        self._asked: set[Path] = set()
        self._heard: dict[Path, Hearing | None] = {}
        self._thread = threading.Thread(target=self._run, name="recall", daemon=True)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def close(self) -> None:
        """Ends it within a query; waits for nothing."""
        self._wanted.put(None)

    @property
    def version(self) -> int:
        """Grows with every answer."""
        return len(self._heard)

    def ask(self, path: Path) -> None:
        """Has a file looked up, once; returns at once."""
        if path not in self._asked:
            self._asked.add(path)
            self._wanted.put(path)

    def hearing(self, path: Path) -> "Hearing | None":
        """What was heard in it, with the user's corrections; None where nothing was, or nobody knows yet."""
        return self._heard.get(path)

    def _run(self) -> None:
        from nbd_tui.store.hearings import HearingStore

        try:
            with closing(self._open_database().connect()) as connection:
                store = HearingStore(connection)
                while (path := self._wanted.get()) is not None:
                    self._heard[path] = _read(store, path)
        except Exception:  # the edge of a thread: the session plays without landings
            log.exception("what was heard in the tracks cannot be read")


def _read(store: "HearingStore", path: Path) -> "Hearing | None":
    found = store.hearing(path)
    return corrected(found, store.correction(path)) if found else None
