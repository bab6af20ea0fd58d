"""Straight lines through rows of levels."""

import numpy as np

from nbd_tui.library.analysis.levels import Doubles


def slope_of(rows: Doubles) -> Doubles:
    """Of the least-squares line through each row, per column."""
    x = _centred(rows.shape[1])
    slope: Doubles = rows @ x / np.square(x).sum()
    return slope


def fit_of(rows: Doubles) -> Doubles:
    """How well a line fits each row: its correlation with a rising one, -1 to 1; 0 for a constant row."""
    x = _centred(rows.shape[1])
    spread = np.sqrt(np.square(x).sum() * np.square(rows - rows.mean(axis=1, keepdims=True)).sum(axis=1))
    fit: Doubles = rows @ x / np.maximum(spread, 1e-9)
    return fit


def unevenness_of(rows: Doubles) -> Doubles:
    """How far each row strays from its line, root mean square."""
    line = rows.mean(axis=1, keepdims=True) + np.outer(slope_of(rows), _centred(rows.shape[1]))
    stray: Doubles = np.sqrt(np.square(rows - line).mean(axis=1))
    return stray


def _centred(count: int) -> Doubles:
    centred: Doubles = np.arange(count, dtype=np.float64) - (count - 1) / 2
    return centred
