"""How hard something begins near any moment, range by range: what beats and bars are judged by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Floats
from nbd_tui.library.analysis.onsets import Onsets
from nbd_tui.library.analysis.tempo import Doubles

Indices = npt.NDArray[np.intp]

KICK, BODY, MIDDLE, BRIGHT, TOP, FULL = range(6)
"""Columns: the ranges of `onsets.RANGES`, and all of them."""

_NEAR: Final = 2
"""Rows around a moment in which its attack may lie."""
_STRONGEST: Final = 12.0
"""What is stronger counts as this, in means of the range over the track: a few crashes do not outweigh the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Attacks:
    """Attack per row of the spectra and range; the mean of each range is about 1."""

    fps: float
    strengths: Floats
    """(rows, 6): the largest onset strength near each row."""

    def rows(self, times_s: Doubles) -> Indices:
        """The nearest rows."""
        return np.clip(np.round(times_s * self.fps).astype(np.intp), 0, len(self.strengths) - 1)

    def at(self, times_s: Doubles) -> Floats:
        """(times, 6): the attack at each moment."""
        return self.strengths[self.rows(times_s)]


def attacks_of(onsets: Onsets) -> Attacks:
    """The attacks of a track."""
    ranges = np.column_stack((onsets.ranges, onsets.full))
    ranges = np.minimum(ranges / (ranges.mean(axis=0) + 1e-9), np.float32(_STRONGEST))
    strengths = ranges.copy()
    for shift in range(1, _NEAR + 1):
        np.maximum(strengths[shift:], ranges[:-shift], out=strengths[shift:])
        np.maximum(strengths[:-shift], ranges[shift:], out=strengths[:-shift])
    return Attacks(onsets.fps, strengths)
