"""How hard something begins near any moment, range by range: what beats and bars are judged by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.features import Features, Floats
from nbd_tui.library.analysis.onsets import Onsets, running_mean
from nbd_tui.library.analysis.tempo import Doubles
from nbd_tui.model.units import Seconds

Indices = npt.NDArray[np.intp]

KICK, BODY, MIDDLE, BRIGHT, TOP, FULL, PUNCH, CRACK, SNAP = range(9)
"""Columns. The ranges of `onsets.RANGES` and all of them hear a hi-hat as well as a snare, as their strengths are
logarithmic. Punch, crack and snap hear what is loud: rises of amplitude below 150 Hz, up to 2 kHz, and above."""

_NEAR: Final = 2
"""Rows around a moment in which its attack may lie."""
_RISE_ROWS: Final = 2
_AROUND_S: Final[Seconds] = 8.0
_QUIET: Final = 0.2
"""Parts with less than this share of the usual rise are not raised further."""
_STRONGEST: Final = 12.0
"""What is stronger counts as this, in means of the range over the track: a few crashes do not outweigh the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Attacks:
    """Attack per row of the spectra and range; the mean of each range is about 1."""

    fps: float
    strengths: Floats
    """(rows, 9): the largest onset strength near each row."""

    def rows(self, times_s: Doubles) -> Indices:
        """The nearest rows."""
        return np.clip(np.round(times_s * self.fps).astype(np.intp), 0, len(self.strengths) - 1)

    def at(self, times_s: Doubles) -> Floats:
        """(times, 9): the attack at each moment."""
        return self.strengths[self.rows(times_s)]


def attacks_of(features: Features, onsets: Onsets) -> Attacks:
    """The attacks of a track."""
    powers = (features.low, features.middle, features.high)
    columns = np.column_stack((onsets.ranges, onsets.full, *(_rise(power, onsets.fps) for power in powers)))
    columns /= columns.mean(axis=0) + np.float32(1e-9)
    np.minimum(columns, np.float32(_STRONGEST), out=columns)
    strengths = columns.copy()
    for shift in range(1, _NEAR + 1):
        np.maximum(strengths[shift:], columns[:-shift], out=strengths[shift:])
        np.maximum(strengths[:-shift], columns[shift:], out=strengths[:-shift])
    return Attacks(onsets.fps, strengths)


def _rise(power: Floats, fps: float) -> Floats:
    """Rise of the amplitude over two rows, in units of its mean around: loud and quiet parts count alike."""
    amplitude = np.sqrt(power)
    rise = np.zeros_like(amplitude)
    np.maximum(amplitude[_RISE_ROWS:] - amplitude[:-_RISE_ROWS], 0, out=rise[_RISE_ROWS:])
    around = running_mean(rise, round(_AROUND_S * fps))
    floor = np.float32(_QUIET * float(rise.mean()) + 1e-9)
    even: Floats = (rise / np.maximum(around, floor)).astype(np.float32)
    return even
