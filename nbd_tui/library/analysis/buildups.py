"""The build-up before a drop: a stretch in which level or brightness climbs."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.levels import Doubles, Level
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Seconds

_LENGTHS_BEATS: Final = (8, 12, 16, 24, 32)
_PARTS: Final = 8
_LEAST_RISE_DB: Final = 4.0
_LEAST_RISE_HIGH_DB: Final = 6.0
_LEAST_FIT: Final = 0.8
_SLACK: Final = 0.06
"""A longer stretch is taken even where it fits worse by this much."""


def find_build(end_s: Seconds, beat_s: Seconds, loud: Level, high: Level) -> Span | None:
    """The longest stretch up to `end_s` in which the level or the high band climbs steadily; None where none does."""
    best_fit, start_s = 0.0, None
    for beats in _LENGTHS_BEATS:
        begin_s = end_s - beats * beat_s
        if begin_s < 0:
            break
        fit = max(
            _climb(begin_s, end_s, loud, _LEAST_RISE_DB),
            _climb(begin_s, end_s, high, _LEAST_RISE_HIGH_DB),
        )
        if fit > _LEAST_FIT and fit >= best_fit - _SLACK:
            best_fit, start_s = max(fit, best_fit), begin_s
    return None if start_s is None else Span(start_s, end_s)


def _climb(start_s: Seconds, end_s: Seconds, level: Level, least_db: float) -> float:
    """How well a straight line fits the level (correlation, 0 to 1); 0 where it rises by less than `least_db`."""
    edges = np.linspace(start_s, end_s, _PARTS + 1)
    parts = level.mean_db(edges[:-1], edges[1:])
    return _fit(parts) if _slope(parts) * (_PARTS - 1) > least_db else 0.0


def _slope(values: Doubles) -> float:
    x = np.arange(len(values)) - (len(values) - 1) / 2
    return float((x * values).sum() / np.square(x).sum())


def _fit(values: Doubles) -> float:
    x = np.arange(len(values)) - (len(values) - 1) / 2
    centred = values - values.mean()
    spread = float(np.sqrt(np.square(x).sum() * np.square(centred).sum()))
    return float((x * centred).sum()) / spread if spread > 0 else 0.0
