"""Beat times: one grid for a constant tempo, the best chain of onsets for a changing one."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Floats
from nbd_tui.library.analysis.onsets import Onsets
from nbd_tui.library.analysis.tempo import Complexes, Doubles, TempoPath
from nbd_tui.model.units import Bpm, Seconds

_AGREEING_OCTAVES: Final = 0.03
_AGREEING: Final = 0.85
_LOCKED: Final = 0.91
"""From this share of the pulse on the grid on, one grid fits the whole track."""
_ON_GRID: Final = 0.1
"""So far may the pulse of some seconds lie from the grid, as a share of its period."""
_LOCK_WINDOW_S: Final[Seconds] = 4.0
_FINE_RANGE: Final = 0.025
"""The tempo of a grid is looked for so far around the path's median, as a share."""
_PHASES: Final = 64
_STRETCH: Final = 600.0
"""Cost of leaving the local period, per squared natural log; tuned on the generated set."""
_SHORTEST, _LONGEST = 0.62, 1.6
"""Steps looked at from beat to beat, in local periods."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Beats at a constant tempo."""

    period_s: Seconds
    first_s: Seconds
    """0 to one period."""

    def beats(self, duration_s: Seconds) -> Doubles:
        """Every beat before the end."""
        return np.arange(self.first_s, duration_s, self.period_s)


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """Evenly spaced moments one could tap to."""

    beats_s: Doubles
    """Increasing, within the track; two at least."""
    bpm: Bpm
    is_constant: bool
    """One grid fits the whole track."""


def find_pulse(onsets: Onsets, path: TempoPath, duration_s: Seconds) -> Pulse | None:
    """The pulse at the tempo of the path; None where there is next to nothing."""
    grid = find_grid(onsets, path)
    if grid:
        beats_s = grid.beats(duration_s)
        return Pulse(beats_s, 60 / grid.period_s, is_constant=True) if len(beats_s) > 1 else None
    beats_s = follow(onsets, path)
    beats_s = beats_s[beats_s < duration_s]
    return Pulse(beats_s, _mean_tempo(beats_s), is_constant=False) if len(beats_s) > 1 else None


def find_grid(onsets: Onsets, path: TempoPath) -> Grid | None:
    """The one grid that fits the whole track, where there is one."""
    if path.agreeing(_AGREEING_OCTAVES) <= _AGREEING:
        return None
    bpm, lock = _finest_tempo(onsets, path.median)
    return _placed(onsets, 60 / bpm) if lock > _LOCKED else None


def follow(onsets: Onsets, path: TempoPath) -> Doubles:
    """Beats that follow a changing tempo: the chain with the strongest onsets at about the local period.

    Dynamic programming (Ellis, "Beat tracking by dynamic programming", 2007), a stretch of rows at a time: as no beat
    is nearer than `_SHORTEST` periods to the one before it, the rows of such a stretch do not depend on each other.
    """
    strength = np.convolve(onsets.pulse, np.hanning(7) / 3, "same")
    rows = np.arange(len(strength))
    seconds = np.arange(len(path.bpm)) * path.step_s
    periods = np.interp(rows / onsets.fps, seconds, 60 / path.bpm * onsets.fps)
    return _chain(strength, periods) / onsets.fps


def _mean_tempo(beats_s: Doubles) -> Bpm:
    """Tempo of beats that follow the music: mean of the intervals near the median, so finer than a row."""
    intervals = np.diff(beats_s)
    near = np.abs(intervals / np.median(intervals) - 1) < 0.06
    return float(60 / intervals[near].mean())


def _finest_tempo(onsets: Onsets, about: Bpm) -> tuple[Bpm, float]:
    """The tempo at which the pulse keeps its phase best over the whole track, and how well: 0 to 1."""
    found = [_phase_locked(onsets, about, harmonic) for harmonic in (1, 2)]
    energies = [energy for _, energy, _ in found]
    best = int(np.argmax(energies))
    return found[best][0], max(lock for _, _, lock in found)


def _phase_locked(onsets: Onsets, about: Bpm, harmonic: int) -> tuple[Bpm, float, float]:
    """Tempo, energy and lock of one harmonic of the pulse.

    The pulse is turned back at the tempo expected and summed over short stretches: the tempo's error shows as a
    rotation from stretch to stretch, which a Fourier transform finds.
    """
    hertz = about / 60 * harmonic
    rows = len(onsets.pulse)
    width = max(1, round(onsets.fps * 60 / about / 2))
    turned = onsets.pulse * np.exp(-2j * np.pi * hertz / onsets.fps * np.arange(rows))
    sums = np.add.reduceat(turned, np.arange(0, rows, width))
    size = 1 << (8 * len(sums)).bit_length()
    spectrum = np.abs(np.fft.fft(sums, size))
    offsets = np.fft.fftfreq(size, width / onsets.fps)
    spectrum[np.abs(offsets) > _FINE_RANGE * hertz] = 0
    peak = int(spectrum.argmax())
    offset = offsets[peak] + _vertex(spectrum, peak) * (offsets[1] - offsets[0])
    return (hertz + offset) * 60 / harmonic, float(spectrum[peak]), _lock(sums, offset, width / onsets.fps)


