"""Onset strength: how much begins at each moment, in three ranges of pitch and overall.

SuperFlux (Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013): the rise of the log
spectrum over two rows, after a maximum filter over neighbouring bands, so that vibrato and slides count for nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Features, Floats
from nbd_tui.model.units import Seconds

_LOUD_PERCENTILE: Final = 95
_COMPRESSION: Final = 3e4
"""The loud part of the track is this far above the bend of the logarithm (45 dB); tuned on the generated set."""
_LAG_S: Final[Seconds] = 0.02
_LOW_SHARE: Final = 8
"""The lowest eighth of the bands holds kick drum and bass, …"""
_HIGH_SHARE: Final = 2
"""… the upper half snare and cymbals."""
_LOW_WEIGHT: Final = 0.6
"""What the low range counts besides its share of everything; tuned on the generated set."""
RANGES: Final = (0.0, 0.05, 0.175, 0.575, 0.85)
"""Where the ranges begin, as shares of the bands: up to 160 Hz the kick drum, to 480 Hz the body of snare, toms and
bass, to 2.8 kHz the middle, to 7 kHz the snare's rattle, above it the cymbals."""
_FLOOR_S: Final[Seconds] = 1.0
_GAIN_S: Final[Seconds] = 8.0
_GAIN_FLOOR: Final = 0.35
"""Passages quieter than this share of the track are not raised to the level of the rest."""
_BATCH: Final = 8192
"""Rows at once: keeps memory flat on files of hours."""


@dataclass(frozen=True, slots=True, eq=False)
class Onsets:
    """Onset strength per row of the spectra; row i is at i / fps seconds."""

    fps: float
    low: Floats
    """Rise in the low bands, mean over the bands, log units."""
    high: Floats
    """Likewise in the upper half."""
    full: Floats
    """Likewise in all bands."""
    pulse: Floats
    """What a foot taps to: all bands and the low ones again, slow changes removed, level evened out over 8 s."""
    high_pulse: Floats
    """`high`, evened out likewise."""
    ranges: Floats
    """(rows, 5): rise in kick, body, middle, bright and top range (`RANGES`), mean over the bands of each."""


def find_onsets(features: Features) -> Onsets:
    """The onset strength of a track; it must hold at least one row."""
    rises = _rises(features)
    low, high, full = (np.ascontiguousarray(rises[:, column]) for column in range(3))
    ranges = np.ascontiguousarray(rises[:, 3:])
    fps = features.fps
    pulse = full / (full.std() + 1e-9) + np.float32(_LOW_WEIGHT) * low / (low.std() + 1e-9)
    return Onsets(fps, low, high, full, _evened(pulse, fps), _evened(high, fps), ranges)


def running_mean(values: Floats, width: int) -> Floats:
    """Mean over `width` values around each one; beyond the ends counts as zero."""
    width = min(width, 2 * len(values) - 1)
    before, after = width // 2, width - width // 2
    sums = np.concatenate((np.zeros(before + 1), np.cumsum(values, dtype=np.float64)))
    sums = np.concatenate((sums, np.full(after, sums[-1])))
    means: Floats = ((sums[width : width + len(values)] - sums[: len(values)]) / width).astype(np.float32)
    return means


def _rises(features: Features) -> Floats:
    """(rows, 8): mean rise of the log spectrum in the low bands, the upper half, all of them, and each range."""
    bands = features.bands
    scale = np.float32(_COMPRESSION / (float(np.percentile(bands.sum(axis=1), _LOUD_PERCENTILE)) + 1e-12))
    lag = max(1, round(_LAG_S * features.fps))
    rises = np.zeros((len(bands), 3 + len(RANGES)), np.float32)
    for start in range(lag, len(bands), _BATCH):
        stop = min(start + _BATCH, len(bands))
        rises[start:stop] = _batch_rises(bands[start - lag : stop] * scale, lag)
    return rises


def _batch_rises(scaled: Floats, lag: int) -> Floats:
    spectrum = np.log1p(scaled)
    widest = spectrum[:-lag].copy()
    np.maximum(widest[:, 1:], spectrum[:-lag, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], spectrum[:-lag, 1:], out=widest[:, :-1])
    rise = np.maximum(spectrum[lag:] - widest, 0)
    count = rise.shape[1]
    low = rise[:, : max(2, count // _LOW_SHARE)].mean(axis=1)
    high = rise[:, count // _HIGH_SHARE :].mean(axis=1)
    starts = np.round(np.array(RANGES) * count).astype(np.intp)
    ranges = np.add.reduceat(rise, starts, axis=1) / np.diff(starts, append=count).astype(np.float32)
    return np.column_stack((low, high, rise.mean(axis=1), ranges))


def _evened(strength: Floats, fps: float) -> Floats:
    above = np.maximum(strength - running_mean(strength, round(_FLOOR_S * fps) | 1), 0)
    power = np.square(above)
    level = np.sqrt(np.maximum(running_mean(power, round(_GAIN_S * fps) | 1), 0))
    floor = np.float32(_GAIN_FLOOR * np.sqrt(power.mean()) + 1e-9)
    evened: Floats = above / np.maximum(level, floor)
    return evened
