"""Glove mode: what bursts of keys mean when they come from a gloved hand. Pure: times come in, decisions go out.

A terminal tells of key presses only, never of releases, so a held key is known by its repeats. A *blow* is all that one
stroke of a hand causes: keys a few milliseconds apart, the same key bouncing, and what repeats while the hand rests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.tui.key_guard import REPEAT_S

SMASH_S: Final[Seconds] = 0.08
"""Two different keys closer than this are a smash."""

SAME_S: Final[Seconds] = 0.12
"""What follows so closely belongs to the same blow: nobody strikes again so fast, and held keys repeat faster."""

TWICE_S: Final[Seconds] = 0.6
"""A smash that begins so soon after the beginning of another is its second."""

REPEATS_BEGIN_S: Final[Seconds] = 0.75
"""Within this time a held key begins to repeat (X11 waits longest of the common systems, 0.66 s)."""

STOP_PRESSES: Final = 3
STOP_WITHIN_S: Final[Seconds] = 2.0
STOP_HELD_S: Final[Seconds] = 1.0
"""The stop key ends a session by so many presses within so long, or held for so long."""

BIG_KEYS: Final = frozenset({"space", "enter", "tab", "backspace"})
"""Keys too large to be meant alone in a glove: they lie at the edges and are up to seven keys wide. Shift, control and
caps lock are as large, but a terminal does not tell of them."""

REPEATING: Final = frozenset({"up", "down", "left", "right", "pageup", "pagedown"})
"""Held keys of which each repeat counts: volumes, lists."""

_ARROWS: Final = {"A": "up", "B": "down", "C": "right", "D": "left"}
_INTRODUCERS: Final = frozenset({"left_square_bracket", "alt+left_square_bracket", "O", "alt+shift+o"})
"""An arrow is sent as Escape, one of these, and a capital. On a slow line the pieces may come as keys of their own; as
keys that were pressed, they lie too far apart for a hand.
"""

Event = TypeVar("Event")


@dataclass(frozen=True)
class Press(Generic[Event]):
    """A key that came from the terminal."""

    key: str
    at: Monotonic
    event: Event | None = None
    """What the terminal's driver made of it; None for a key put together from pieces."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts on the screen that is up."""

    big: frozenset[str] = BIG_KEYS
    """Keys that are a smash by themselves, whatever modifiers go with them."""
    stop: frozenset[str] = frozenset()
    """Keys that end a session, held or repeated; everywhere else they are keys like any other."""

    def is_big(self, key: str) -> bool:
        """Whether the key alone is a smash."""
        return key.rpartition("+")[2] in self.big


@dataclass(frozen=True)
class Alone(Generic[Event]):
    """A key that was meant: it does what it always does."""

    press: Press[Event]


