"""Small things done to blocks of samples on their way in."""

from math import gcd

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import Frames

LARGEST_SAMPLE = 2.0
"""Masters may go a little over full scale; what is beyond +6 dB is damage."""


def sanitised(samples: Samples) -> Samples:
    """`samples` without NaN and infinity (silence instead) and within `LARGEST_SAMPLE`."""
    if samples.size == 0 or (samples.max() <= LARGEST_SAMPLE and samples.min() >= -LARGEST_SAMPLE):
        return samples
    finite = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(finite, -LARGEST_SAMPLE, LARGEST_SAMPLE, out=finite)


def no_samples() -> Samples:
    """A block of no frames."""
    return np.zeros((0, 2), np.float32)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """A short sound, float32[frames, channels], at another rate: band-limited, by its spectrum.

    Some silence on both sides keeps what the spectrum takes for a loop from being heard.
    """
    if rate == wanted or not len(samples):
        return samples
    step = rate // gcd(rate, wanted)
    before = -(-rate // (50 * step)) * step
    frames = -(-(len(samples) + 2 * before) // (256 * step)) * 256 * step
    padded = np.zeros((frames, samples.shape[1]), np.float32)
    padded[before : before + len(samples)] = samples
    longer: Frames = frames // step * (wanted // gcd(rate, wanted))
    spectrum = np.fft.rfft(padded, axis=0)[: longer // 2 + 1]
    out = np.fft.irfft(spectrum, longer, axis=0) * (wanted / rate)
    first = before * wanted // rate
    return np.ascontiguousarray(out[first : first + round(len(samples) * wanted / rate)], np.float32)
