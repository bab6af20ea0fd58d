"""A database that is opened at its first use, and anew after something went wrong, which finds and mends damage."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from nbd_tui.errors import LibraryError

if TYPE_CHECKING:  # the first screen is painted without it
    import sqlite3

    from nbd_tui.store.database import Database


class OpenedDatabase:
    """Connections for one use each, from any thread."""

    def __init__(self, open_database: "Callable[[], Database]", what: str) -> None:
        """A database.

        Args:
            open_database: called at the first use, and again after something went wrong.
            what: names for people what is in it.
        """
        self._open_database = open_database
        self._what = what
        self._database: Database | None = None

    @contextmanager
    def connected(self, purpose: str) -> "Iterator[sqlite3.Connection]":
        """A connection for one use; `purpose` as in "the library cannot be read".

        Raises:
            LibraryError: the database cannot be used.
        """
        import sqlite3

        try:
            database = self._database = self._database or self._open_database()
            with closing(database.connect()) as connection:
                yield connection
        except LibraryError:
            self._database = None
            raise
        except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:  # the last two: nothing SQLite can hold
            self._database = None
            raise LibraryError(f"{self._what} cannot {purpose}: {error}") from error
