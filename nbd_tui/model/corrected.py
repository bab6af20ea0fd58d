"""A track as the user says it is: what was heard in it, with the corrections in their place."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from nbd_tui.model.hearing import Drop, Hearing
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import Bpm, Seconds

NEAR: Final = 0.04
"""Tempos that differ by no more are the same, up to a whole factor."""
MOST_FACTOR: Final = 4
SAME_S: Final[Seconds] = 0.005
"""A drop of the user's so near to a heard one is that one, with its gap and build-up."""


class Grid(NamedTuple):
    """Beats, and those of them that begin a bar."""

    beats_s: tuple[Seconds, ...]
    downbeats_s: tuple[Seconds, ...]


def corrected(hearing: Hearing, correction: Correction) -> Hearing:
    """What was heard, with tempo, beats and drops as the user says."""
    found = hearing
    if correction.drops_s is not None:
        found = replace(found, drops=_drops(hearing.drops, correction.drops_s))
    if correction.bpm is not None:
        grid = _beats(hearing, correction.bpm)
        found = replace(found, bpm=correction.bpm, beats_s=grid.beats_s, downbeats_s=grid.downbeats_s)
    return found


def whole_factor(bpm: Bpm, heard_bpm: Bpm) -> int | None:
    """How many times faster a tempo is than the heard one; negative: slower; None: neither, by a whole factor."""
    for factor in range(1, MOST_FACTOR + 1):
        if abs(bpm / (heard_bpm * factor) - 1) <= NEAR:
            return factor
        if factor > 1 and abs(bpm * factor / heard_bpm - 1) <= NEAR:
            return -factor
    return None


def _drops(heard: Sequence[Drop], wanted_s: Sequence[Seconds]) -> tuple[Drop, ...]:
    """Those of the user in the order of time; a score, a gap and a build-up have only those that were heard."""
    return tuple(_drop_at(heard, at_s) for at_s in sorted(set(wanted_s)))


def _drop_at(heard: Sequence[Drop], at_s: Seconds) -> Drop:
    nearest = min(heard, key=lambda drop: abs(drop.at_s - at_s), default=None)
    return nearest if nearest and abs(nearest.at_s - at_s) <= SAME_S else Drop(at_s, _best_score(heard))


def _best_score(heard: Sequence[Drop]) -> float:
    """The score of a drop the user has set: no heard one of the track is better."""
    return max((drop.score for drop in heard), default=1.0)


def _beats(hearing: Hearing, bpm: Bpm) -> Grid:
    """Beats and bars at another tempo: the heard ones where it is a whole factor of theirs, else an even grid."""
    factor = whole_factor(bpm, hearing.bpm) if hearing.bpm else None
    if factor is None or len(hearing.beats_s) < 2:
        return _grid(hearing, bpm)
    if factor == 1:
        return Grid(hearing.beats_s, hearing.downbeats_s)
    return _filled(hearing, factor) if factor > 1 else _thinned(hearing, -factor)


def _filled(hearing: Hearing, factor: int) -> Grid:
    """`factor` beats for each heard one; a heard bar becomes as many bars."""
    beats_s, per_bar = hearing.beats_s, hearing.beats_per_bar
    more = [a + (b - a) * part / factor for a, b in pairwise(beats_s) for part in range(factor)] + [beats_s[-1]]
    starts = [bar * factor + part * per_bar for bar in hearing.bar_places for part in range(factor)]
    return Grid(tuple(more), tuple(more[at] for at in starts if at < len(more)))


def _thinned(hearing: Hearing, factor: int) -> Grid:
    """Every `factor`-th beat, those that begin bars among them; of the bars as many."""
    beats_s, bars = hearing.beats_s, hearing.bar_places
    first = bars[0] if bars else 0
    kept = range(first % factor, len(beats_s), factor)
    starts = range(first, len(beats_s), hearing.beats_per_bar * factor)
    return Grid(tuple(beats_s[place] for place in kept), tuple(beats_s[place] for place in starts) if bars else ())


def _grid(hearing: Hearing, bpm: Bpm) -> Grid:
    """Even beats over the whole track, through the first beat of a bar that was heard, else through 0 s."""
    beat_s = 60 / bpm
    anchor_s = next(iter(hearing.downbeats_s or hearing.beats_s), 0.0)
    before = int(anchor_s / beat_s)
    count = int((hearing.duration_s - anchor_s) / beat_s) + before + 1
    beats = tuple(anchor_s + (place - before) * beat_s for place in range(max(0, count)))
    per_bar = hearing.beats_per_bar
    return Grid(beats, beats[before % per_bar :: per_bar])
