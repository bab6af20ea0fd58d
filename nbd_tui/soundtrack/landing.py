"""Where in a track to come in, so that its drop (else a strong downbeat) falls on the bell. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.speed import Copy
from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.drop_worth import drop_worth, strength_of
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.phase import PhaseKind

LEAD_S: Final[Seconds] = 8.0
"""A drop without a build-up is led into by about so much of what comes before it."""
AUDIBLE: Final = 0.1
"""Energy from which on there is something to hear."""
_AHEAD_S: Final[Seconds] = 30.0
_AROUND_S: Final[Seconds] = 8.0
_PINNED_SCORE: Final = 30.0
"""Of a drop that the user has chosen: stronger than most."""
_SAME_DROP_S: Final[Seconds] = 0.5


class On(StrEnum):
    """What of the music falls on the bell."""

    DROP = "drop"
    DOWNBEAT = "downbeat"


@dataclass(frozen=True, slots=True)
class Landing:
    """The second of the track that is heard at the bell."""

    on: On
    at_s: Seconds
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """How a track comes in."""

    in_s: Seconds
    """Second of the track with which it begins."""
    before_s: Seconds
    """So long before the place's start it begins; negative: after it."""
    landing: Landing | None = None
    copy: Copy | None = None
    """Of the track, at another speed, that all this is about; None: the track as recorded."""


