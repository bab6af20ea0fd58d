"""The workout played in gloves: what a smash does at each moment, and the words for it."""

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len

from nbd_tui.keymap import Action, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.session.actions import Order
from nbd_tui.session.snapshot import ECHO_S, Echo, SessionSnapshot
from nbd_tui.tui.glove import STOP_PRESSES
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.ports import RunningSession, Services
from nbd_tui.tui.text import fit
from nbd_tui.tui.workout_view import WorkoutView
from nbd_tui.workout.engine import EngineState

ALWAYS_LEAVING: Final = frozenset({"ctrl+c", "ctrl+q"})
"""Keys that ask to leave on every screen: here they count like the stop key."""


def smash_action(snapshot: SessionSnapshot) -> Action | Order:
    """What a smash does now. A second one skips, which the first must not have done already."""
    if snapshot.state is EngineState.PAUSED:
        return Order.GO_ON
    return Action.DONE if snapshot.segment.duration_s is None else Order.HOLD


def smash_words(view: WorkoutView) -> str:
    """What the screen says of it."""
    if view.is_paused:
        return "smash: go on · twice: skip"
    return "smash: done" if view.is_open else "smash: pause · twice: skip"


def stop_words(keys: Mapping[str, str]) -> str:
    """`q q q end`."""
    return f"{' '.join([key_label(keys_of(Action.STOP, keys)[0])] * STOP_PRESSES)} end"


def beside(following: str, smash: str, width: int) -> str:
    """What comes next, in a line where the words for a smash must keep their room: without what comes after it."""
    room = width - cell_len(smash) - 2
    if not smash or cell_len(following) <= room:
        return following
    return fit(following.rpartition(", then ")[0] or following, room)


class WorkoutGloves(Gloved):
    """The part of the workout screen that glove mode asks."""

    _session: RunningSession
    _services: Services
    _smashed: Action | Order = Order.HOLD
    _said: Echo | None = None
    """An answer of the screen's own."""

    def answer_soon(self) -> None:
        """Looks at the session as soon as it has answered."""
        raise NotImplementedError

    def end(self) -> None:
        """Ends the workout without asking."""
        raise NotImplementedError

    def smash(self, *, second: bool) -> None:
        """Pauses, goes on, or ends an open phase. The second takes the pause back and skips.

        The first acts at once, since a pause that comes 0.6 s late is worse than one that is taken back. An open phase
        was left by the first: its second does nothing.
        """
        if second and self._smashed is Action.DONE:
            return
        self._smashed = Order.MOVE_ON if second else smash_action(self._session.snapshot())
        self._session.send(self._smashed)
        self.answer_soon()

    def stop_asked(self, more: int) -> None:
        """Says how to go on."""
        key = key_label(keys_of(Action.STOP, self._services.keys)[0])
        self.say(f"{key} again to end" if more == 1 else f"{key} again to end: {more} times more, or hold it")

    def stop_now(self) -> None:
        """Held or repeated, the key needs no question."""
        self.end()

    def stop_keys_of(self, services: Services) -> frozenset[str]:
        """The user's keys for ending, and those that always leave."""
        return ALWAYS_LEAVING | set(keys_of(Action.STOP, services.keys))

    def newest_echo(self, snapshot: SessionSnapshot, of_session: str) -> str:
        """The answer to the last key: the session's, or the screen's own where that is newer."""
        said = self._said
        if said is None or self._services.clock() - said.at >= ECHO_S:
            return of_session
        return of_session if snapshot.echo is not None and snapshot.echo.at > said.at else said.text

    def say(self, words: str) -> None:
        """Answers a key that is no matter of the session's."""
        self._said = Echo(words, self._services.clock())
        self.answer_soon()
