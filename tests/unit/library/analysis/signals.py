"""Test signals: tones, noise, and how they are cut into chunks."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Decibels

Signal = npt.NDArray[np.float64]


def stereo(left: npt.ArrayLike, right: npt.ArrayLike | None = None) -> Samples:
    """Both channels, the same one twice if there is one."""
    return np.stack((left, left if right is None else right), axis=1).astype(np.float32)


def sine(hertz: float, seconds: float, peak: float = 0.5, degrees: float = 0.0) -> Signal:
    """One channel of a sine of a whole number of frames."""
    at = np.arange(round(seconds * RATE)) / RATE
    wave: Signal = peak * np.sin(2 * np.pi * hertz * at + np.radians(degrees))
    return wave


def tones(*parts: tuple[Decibels, float], hertz: float = 1000.0) -> Samples:
    """One tone on both channels, (peak level in dBFS, seconds) after another."""
    return stereo(np.concatenate([sine(hertz, seconds, 10 ** (level / 20)) for level, seconds in parts]))


def noise(seconds: float, seed: int = 1, peak: float = 0.1) -> Samples:
    """White, different on both channels."""
    return (peak * np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))).astype(np.float32)


def cut(samples: Samples, places: list[int]) -> Iterator[Samples]:
    """The samples in chunks that end at `places`."""
    ends = sorted(min(place, len(samples)) for place in places)
    return (samples[start:end] for start, end in pairwise([0, *ends, len(samples)]))
