"""True peak: the largest value of the signal between the samples too (ITU-R BS.1770-4, Annex 2), in dBTP.

The standard asks for four times the sample rate. Here only those moments are brought to it whose samples come near the
highest peak so far, and of those at most so many per block: next to nothing in music with dynamics, and bounded where
a limiter has brought every moment to the same level.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.blocks import Blocks
from nbd_tui.model.units import Decibels, Frames

_REACH: Final[Frames] = 12
"""Samples on either side that tell what lies between two."""
_TIMES: Final = 4
_HIGHEST: Final = 1.42
"""No peak is taken to rise further above the sample beside it: a sine at a quarter of the rate, sampled off its peaks,
rises by the square root of 2."""
_CANDIDATES: Final = 32_768
"""Samples of a block that are estimated roughly, the highest ones."""
_MOMENTS: Final = 512
"""Samples of a block looked at, those with the highest estimate."""


class TruePeakMaker:
    """Takes a track chunk by chunk; `finish` tells its peak. The same whatever the size of the chunks.

    The samples must be finite.
    """

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._last = np.zeros((2 * _REACH, 2), np.float32)
        self._peak = 0.0

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
        """Looks at all but the first and last `_REACH` frames, which only tell what lies beside."""
        flat = samples.ravel()
        levels = np.abs(flat[2 * _REACH : -2 * _REACH])
        near = np.flatnonzero(levels >= self._peak / _HIGHEST)
        if len(near) > _MOMENTS:
            near = _largest(near, levels[near], _CANDIDATES)
            near = _largest(near, _estimate(flat, near), _MOMENTS)
        beside = flat[near[:, None] + _AROUND] @ _BETWEEN
        self._peak = max(self._peak, float(np.abs(beside).max(initial=0)))


def _highest(samples: Samples) -> float:
    return max(float(samples.max()), -float(samples.min()))


def _largest(places: npt.NDArray[np.intp], values: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.intp]:
    """The places of the largest values, at most `count`."""
    return places[np.argpartition(values, -count)[-count:]] if len(places) > count else places


def _estimate(flat: npt.NDArray[np.float32], near: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """The value half-way to the next sample or from the last one, by a cubic, whichever is larger."""
    second, first, here, next_, third = (flat[near + 2 * (_REACH + step)] for step in range(-2, 3))
    before = np.abs(9 * (first + here) - second - next_)
    after = np.abs(9 * (here + next_) - first - third)
    higher: npt.NDArray[np.float32] = np.maximum(before, after)
    return higher


def _between() -> npt.NDArray[np.float32]:
    """(around, phases): from the samples around one to the values between it and its neighbours: a windowed sinc."""
    fractions = np.concatenate((np.arange(1 - _TIMES, 0), np.arange(1, _TIMES))) / _TIMES
    distances = np.arange(-_REACH, _REACH + 1)[:, None] - fractions
    window = np.where(np.abs(distances) < _REACH, 0.5 + 0.5 * np.cos(np.pi * distances / _REACH), 0.0)
    kernel = np.sinc(distances) * window
    taps: npt.NDArray[np.float32] = (kernel / kernel.sum(axis=0)).astype(np.float32)
    return taps


_AROUND: Final = 2 * np.arange(2 * _REACH + 1)
"""From a sample, counted without the first `_REACH` frames, to those around it, which alternate with the other
channel's."""
_BETWEEN: Final = _between()
