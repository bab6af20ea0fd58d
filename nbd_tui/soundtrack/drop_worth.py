"""What a drop on a bell is worth: its strength, and the music that is left after it. Pure."""

from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.model.units import Seconds

STRONG_SCORE: Final = 12.0
"""A drop of this score has two thirds of the strength there could be."""
LEAST_LEFT: Final = 0.5
"""A drop must leave music for this part of the phase at least, or for `LEAST_LEFT_S`: then another track goes on."""
LEAST_LEFT_S: Final[Seconds] = 30.0
ENOUGH_S: Final[Seconds] = 120.0
"""So much music after a drop is as good as any more."""
ANY: Final = 0.5
"""Any drop at all is worth so much of the strongest; only the second wind is after the strongest."""

Values = npt.NDArray[np.float64]


def strength_of(score: npt.ArrayLike) -> Values:
    """How strong drops are, 0 to 1."""
    return np.asarray(1.0 - np.exp(-np.asarray(score, np.float64) / STRONG_SCORE))


def drop_worth(
    strength: npt.ArrayLike, left_s: npt.ArrayLike, after_bell_s: Seconds, *, is_second_wind: bool = False
) -> Values:
    """The worth of drops, 0 to 1; 0 for those that leave too little. NaN stays NaN.

    Args:
        strength: of each.
        left_s: music after each.
        after_bell_s: how long the phase goes on from the bell on.
        is_second_wind: it is to be the strongest drop of the session.
    """
    strength, left_s = np.asarray(strength, np.float64), np.asarray(left_s, np.float64)
    any_worth = 0.0 if is_second_wind else ANY
    worth = (any_worth + (1.0 - any_worth) * strength) * np.clip(left_s / max(1.0, min(after_bell_s, ENOUGH_S)), 0, 1)
    return np.where(left_s < min(LEAST_LEFT * after_bell_s, LEAST_LEFT_S), 0.0, worth)