@dataclass(frozen=True, slots=True)
class Smash:
    """One press of the primary action; `second`: so soon after the first that it means another thing."""

    second: bool = False


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The stop key came; `more` presses would end the session."""

    more: int


@dataclass(frozen=True, slots=True)
class StopNow:
    """The stop key was held or repeated."""


Decision: TypeAlias = Alone[Event] | Smash | StopAsked | StopNow


class GloveReader(Generic[Event]):
    """Tells smashes from keys that were meant. It holds a key back until that is clear, at most `SAME_S`.

    It has no timer: after each call, `ask_at` says when it wants to be asked again.
    """

    def __init__(self) -> None:
        self._rules = Rules()
        self._now: Monotonic = float("-inf")
        self._waiting: list[Press[Event]] = []
        """Presses of one key, not decided on."""
        self._is_doubtful = False
        """What waits may be the first repeat of a held key."""
        self._last: Press[Event] = Press("", float("-inf"))
        self._run_began: Monotonic = float("-inf")
        """First press of the last key, of those in succession without another key or a rest."""
        self._blow: frozenset[str] = frozenset()
        """Keys of the last smash."""
        self._blow_end: Monotonic = float("-inf")
        self._smashed_at: Monotonic = float("-inf")
        self._deaf_until: Monotonic = float("-inf")
        self._stops: tuple[Monotonic, ...] = ()

    @property
    def ask_at(self) -> Monotonic | None:
        """When what waits is decided, if nothing else comes; None: nothing waits."""
        return self._due if self._waiting else None

    def ask(self, at: Monotonic) -> tuple[Decision[Event], ...]:
        """What has become clear because time went by."""
        self._now = max(self._now, at)
        return tuple(self._settle())

    def press(self, press: Press[Event], rules: Rules) -> tuple[Decision[Event], ...]:
        """What a key decides, together with what has become clear until then."""
        settled = self.ask(press.at)
        self._rules = rules
        press = Press(press.key, self._now, press.event)
        if press.at - self._blow_end > REPEATS_BEGIN_S:
            self._blow = frozenset()
        decided = tuple(self._take(press))
        if press.key != self._last.key or press.at - self._last.at > REPEATS_BEGIN_S:
            self._run_began = press.at
        self._last = press
        return (*settled, *decided)

    def forget(self) -> None:
        """Drops what waits: another screen is up, for which it was not meant. So is the second of a smash."""
        self._waiting.clear()
        self._deaf_until = max(self._deaf_until, self._smashed_at + TWICE_S)
        self._smashed_at = float("-inf")
        self._stops = ()

    @property
    def _due(self) -> Monotonic:
        if self._waiting[0].key in REPEATING:
            return self._waiting[0].at + SMASH_S
        return self._last.at + (SAME_S if self._is_doubtful else SMASH_S)

    def _settle(self, *, another_key: bool = False) -> Iterator[Decision[Event]]:
        while self._waiting and (another_key or self._now >= self._due):
            yield from self._decide(self._waiting.pop(0))

    def _take(self, press: Press[Event]) -> Iterator[Decision[Event]]:
        same = press.key == self._last.key
        gap_s = press.at - self._last.at
        if self._is_of_last_blow(press):
            self._waiting.clear()
            self._prolong_blow(press)
        elif arrow := self._broken_arrow(press):
            self._waiting.clear()
            yield Alone(Press(arrow, press.at))
        elif not same and self._is_near(press) and not self._is_in_pieces(press):
            yield from self._smash(self._waiting[0].at if self._waiting else self._last.at, press)
        elif same and gap_s <= SAME_S and press.key not in REPEATING:
            yield from self._repeat(press)
        elif same:
            yield from self._wait(press, doubtful=gap_s <= REPEATS_BEGIN_S)
        else:
            yield from self._settle(another_key=True)
            yield from self._after_another(press)

    def _after_another(self, press: Press[Event]) -> Iterator[Decision[Event]]:
        """Another key than the one that waited: what that was, is clear."""
        if self._is_of_last_blow(press):
            self._prolong_blow(press)
        else:
            yield from self._wait(press, doubtful=False)

    def _wait(self, press: Press[Event], *, doubtful: bool) -> Iterator[Decision[Event]]:
        """A key that may be alone."""
        if self._rules.is_big(press.key) and not doubtful:
            yield from self._smash(press.at, press)
            return
        self._is_doubtful = doubtful or press.key in self._blow
        self._waiting.append(press)

    def _repeat(self, press: Press[Event]) -> Iterator[Decision[Event]]:
        """The same key again, too fast to be meant: it bounces, or is held."""
        if self._is_doubtful:
            self._waiting.clear()
        if self._rules.is_big(press.key) or press.key in self._blow:
            self._prolong_blow(press)
        elif press.key in self._rules.stop and press.at - self._run_began >= STOP_HELD_S:
            yield self._stop(press)

    def _decide(self, press: Press[Event]) -> Iterator[Decision[Event]]:
        """A key that stayed alone."""
        if self._rules.is_big(press.key):
            yield from self._smash(press.at, press)
        elif press.key in self._blow:
            self._prolong_blow(press)
        elif press.key in self._rules.stop:
            yield self._count_stop(press)
        else:
            self._stops = ()
            yield Alone(press)

    def _smash(self, began: Monotonic, press: Press[Event]) -> Iterator[Decision[Event]]:
        self._waiting.clear()
        self._stops = ()
        self._blow = frozenset({press.key, self._last.key} if began < press.at else {press.key})
        self._blow_end = press.at
        if began < self._deaf_until:
            return
        second = began - self._smashed_at <= TWICE_S
        self._smashed_at = float("-inf") if second else began
        self._deaf_until = press.at + REPEAT_S if second else self._deaf_until
        yield Smash(second)

    def _is_of_last_blow(self, press: Press[Event]) -> bool:
        """The hand that has just struck is still in the keys."""
        return press.at - self._blow_end <= SAME_S

    def _prolong_blow(self, press: Press[Event]) -> None:
        self._blow |= {press.key}
        self._blow_end = press.at

    def _count_stop(self, press: Press[Event]) -> Decision[Event]:
        self._stops = (*(at for at in self._stops if press.at - at <= STOP_WITHIN_S), press.at)
        more = STOP_PRESSES - len(self._stops)
        return StopAsked(more) if more > 0 else self._stop(press)

    def _stop(self, press: Press[Event]) -> StopNow:
        """The key is held on for a while: that is no key for what comes after the session."""
        self._stops = ()
        self._waiting.clear()
        self._blow = frozenset({press.key})
        self._blow_end = press.at
        return StopNow()

    def _is_in_pieces(self, press: Press[Event]) -> bool:
        """The second piece of an arrow; its Escape is let through, which does no harm anywhere."""
        return self._last.key == "escape" and press.key in _INTRODUCERS

    def _broken_arrow(self, press: Press[Event]) -> str | None:
        """The arrow that this key completes."""
        introduced = self._last.key in _INTRODUCERS and self._is_near(press)
        return _ARROWS.get(press.key) if introduced else None

    def _is_near(self, press: Press[Event]) -> bool:
        return press.at < self._last.at + SMASH_S
