"""Levels before and after every moment of a track: what lulls, build-ups and drops are judged by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Features, Floats
from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.model.units import Bpm, Decibels, Seconds

GRID_S: Final[Seconds] = 0.02
"""From one moment to the next."""
SMEAR_S: Final[Seconds] = 0.03
"""A spectrum reaches so far beyond its row: what is before a moment ends so much before it."""

_SHORTEST_BEAT_S: Final[Seconds] = 0.3
_LONGEST_BEAT_S: Final[Seconds] = 0.85
_HISTORY_S: Final[Seconds] = 20.0
_MOST_CHANGE_DB: Final[Decibels] = 12.0
_UNHEARD: Final = 1e-5
"""Of the mean power of a band: 50 dB below, a band is silent."""


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
        sound.loud.mean_db(at_s - _HISTORY_S, at_s - 0.2),
    )


def _later(at_s: Doubles, beat_s: Seconds) -> tuple[Doubles, Doubles]:
    return at_s + 2 * beat_s, at_s + 8 * beat_s


def rise_db(level: Level, after_db: Doubles, moments: Moments, before_s: Seconds) -> Doubles:
    """How much louder it is after each moment than it was for `before_s` before it."""
    ago = moments.at_s - SMEAR_S
    rise: Doubles = after_db - level.mean_db(ago - before_s, ago)
    return rise


def change_db(at_s: Doubles, length_s: Seconds, features: Features) -> Doubles:
    """How different the spectrum after each moment is from that before it: mean of the bands, at most 12."""
    edges = np.stack((at_s - length_s - SMEAR_S, at_s - SMEAR_S, at_s, at_s + length_s), axis=1)
    rows = np.clip(np.round(edges * features.fps).astype(np.intp), 0, len(features.bands))
    return np.clip([_difference_db(features.bands, row) for row in rows], 0.0, _MOST_CHANGE_DB)


def _difference_db(bands: Floats, rows: npt.NDArray[np.intp]) -> float:
    if rows[0] == rows[1] or rows[2] == rows[3]:
        return 0.0
    before, after = bands[rows[0] : rows[1]].mean(axis=0), bands[rows[2] : rows[3]].mean(axis=0)
    quiet = _UNHEARD * float(before.mean() + after.mean()) + 1e-20
    return float(np.abs(10 * np.log10((after + quiet) / (before + quiet))).mean())
