"""Climbs: how much every moment ends a long steady rise of the level, and the music then stays up there."""

from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.lines import slope_of, unevenness_of
from nbd_tui.library.analysis.moments import SMEAR_S, Moments, Sound
from nbd_tui.model.units import Seconds

_LENGTHS_BEATS: Final = (8, 12, 16, 24, 32, 48, 64)
_SHORTEST_S: Final[Seconds] = 4.5
_PARTS: Final = 8
_STEP_BEATS: Final = 0.5
_UNEVEN_WEIGHT: Final = 2.0
"""Of the deviation from a straight line; tuned on the generated set, as are all of these."""
_LARGEST_LEAP: Final = 0.4
_LEAP_WEIGHT: Final = 2.0
"""Against steps: from one eighth to the next at most this part of the whole rise."""
_LEAST_END: Final = 0.1
"""It rises up to its end: the last quarter by at least this part of the whole."""
_LOUD_DB: Final = -4.0
_STILL_RISING_DB: Final = 2.0


def climb_sign(sound: Sound, moments: Moments) -> tuple[Doubles, Doubles]:
    """The rise in dB that ends at each moment, less what is uneven in it, and how long it is in seconds.

    Both 0 where the music does not stay up.

    A line is laid through the level of the last 8 to 64 beats. Both halves must rise, each by half of the whole: a
    quiet part followed by a loud one is no climb, nor are steps.
    """
    at_s = np.arange(0.0, moments.at_s[-1] + _STEP_BEATS * sound.beat_s, _STEP_BEATS * sound.beat_s)
    best, longest_s = np.zeros(len(at_s)), np.zeros(len(at_s))
    is_up = _stays_up(sound, at_s)
    for beats in _LENGTHS_BEATS:
        length_s = beats * sound.beat_s
        if length_s >= _SHORTEST_S:
            climb = np.where(is_up & (at_s >= length_s), _climb(sound.loud, at_s, length_s), 0.0)
            longest_s = np.where(climb > best, length_s, longest_s)
            best = np.maximum(best, climb)
    nearest = np.minimum(np.round(moments.at_s / (at_s[1] - at_s[0])).astype(np.intp), len(at_s) - 1)
    return best[nearest], longest_s[nearest]


def _climb(level: Level, at_s: Doubles, length_s: Seconds) -> Doubles:
    parts = level.parts_db(at_s - SMEAR_S - length_s, length_s, _PARTS)
    half = _PARTS // 2
    rise = slope_of(parts) * _PARTS
    least = np.minimum(slope_of(parts[:, :half]), slope_of(parts[:, half:])) * _PARTS
    uneven = unevenness_of(parts)
    leap = np.diff(parts, axis=1).max(axis=1) - _LARGEST_LEAP * rise
    climb = np.minimum(rise, 2 * least) - _UNEVEN_WEIGHT * uneven - _LEAP_WEIGHT * np.maximum(leap, 0)
    rises_on: Doubles = np.where(parts[:, -1] - parts[:, -3] > _LEAST_END * rise, climb, 0.0)
    return rises_on


def _stays_up(sound: Sound, at_s: Doubles) -> npt.NDArray[np.bool_]:
    """Whether the music is loud from each moment on, no quieter than right before, and has stopped rising."""
    beat_s = sound.beat_s
    before = sound.loud.mean_db(at_s - 2 * beat_s, at_s - SMEAR_S)
    after = sound.loud.mean_db(at_s, at_s + 2 * beat_s)
    goes_on = sound.loud.mean_db(at_s + 2 * beat_s, at_s + 10 * beat_s)
    later = sound.loud.mean_db(at_s + 8 * beat_s, at_s + 16 * beat_s)
    is_loud = np.minimum(after, goes_on) > sound.loud_db + _LOUD_DB
    stays: npt.NDArray[np.bool_] = (
        is_loud & (after > before - 1) & (goes_on > before - 0.5) & (later < goes_on + _STILL_RISING_DB)
    )
    return stays
