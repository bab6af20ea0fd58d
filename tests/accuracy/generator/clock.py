"""Where the beats of a track lie in time."""

from dataclasses import dataclass

import numpy as np

from nbd_tui.model.units import Bpm, Seconds
from tests.accuracy.generator.truth import Times


@dataclass(frozen=True, slots=True, eq=False)
class BeatClock:
    """Beats to seconds."""

    beats_s: Times
    """When each beat is; between two beats time runs evenly."""
    is_constant: bool
    bpm: Bpm
    other_bpms: tuple[Bpm, ...] = ()

    def at(self, beat: float) -> Seconds:
        """Second of a beat, which may be a fraction."""
        return float(np.interp(beat, np.arange(len(self.beats_s)), self.beats_s))


def _from_periods(start_s: Seconds, periods_s: Times) -> Times:
    return start_s + np.concatenate(([0.0], np.cumsum(periods_s)))


def steady_clock(start_s: Seconds, beats: int, bpm: Bpm) -> BeatClock:
    """A sequencer."""
    return BeatClock(_from_periods(start_s, np.full(beats, 60 / bpm)), True, bpm)


def drifting_clock(start_s: Seconds, beats: int, bpm: Bpm, rng: np.random.Generator) -> BeatClock:
    """A drummer without a click: the tempo wanders by one or two per cent (standard deviation) over some bars."""
    steps = rng.standard_normal(beats)
    kernel = np.exp(-np.arange(96) / 24.0)
    walk = np.convolve(steps, kernel)[:beats]
    walk *= rng.uniform(0.007, 0.02) / max(walk.std(), 1e-9)
    periods_s = 60 / bpm * (1 + walk - walk.mean())
    return _measured(_from_periods(start_s, periods_s))


def changing_clock(start_s: Seconds, beats: int, bpm: Bpm, change_at: int, factor: float) -> BeatClock:
    """Another tempo from beat `change_at` on."""
    periods_s = np.where(np.arange(beats) < change_at, 60 / bpm, 60 / (bpm * factor))
    mostly, rarely = (bpm, bpm * factor) if change_at * 2 > beats else (bpm * factor, bpm)
    return BeatClock(_from_periods(start_s, periods_s), False, mostly, (rarely,))


def ramping_clock(start_s: Seconds, beats: int, bpm: Bpm, factor: float) -> BeatClock:
    """A tempo that moves evenly from `bpm` to `bpm * factor`."""
    return _measured(_from_periods(start_s, 60 / (bpm * np.geomspace(1.0, factor, beats))))


def _measured(beats_s: Times) -> BeatClock:
    tempi = 60 / np.diff(beats_s)
    low, middle, high = (float(value) for value in np.percentile(tempi, [25, 50, 75]))
    return BeatClock(beats_s, False, middle, (low, high))
