"""Lulls: moments of little music, how unusual one is for its neighbourhood, and where it began."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.moments import GRID_S, SMEAR_S, Moments, Sound
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Seconds

_STROKE_S: Final[Seconds] = 0.15
"""A lull is at least so long: longer than the space between fast strokes."""
_PICKUP_BEATS: Final = 1.0
"""A pickup between lull and drop is at most so long."""
_FLOOR_DB: Final = -28.0
"""Against the loud part; whether it is quieter still says nothing more."""
_LEAST_DEPTH_DB: Final = 5.0
_MOST_DEPTH_DB: Final = 25.0
_DEEP_DB: Final = 18.0
_DEEP_WEIGHT: Final = 0.4
"""Deeper than that, it need be less rare."""
_MOST_RARITY_DB: Final = 15.0

_STEP_BEATS: Final = 0.25
_BAR_BEATS: Final = 4.0
_AROUND_S: Final[Seconds] = 10.5
_LEAST_BARS: Final = 5
_MOST_BARS: Final = 8
_MARGIN: Final = 4
"""Steps to either side that belong to the lull itself and are not compared with."""

_LEAST_APART_BEATS: Final = 2.0
_MOST_APART_BEATS: Final = 18.0
"""Two bars of 1 to 9 beats: stop-start grooves stop in every bar or in every other."""

_UNDER_DB: Final = -8.0
_SMOOTH_S: Final[Seconds] = 0.08
_LONGEST_S: Final[Seconds] = 40.0
_LEAST_S: Final[Seconds] = 0.18
_SEARCH_BEATS: Final = 2.0
_ATTACK_S: Final[Seconds] = 0.04
_STEP_S: Final[Seconds] = 0.01


def lull_depth_db(sound: Sound, moments: Moments) -> Doubles:
    """How far under what follows the 0.15 s right before each moment are, 0 to 25."""
    return np.clip(moments.after - _right_before(sound, moments), 0.0, _MOST_DEPTH_DB)


def lull_sign(sound: Sound, moments: Moments) -> Doubles:
    """How much each moment ends a lull that is deep and unusual around here, in dB; 15 at most."""
    stroke = np.maximum(_right_before(sound, moments), sound.loud_db + _FLOOR_DB)
    reach = max(1, round(_PICKUP_BEATS * sound.beat_s / GRID_S))
    padded = np.concatenate((np.full(reach - 1, np.inf), stroke))
    with_pickup = np.lib.stride_tricks.sliding_window_view(padded, reach).min(axis=1)
    return np.maximum(*(_sign(lull, moments.after, sound.beat_s / GRID_S) for lull in (stroke, with_pickup)))


def bass_lull_sign(sound: Sound, moments: Moments, beats: float = 0.0) -> Doubles:
    """Likewise of the bass, and without pickup: noise may fill a lull, as a crowd does or a loud master, bass does not.

    Args:
        sound: the levels.
        moments: those around each moment.
        beats: length of the lull; 0.15 s at least.
    """
    ago, length_s = moments.at_s - SMEAR_S, max(_STROKE_S, beats * sound.beat_s)
    lull = np.maximum(sound.low.mean_db(ago - length_s, ago), sound.low_db + _FLOOR_DB)
    return _sign(lull, moments.after_low, sound.beat_s / GRID_S)


def _right_before(sound: Sound, moments: Moments) -> Doubles:
    ago = moments.at_s - SMEAR_S
    return sound.loud.mean_db(ago - _STROKE_S, ago)


def _sign(lull_db: Doubles, after_db: Doubles, beat_rows: float) -> Doubles:
    depth = after_db - lull_db
    is_end = depth >= _LEAST_DEPTH_DB
    rarity = rarity_db(lull_db, is_end, beat_rows) + _DEEP_WEIGHT * np.clip(
        depth - _DEEP_DB, 0.0, _MOST_DEPTH_DB - _DEEP_DB
    )
    return np.clip(np.minimum(rarity, depth - _LEAST_DEPTH_DB), 0.0, _MOST_RARITY_DB)


def rarity_db(lull_db: Doubles, is_end: npt.NDArray[np.bool_], beat_rows: float) -> Doubles:
    """How far each lull lies under the others around it.

    A stop-start groove or a staccato riff has a lull as deep in every bar or two or four: none of them is a drop's.

    Args:
        lull_db: level of the lull right before each moment of an even grid.
        is_end: whether louder music follows.
        beat_rows: moments of the grid per beat.
    """
    step = max(1, round(_STEP_BEATS * beat_rows))
    starts = np.arange(0, len(lull_db), step)
    bars = int(np.clip(round(_AROUND_S / (beat_rows * GRID_S * _BAR_BEATS)), _LEAST_BARS, _MOST_BARS))
    around = _usual_around(np.minimum.reduceat(lull_db, starts), bars)
    ends_db = np.minimum.reduceat(np.where(is_end, lull_db, np.inf), starts)
    usual = np.minimum(around, _usual_evenly(ends_db, beat_rows / step))
    rarity: Doubles = np.where(np.isfinite(usual), usual, lull_db.max())[np.arange(len(lull_db)) // step] - lull_db
    return rarity


def _usual_around(lulls_db: Doubles, bars: int) -> Doubles:
    """The lull of every bar of four beats around each step of a quarter of a beat, but for the one that is lowest."""
    bar = round(_BAR_BEATS / _STEP_BEATS)
    edge = np.full(bars * bar + _MARGIN, np.inf)
    lowest = np.lib.stride_tricks.sliding_window_view(np.concatenate((edge, lulls_db, edge)), bar).min(axis=1)
    here = np.arange(len(lulls_db)) + len(edge)
    starts = [-(number + 1) * bar - _MARGIN for number in range(bars)]
    starts += [_MARGIN + number * bar for number in range(bars)]
    usual: Doubles = np.sort(np.stack([lowest[here + start] for start in starts]), axis=0)[1]
    return usual


def _usual_evenly(lulls_db: Doubles, beat_steps: float) -> Doubles:
    """The shallower of two more lulls at even distances from each step, whatever the distance: infinite without two.

    So a groove of stops is known in any metre, and in any octave of the tempo, by three stops in a row.

    Args:
        lulls_db: the lowest lull of each step.
        beat_steps: steps per beat.
    """
    shortest, longest = (math.ceil(beats * beat_steps) for beats in (_LEAST_APART_BEATS, _MOST_APART_BEATS))
    edge = np.full(2 * longest + 1, np.inf)
    padded = np.concatenate((edge, lulls_db, edge))
    near = np.lib.stride_tricks.sliding_window_view(padded, 3).min(axis=1)
    count = len(lulls_db)
    usual = np.full(count, np.inf)
    for apart in range(shortest, longest + 1):
        starts = (2 * longest + place * apart for place in (-2, -1, 1, 2))
        two_ago, ago, later, two_later = (near[start : start + count] for start in starts)
        for pair in ((two_ago, ago), (ago, later), (later, two_later)):
            usual = np.minimum(usual, np.maximum(*pair))
    return usual


def lull_before(drop_s: Seconds, beat_s: Seconds, loud: Level) -> Span | None:
    """The lull right before a drop; a pickup of up to two beats may lie between.

    It reaches as far as the music stays nearer to its lowest level than to the level after the drop, in dB, and well
    under that level: silence at the end of a break is a lull of its own. None where it is shorter than 0.18 s, which
    is the space between two strokes.
    """
    at_s = np.arange(drop_s - _ATTACK_S, max(0.0, drop_s - _LONGEST_S), -_STEP_S)
    if not len(at_s):
        return None
    after_db = loud.mean_db(np.array([drop_s]), np.array([drop_s + beat_s]))
    level = loud.mean_db(at_s - _SMOOTH_S / 2, at_s + _SMOOTH_S / 2) - after_db
    lowest = int(np.argmin(level[: max(1, round(_SEARCH_BEATS * beat_s / _STEP_S))]))
    over = np.flatnonzero(level >= min(_UNDER_DB, level[lowest] / 2))
    first, last = np.searchsorted(over, lowest) - 1, np.searchsorted(over, lowest, side="right")
    if level[lowest] >= _UNDER_DB:
        return None
    end_s = drop_s if first < 0 else float(at_s[over[first]])
    start_s = float(at_s[over[last] - 1] if last < len(over) else at_s[-1])
    return Span(start_s, end_s) if end_s - start_s >= _LEAST_S else None
