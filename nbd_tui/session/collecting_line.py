"""The line that says how many tracks there are, what is being done about more, and what was in the way."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from nbd_tui.errors import LibraryError
from nbd_tui.paths import with_home_as_tilde

log = logging.getLogger(__name__)


class CollectingLine:
    """Told by the collector's thread, read from any.

    Args:
        count: how many tracks there are now.
        folders: where they are looked for.
        is_demo: they are those that come with the program.
    """

    def __init__(self, count: Callable[[], int], folders: Sequence[Path], *, is_demo: bool) -> None:
        self._number = count
        self._folders = folders
        self._is_demo = is_demo
        self._trouble: list[str] = []
        self._more = ""
        self._counted = ""

    def text(self, progress: str, to_hear: int) -> str:
        """The line; empty while nothing is known.

        Args:
            progress: of the analysis; empty where none runs.
            to_hear: so many tracks are yet to be analysed, said where there is no progress to tell.
        """
        if not self._counted:
            return ""
        if progress and not self._more:
            return " – ".join([self._counted, progress, *self._trouble])
        left = f", {to_hear:,} still to hear" if to_hear and not self._more else ""
        return " – ".join([f"{self._counted}{self._more}{left}", *self._trouble])

    def note(self, error: Exception) -> None:
        """What was in the way, once."""
        text = str(error).splitlines()[0]
        if isinstance(error, LibraryError) and error.file:
            text = f"{with_home_as_tilde(error.file)}: {error.message}"
        if text not in self._trouble:
            log.warning("%s", error)
        self.tell(text)

    def tell(self, text: str) -> None:
        """The same in words."""
        if text not in self._trouble:
            self._trouble.append(text)
        self.say("")

    def say(self, more: str) -> None:
        """Counts anew, with what is going on besides."""
        self._more, self._counted = more, self._count()

    def _count(self) -> str:
        """`1,204 tracks`; where there are none, also where they were looked for, unless the trouble says it."""
        if count := self._number():
            return f"{count:,} {'demo ' if self._is_demo else ''}track{'' if count == 1 else 's'}"
        if self._trouble or not self._folders:
            return "no tracks"
        return f"no tracks in {with_home_as_tilde(self._folders[0]) if len(self._folders) == 1 else 'your folders'}"
