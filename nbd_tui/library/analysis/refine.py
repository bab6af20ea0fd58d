"""Where exactly a drop is: first the right beat, then the attack on it, to a few milliseconds."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import ENVELOPE_HZ, Floats
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.model.units import Seconds

_REACH_BEATS: Final = 2.6
_LEAST_REACH_S: Final[Seconds] = 0.8
_HALF_S: Final[Seconds] = 0.5
_ATTACK_S: Final[Seconds] = 0.2
_SMEAR_S: Final[Seconds] = 0.03
"""A spectrum reaches so far beyond its row."""
_MISSING_WEIGHT: Final = 1.5

_BACK_S: Final[Seconds] = 0.07
_ON_S: Final[Seconds] = 0.09
_BEFORE: Final = 6
_AFTER: Final = 15
_LOUDNESS_WEIGHT: Final = 0.6


def best_beat(near_s: Seconds, beats_s: Doubles, beat_s: Seconds, loud: Level, low: Level) -> Seconds:
    """The beat around `near_s` where everything comes back; `near_s` itself where none is better.

    It has the largest rise of level and bass from the half second before it to that after it, and is already as loud
    as the music goes on: a pickup fill before the drop rises too, but has little bass and is quieter than what follows.
    """
    reach = max(_REACH_BEATS * beat_s, _LEAST_REACH_S)
    at_s = np.concatenate(([near_s], beats_s[np.abs(beats_s - near_s) < reach]))
    return float(at_s[np.argmax(_return(at_s, near_s, beat_s, loud) + _return(at_s, near_s, beat_s, low))])


def _return(at_s: Doubles, near_s: Seconds, beat_s: Seconds, level: Level) -> Doubles:
    half = min(beat_s, _HALF_S)
    rise = level.mean_db(at_s, at_s + half) - level.mean_db(at_s - half - _SMEAR_S, at_s - _SMEAR_S)
    there = np.array([near_s])
    goes_on = level.mean_db(there + 2 * beat_s, there + 8 * beat_s)
    missing = np.clip(goes_on - level.mean_db(at_s, at_s + _ATTACK_S) - 1, 0, 12)
    return np.clip(rise, -10, 20) - _MISSING_WEIGHT * missing


def attack_s(near_s: Seconds, envelope: Floats) -> Seconds:
    """The steepest rise of the fine envelope around `near_s`, to a value of it (2 ms); `near_s` where there is none."""
    first = max(0, round((near_s - _BACK_S) * ENVELOPE_HZ))
    values = envelope[first : round((near_s + _ON_S) * ENVELOPE_HZ)].astype(np.float64)
    if len(values) < _BEFORE + _AFTER + 2:
        return near_s
    smooth = np.convolve(values, np.full(3, 1 / 3), "same")
    peak = float(smooth.max())
    if peak <= 0.0:
        return near_s
    place = np.arange(_BEFORE, len(values) - _AFTER)
    before, after = _sides(smooth, place, peak)
    steepest = int(np.argmax(after - before + _LOUDNESS_WEIGHT * (after - after.max())))
    middle = (before[steepest] + after[steepest]) / 2
    level = 10 * np.log10(smooth + peak * 1e-5)
    return (first + _crossing(level, int(place[steepest]), float(middle))) / ENVELOPE_HZ


def _sides(values: Doubles, place: np.ndarray, peak: float) -> tuple[Doubles, Doubles]:
    """Levels in dB right before and right after each place."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    before = (sums[place] - sums[place - _BEFORE]) / _BEFORE
    after = (sums[place + _AFTER] - sums[place]) / _AFTER
    floor = peak * 1e-4
    return 10 * np.log10(np.maximum(before, 0) + floor), 10 * np.log10(np.maximum(after, 0) + floor)


def _crossing(level: Doubles, place: int, threshold: float) -> int:
    """The first value over the threshold near `place`: at most 4 before, 8 after."""
    over = level[max(0, place - 4) : place + 9] >= threshold
    return max(0, place - 4) + int(np.argmax(over)) if over.any() else place
