"""What is written down of a session while it runs: the rounds carried through, and its journal."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

from nbd_tui.model.units import Monotonic
from nbd_tui.session.journalist import Journalist
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.session.tally import Tally
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.events import Event

NOT_KEPT: Final = "this session is not kept from here on: an error, see the log"

log = logging.getLogger(__name__)


class Books:
    """Tally and journalist of a session; owned by the conductor's thread. No failure of theirs reaches it."""

    def __init__(self, journalist: Journalist | None, since: Checkpoint | None) -> None:
        self._journalist = journalist
        self._tally = Tally(since.done if since else ())
        self._trouble = ""

    @property
    def rounds_done(self) -> int:
        """Rounds carried through."""
        return self._tally.rounds_done

    def take(self, events: Iterable[Event]) -> None:
        """What the engine says has happened."""
        self._tally.take(events)
        self._safely(lambda journalist: journalist.take(events))

    def look(self, moment: SessionSnapshot, now: Monotonic) -> str:
        """The end of a turn; why the session is not kept as it should be, once, else empty."""
        self._safely(lambda journalist: journalist.look(moment, self._tally.done, now))
        trouble, self._trouble = self._trouble, ""
        return trouble or (self._journalist.news() if self._journalist else "")

    def leave(self, moment: SessionSnapshot, now: Monotonic) -> None:
        """The session is left before it is over."""
        self._safely(lambda journalist: journalist.leave(moment, self._tally.done, now))

    def _safely(self, step: Callable[[Journalist], None]) -> None:
        if self._journalist is None:
            return
        try:
            step(self._journalist)
        except Exception:  # the boundary of what is kept: the workout goes on
            log.exception("the journal of the session failed")
            self._journalist, self._trouble = None, NOT_KEPT
