"""How well tempos fit a band. Pure."""

from typing import Final

import numpy as np

from nbd_tui.soundtrack.intent import Intent
from nbd_tui.soundtrack.songs import Floats

UNKNOWN_TEMPO: Final = 0.5
"""Score of a track without a tempo: better than a clear miss, worse than a hit."""
EDGE: Final = 0.85
"""Tempo score at the edge of the band; 1 in its best part."""

_FALL_OCTAVES: Final = 0.12
"""Outside the band the tempo score falls by a factor e for each of these."""


def tempo_scores(bpm: Floats, intent: Intent) -> Floats:
    """How well tempos fit: 1 in the best part of the band, falling softly outside it; NaN is an unknown tempo."""
    if intent.octave_free:
        octaves = np.stack([_own_octave(bpm * factor, intent) for factor in (0.5, 1.0, 2.0)])
        return np.asarray(octaves.max(axis=0), dtype=np.float64)
    return _own_octave(bpm, intent)


def _own_octave(bpm: Floats, intent: Intent) -> Floats:
    """Piecewise in log2 of tempo, so that 5 % too fast is as bad as 5 % too slow."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pitch = np.log2(bpm)
    low, best_low, best_high, high = np.log2(
        (intent.low_bpm, intent.best_low_bpm, intent.best_high_bpm, intent.high_bpm)
    )
    inside = np.interp(pitch, (low, best_low, best_high, high), (EDGE, 1.0, 1.0, EDGE))
    outside = np.maximum(0.0, np.maximum(low - pitch, pitch - high))
    scores = inside * np.exp(-outside / _FALL_OCTAVES)
    return np.where(np.isnan(pitch), UNKNOWN_TEMPO, scores)
