"""The build-up before a drop: a stretch in which level or brightness climbs."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.climbs import FALL_WEIGHT, PARTS, climb_worth, fall_db, phrase_worth
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles
from nbd_tui.library.analysis.moments import Sound, change_db
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Seconds

_MOST_BARS: Final = 24
_LONGEST_S: Final[Seconds] = 45.0
_SHORTEST_S: Final[Seconds] = 1.2
_CHANGE_WEIGHT: Final = 0.2
"""Fitted with those of `climbs`."""


def find_build(drop_s: Seconds, end_s: Seconds, bar_s: Seconds, sound: Sound, features: Features) -> Span | None:
    """The stretch up to `end_s` in which the level or the high band climbs steadily; None where neither does.

    It begins a whole number of bars before the drop, likely 4, 8 or 16, where the sound changes and the level falls:
    what rises has to begin lower than what was before it.

    Args:
        drop_s: where the build-up leads to.
        end_s: where the lull before the drop begins, or the drop where there is none.
        bar_s: length of a bar.
        sound: the levels.
        features: what the spectrum is read from.
    """
    bars = np.arange(1.0, _MOST_BARS + 1)
    starts: Doubles = drop_s - bars * bar_s
    is_fit = (starts > 0) & (end_s - starts >= _SHORTEST_S) & (drop_s - starts <= _LONGEST_S)
    if not is_fit.any():
        return None
    bars, starts = bars[is_fit], starts[is_fit]
    worth = climb_worth(*(level.parts_db(starts, end_s - starts, PARTS) for level in (sound.loud, sound.high)))
    worth += _CHANGE_WEIGHT * change_db(starts, 2 * sound.beat_s, features)
    worth += FALL_WEIGHT * fall_db(starts, 4 * sound.beat_s, sound.loud)
    worth += [phrase_worth(int(count)) for count in bars]
    return Span(float(starts[np.argmax(worth)]), end_s) if np.isfinite(worth).any() else None
