"""How much is going on: over a track, and in it as a whole."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Features
from nbd_tui.model.hearing import EnergyCurve
from nbd_tui.model.units import Decibels, Seconds

_Doubles: TypeAlias = npt.NDArray[np.float64]

CURVE_HZ: Final = 4.0
_SMOOTH_S: Final[Seconds] = 0.5
"""Long enough to forget single beats, short enough to show a lull before a drop."""
_LOUD_PERCENTILE: Final = 95.0
_RANGE: Final[Decibels] = 24.0
"""From the loud part of a track down to where nothing much is heard beside it."""
_SILENT: Final[Decibels] = -70.0
"""A track whose loud part lies below is silent."""


def energy_curve(features: Features) -> EnergyCurve:
    """K-weighted level every quarter of a second, relative to the loud part of the track.

    1 is the level that is exceeded in a twentieth of the track, 0 is 24 dB below it; linear in decibels.
    """
    times = np.arange(int(features.duration_s * CURVE_HZ) + 1) / CURVE_HZ
    levels = _levels(features.loud, features.fps, times)
    top = float(np.percentile(levels, _LOUD_PERCENTILE))
    if top < _SILENT:
        return EnergyCurve(CURVE_HZ, (0.0,) * len(times))
    values = np.clip((levels - top) / _RANGE + 1, 0, 1)
    return EnergyCurve(CURVE_HZ, tuple(values.round(3).tolist()))


def _levels(power: npt.NDArray[np.float32], fps: float, times: _Doubles) -> _Doubles:
    """Mean level in dB of `_SMOOTH_S` around each time."""
    sums = np.concatenate(([0.0], np.cumsum(power, dtype=np.float64)))
    starts = np.clip(np.round((times - _SMOOTH_S / 2) * fps), 0, len(power) - 1).astype(np.intp)
    ends = np.clip(np.round((times + _SMOOTH_S / 2) * fps), starts + 1, len(power)).astype(np.intp)
    levels: _Doubles = 10 * np.log10((sums[ends] - sums[starts]) / (ends - starts) + 1e-12)
    return levels
