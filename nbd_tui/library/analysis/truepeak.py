"""True peak: the largest value of the signal between the samples too (ITU-R BS.1770-4, Annex 2), in dBTP.

The standard asks for four times the sample rate. Here only one place of every three milliseconds is brought to it,
where a rough estimate is highest, if that comes near the highest peak so far. That is next to nothing in music with
dynamics, and bounded where a limiter has brought every moment to the same level.
"""

import math
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.blocks import Blocks
from nbd_tui.model.units import Decibels, Frames

_Floats: TypeAlias = npt.NDArray[np.float32]

_REACH: Final[Frames] = 12
"""Samples on either side that tell what lies between two."""
_TIMES: Final = 4
_HIGHEST: Final = 1.42
"""No peak is taken to rise further above the sample beside it: a sine at a quarter of the rate, sampled off its peaks,
rises by the square root of 2."""
_FURTHER: Final = 1.35
"""No peak is taken to rise further above the estimate half-way between its samples: that of a sine below 13 kHz."""
_STRETCH: Final = 256
"""Estimates of which only the highest is looked at: 3 ms of both channels."""
_BESIDE: Final = 6
"""Samples of both channels that an estimate needs besides its own."""
_PIECE: Final = 128 * _STRETCH
"""Samples estimated at once: they and their sums stay in the processor's caches."""


class TruePeakMaker:
    """Takes a track chunk by chunk; `finish` tells its peak. The same whatever the size of the chunks.

    The samples must be finite.
    """

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._last = np.zeros((2 * _REACH, 2), np.float32)
        self._peak = 0.0
        self._beside, self._beyond = np.empty((2, _PIECE), np.float32)
        """Room for sums of samples."""

    def add(self, chunk: Samples) -> None:
        """Takes the next samples, float32 (frames, 2)."""
        for block in self._blocks.take(chunk):
            self._take(block)

    def finish(self) -> Decibels | None:
        """The peak in dBTP; None for silence."""
        self._take(np.concatenate((self._blocks.rest(), np.zeros((2 * _REACH, 2), np.float32))))
        return 20 * math.log10(self._peak) if self._peak > 0 else None

    def _take(self, block: Samples) -> None:
        """At least twice `_REACH` frames."""
        highest = max(_highest(block), _highest(self._last))
        if highest * _HIGHEST > self._peak:
            self._peak = max(self._peak, highest)
            self._look(np.concatenate((self._last, block[: 2 * _REACH])))
            self._look(block)
        self._last = block[-2 * _REACH :].copy()

    def _look(self, samples: Samples) -> None:
        """Looks between all but the first and last `_REACH` frames, which only tell what lies there."""
        flat = samples.ravel()
        near = flat[2 * (_REACH - 2) : 2 * (2 - _REACH)]
        starts = range(0, len(near) - _BESIDE, _PIECE)
        places = np.concatenate([start + self._promising(near[start : start + _PIECE + _BESIDE]) for start in starts])
        between = flat[places[:, None] + _AROUND] @ _BETWEEN
        self._peak = max(self._peak, float(np.abs(between).max(initial=0)))

    def _promising(self, flat: _Floats) -> npt.NDArray[np.intp]:
        """The gaps to look at, of all but the outermost: a cubic tells the size half-way from a sample to the next."""
        count = len(flat) - _BESIDE
        whole = -(-count // _STRETCH) * _STRETCH
        beside, beyond = self._beside[:count], self._beyond[:count]
        np.add(flat[2:-4], flat[4:-2], out=beside)
        np.add(flat[:-6], flat[6:], out=beyond)
        beside *= np.float32(9)
        beside -= beyond
        np.abs(beside, out=beside)
        self._beside[count:whole] = 0
        best = self._beside[:whole].reshape(-1, _STRETCH).argmax(axis=1) + np.arange(0, whole, _STRETCH)
        promising: npt.NDArray[np.intp] = best[self._beside[best] >= 16 * self._peak / _FURTHER]
        return promising


def _highest(samples: Samples) -> float:
    return max(float(samples.max()), -float(samples.min()))


def _between() -> _Floats:
    """(around, phases): from the samples around a gap to the values in it: a windowed sinc."""
    distances = np.arange(1 - _REACH, _REACH + 1)[:, None] - np.arange(1, _TIMES) / _TIMES
    kernel = np.sinc(distances) * (0.5 + 0.5 * np.cos(np.pi * distances / _REACH))
    taps: _Floats = (kernel / kernel.sum(axis=0)).astype(np.float32)
    return taps


_AROUND: Final = 2 * np.arange(2 * _REACH)
"""From the first to all samples around a gap, which alternate with the other channel's."""
_BETWEEN: Final = _between()
