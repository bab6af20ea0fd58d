"""From the mixer's float samples to the 16-bit samples of the outputs; nowhere else are samples integers."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples

Pcm16: TypeAlias = npt.NDArray[np.int16]
"""int16[frames, 2], C order, little endian on every machine we run on."""


def to_int16(samples: Samples) -> Pcm16:
    """`samples` at full scale 32767, rounded to the nearest, limited at full scale."""
    scaled = samples * np.float32(32767)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -32767, 32767, out=scaled)
    return scaled.astype("<i2", order="C")
