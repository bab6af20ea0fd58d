"""Climbs: stretches in which the level or the high band rises steadily, and where those that end at a moment began."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.lines import fit_of, slope_of, unevenness_of
from nbd_tui.library.analysis.moments import SMEAR_S, Sound
from nbd_tui.model.units import Seconds

PARTS: Final = 8
"""A stretch is told by the levels of so many equal parts."""
_LEAST_FIT: Final = 0.75
_LEAST_RISE_DB: Final = 4.0
_LEAST_RISE_HIGH_DB: Final = 6.0
_RISE_WEIGHT: Final = 0.14
_FIT_WEIGHT: Final = 1.6
_RISE_HIGH_WEIGHT: Final = 0.05
_FIT_HIGH_WEIGHT: Final = 0.6
FALL_WEIGHT: Final = 0.45
_PHRASES: Final = {2: 0.5, 4: 1.0, 8: 2.0, 16: 1.3}
"""Bars, and what speaks for that many. All weights are the conditional logit (McFadden 1974) fitted to the true
build-ups of the tuning set, rounded."""
_POOR: Final = 1.0
"""What speaks for a climb that hardly is one."""
_MOST_BARS: Final = 16
_SHORTEST_S: Final[Seconds] = 3.0
_LONGEST_S: Final[Seconds] = 45.0


@dataclass(frozen=True, slots=True, eq=False)
class Climbs:
    """The clearest climb that leads to each of many moments; zeros where none does."""

    worth: Doubles
    """How clear it is; 1 where there is none."""
    rise_db: Doubles
    fit: Doubles
    """How steadily the level rises: its correlation with a line, 0 to 1."""
    uneven_db: Doubles
    """How far the level strays from the line."""
    phrase: Doubles
    """How usual its length is for a part of a song."""
    over_db: Doubles
    """How much louder the next bar is than its last part."""


def climbs_to(at_s: Doubles, bar_s: Seconds, sound: Sound) -> Climbs:
    """The climbs to each moment, a whole number of bars long."""
    over_from = sound.loud.mean_db(at_s, at_s + 4 * sound.beat_s)
    best = np.zeros((6, len(at_s)))
    best[0] = _POOR
    for bars in range(1, _MOST_BARS + 1):
        if _SHORTEST_S <= bars * bar_s <= _LONGEST_S:
            climb = _climb(at_s, bars, bar_s, sound, over_from)
            best = np.where((climb[0] > best[0]) & (at_s > bars * bar_s), climb, best)
    return Climbs(*best)


def _climb(at_s: Doubles, bars: int, bar_s: Seconds, sound: Sound, next_bar_db: Doubles) -> Doubles:
    """(6, moments): the values of `Climbs` of the stretch of so many bars."""
    start_s, length_s = at_s - bars * bar_s, bars * bar_s - SMEAR_S
    loud, high = (level.parts_db(start_s, length_s, PARTS) for level in (sound.loud, sound.high))
    worth = climb_worth(loud, high) + FALL_WEIGHT * fall_db(start_s, bar_s, sound.loud) + phrase_worth(bars)
    rise_db, fit = np.clip(slope_of(loud) * PARTS, -3.0, 18.0), np.clip(fit_of(loud), 0.0, 1.0)
    over_db = np.clip(next_bar_db - loud[:, -1], -6.0, 10.0)
    phrase = np.full(len(at_s), phrase_worth(bars))
    return np.stack((worth, rise_db, fit, np.clip(unevenness_of(loud), 0.0, 6.0), phrase, over_db))


def climb_worth(loud: Doubles, high: Doubles) -> Doubles:
    """How clearly the parts of each stretch climb; minus infinity where they do not.

    Args:
        loud: (stretches, parts) level in dB.
        high: likewise, of the high band.
    """
    rise, fit, rise_high, fit_high = slope_of(loud) * PARTS, fit_of(loud), slope_of(high) * PARTS, fit_of(high)
    does_climb = (rise > _LEAST_RISE_DB) & (fit > _LEAST_FIT)
    does_climb |= (rise_high > _LEAST_RISE_HIGH_DB) & (fit_high > _LEAST_FIT)
    worth = _RISE_WEIGHT * np.clip(rise, -3, 15) + _FIT_WEIGHT * np.clip(fit, 0, 1)
    worth += _RISE_HIGH_WEIGHT * np.clip(rise_high, -3, 20) + _FIT_HIGH_WEIGHT * np.clip(fit_high, 0, 1)
    return np.where(does_climb, worth, -np.inf)


def fall_db(start_s: Doubles, bar_s: Seconds, level: Level) -> Doubles:
    """How much quieter the bar from each start on is than the one before it: what rises has to begin lower."""
    ago_s = start_s - SMEAR_S
    return np.clip(level.mean_db(ago_s - bar_s, ago_s) - level.mean_db(start_s, start_s + bar_s), -3.0, 10.0)


def phrase_worth(bars: int) -> float:
    """What speaks for a build-up of so many bars."""
    return _PHRASES.get(bars, 0.0)
