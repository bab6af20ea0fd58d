"""Moving, adding and removing the drops of a track, always to a beat of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nbd_tui.model.hearing import Drop, Hearing
from nbd_tui.model.units import Seconds
from nbd_tui.tui.text import clock_tenths

SAME_S: Final[Seconds] = 0.05
"""Two drops so near to each other are one."""


@dataclass(frozen=True, slots=True)
class DropAnswer:
    """What became of an attempt to change the drops."""

    drops_s: tuple[Seconds, ...] | None
    """All of them from now on, in order; None: nothing changes."""
    words: str
    """For the line that answers keys."""


def nearest_drop(hearing: Hearing, at_s: Seconds) -> Drop | None:
    """The drop nearest to a moment; None: there is none."""
    return min(hearing.drops, key=lambda drop: abs(drop.at_s - at_s), default=None)


def nearest_beat(hearing: Hearing, at_s: Seconds) -> Seconds:
    """The beat nearest to a moment; the moment itself in a track without beats."""
    return min(hearing.beats_s, key=lambda beat_s: abs(beat_s - at_s), default=at_s)


def moved(hearing: Hearing, at_s: Seconds) -> DropAnswer:
    """The drop nearest to a moment goes to the beat there."""
    drop, beat_s = nearest_drop(hearing, at_s), nearest_beat(hearing, at_s)
    if drop is None:
        return DropAnswer(None, "there is no drop to move")
    if _is_taken(hearing, beat_s):
        return DropAnswer(None, f"a drop is at {clock_tenths(beat_s)} already")
    words = f"drop {clock_tenths(drop.at_s)} → {clock_tenths(beat_s)}"
    return DropAnswer(_in_order(*_others(hearing, drop), beat_s), words)


def added(hearing: Hearing, at_s: Seconds) -> DropAnswer:
    """A drop at the beat nearest to a moment."""
    beat_s = nearest_beat(hearing, at_s)
    if _is_taken(hearing, beat_s):
        return DropAnswer(None, f"a drop is at {clock_tenths(beat_s)} already")
    times = _in_order(*(drop.at_s for drop in hearing.drops), beat_s)
    return DropAnswer(times, f"a drop at {clock_tenths(beat_s)}")


def removed(hearing: Hearing, at_s: Seconds) -> DropAnswer:
    """Without the drop nearest to a moment."""
    drop = nearest_drop(hearing, at_s)
    if drop is None:
        return DropAnswer(None, "there is no drop to remove")
    return DropAnswer(_in_order(*_others(hearing, drop)), f"drop {clock_tenths(drop.at_s)} removed")


def as_heard(drops_s: tuple[Seconds, ...], heard: Sequence[Drop]) -> bool:
    """Whether drops of the user's are the ones that were heard."""
    return drops_s == tuple(drop.at_s for drop in heard)


def _others(hearing: Hearing, drop: Drop) -> tuple[Seconds, ...]:
    return tuple(one.at_s for one in hearing.drops if one is not drop)


def _is_taken(hearing: Hearing, at_s: Seconds) -> bool:
    return any(abs(drop.at_s - at_s) <= SAME_S for drop in hearing.drops)


def _in_order(*times_s: Seconds) -> tuple[Seconds, ...]:
    return tuple(sorted(times_s))
