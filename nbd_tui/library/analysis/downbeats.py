"""Which beat is one: the phase of the bar with the most bass attack and change of harmony."""

from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Features, Floats
from nbd_tui.library.analysis.onsets import Onsets
from nbd_tui.library.analysis.tempo import Doubles

_BAR: Final = 4
_FEWEST_BEATS: Final = 16


def find_downbeats(features: Features, onsets: Onsets, beats_s: Doubles) -> Doubles:
    """The first beat of each bar; none where there are too few beats to tell."""
    if len(beats_s) < _FEWEST_BEATS:
        return np.zeros(0)
    rows = np.clip(np.round(beats_s * onsets.fps).astype(np.intp), 0, len(onsets.low) - 1)
    weight = _unit(_bass(onsets, rows)) + _unit(_change(features, rows))
    phase = int(np.argmax([weight[phase::_BAR].mean() for phase in range(_BAR)]))
    return beats_s[phase::_BAR]


def _unit(values: Floats) -> Floats:
    scaled: Floats = values / (values.std() + 1e-9)
    return scaled


def _bass(onsets: Onsets, rows: np.ndarray) -> Floats:
    around = rows[:, None] + np.arange(-4, 5)
    attack: Floats = onsets.low[np.clip(around, 0, len(onsets.low) - 1)].max(axis=1)
    return attack


def _change(features: Features, rows: np.ndarray) -> Floats:
    """Per beat: how much the log spectrum of the two beats after it differs from that of the two before."""
    edges = np.unique(rows)
    bands = features.bands
    scale = np.float32(1e3 / (float(np.percentile(bands.sum(axis=1), 95)) + 1e-12))
    sums = np.add.reduceat(np.log1p(bands[: edges[-1] + 1] * scale), edges, axis=0)[:-1]
    means = sums / np.diff(edges)[:, None]
    change = np.zeros(len(rows), np.float32)
    if len(edges) == len(rows) and len(means) > 4:
        after, before = means[2:-1] + means[3:], means[:-3] + means[1:-2]
        change[2 : 2 + len(after)] = np.abs(after - before).mean(axis=1) / 2
    return change
