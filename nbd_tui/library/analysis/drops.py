"""Drops: where everything drops out, or rises, and then slams back in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.buildups import find_build
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles
from nbd_tui.library.analysis.lulls import lull_before, lull_depth_db, lull_sign
from nbd_tui.library.analysis.moments import GRID_S, Moments, Sound, moments_of, rise_db, sound_of
from nbd_tui.library.analysis.refine import attack_s, best_beat
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.library.analysis.tops import Top, find_tops
from nbd_tui.model.hearing import Drop
from nbd_tui.model.units import Seconds

_SHORTEST_S: Final[Seconds] = 30.0
_FIRST_S: Final[Seconds] = 5.0
_LAST_S: Final[Seconds] = 8.0
_LONGEST_GAP_BEATS: Final = 4.6
"""A longer lull is a break, and a build-up may lie within it."""
_LEAST_LULL_DB: Final = 10.5
_LEAST_BASS_DB: Final = 11.5
_BREAK_S: Final[Seconds] = 2.2
_LEAST_STEP_DB: Final = 1.0
_STEP_WEIGHT: Final = 0.7
"""Where the whole music returns with the bass, less bass will do."""
_RISE_WEIGHT: Final = 0.5
_MOST_RISE_DB: Final = 16.0
_STEADY: Final = 0.36
"""Confidence from which on there are drops: where the beat is softer, music pauses all the time, as orchestras do. …"""
_CLEAR: Final = 0.6
"""… From this one on climbs lead to some, too: orchestras swell all the time. All levels here are tuned on the
generated set."""
_LEAST_SCORE: Final = 7.0
_SHARE_OF_BEST: Final = 0.22
_APART_S: Final[Seconds] = 8.0
_MOST: Final = 5
_NEIGHBOURHOOD_S: Final[Seconds] = 240.0
"""A song has its few drops; a mix of hours has as many in every stretch of this length to either side."""


@dataclass(frozen=True, slots=True, eq=False)
class _Signs:
    """What speaks for a drop at every moment."""

    contrast: Doubles
    """How much louder the music, the bass and the band are than before, in dB."""
    is_drop: npt.NDArray[np.bool_]
    """Whether it returns from a lull or without its bass."""


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """What drops are looked for in."""

    features: Features
    rhythm: Rhythm
    sound: Sound
    bar_s: Seconds


def find_drops(features: Features, rhythm: Rhythm) -> tuple[Drop, ...]:
    """The drops of a track in the order of time; none where there is no steady beat."""
    if rhythm.bpm is None or rhythm.confidence < _STEADY or features.duration_s < _SHORTEST_S:
        return ()
    sound = sound_of(features, rhythm.bpm)
    moments = moments_of(sound, features.duration_s)
    track = _Track(features, rhythm, sound, rhythm.bar_s(sound.beat_s))
    signs = _signs(sound, moments)
    found = _at_tops(track, signs)
    _add_returns(found, track, moments, signs)
    return tuple(sorted(found, key=lambda drop: drop.at_s))


def _at_tops(track: _Track, signs: _Signs) -> list[Drop]:
    """The drops that climbs lead to, likeliest first."""
    found: list[Drop] = []
    if track.rhythm.confidence < _CLEAR:
        return found
    for top in find_tops(track.features, track.rhythm, track.sound):
        at_s, score = attack_s(top.at_s, track.features.envelope), _top_score(top, signs)
        if _is_wanted(at_s, score, found):
            found.append(_described(at_s, score, track))
    return found


def _top_score(top: Top, signs: _Signs) -> float:
    row = min(round(top.at_s / GRID_S), len(signs.contrast) - 1)
    return max(_LEAST_SCORE, float(signs.contrast[row]) + _RISE_WEIGHT * min(max(top.rise_db, 0.0), _MOST_RISE_DB))


def _add_returns(found: list[Drop], track: _Track, moments: Moments, signs: _Signs) -> None:
    """The best few of every neighbourhood where the music returns from a lull or without its bass, strongest first."""
    scores = np.where(signs.is_drop & (signs.contrast >= _LEAST_SCORE), signs.contrast, 0.0)
    for row in _peaks(scores):
        score, near_s = float(scores[row]), float(moments.at_s[row])
        if not _is_wanted(near_s, score, found):
            continue
        at_s = attack_s(best_beat(near_s, track.features, track.rhythm, track.sound), track.features.envelope)
        if _is_wanted(at_s, score, found):
            found.append(_described(at_s, score, track))


def _is_wanted(at_s: Seconds, score: float, found: Sequence[Drop]) -> bool:
    """Whether it is one of the best few of its neighbourhood, and well apart from the others."""
    near = [drop for drop in found if abs(drop.at_s - at_s) < _NEIGHBOURHOOD_S]
    is_apart = all(abs(at_s - drop.at_s) > _APART_S for drop in near)
    return is_apart and len(near) < _MOST and all(score >= _SHARE_OF_BEST * drop.score for drop in near)


def _described(at_s: Seconds, score: float, track: _Track) -> Drop:
    beat_s = track.sound.beat_s
    gap = lull_before(at_s, beat_s, track.sound.loud)
    is_short = gap is not None and gap.end_s - gap.start_s < _LONGEST_GAP_BEATS * beat_s
    end_s = gap.start_s if gap is not None and is_short else at_s
    return Drop(at_s, score, gap, find_build(at_s, end_s, track.bar_s, track.sound, track.features))


def _signs(sound: Sound, moments: Moments) -> _Signs:
    beat_s = sound.beat_s
    lengths_s = 3 * beat_s, max(3.5 * beat_s, min(5.5 * beat_s, _BREAK_S))
    bass = np.minimum(*(rise_db(sound.low, moments.after_low, moments, length_s) for length_s in lengths_s))
    step, long_step = (rise_db(sound.loud, moments.after, moments, beats * beat_s) for beats in (4, 16))
    lull = lull_sign(sound, moments)
    is_return = (bass + _STEP_WEIGHT * np.clip(step, 0, 5) >= _LEAST_BASS_DB) & (step >= _LEAST_STEP_DB)
    is_drop = ((lull >= _LEAST_LULL_DB) | is_return) & _is_loud(sound, moments) & _is_inside(sound, moments)
    contrast = (
        0.4 * np.maximum(lull_depth_db(sound, moments), lull)
        + 0.4 * np.clip(bass, 0, 20)
        + 0.4 * np.clip(np.maximum(step, long_step), 0, 20)
    )
    return _Signs(contrast, is_drop)


def _is_loud(sound: Sound, moments: Moments) -> npt.NDArray[np.bool_]:
    """Music before it, and from it on as loud as this track gets, with the bass there."""
    is_loud: npt.NDArray[np.bool_] = (
        (moments.history > sound.loud_db - 25)
        & (moments.after > sound.loud_db - 6)
        & (moments.after_low > sound.low_db - 8)
    )
    return is_loud


def _is_inside(sound: Sound, moments: Moments) -> npt.NDArray[np.bool_]:
    first_s, last_s = max(_FIRST_S, 4 * sound.beat_s), moments.at_s[-1] - _LAST_S
    inside: npt.NDArray[np.bool_] = (moments.at_s > first_s) & (moments.at_s < last_s)
    return inside


def _peaks(scores: Doubles) -> list[int]:
    """Rows of the local maxima, highest first."""
    padded = np.concatenate(([0.0], scores, [0.0]))
    rows = np.flatnonzero((scores > 0) & (scores >= padded[:-2]) & (scores > padded[2:]))
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")]]
