"""The pool of tracks as a session sees it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from nbd_tui.model.track import Track
from nbd_tui.soundtrack.pin import Shelf
from nbd_tui.soundtrack.songs import Catalogue


class MusicPool(Protocol):
    """The user's tracks, as far as they are known by now."""

    @property
    def version(self) -> int:
        """Grows whenever tracks come or go."""
        ...

    @property
    def growing(self) -> bool:
        """More may be found soon."""
        ...

    @property
    def unread(self) -> Mapping[Path, str]:
        """What could not be read or played, files and folders, and why."""
        ...

    @property
    def gone(self) -> Collection[Path]:
        """Those that have left as they cannot be played."""
        ...

    def tracks(self, shelf: Shelf) -> Sequence[Track]:
        """Those that may play in a place."""
        ...

    def catalogue(self, shelf: Shelf) -> Catalogue:
        """The same as columns; some of them may have left."""
        ...


class Growth:
    """Tells when a pool has grown so much that what was chosen of it should be chosen anew."""

    def __init__(self) -> None:
        self._version = -1
        self._size = 0
        self._growing = False

    def notice(self, pool: MusicPool, shelves: Iterable[Shelf]) -> bool:
        """Whether it has doubled since the last time, or has now been found whole."""
        if pool.version == self._version and pool.growing == self._growing:
            return False
        size = max((len(pool.tracks(shelf)) for shelf in shelves), default=0)
        complete = not pool.growing and size > self._size
        if not complete and size < 2 * self._size:
            return False
        self._version, self._size, self._growing = pool.version, size, pool.growing
        return True