def enter(want: Want, hearing: Hearing | None, duration_s: Seconds) -> Entry:
    """The way a track comes into a place.

    Args:
        want: the place; its pin, if it has one, is of this track (`Want.played_by`).
        hearing: what was heard in the track; None where nobody has listened yet.
        duration_s: its length.
    """
    if drop := _pinned_drop(want, hearing, duration_s):
        return _on_drop(want, hearing, drop)
    if want.pin and want.pin.from_s is not None and want.pin.from_s < duration_s:
        return Entry(want.pin.from_s, 0.0)
    if hearing is None:
        return Entry(0.0, 0.0)
    if want.bell_s is None or not hearing.is_steady:
        return Entry(_calm_start(want, hearing, duration_s), 0.0)
    if drop := _best_drop(want, hearing.drops, duration_s):
        return _on_drop(want, hearing, drop)
    return _on_downbeat(want, hearing, duration_s)


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Where a track may come in, for whoever lays it out when the times are certain."""

    start_s: Seconds
    """Where it begins if nothing of it is to land on a bell."""
    landing: Landing | None = None
    entries_s: tuple[Seconds, ...] = ()
    """The start of the build-up, and the bars between it and the landing, in the order of time."""


def ways_in(want: Want, hearing: Hearing | None, duration_s: Seconds) -> WaysIn:
    """All ways a track may come into a place; see `enter`."""
    calm = enter(replace(want, bell_s=None), hearing, duration_s)
    landing = enter(want, hearing, duration_s).landing
    if landing is None or landing.on is not On.DROP:
        return WaysIn(calm.in_s, landing)
    heard = (drop for drop in (hearing.drops if hearing else ()) if drop.at_s == landing.at_s)
    drop = _pinned_drop(want, hearing, duration_s) or next(heard)
    return WaysIn(calm.in_s, landing, tuple(_entries(hearing, drop)))


def _pinned_drop(want: Want, hearing: Hearing | None, duration_s: Seconds) -> Drop | None:
    """The drop that the user has chosen, with the build-up that was chosen or heard."""
    pin = want.pin
    if pin is None or pin.drop_s is None or want.bell_s is None or not 0 < pin.drop_s < duration_s:
        return None
    heard = (drop.build for drop in (hearing.drops if hearing else ()) if abs(drop.at_s - pin.drop_s) < _SAME_DROP_S)
    build = next(heard, None) if pin.from_s is None else Span(pin.from_s, pin.drop_s)
    return Drop(pin.drop_s, _PINNED_SCORE, build=build)


def _entries(hearing: Hearing | None, drop: Drop) -> Iterator[Seconds]:
    """The start of the build-up, else of the bar about `LEAD_S` before, and every bar from there on."""
    lead_s = max(0.0, drop.at_s - LEAD_S)
    first_s = max(0.0, drop.build.start_s) if drop.build else _next_bar(hearing, lead_s, drop.at_s)
    yield first_s
    bars = (hearing.downbeats_s or hearing.beats_s) if hearing else ()
    yield from (bar for bar in bars if first_s + 0.1 < bar < drop.at_s - 0.1)


def _on_drop(want: Want, hearing: Hearing | None, drop: Drop) -> Entry:
    """The build-up plays before the bell, as much of it as there is room for; from a bar on under other music."""
    bell_s = want.bell_s or 0.0
    build_s = drop.build.start_s if drop.build else drop.at_s - LEAD_S
    earliest = max(0.0, drop.at_s - want.lead_s)
    wished = min(max(0.0, build_s), max(0.0, drop.at_s - bell_s))
    on_bar = max(earliest, _next_bar(hearing, earliest, drop.at_s)) if want.room_s else earliest
    in_s = wished if wished >= earliest else on_bar
    return Entry(in_s, drop.at_s - in_s - bell_s, Landing(On.DROP, drop.at_s, drop.score))


def _on_downbeat(want: Want, hearing: Hearing, duration_s: Seconds) -> Entry:
    """The strongest bar that has enough before it for the way to the bell, and enough after it for the phase."""
    bell_s = want.bell_s or 0.0
    bars = hearing.downbeats_s or hearing.beats_s
    lasting = [bar for bar in bars if bell_s <= bar <= duration_s - want.after_bell_s]
    fallback = [bar for bar in bars if bar >= bell_s][:1]
    if not lasting and not fallback:
        return Entry(0.0, 0.0)
    best = max(lasting, key=lambda bar: _strength(hearing.energy, bar)) if lasting else fallback[0]
    return Entry(best - bell_s, 0.0, Landing(On.DOWNBEAT, best))


def _best_drop(want: Want, drops: Sequence[Drop], duration_s: Seconds) -> Drop | None:
    """The drop that is worth the most on the bell; one that comes too early for the way to it is none."""
    reached = [drop for drop in drops if drop.at_s >= (want.bell_s or 0.0)]  # music from the place's start on
    if not reached:
        return None
    left_s = [duration_s - drop.at_s for drop in reached]
    strength = strength_of([drop.score for drop in reached])
    worth = drop_worth(strength, left_s, want.after_bell_s, is_second_wind=want.is_second_wind)
    best = int(np.argmax(worth))
    return reached[best] if worth[best] > 0 else None


def _next_bar(hearing: Hearing | None, earliest_s: Seconds, drop_s: Seconds) -> Seconds:
    """The first bar (else beat) from a time on; the drop itself where there is none before it."""
    if hearing is None:
        return earliest_s
    for grid in (hearing.downbeats_s, hearing.beats_s):
        later = next((at for at in grid if at >= earliest_s - 1e-6), None)
        if later is not None and later < drop_s:
            return later
    return drop_s


def _calm_start(want: Want, hearing: Hearing, duration_s: Seconds) -> Seconds:
    """Where music that just changes begins: with its first sound, in a rest of a song with a long intro on a bar.

    Bars mean nothing where the beat is not steady.
    """
    first = _first_sound(hearing.energy)
    if want.kind in {PhaseKind.WARM_UP, PhaseKind.COOL_DOWN, PhaseKind.PREPARE} or not hearing.is_steady:
        return first
    later = next((bar for bar in hearing.downbeats_s if _mean(hearing.energy, bar, bar + _AROUND_S) >= 0.5), first)
    return later if duration_s - later >= want.length_s else first


def _first_sound(energy: EnergyCurve) -> Seconds:
    loud = next((i for i, value in enumerate(energy.values) if value >= AUDIBLE), 0)
    return max(0.0, (loud - 1) / energy.rate_hz)


def _strength(energy: EnergyCurve, at_s: Seconds) -> float:
    """How good a bar is to come in on: loud after it, and more so than before."""
    rise = _mean(energy, at_s, at_s + _AROUND_S) - _mean(energy, at_s - _AROUND_S, at_s)
    return _mean(energy, at_s, at_s + _AHEAD_S) + 0.5 * max(0.0, rise)


def _mean(energy: EnergyCurve, start_s: Seconds, end_s: Seconds) -> float:
    """Mean energy between two times; 0 outside the track."""
    first, last = max(0, round(start_s * energy.rate_hz)), max(0, round(end_s * energy.rate_hz))
    values = energy.values[first:last]
    return sum(values) / len(values) if values else 0.0
