"""Drops: where everything drops out, or rises, and then slams back in."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.buildups import find_build
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.library.analysis.lulls import lull_before, rarity_db
from nbd_tui.library.analysis.refine import attack_s, best_beat
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.model.hearing import STEADY, Drop
from nbd_tui.model.units import Bpm, Seconds

_GRID_S: Final[Seconds] = 0.02
_SMEAR_S: Final[Seconds] = 0.03
"""A spectrum reaches so far beyond its row."""
_LEAST_SCORE: Final = 9.0
_SHARE_OF_BEST: Final = 0.5
_APART_S: Final[Seconds] = 12.0
_MOST: Final = 5
_NEIGHBOURHOOD_S: Final[Seconds] = 240.0
"""A song has its few drops; a mix of hours has as many in every stretch of this length to either side."""
_HISTORY_S: Final[Seconds] = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Levels in dB around every moment of an even grid."""

    at_s: Doubles
    after: Doubles
    after_low: Doubles
    goes_on: Doubles
    """Two to eight beats later."""
    lull: Doubles
    """Right before, three quarters of a beat."""
    bar: Doubles
    """Four beats before."""
    bar_low: Doubles
    phrase: Doubles
    """Sixteen beats before."""
    phrase_low: Doubles
    history: Doubles
    """Twenty seconds before: a start is no drop."""


def find_drops(features: Features, rhythm: Rhythm) -> tuple[Drop, ...]:
    """The drops of a track in the order of time; none where there is no steady beat."""
    if rhythm.bpm is None or rhythm.confidence < STEADY or features.duration_s < 2 * _HISTORY_S:
        return ()
    beat_s = _felt_beat_s(rhythm.bpm)
    loud, low, high = (Level(power, features.fps) for power in (features.loud, features.low, features.high))
    moments = _moments(features.duration_s, beat_s, loud, low)
    scores = _scores(moments, beat_s, loud.loud_part_db(), low.loud_part_db())
    drops = []
    for row in _strongest(moments.at_s, scores):
        beat = best_beat(float(moments.at_s[row]), rhythm.beats_s, beat_s, loud, low)
        at_s = attack_s(beat, features.envelope)
        gap = lull_before(at_s, float(moments.after[row]), beat_s, loud)
        is_near = gap is not None and gap.end_s - gap.start_s < 6 * beat_s + 0.3
        build = find_build(gap.start_s if gap is not None and is_near else at_s - 0.05, beat_s, loud, high)
        drops.append(Drop(at_s, float(scores[row]), gap, build))
    return tuple(sorted(drops, key=lambda drop: drop.at_s))


def _felt_beat_s(bpm: Bpm) -> Seconds:
    """Length of the beat, doubled where it is under 0.3 s: windows in beats should not depend on the octave."""
    beat_s = 60 / bpm
    while beat_s < 0.3:
        beat_s *= 2
    return beat_s


def _moments(duration_s: Seconds, beat_s: Seconds, loud: Level, low: Level) -> _Moments:
    at_s = np.arange(0.0, duration_s, _GRID_S)
    ago = at_s - _SMEAR_S
    lull_s = min(max(0.75 * beat_s, 0.18), 0.5)
    return _Moments(
        at_s,
        loud.mean_db(at_s, at_s + beat_s),
        low.mean_db(at_s, at_s + beat_s),
        loud.mean_db(at_s + 2 * beat_s, at_s + 8 * beat_s),
        loud.mean_db(ago - lull_s, ago),
        loud.mean_db(ago - 4 * beat_s, ago),
        low.mean_db(ago - 4 * beat_s, ago),
        loud.mean_db(at_s - 16 * beat_s, ago),
        low.mean_db(at_s - 16 * beat_s, ago),
        loud.mean_db(at_s - _HISTORY_S, at_s - 0.2),
    )


def _scores(moments: _Moments, beat_s: Seconds, loud_db: float, low_db: float) -> Doubles:
    """How much each moment is a drop; 0 where something says that it is none."""
    from_bar, from_phrase = moments.after - moments.bar, moments.after - moments.phrase
    low_from_phrase = np.clip(moments.after_low - moments.phrase_low, 0, 20)
    rare = np.clip(rarity_db(moments.lull, beat_s / _GRID_S), 0, 14)
    step = np.where((from_bar > 4.5) & (from_phrase > 7), 0.35 * np.clip(from_phrase, 0, 12), 0)
    score = (
        step
        + 0.45 * rare
        + 0.35 * np.clip(moments.after - moments.lull, 0, 40)
        + 0.30 * np.clip(moments.after_low - moments.bar_low, 0, 30)
        + 0.25 * low_from_phrase
        + 0.25 * np.clip(from_bar, -6, 20)
    )
    is_deep = ((moments.lull - moments.after < -9) & (rare > 3)) | (low_from_phrase > 6) | (step > 0)
    return np.where(_is_loud(moments, loud_db, low_db) & _is_inside(moments.at_s, beat_s) & is_deep, score, 0)


def _is_loud(moments: _Moments, loud_db: float, low_db: float) -> npt.NDArray[np.bool_]:
    """Music before it, and from it on as loud as this track gets, with the bass there."""
    is_loud: npt.NDArray[np.bool_] = (
        (moments.history - loud_db > -25)
        & (moments.after - loud_db > -5)
        & (moments.goes_on - loud_db > -6)
        & (moments.after_low - low_db > -7)
    )
    return is_loud


def _is_inside(at_s: Doubles, beat_s: Seconds) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = (at_s > max(5.0, 4 * beat_s)) & (at_s < at_s[-1] - 10)
    return inside


def _strongest(at_s: Doubles, scores: Doubles) -> list[int]:
    """Rows of the drops: the best few of every neighbourhood, each well apart from the others."""
    chosen: list[int] = []
    for row in _peaks(scores):
        near = [other for other in chosen if abs(at_s[row] - at_s[other]) < _NEIGHBOURHOOD_S]
        is_apart = all(abs(at_s[row] - at_s[other]) > _APART_S for other in near)
        is_strong = all(scores[row] >= _SHARE_OF_BEST * scores[other] for other in near)
        if is_apart and is_strong and len(near) < _MOST:
            chosen.append(row)
    return chosen


def _peaks(scores: Doubles) -> list[int]:
    """Rows of the local maxima that are high enough, highest first."""
    padded = np.concatenate(([-np.inf], scores, [-np.inf]))
    is_peak = (scores >= padded[:-2]) & (scores > padded[2:]) & (scores >= _LEAST_SCORE)
    rows = np.flatnonzero(is_peak)
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")]]
