"""The build-up before a drop: a stretch in which level or brightness climbs."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.lines import fit_of, slope_of
from nbd_tui.library.analysis.moments import SMEAR_S, Sound, change_db
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Seconds

_MOST_BARS: Final = 24
_LONGEST_S: Final[Seconds] = 45.0
_SHORTEST_S: Final[Seconds] = 1.2
_PARTS: Final = 8

_POOR: Final = 1.0
"""What speaks for a build-up that hardly is one."""

_LEAST_FIT: Final = 0.75
_LEAST_RISE_DB: Final = 4.0
_LEAST_RISE_HIGH_DB: Final = 6.0

_RISE_WEIGHT: Final = 0.14
_FIT_WEIGHT: Final = 1.6
_RISE_HIGH_WEIGHT: Final = 0.05
_FIT_HIGH_WEIGHT: Final = 0.6
_CHANGE_WEIGHT: Final = 0.2
_FALL_WEIGHT: Final = 0.45
_PHRASES: Final = {2: 0.5, 4: 1.0, 8: 2.0, 16: 1.3}
"""Bars, and what speaks for that many. All weights are the conditional logit fitted to the true build-ups of the tuning
set, rounded."""


def find_build(drop_s: Seconds, end_s: Seconds, bar_s: Seconds, sound: Sound, features: Features) -> Span | None:
    """The stretch up to `end_s` in which the level or the high band climbs steadily; None where neither does.

    It begins a whole number of bars before the drop, likely 4, 8 or 16, where the sound changes and the level falls:
    what rises has to begin lower than what was before it.

    Args:
        drop_s: where the build-up leads to.
        end_s: where the lull before the drop begins, or the drop where there is none.
        bar_s: length of a bar.
        sound: the levels.
        features: what the spectrum is read from.
    """
    starts, worth = _worths(drop_s, end_s, bar_s, sound, features)
    if not np.isfinite(worth).any():
        return None
    return Span(float(starts[np.argmax(worth)]), end_s)


def build_worth(top_s: Seconds, bar_s: Seconds, sound: Sound, features: Features) -> float:
    """How clearly a build-up leads right up to `top_s` from where it began; 1, a poor one, where none is clearer.

    In the middle of a climb, or bars after its end, the same start is no whole phrase before.
    """
    _, worth = _worths(top_s, top_s, bar_s, sound, features)
    return max(_POOR, float(worth.max(initial=-np.inf)))


def _worths(
    drop_s: Seconds, end_s: Seconds, bar_s: Seconds, sound: Sound, features: Features
) -> tuple[Doubles, Doubles]:
    """The moments where a build-up may begin, and what speaks for each; minus infinity where nothing climbs."""
    bars = np.arange(1.0, _MOST_BARS + 1)
    starts: Doubles = drop_s - bars * bar_s
    is_fit = (starts > 0) & (end_s - starts >= _SHORTEST_S) & (drop_s - starts <= _LONGEST_S)
    if not is_fit.any():
        return starts[is_fit], starts[is_fit]
    bars, starts = bars[is_fit], starts[is_fit]
    worth = _climb_worth(starts, end_s, sound) + _CHANGE_WEIGHT * change_db(starts, 2 * sound.beat_s, features)
    worth += _FALL_WEIGHT * _fall_db(starts, sound) + np.array([_PHRASES.get(int(count), 0.0) for count in bars])
    return starts, worth


def _climb_worth(starts: Doubles, end_s: Seconds, sound: Sound) -> Doubles:
    """How well the levels climb from each start to the end; minus infinity where they do not."""
    rise, fit = _climbs(starts, end_s, sound.loud)
    rise_high, fit_high = _climbs(starts, end_s, sound.high)
    does_climb = (rise > _LEAST_RISE_DB) & (fit > _LEAST_FIT)
    does_climb |= (rise_high > _LEAST_RISE_HIGH_DB) & (fit_high > _LEAST_FIT)
    worth = _RISE_WEIGHT * np.clip(rise, -3, 15) + _FIT_WEIGHT * np.clip(fit, 0, 1)
    worth += _RISE_HIGH_WEIGHT * np.clip(rise_high, -3, 20) + _FIT_HIGH_WEIGHT * np.clip(fit_high, 0, 1)
    return np.where(does_climb, worth, -np.inf)


def _climbs(start_s: Doubles, end_s: Seconds, level: Level) -> tuple[Doubles, Doubles]:
    """Rise in dB from each start to the end, by a line through eight parts, and how well that fits (correlation)."""
    parts = np.concatenate([level.parts_db(start, float(end_s - start[0]), _PARTS) for start in start_s[:, None]])
    return slope_of(parts) * _PARTS, fit_of(parts)


def _fall_db(start_s: Doubles, sound: Sound) -> Doubles:
    """How much quieter the bar from each start on is than the one before it."""
    ago_s, bar_s = start_s - SMEAR_S, 4 * sound.beat_s
    return np.clip(sound.loud.mean_db(ago_s - bar_s, ago_s) - sound.loud.mean_db(start_s, start_s + bar_s), -3.0, 10.0)