def _vertex(spectrum: Doubles, peak: int) -> float:
    """Where between the bins the peak lies, -0.5 to 0.5 (parabola through three)."""
    left, centre, right = spectrum[peak - 1], spectrum[peak], spectrum[(peak + 1) % len(spectrum)]
    bend = left - 2 * centre + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _lock(sums: Complexes, offset_hz: float, step_s: Seconds) -> float:
    """Share of the pulse, by strength, that some seconds around it have at the phase of the grid."""
    still = sums * np.exp(-2j * np.pi * offset_hz * step_s * np.arange(len(sums)))
    per = max(1, round(_LOCK_WINDOW_S / step_s))
    stretches = np.add.reduceat(still, np.arange(0, len(still), per))
    turns = np.angle(stretches * np.conj(stretches.sum())) / (2 * np.pi)
    strengths = np.abs(stretches)
    return float(strengths[np.abs(turns) < _ON_GRID].sum() / (strengths.sum() + 1e-9))


def _placed(onsets: Onsets, period_s: Seconds) -> Grid:
    """The grid of that period with the best phase."""
    smooth = np.convolve(onsets.pulse, (0.25, 0.5, 0.25), "same").astype(np.float32)
    profile = _profile(smooth, onsets.fps, period_s)
    grid = Grid(period_s, int(profile.argmax()) / len(profile) * period_s)
    for spread in (2e-3, 5e-4, 1e-4):
        grid = _refined(smooth, onsets.fps, grid, spread)
    return grid


def _profile(strength: Floats, fps: float, period_s: Seconds) -> Doubles:
    """Mean strength per phase of the grid."""
    phases = np.arange(len(strength)) / fps / period_s % 1
    bins = (phases * _PHASES).astype(np.intp)
    sums = np.bincount(bins, strength, _PHASES)
    means: Doubles = sums / np.maximum(np.bincount(bins, minlength=_PHASES), 1)
    return means


def _refined(strength: Floats, fps: float, grid: Grid, spread: float) -> Grid:
    best, best_score = grid, -1.0
    firsts_s = (grid.first_s + np.linspace(-0.02, 0.02, 9)) % grid.period_s
    for stretch in np.linspace(-spread, spread, 9):
        period_s = grid.period_s * (1 + stretch)
        beats = np.arange(len(strength) / fps / period_s) * period_s
        scores = _on_grids(strength, (firsts_s[:, None] + beats) * fps)
        place = int(scores.argmax())
        if scores[place] > best_score:
            best, best_score = Grid(period_s, float(firsts_s[place])), float(scores[place])
    return best


def _on_grids(strength: Floats, rows: Doubles) -> Doubles:
    """Mean strength at the rows of each grid, (grids, beats), that are within the track."""
    index = rows.astype(np.intp)
    is_within = index < len(strength) - 1
    index = np.minimum(index, max(0, len(strength) - 2))
    rest = rows - index
    values = strength[index] * (1 - rest) + strength[np.minimum(index + 1, len(strength) - 1)] * rest
    means: Doubles = np.where(is_within, values, 0).sum(axis=1) / np.maximum(is_within.sum(axis=1), 1)
    return means


def _chain(strength: Doubles, periods: Doubles) -> Doubles:
    scores, origins = strength.copy(), np.full(len(strength), -1, np.intp)
    start = 0
    while start < len(strength):
        period = float(periods[start])
        stop = min(len(strength), start + max(1, int(_SHORTEST * period)))
        _extend(scores, origins, start, stop, period)
        start = stop
    return _backtrack(scores, origins, float(periods[-1]))


def _extend(scores: Doubles, origins: np.ndarray, start: int, stop: int, period: float) -> None:
    """Gives rows start to stop their best earlier beat, where any pays."""
    steps = np.arange(max(1, int(_SHORTEST * period)), int(_LONGEST * period) + 1)
    cost = _STRETCH * np.square(np.log(steps / period))
    sources = np.arange(start, stop)[:, None] - steps[None, :]
    gains = np.where(sources >= 0, scores[np.maximum(sources, 0)] - cost, 0)
    best = gains.argmax(axis=1)
    rows = np.arange(stop - start)
    gain = gains[rows, best]
    scores[start:stop] += np.maximum(gain, 0)
    origins[start:stop] = np.where(gain > 0, sources[rows, best], -1)


def _backtrack(scores: Doubles, origins: np.ndarray, period: float) -> Doubles:
    tail = max(0, len(scores) - int(2 * period) - 1)
    row = tail + int(scores[tail:].argmax())
    rows = []
    while row >= 0:
        rows.append(row)
        row = int(origins[row])
    return np.array(rows[::-1], np.float64)
