"""How different spectra before and after a moment are, for many moments at once."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles

_UNHEARD: Final = 1e-5
"""Of the mean power of a band: 50 dB below, a band is silent."""


def difference_db(features: Features, before: tuple[Doubles, Doubles], after: tuple[Doubles, Doubles]) -> Doubles:
    """(moments, bands): how much louder each band is in the one stretch than in the other.

    Args:
        features: with one row of bands at least.
        before: starts and ends in seconds of the earlier stretches; what lies outside the track is cut off.
        after: likewise, of the later ones.
    """
    earlier, later = _means(features, *before), _means(features, *after)
    quiet = _UNHEARD * (earlier.mean(axis=1) + later.mean(axis=1))[:, None] + 1e-20
    difference: Doubles = 10 * np.log10((later + quiet) / (earlier + quiet))
    return difference


def _means(features: Features, start_s: Doubles, end_s: Doubles) -> Doubles:
    """(stretches, bands): mean power."""
    bands = features.bands
    rows = np.round(np.stack((start_s, end_s), axis=1) * features.fps).astype(np.intp)
    start = np.clip(rows[:, 0], 0, max(0, len(bands) - 2))
    end = np.clip(rows[:, 1], start + 1, max(1, len(bands) - 1))
    sums = np.add.reduceat(bands, np.stack((start, np.minimum(end, len(bands) - 1)), axis=1).ravel(), axis=0)[::2]
    means: Doubles = sums.astype(np.float64) / (end - start)[:, None]
    return means
