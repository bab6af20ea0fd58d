"""Drops: where everything drops out, or rises, and then slams back in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.buildups import find_build
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles
from nbd_tui.library.analysis.lulls import lull_before, lull_depth_db
from nbd_tui.library.analysis.moments import Moments, Sound, moments_of, sound_of
from nbd_tui.library.analysis.refine import attack_s, best_beat
from nbd_tui.library.analysis.returns import Signs, find_returns, most_near, signs_of
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.library.analysis.tops import Top, candidates_of, find_tops
from nbd_tui.model.hearing import Drop
from nbd_tui.model.units import Decibels, Seconds

_SHORTEST_S: Final[Seconds] = 30.0
_LONGEST_GAP_BEATS: Final = 4.6
"""A longer lull is a break, and a build-up may lie within it."""
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
class _Track:
    """What drops are looked for in."""

    features: Features
    rhythm: Rhythm
    sound: Sound
    bar_s: Seconds
    contrast: Doubles
    """How much louder the music, the bass and the band are from every moment on than before, in dB."""


def find_drops(features: Features, rhythm: Rhythm) -> tuple[Drop, ...]:
    """The drops of a track in the order of time; none where there is no steady beat."""
    if rhythm.bpm is None or rhythm.confidence < _STEADY or features.duration_s < _SHORTEST_S:
        return ()
    sound = sound_of(features, rhythm.bpm)
    moments = moments_of(sound, features.duration_s)
    signs = signs_of(sound, moments)
    track = _Track(features, rhythm, sound, rhythm.bar_s(sound.beat_s), _contrast(sound, moments, signs))
    candidates = candidates_of(features, rhythm, sound)
    found = _at_tops(find_tops(candidates), track) if rhythm.confidence >= _CLEAR else []
    _add_returns(found, find_returns(candidates, sound, moments, signs), track)
    return tuple(sorted(found, key=lambda drop: drop.at_s))


def _at_tops(tops: Sequence[Top], track: _Track) -> list[Drop]:
    """The drops that climbs lead to, likeliest first."""
    found: list[Drop] = []
    for top in tops:
        at_s = attack_s(top.at_s, track.features.envelope)
        score = _score(at_s, track, top.rise_db)
        if _is_wanted(at_s, score, found):
            found.append(_described(at_s, score, track))
    return found


def _add_returns(found: list[Drop], returns: Sequence[Seconds], track: _Track) -> None:
    """The likeliest few of every neighbourhood."""
    for near_s in returns:
        score = _score(near_s, track)
        if not _is_wanted(near_s, score, found):
            continue
        at_s = attack_s(best_beat(near_s, track.features, track.rhythm, track.sound), track.features.envelope)
        if _is_wanted(at_s, score, found):
            found.append(_described(at_s, score, track))


def _score(at_s: Seconds, track: _Track, rise_db: Decibels = 0.0) -> float:
    climbed = _RISE_WEIGHT * min(max(rise_db, 0.0), _MOST_RISE_DB)
    return max(_LEAST_SCORE, float(most_near(track.contrast, np.array([at_s]))[0]) + climbed)


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


def _contrast(sound: Sound, moments: Moments, signs: Signs) -> Doubles:
    lull = np.maximum(lull_depth_db(sound, moments), signs.lull)
    step = np.maximum(signs.step, signs.long_step)
    contrast: Doubles = 0.4 * (lull + np.clip(signs.bass, 0.0, 20.0) + np.clip(step, 0.0, 20.0))
    return contrast
