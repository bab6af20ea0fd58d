"""Small things done to blocks of samples on their way in."""

import numpy as np

from nbd_tui.audio.source import Samples

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
