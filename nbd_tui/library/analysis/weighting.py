"""Spectra and how loud their frequencies sound."""

from typing import Final

import numpy as np
import numpy.typing as npt

IN_SINGLE: Final = "forward"
"""`norm` of `np.fft`, by which spectra are divided by their length: with it, numpy reckons those of single precision in
single precision, in half the time; without it in double precision, and rounds."""


def k_weights(frequencies: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Power response of the K-weighting at `frequencies` in Hz: both filters of ITU-R BS.1770-4 as given for 48 kHz."""
    z = np.exp(-2j * np.pi * np.minimum(frequencies, 23_999.0) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weights: npt.NDArray[np.float64] = np.square(np.abs(shelf * high_pass))
    return weights
