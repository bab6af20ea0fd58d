"""The ways to say a track's tempo: twice as fast, half as fast, tapped, typed. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Final

from nbd_tui.model.units import Bpm, Monotonic, Seconds

SLOWEST: Final[Bpm] = 20.0
FASTEST: Final[Bpm] = 400.0

LEAST_TAPS: Final = 4
NEXT_TAP_S: Final[Seconds] = 2.5
"""A tap that comes later begins anew; after so long without one, what was tapped counts."""
SNAP: Final = 0.02
"""A tapped tempo that is so near to the heard one in some octave is that one: the ear of the analysis is finer."""

_MOST_TAPS: Final = 33
"""Older taps are forgotten, so that one can find into the beat."""
_OFF_BEAT: Final = 0.25
"""A tap so far from its beat, in beats, is a slip."""
_OCTAVES: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
_TYPED: Final = re.compile(r"\s*(\d{1,4}(?:[.,]\d{0,6})?)\s*(?:bpm)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TempoAnswer:
    """What became of an attempt to say the tempo."""

    bpm: Bpm | None
    """The new tempo; None: there is none, or none yet."""
    words: str
    """For the line that answers keys."""


@dataclass(frozen=True, slots=True)
class Taps:
    """What has been tapped so far."""

    times: tuple[Monotonic, ...] = ()

    def tapped(self, now: Monotonic) -> "Taps":
        """One tap more, or the first of another attempt."""
        going_on = self.times and 0.0 <= now - self.times[-1] <= NEXT_TAP_S
        return Taps((*self.times, now)[-_MOST_TAPS:] if going_on else (now,))

    def is_over(self, now: Monotonic) -> bool:
        """Nothing more was tapped for so long that what was tapped counts."""
        return bool(self.times) and now - self.times[-1] > NEXT_TAP_S

    def answer(self, heard_bpm: Bpm | None = None) -> TempoAnswer:
        """The tempo of the taps, near the heard one that one itself."""
        left = LEAST_TAPS - len(self.times)
        if left > 0:
            return TempoAnswer(None, f"tap on the beat, {left} more")
        bpm = tapped_bpm(self.times)
        if bpm is None or not SLOWEST <= bpm <= FASTEST:
            return TempoAnswer(None, "that is no beat: tap more evenly")
        snapped = _snapped(bpm, heard_bpm)
        if snapped is None:
            return TempoAnswer(round(bpm, 2), f"tapped {bpm_text(bpm)} BPM")
        return TempoAnswer(snapped, f"tapped {bpm_text(snapped)} BPM as heard")


def tapped_bpm(times: Sequence[Monotonic]) -> Bpm | None:
    """The tempo of at least `LEAST_TAPS` taps; None where they have none.

    The median of the intervals numbers the taps, so that a missed beat is counted and a slip left out; a line through
    the rest has the length of a beat for its slope (least squares), which one tap alone moves little.
    """
    intervals = [later - earlier for earlier, later in pairwise(times)]
    if len(times) < LEAST_TAPS or (beat_s := median(intervals)) <= 0.0:
        return None
    kept = [(0, times[0])]
    for at in times[1:]:
        beats = (at - kept[-1][1]) / beat_s
        if round(beats) > 0 and abs(beats - round(beats)) <= _OFF_BEAT:
            kept.append((kept[-1][0] + round(beats), at))
    if len(kept) < LEAST_TAPS:
        return None
    return 60 / _slope(kept)


def doubled(bpm: Bpm | None) -> TempoAnswer:
    """Twice as fast."""
    return _times(bpm, 2.0)


def halved(bpm: Bpm | None) -> TempoAnswer:
    """Half as fast."""
    return _times(bpm, 0.5)


def typed(text: str) -> TempoAnswer:
    """A tempo as somebody types it, with a point or a comma."""
    found = _TYPED.fullmatch(text)
    if found is None:
        return TempoAnswer(None, "a number such as 138 or 92.5" if text.strip() else "")
    bpm = float(found[1].replace(",", "."))
    if not SLOWEST <= bpm <= FASTEST:
        return TempoAnswer(None, f"from {SLOWEST:g} to {FASTEST:g} BPM")
    return TempoAnswer(bpm, f"{bpm_text(bpm)} BPM")


def bpm_text(bpm: Bpm) -> str:
    """A tempo with as many decimals as say something: `138`, `92.5`."""
    return f"{bpm:.1f}".removesuffix(".0")


def _times(bpm: Bpm | None, factor: float) -> TempoAnswer:
    if bpm is None:
        return TempoAnswer(None, "there is no tempo yet: tap or type one")
    new = bpm * factor
    if not SLOWEST <= new <= FASTEST:
        return TempoAnswer(None, f"{bpm_text(new)} BPM is no tempo")
    return TempoAnswer(new, f"{bpm_text(bpm)} → {bpm_text(new)} BPM")


def _snapped(bpm: Bpm, heard_bpm: Bpm | None) -> Bpm | None:
    """The octave of the heard tempo that was meant; None: none of them."""
    if heard_bpm is None:
        return None
    nearest = min((heard_bpm * octave for octave in _OCTAVES), key=lambda one: abs(one / bpm - 1))
    return nearest if abs(nearest / bpm - 1) <= SNAP and SLOWEST <= nearest <= FASTEST else None


def _slope(taps: Sequence[tuple[int, Monotonic]]) -> Seconds:
    """Seconds a beat."""
    middle, middle_at = fmean(beat for beat, _ in taps), fmean(at for _, at in taps)
    moved = sum((beat - middle) * (at - middle_at) for beat, at in taps)
    return moved / sum((beat - middle) ** 2 for beat, _ in taps)
