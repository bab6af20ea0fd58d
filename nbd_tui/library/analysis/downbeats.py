"""Which beat is one, in bars of three, four, five or seven.

Each beat is described by a few numbers: how hard kick, snare and cymbals strike, how much the spectrum changes there,
how much bass follows. The metre is the distance at which these repeat; where that is not clear, it is four. Where the
bar begins is told by a template of what bars sound like, position by position; a path through the positions (Viterbi)
lets a bar be cut short, at a cost. Bars of five and seven are parted in too many ways to know more of them than how
their first beat sounds.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from nbd_tui.library.analysis.attacks import BRIGHT, CRACK, KICK, PUNCH, SNAP, TOP, Attacks, Indices
from nbd_tui.library.analysis.features import Features, Floats
from nbd_tui.library.analysis.tempo import Doubles

_FEWEST_BEATS: Final = 16
_USUAL: Final = 4
_CLEARLY: Final = {3: 0.18, 5: 0.18, 7: 0.18}
"""Another metre, where beats repeat after one and two such bars so much better than after four and eight."""
_LEAST_BARS: Final = 4
"""Fewer bars of another metre may seem to repeat by chance."""
_STRIKES: Final = [KICK, BRIGHT, TOP, PUNCH, CRACK, SNAP]
_CHANGE_COMPRESSION: Final = 1e3
_CUT_COST: Final = 40.0
"""What a bar cut short costs, in units of the templates: eight bars must be clearly better for it."""
_EXTREME: Final = 3.0
"""Standard deviations a beat may stand out by."""

_BATCH: Final = 128
"""Beats at once: keeps memory flat on files of hours."""

_FOUR: Final = np.array((
    (0.59, 0.14, 0.24, 0.67, 0.31, 0.06, 0.48, 0.30, 0.58, 0.40, 0.17),
    (-0.21, 0.21, 0.08, -0.21, -0.09, 0.30, -0.07, -0.08, -0.21, -0.11, 0.07),
    (-0.11, -0.51, -0.28, -0.12, -0.11, -0.55, -0.31, -0.14, -0.21, -0.12, -0.01),
    (-0.26, 0.15, -0.03, -0.34, -0.11, 0.19, -0.10, -0.08, -0.15, -0.17, -0.23),
), np.float32)  # fmt: skip
_THREE: Final = np.array((
    (0.42, -0.37, -0.19, 0.51, 0.33, -0.61, 0.38, 0.25, 0.51, 0.38, 0.29),
    (-0.29, 0.20, 0.15, -0.38, -0.27, 0.32, -0.14, -0.11, -0.20, -0.09, -0.14),
    (-0.14, 0.16, 0.04, -0.13, -0.06, 0.29, -0.23, -0.15, -0.31, -0.29, -0.15),
), np.float32)  # fmt: skip
_ONE: Final = (_FOUR[0] + _THREE[0]) / 2


def _only_one(meter: int) -> Floats:
    """A template of bars whose first beat alone is known."""
    template = np.tile(-_ONE / (meter - 1), (meter, 1))
    template[0] = _ONE
    return template.astype(np.float32)


_TEMPLATES: Final = {3: _THREE, 4: _FOUR, 5: _only_one(5), 7: _only_one(7)}


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """The bars of a track."""

    downbeats_s: Doubles = field(default_factory=lambda: np.zeros(0))
    """The first beat of each; none where there are too few beats to tell."""
    beats: int = _USUAL
    """In a bar: 3, 4, 5 or 7; 4 where nothing tells otherwise."""


def find_bars(features: Features, attacks: Attacks, beats_s: Doubles) -> Bars:
    """The bars that beats form."""
    if len(beats_s) < _FEWEST_BEATS:
        return Bars()
    spectra = beat_spectra(features, attacks.rows(beats_s))
    accents = describe(features, attacks, beats_s, spectra)
    meter = meter_of(accents, spectra)
    downbeats_s: Doubles = beats_s[_positions(accents @ _TEMPLATES[meter].T) == 0]
    return Bars(downbeats_s, meter)


def beat_spectra(features: Features, rows: Indices) -> Floats:
    """(beats, bands): mean log spectrum from each beat to the next."""
    bands = features.bands
    scale = np.float32(_CHANGE_COMPRESSION / (float(np.percentile(bands.sum(axis=1), 95)) + 1e-12))
    ends = np.append(rows[1:], len(bands))
    means = np.empty((len(rows), bands.shape[1]), np.float32)
    for start in range(0, len(rows), _BATCH):
        some = slice(start, start + _BATCH)
        logs = np.log1p(bands[rows[some][0] : ends[some][-1]] * scale)
        means[some] = np.add.reduceat(logs, rows[some] - rows[start], axis=0)
    means /= np.maximum(ends - rows, 1)[:, None].astype(np.float32)
    return means


def describe(features: Features, attacks: Attacks, beats_s: Doubles, spectra: Floats) -> Floats:
    """(beats, 11): what each beat is like, each column with mean 0 and standard deviation 1."""
    rows = attacks.rows(beats_s)
    lengths = np.maximum(np.diff(rows, append=len(features.low)), 1)
    bass = 10 * np.log10(np.add.reduceat(features.low, rows) / lengths + 1e-9)
    columns = np.column_stack((attacks.at(beats_s)[:, _STRIKES], _changes(spectra, 2), _changes(spectra, 1), bass))
    columns = (columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-9)
    clipped: Floats = np.clip(columns, -_EXTREME, _EXTREME).astype(np.float32)
    return clipped


def _changes(spectra: Floats, beats: int) -> Floats:
    """(beats, 2): difference between the spectrum after each beat and before it, in the lowest quarter and above."""
    padded = np.pad(spectra, ((beats, beats), (0, 0)), mode="edge")
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    count = len(spectra)
    here = sums[beats : beats + count]
    change = np.abs(sums[2 * beats : 2 * beats + count] - 2 * here + sums[:count])
    quarter = spectra.shape[1] // 4
    return np.column_stack((change[:, :quarter].mean(axis=1), change[:, quarter:].mean(axis=1))).astype(np.float32)


def meter_of(accents: Floats, spectra: Floats) -> int:
    """Beats in a bar: after which they repeat clearly better than after four, else four."""
    repetition = _Repetition(accents, spectra)
    enough = [meter for meter in _CLEARLY if len(accents) >= _LEAST_BARS * meter]
    margins = {meter: repetition.after(meter) - repetition.after(_USUAL) for meter in enough}
    clear = [meter for meter, margin in margins.items() if margin > _CLEARLY[meter]]
    return max(clear, key=margins.__getitem__, default=_USUAL)


class _Repetition:
    """How beats repeat."""

    def __init__(self, accents: Floats, spectra: Floats) -> None:
        timbre = (spectra - spectra.mean(axis=0)) * (0.3 / (spectra.std() + 1e-9))
        self._beats = np.column_stack((accents, timbre))
        self._energy = float(np.square(self._beats).sum(axis=1).mean()) + 1e-9

    def after(self, beats: int) -> float:
        """Likeness of beats so far apart and twice as far, up to 2."""
        return self._likeness(beats) + self._likeness(2 * beats)

    def _likeness(self, lag: int) -> float:
        return float((self._beats[:-lag] * self._beats[lag:]).sum(axis=1).mean()) / self._energy


def _positions(scores: Floats) -> Indices:
    """Position in the bar of each beat: the best path through (beats, positions)."""
    count, bar = scores.shape
    onward = (np.arange(bar) - 1) % bar
    origins = np.zeros((count, bar), np.intp)
    best = scores[0]
    for index in range(1, count):
        first = int(best.argmax())
        kept, cut = best[onward], best[first] - _CUT_COST
        origins[index] = np.where(kept >= cut, onward, first)
        best = np.maximum(kept, cut) + scores[index]
    positions = np.empty(count, np.intp)
    position = int(best.argmax())
    for index in range(count - 1, -1, -1):
        positions[index] = position
        position = int(origins[index, position])
    return positions
