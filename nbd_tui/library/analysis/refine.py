"""Where exactly a drop is: first the right beat, then the attack on it, to a few milliseconds."""

from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import ENVELOPE_HZ, Features, Floats
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.moments import GRID_S, SMEAR_S, Sound, change_db
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Decibels, Seconds

_REACH_BEATS: Final = 2.6
_LEAST_REACH_S: Final[Seconds] = 0.8

_STROKE_S: Final[Seconds] = 0.15
_STROKE_WEIGHT: Final = 0.6
_LEAP_WEIGHT: Final = 0.3
_STEP_WEIGHT: Final = 0.4
_LATER_WEIGHT: Final = 2.2
_CHANGES: Final = ((2.0, 1.0), (4.0, 0.8))
"""Beats to either side, and weight."""
_BEAT_BONUS: Final = 1.0
_DOWNBEAT_BONUS: Final = 4.0
"""These weights are the conditional logit fitted to the true drops of the tuning set, rounded; bass counts 1."""
_SAME_S: Final[Seconds] = 0.05
_LEAP_S: Final[Seconds] = 0.08
_LEAP_DB: Final[Decibels] = 4.0
_APART_S: Final[Seconds] = 0.1

_BACK_S: Final[Seconds] = 0.07
_ON_S: Final[Seconds] = 0.09
_BEFORE: Final = 6
_AFTER: Final = 15
_LOUDNESS_WEIGHT: Final = 0.6
_SOUNDS_S: Final[Seconds] = 0.0007
"""A stroke takes so long to be loud; tuned on the generated set."""


def best_beat(near_s: Seconds, features: Features, rhythm: Rhythm, sound: Sound) -> Seconds:
    """The beat or stroke around `near_s` on which everything comes back; `near_s` where there is neither.

    There the bass returns, the first stroke is strong, the sound changes, and the music has reached its level: after
    the first note of a pickup, or a bar too early in a crescendo, it goes on rising. Beats are likelier than strokes
    off the beat (the beats may be wrong, too), downbeats likelier still.
    """
    at_s = _candidates_s(near_s, max(_REACH_BEATS * sound.beat_s, _LEAST_REACH_S), rhythm, sound)
    return float(at_s[np.argmax(_worth(at_s, features, rhythm, sound))]) if len(at_s) else near_s


def _candidates_s(near_s: Seconds, reach_s: Seconds, rhythm: Rhythm, sound: Sound) -> Doubles:
    beats_s = rhythm.beats_s[np.abs(rhythm.beats_s - near_s) <= reach_s]
    return np.concatenate((beats_s, strokes_s(Span(near_s - reach_s, near_s + reach_s), sound.loud)))


def _worth(at_s: Doubles, features: Features, rhythm: Rhythm, sound: Sound) -> Doubles:
    worth = _return_db(at_s, sound)
    for beats, weight in _CHANGES:
        worth += weight * change_db(at_s, beats * sound.beat_s, features)
    worth += _BEAT_BONUS * is_among(at_s, rhythm.beats_s) + _DOWNBEAT_BONUS * is_among(at_s, rhythm.downbeats_s)
    return worth


def strokes_s(within: Span, loud: Level) -> Doubles:
    """Where the level leaps within a stretch: the steepest of each `_APART_S` to either side."""
    at_s = np.arange(within.start_s, within.end_s, GRID_S)
    rise = loud.mean_db(at_s, at_s + _LEAP_S) - loud.mean_db(at_s - _LEAP_S, at_s)
    reach = round(_APART_S / GRID_S)
    padded = np.concatenate((np.zeros(reach), rise, np.zeros(reach)))
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1) if len(rise) else rise
    return at_s[(rise >= highest) & (rise > _LEAP_DB)]


def _return_db(at_s: Doubles, sound: Sound) -> Doubles:
    beat_s, loud = sound.beat_s, sound.loud
    ago_s = at_s - SMEAR_S
    bass = sound.low.mean_db(at_s, at_s + beat_s) - sound.low.mean_db(ago_s - 2 * beat_s, ago_s)
    stroke = loud.mean_db(at_s, at_s + _STROKE_S)
    leap = stroke - loud.mean_db(ago_s - _STROKE_S, ago_s)
    bar = loud.mean_db(at_s, at_s + 4 * beat_s)
    step = bar - loud.mean_db(ago_s - 4 * beat_s, ago_s)
    later = loud.mean_db(at_s + 4 * beat_s, at_s + 8 * beat_s) - bar
    rises = np.clip(bass, -3, 12) + _LEAP_WEIGHT * np.clip(leap, 0, 25) + _STEP_WEIGHT * np.clip(step, -3, 8)
    worth: Doubles = _STROKE_WEIGHT * stroke + rises - _LATER_WEIGHT * np.maximum(later, 0)
    return worth


def is_among(at_s: Doubles, others_s: Doubles) -> npt.NDArray[np.bool_]:
    """Which moments are within 0.05 s of one of the others; those must be in the order of time."""
    if not len(others_s):
        return np.zeros(len(at_s), bool)
    after = np.searchsorted(others_s, at_s)
    distances = (np.abs(at_s - others_s[np.clip(after + side, 0, len(others_s) - 1)]) for side in (-1, 0))
    among: npt.NDArray[np.bool_] = np.minimum(*distances) < _SAME_S
    return among


def attack_s(near_s: Seconds, envelope: Floats) -> Seconds:
    """Where the steepest rise of the fine envelope around `near_s` begins, to half a millisecond.

    `near_s` where there is none.
    """
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
    crossing = _crossing(level, int(place[steepest]), float(middle))
    return (first + _begin(values, crossing, 10 ** (middle / 10))) / ENVELOPE_HZ - _SOUNDS_S


def _sides(values: Doubles, place: npt.NDArray[np.intp], peak: float) -> tuple[Doubles, Doubles]:
    """Levels in dB right before and right after each place."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    before = (sums[place] - sums[place - _BEFORE]) / _BEFORE
    after = (sums[place + _AFTER] - sums[place]) / _AFTER
    floor = peak * 1e-4
    return 10 * np.log10(np.maximum(before, 0) + floor), 10 * np.log10(np.maximum(after, 0) + floor)


def _begin(values: Doubles, crossing: int, threshold: float) -> float:
    """Where within the first value over the threshold the rise begins: it has the less of it, the later that is."""
    near = values[max(0, crossing - 1) : crossing + 3]
    place = max(0, crossing - 1) + int(np.argmax(near >= threshold)) if (near >= threshold).any() else crossing
    after = float(values[place + 1 : place + 4].mean())
    return place + 1 - min(1.0, float(values[place]) / after) if after > 0 else float(place)


def _crossing(level: Doubles, place: int, threshold: float) -> int:
    """The first value over the threshold near `place`: at most 4 before, 8 after."""
    over = level[max(0, place - 4) : place + 9] >= threshold
    return max(0, place - 4) + int(np.argmax(over)) if over.any() else place
