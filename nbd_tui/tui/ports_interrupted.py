"""What the screens ask of the sessions that were interrupted. The command line wires it; tests give a list."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # Home is painted without the journals
    from nbd_tui.session.kept import Interruption
    from nbd_tui.tui.ports import RunningSession


class InterruptedSessions(Protocol):
    """Sessions that were interrupted. What waits for the disk is called from a thread."""

    @property
    def is_empty(self) -> bool:
        """Nothing was interrupted: asked at the start, so it must be quick."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What `look` found besides."""
        ...

    @property
    def now(self) -> datetime:
        """Local time."""
        ...

    def look(self) -> "tuple[Interruption, ...]":
        """Takes them in hand, the newest first. May wait for the disk."""
        ...

    def file(self, found: "Interruption") -> None:
        """Keeps one in the history as it is. May wait for the disk.

        Raises:
            NbdError: it could not be filed, and stays.
        """
        ...

    def drop(self, found: "Interruption") -> None:
        """Forgets one. May wait for the disk.

        Raises:
            NbdError: it stays.
        """
        ...

    def resume(self, found: "Interruption") -> "RunningSession":
        """Goes on with one, paused at first.

        Raises:
            NbdError: it cannot go on.
        """
        ...
