"""The tempo of a track around each moment, in the octave one would tap, and how clear the pulse is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Floats
from nbd_tui.library.analysis.onsets import Onsets
from nbd_tui.library.analysis.tempogram import TEMPI, Tempogram, at_lags, mean_autocorrelation, tempogram_of, thinned
from nbd_tui.model.units import Bpm, Seconds

Doubles = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_USUAL_BPM: Final = 128.0
_USUAL_OCTAVES: Final = 0.62
"""Tempi tapped are spread so widely around the usual one; tuned on the generated set."""
_BACKBEAT_WEIGHT: Final = 0.7
_JUMP_COST: Final = 12.0
_DRIFT_COST: Final = 60.0
"""Per octave and window; up to the cost of a jump."""
_LOCAL_WEIGHT: Final = 8.0
_WHOLE_WEIGHT: Final = 4.0
_CLEAR_FROM: Final = 0.12
_CLEAR_RANGE: Final = 0.2
"""Clarity of noise and pads stays below the first, of a piano that lingers near it; songs with drums exceed it by the
second."""


@dataclass(frozen=True, slots=True, eq=False)
class TempoPath:
    """The tempo over time."""

    step_s: Seconds
    """Value i is about i * step_s."""
    bpm: Doubles
    confidence: float
    """How clear the pulse is, 0 to 1."""
    whole: Floats
    """Per tempo of `TEMPI`: fit to the whole track, without preferences."""

    def fit(self, bpm: Bpm) -> float:
        """How well a tempo fits the whole track, as the logarithm of its share of the best fit, -3 to 0."""
        share = np.interp(bpm, TEMPI, self.whole) / (self.whole.max() + 1e-9)
        return float(np.log(max(share, np.exp(-3))))

    def agreeing(self, octaves: float) -> float:
        """Share of the track within so many octaves of the median tempo."""
        return float(np.mean(np.abs(np.log2(self.bpm / self.median)) < octaves))

    @property
    def median(self) -> Bpm:
        """The tempo of most of the track, as fine as `TEMPI`."""
        return float(np.median(self.bpm))


def find_tempo(onsets: Onsets) -> TempoPath:
    """The tempo of a track."""
    pulse, rate_hz = thinned(onsets.pulse, onsets.fps)
    tempogram = tempogram_of(pulse, rate_hz)
    backbeats = _backbeats(onsets)
    preference = _usual() * (1 + _BACKBEAT_WEIGHT * backbeats)
    local = tempogram.strength * preference
    whole = local.mean(axis=0)
    scores = _LOCAL_WEIGHT * local / (local.max() + 1e-9) + _WHOLE_WEIGHT * whole / (whole.max() + 1e-9)
    path = _smoothest(scores.astype(np.float32))
    return TempoPath(tempogram.step_s, _folded(TEMPI[path].astype(np.float64)), _confidence(tempogram),
                     tempogram.strength.mean(axis=0))  # fmt: skip


def _folded(bpm: Doubles) -> Doubles:
    """Every tempo in the octave around the median one: bands change tempo, but rarely by so much."""
    away = np.log2(bpm / np.median(bpm))
    folded: Doubles = bpm * 2.0 ** -np.round(away)
    return folded


def _usual() -> Floats:
    octaves = np.log2(TEMPI / _USUAL_BPM)
    usual: Floats = np.exp(-0.5 * np.square(octaves / _USUAL_OCTAVES))
    return usual


def _backbeats(onsets: Onsets) -> Floats:
    """Per tempo: how much better the high range repeats after two beats than after one, -0.6 to 0.6.

    A snare sounds on every second beat.
    """
    high, rate_hz = thinned(onsets.high_pulse, onsets.fps)
    correlation = mean_autocorrelation(high, rate_hz)
    lags = 60 * rate_hz / TEMPI
    one, two = at_lags(correlation, lags), at_lags(correlation, 2 * lags)
    return np.clip((two - one) / (np.abs(two) + np.abs(one) + np.float32(0.05)), -0.6, 0.6)


def _confidence(tempogram: Tempogram) -> float:
    clarity = float(tempogram.clarity.mean())
    return float(np.clip((clarity - _CLEAR_FROM) / _CLEAR_RANGE, 0, 1))


def _smoothest(scores: Floats) -> npt.NDArray[np.intp]:
    """Best path through (windows, tempi): drift is cheap, a jump costs a constant (Viterbi)."""
    octaves = np.log2(TEMPI)
    cost = np.minimum(_DRIFT_COST * np.abs(octaves[:, None] - octaves[None, :]), _JUMP_COST).astype(np.float32)
    best = scores[0]
    origins = np.zeros(scores.shape, np.uint8)
    every = np.arange(len(TEMPI))
    for index in range(1, len(scores)):
        ways = best[None, :] - cost
        origin = ways.argmax(axis=1)
        origins[index] = origin
        best = ways[every, origin] + scores[index]
    path = np.empty(len(scores), np.intp)
    path[-1] = int(best.argmax())
    for index in range(len(scores) - 1, 0, -1):
        path[index - 1] = origins[index, path[index]]
    return path
