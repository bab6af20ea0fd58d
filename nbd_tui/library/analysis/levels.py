"""Mean levels over any stretch of a track, in decibels."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Floats
from nbd_tui.model.units import Decibels, Seconds

Doubles: TypeAlias = npt.NDArray[np.float64]

_SILENT: Final = 1e-14
"""Power that counts as silence whatever the track: 140 dB below full scale."""
_DEPTH: Final = 1e-7
"""What lies 70 dB below a track's loud part is silence to it."""
_LOUD_PERCENT: Final = 90.0
_LOUD_WINDOW_S: Final[Seconds] = 2.0


class Level:
    """One series of powers, asked for its mean over many stretches at once (prefix sums: two look-ups each).

    Args:
        power: mean power per value; value i stands for the 1 / rate_hz seconds around centre_s + i / rate_hz.
        rate_hz: values per second.
        centre_s: the middle of value 0.
    """

    def __init__(self, power: Floats, rate_hz: float, centre_s: Seconds = 0.0) -> None:
        self._rate_hz = rate_hz
        self._offset = 0.5 - centre_s * rate_hz
        self._sums = np.concatenate(([0.0], np.cumsum(power, dtype=np.float64)))
        loud = float(np.percentile(power, 95)) if len(power) else 0.0
        self._floor = loud * _DEPTH + _SILENT

    def mean_db(self, start_s: Doubles, end_s: Doubles) -> Doubles:
        """Mean level from each start to each end; what lies outside the track is cut off, nothing is silence."""
        start, end = self._position(start_s), self._position(end_s)
        power = (self._sum_to(end) - self._sum_to(start)) / np.maximum(end - start, 1.0)
        return self.decibels(power)

    def parts_db(self, start_s: Doubles, length_s: Seconds | Doubles, parts: int) -> Doubles:
        """(starts, parts): mean level of each of so many equal parts of the `length_s` (of each) from each start on."""
        edges = self._position(start_s[:, None] + np.asarray(length_s)[..., None] * np.linspace(0.0, 1.0, parts + 1))
        power = np.diff(self._sum_to(edges), axis=1) / np.maximum(np.diff(edges, axis=1), 1.0)
        return self.decibels(power)

    def decibels(self, power: Doubles) -> Doubles:
        """Power in dB, not below what is silence in this track."""
        level: Doubles = 10 * np.log10(np.maximum(power, 0.0) + self._floor)
        return level

    def loud_part_db(self) -> Decibels:
        """How loud the track is where it is loud: nine tenths of all stretches of two seconds are quieter."""
        values = len(self._sums) - 1
        width = min(values, max(1, round(_LOUD_WINDOW_S * self._rate_hz)))
        if not width:
            return float(self.decibels(np.zeros(1))[0])
        means = (self._sums[width:] - self._sums[:-width]) / width
        return float(self.decibels(np.percentile(means, [_LOUD_PERCENT]))[0])

    def _position(self, at_s: Doubles) -> Doubles:
        return np.clip(at_s * self._rate_hz + self._offset, 0.0, len(self._sums) - 1.0)

    def _sum_to(self, position: Doubles) -> Doubles:
        whole = np.minimum(position.astype(np.intp), max(0, len(self._sums) - 2))
        after = np.minimum(whole + 1, len(self._sums) - 1)
        sums: Doubles = self._sums[whole] + (position - whole) * (self._sums[after] - self._sums[whole])
        return sums
