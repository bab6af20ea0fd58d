"""The thread of a session: it waits for the sound, then gives the conductor its turns until it is told to end."""

import logging
import threading
from collections.abc import Callable
from enum import Enum
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.actions import Order

TURN_S: Final[Seconds] = 0.05
"""20 turns a second; a key wakes the thread at once."""

LONGEST_WAIT_S: Final[Seconds] = 2.0
"""A workout waits so long for its sound; then it begins without."""

CLOSE_S: Final[Seconds] = 2.0

log = logging.getLogger(__name__)


class Command(Enum):
    """What a session is told besides the user's actions."""

    QUIT = "quit"


class Turning(Protocol):
    """A conductor, as its thread knows it."""

    @property
    def ready(self) -> bool:
        """The workout could begin with sound."""
        ...

    def prepare(self) -> None:
        """One turn before the start."""
        ...

    def begin(self) -> None:
        """The first turn."""
        ...

    def turn(self, action: Action | Order | None = None) -> None:
        """One turn."""
        ...

    def leave(self) -> None:
        """The last turn."""
        ...


class Runner:
    """The thread `conductor`: started by `start`, over within a turn of `close` (or of `end`, which does not wait)."""

    def __init__(self, conductor: Turning, clock: Callable[[], Monotonic]) -> None:
        self._conductor = conductor
        self._clock = clock
        self._sent: SimpleQueue[Action | Order | Command] = SimpleQueue()
        self._early: Action | Order | Command | None = None
        """What ended the wait for the sound, for the first turn."""
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def send(self, what: Action | Order | Command) -> None:
        """Something for the next turn, which comes at once."""
        self._sent.put(what)

    def close(self) -> None:
        """Ends the thread."""
        if self._thread.is_alive():
            self._sent.put(Command.QUIT)
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        if self._await_start():
            self._guarded(self._conductor.begin)
            while (sent := self._next()) is not Command.QUIT:
                self._guarded(partial(self._conductor.turn, sent))
        self._guarded(self._conductor.leave)

    def _await_start(self) -> bool:
        """Waits for the sound, but not long, and no longer once a key is pressed; false when the session was closed."""
        latest = self._clock() + LONGEST_WAIT_S
        while not self._is_ready() and self._clock() < latest:
            if (sent := self._next()) is not None:
                self._early = sent
                return sent is not Command.QUIT
            self._guarded(self._conductor.prepare)
        return True

    def _is_ready(self) -> bool:
        try:
            return self._conductor.ready
        except Exception:  # as in a turn: then it begins when it has waited long enough
            log.exception("nobody knows whether the session is ready")
            return False

    def _next(self) -> Action | Order | Command | None:
        """What was sent within the length of a turn, in the order of sending."""
        if (early := self._early) is not None:
            self._early = None
            return early
        try:
            return self._sent.get(timeout=TURN_S)
        except Empty:
            return None

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # the workout goes on, whatever went wrong in one turn
            log.exception("a turn of the session failed")
