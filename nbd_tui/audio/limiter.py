"""The limiter: the last stage, through which nothing passes the ceiling.

It looks `LOOKAHEAD` frames ahead, so that its gain is down before a peak arrives and bends no wave. Below the ceiling
it passes every bit as it came.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Frames

CEILING: Final = 0.891
"""-1 dB under full scale, in samples (10 ** (-1 / 20) = 0.8913)."""
AIM: Final = CEILING * 10 ** (-0.1 / 20)
"""What the gain holds the estimated crests below: the estimate is good to 0.1 dB on music."""
RELEASE_DB_PER_S: Final = 24.0
"""How fast the gain comes back after a peak."""

_HALF_TAPS: Final = 4
_SMOOTHING: Final[Frames] = 64
LOOKAHEAD: Final[Frames] = _SMOOTHING - 1 + _HALF_TAPS
"""By so many frames (1.5 ms) what comes out lags behind what goes in."""

_RISE: Final = RELEASE_DB_PER_S / RATE * np.log(10) / 20


def _half_sample_taps() -> list[float]:
    """Half of a symmetric filter that gives the value between two samples (sinc under a Hann window)."""
    at = np.arange(_HALF_TAPS) + 0.5
    taps = np.sinc(at) * np.cos(np.pi * at / (2 * _HALF_TAPS)) ** 2
    return [float(tap) for tap in taps / (2 * taps.sum())]


_TAPS: Final = _half_sample_taps()
_HIGHEST: Final = 2 * sum(abs(tap) for tap in _TAPS)
_QUIET: Final = AIM / (_HIGHEST + (1 + _HIGHEST) / 4)
"""Where all samples are below this, no crest between them is taken to pass `AIM`."""


class Limiter:
    """A gain that lets neither samples nor, in music, the wave between them pass `CEILING`.

    For every frame the gain its peak needs is found, with the peak taken from parabolas at twice the rate (which read
    too much rather than too little); the smallest of the next 64 holds, rises by `RELEASE_DB_PER_S` at most, and is
    smoothed by a running mean over 64 frames. What comes out does not depend on the blocks it comes in.
    """

    def __init__(self) -> None:
        self._line = np.zeros((LOOKAHEAD, 2), np.float32)
        self.reset()

    def reset(self) -> None:
        """Forgets what it holds; for a stream that goes on elsewhere."""
        self._past = np.zeros((LOOKAHEAD, 2), np.float32)
        self._needed = np.ones(_SMOOTHING - 1)
        self._held = np.ones(_SMOOTHING - 1)
        self._idle = True

    def process(self, samples: Samples) -> None:
        """Replaces the samples by those of `LOOKAHEAD` frames earlier, limited; at most 248 frames at a time.

        (numpy gives the interpreter lock away on more than 500 elements; any number works.)
        """
        count = len(samples)
        line = self._extended(samples)
        samples[:] = line[:count]
        recent = line[LOOKAHEAD - 2 * _HALF_TAPS :]
        if not self._idle or float(np.abs(recent).max()) > _QUIET:
            self._limit(samples, _needed_gain(line, count))
        self._past = line[count : count + LOOKAHEAD].copy()

    def _extended(self, samples: Samples) -> Samples:
        needed = LOOKAHEAD + len(samples)
        if len(self._line) < needed:
            self._line = np.zeros((needed, 2), np.float32)
        line = self._line[:needed]
        line[:LOOKAHEAD] = self._past
        line[LOOKAHEAD:] = samples
        return line

    def _limit(self, samples: Samples, fresh: npt.NDArray[np.float64]) -> None:
        if self._idle and fresh.min() == 1.0:
            return
        gain = self._gain(fresh, len(samples))
        np.multiply(samples, gain.astype(np.float32)[:, np.newaxis], out=samples)
        np.clip(samples, -CEILING, CEILING, out=samples)

    def _gain(self, fresh: npt.NDArray[np.float64], count: Frames) -> npt.NDArray[np.float64]:
        needed = np.concatenate((self._needed, fresh))
        lowest = _sliding_minimum(needed)
        held = np.concatenate((self._held, _released(lowest, float(self._held[-1]))))
        self._needed = needed[count:].copy()
        self._held = held[count:].copy()
        self._idle = bool(self._needed.min() == 1.0 and self._held.min() == 1.0)
        sums = np.concatenate(((0.0,), np.cumsum(held)))
        gain: npt.NDArray[np.float64] = (sums[_SMOOTHING:] - sums[:count]) / _SMOOTHING
        return gain


def _needed_gain(line: Samples, count: Frames) -> npt.NDArray[np.float64]:
    """The gain each of the frames whose surroundings are now known needs to stay below `AIM`."""
    first = LOOKAHEAD - _HALF_TAPS
    at = line[first : first + count]
    between = _between(line, first - 1, count + 1)
    peak = _crest(at, between[:-1] + between[1:])
    beside = _crest(between, line[first - 1 : first + count] + line[first : first + count + 1])
    np.maximum(peak, beside[:-1], out=peak)
    np.maximum(peak, beside[1:], out=peak)
    highest = np.maximum(peak[:, 0], peak[:, 1]).astype(np.float64)
    gain: npt.NDArray[np.float64] = AIM / np.maximum(highest, AIM)
    return gain


def _between(line: Samples, first: Frames, count: Frames) -> Samples:
    """The wave half a sample after each of `count` frames from `first`."""
    between = np.zeros((count, 2), np.float32)
    for offset, tap in enumerate(_TAPS):
        before = line[first - offset : first - offset + count]
        after = line[first + 1 + offset : first + 1 + offset + count]
        between += (before + after) * np.float32(tap)
    return between


def _crest(at: Samples, neighbours: Samples) -> Samples:
    """How high the wave may go around points of which the sum of both neighbours is known.

    A parabola through three points rises above the middle one by at most an eighth of their second difference while its
    crest is nearer to it than to the others.
    """
    bend = neighbours - 2 * at
    np.abs(bend, out=bend)
    bend *= np.float32(1 / 8)
    bend += np.abs(at)
    return bend


def _sliding_minimum(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The smallest of each `_SMOOTHING` (a power of two) neighbours."""
    width = 1
    while width < _SMOOTHING:
        values = np.minimum(values[:-width], values[width:])
        width *= 2
    return values


def _released(lowest: npt.NDArray[np.float64], before: float) -> npt.NDArray[np.float64]:
    """Follows downwards at once, upwards by `_RISE` a frame (natural logarithm), from the gain `before`."""
    rise = _RISE * np.arange(1, len(lowest) + 1)
    falling = np.minimum(np.log(lowest) - rise, np.log(before))
    held: npt.NDArray[np.float64] = np.exp(np.minimum(np.minimum.accumulate(falling) + rise, 0.0))
    return held
