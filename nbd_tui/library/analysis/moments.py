"""Levels before and after every moment of a track: what lulls, build-ups and drops are judged by."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.model.units import Bpm, Decibels, Seconds

GRID_S: Final[Seconds] = 0.02
"""From one moment to the next."""
SMEAR_S: Final[Seconds] = 0.03
"""A spectrum reaches so far beyond its row: what is before a moment ends so much before it."""

_SHORTEST_BEAT_S: Final[Seconds] = 0.3
_LONGEST_BEAT_S: Final[Seconds] = 0.85
_HISTORY_S: Final[Seconds] = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A track's levels, and the beat they are measured in."""

    beat_s: Seconds
    loud: Level
    low: Level
    high: Level
    loud_db: Decibels
    """How loud the track is where it is loud."""
    low_db: Decibels
    """The bass there."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Levels in dB around every moment of an even grid, `GRID_S` apart, from 0 on."""

    at_s: Doubles
    after: Doubles
    """The next beat, or what follows where that is quieter: one stroke is no drop."""
    after_low: Doubles
    """Likewise, of the bass."""
    goes_on: Doubles
    """From two to eight beats later."""
    history: Doubles
    """The twenty seconds before."""


def sound_of(features: Features, bpm: Bpm) -> Sound:
    """What of a track drops are looked for in."""
    loud, low, high = (Level(power, features.fps) for power in (features.loud, features.low, features.high))
    return Sound(_felt_beat_s(bpm), loud, low, high, loud.loud_part_db(), low.loud_part_db())


def _felt_beat_s(bpm: Bpm) -> Seconds:
    """Length of the beat, doubled or halved to 0.3–0.85 s: stretches in beats should not hang on the octave heard."""
    beat_s = 60 / bpm
    while beat_s < _SHORTEST_BEAT_S:
        beat_s *= 2
    while beat_s > _LONGEST_BEAT_S:
        beat_s /= 2
    return beat_s


def moments_of(sound: Sound, duration_s: Seconds) -> Moments:
    """The levels around every moment of a track."""
    at_s = np.arange(0.0, duration_s, GRID_S)
    goes_on, low_goes_on = (level.mean_db(*_later(at_s, sound.beat_s)) for level in (sound.loud, sound.low))
    return Moments(
        at_s,
        np.minimum(sound.loud.mean_db(at_s, at_s + sound.beat_s), goes_on),
        np.minimum(sound.low.mean_db(at_s, at_s + sound.beat_s), low_goes_on),
        goes_on,
        sound.loud.mean_db(at_s - _HISTORY_S, at_s - 0.2),
    )


def _later(at_s: Doubles, beat_s: Seconds) -> tuple[Doubles, Doubles]:
    return at_s + 2 * beat_s, at_s + 8 * beat_s


def rise_db(level: Level, after_db: Doubles, moments: Moments, before_s: Seconds) -> Doubles:
    """How much louder it is after each moment than it was for `before_s` before it."""
    ago = moments.at_s - SMEAR_S
    rise: Doubles = after_db - level.mean_db(ago - before_s, ago)
    return rise
