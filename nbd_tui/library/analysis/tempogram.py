"""How well each tempo fits around each moment: autocorrelation and Fourier transform of the pulse in 10 s windows.

The autocorrelation also answers to 2/3 and 3/4 of the tempo, the Fourier transform to its multiples; their product
keeps what both agree on (Peeters, "Template-based estimation of time-varying tempo", 2007).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.features import Floats
from nbd_tui.model.units import Seconds

RHYTHM_HZ: Final = 50.0
"""The pulse is thinned to about this rate: the tempo needs no more."""
SLOWEST_BPM: Final = 50.0
FASTEST_BPM: Final = 220.0
TEMPI: Final[Floats] = np.geomspace(SLOWEST_BPM, FASTEST_BPM, 200).astype(np.float32)
"""The tempi looked at, 0.75 % apart."""

_WINDOW_S: Final[Seconds] = 10.0
_STEP_S: Final[Seconds] = 1.0
_MULTIPLES: Final = 4
"""Beats back the autocorrelation looks."""
_BATCH: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Tempogram:
    """Row i is about the window centred on i * step_s."""

    step_s: Seconds
    strength: Floats
    """(windows, tempi): fit of each of `TEMPI`, about 0 to 1."""
    clarity: Floats
    """(windows,): how far the best tempo stands out, 0 (noise) to about 0.5; the Fourier transform has no say in it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    frames: int
    step: int
    size: int
    hann: Floats
    hann_correlation: Floats


def thinned(strength: Floats, fps: float) -> tuple[Floats, float]:
    """The strength at about `RHYTHM_HZ`, and the rate exactly: mean of neighbours."""
    factor = max(1, round(fps / RHYTHM_HZ))
    whole = np.concatenate((strength, np.zeros(-len(strength) % factor, np.float32)))
    return whole.reshape(-1, factor).mean(axis=1), fps / factor


def tempogram_of(pulse: Floats, rate_hz: float) -> Tempogram:
    """The tempogram of a pulse at `rate_hz`."""
    window = _window(rate_hz)
    parts = [_fits(frames, rate_hz, window) for frames in _windows(pulse, window)]
    strength, clarity = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Tempogram(window.step / rate_hz, strength, clarity)


def mean_autocorrelation(pulse: Floats, rate_hz: float) -> Floats:
    """Autocorrelation per lag in values, mean over the windows."""
    window = _window(rate_hz)
    sums = [_autocorrelation(_powers(frames, window), window).sum(axis=0) for frames in _windows(pulse, window)]
    count = (len(pulse) // window.step) + 1
    mean: Floats = np.sum(sums, axis=0) / count
    return mean


def at_lags(correlation: Floats, lags: Floats) -> Floats:
    """Values at fractional lags, along the last axis; beyond the end the last one."""
    last = correlation.shape[-1] - 1
    within = np.minimum(lags, last)
    index = np.minimum(within.astype(np.intp), last - 1)
    rest = (within - index).astype(np.float32)
    values: Floats = correlation[..., index] * (1 - rest) + correlation[..., index + 1] * rest
    return values


def _window(rate_hz: float) -> _Window:
    frames = round(_WINDOW_S * rate_hz)
    size = 1 << (2 * frames - 1).bit_length()
    hann = np.hanning(frames).astype(np.float32)
    correlation = np.fft.irfft(np.square(np.abs(np.fft.rfft(hann, size))))[: frames // 2 + 1]
    floor = correlation[0] * 0.05
    return _Window(frames, round(_STEP_S * rate_hz), size, hann, np.maximum(correlation, floor).astype(np.float32))


def _windows(pulse: Floats, window: _Window) -> Iterator[Floats]:
    half = window.frames // 2
    padded = np.concatenate((np.zeros(half, np.float32), pulse, np.zeros(window.frames, np.float32)))
    every = np.lib.stride_tricks.sliding_window_view(padded, window.frames)[:: window.step]
    every = every[: len(pulse) // window.step + 1]
    for start in range(0, len(every), _BATCH):
        yield every[start : start + _BATCH] * window.hann


def _powers(frames: Floats, window: _Window) -> Floats:
    spectrum = np.fft.rfft(frames, window.size, axis=1)
    powers: Floats = np.square(spectrum.real) + np.square(spectrum.imag)
    return powers


def _autocorrelation(powers: Floats, window: _Window) -> Floats:
    correlation = np.fft.irfft(powers, axis=1)[:, : window.frames // 2 + 1] / window.hann_correlation
    normal: Floats = (correlation / (correlation[:, :1] + 1e-9)).astype(np.float32)
    return normal


def _fits(frames: Floats, rate_hz: float, window: _Window) -> tuple[Floats, Floats]:
    powers = _powers(frames, window)
    comb = _comb(_autocorrelation(powers, window), rate_hz)
    fourier = _fourier(powers, frames, rate_hz, window)
    clarity = comb.max(axis=1) - np.median(comb, axis=1)
    return np.maximum(comb, 0) * np.sqrt(fourier), clarity.astype(np.float32)


def _comb(correlation: Floats, rate_hz: float) -> Floats:
    """Mean autocorrelation at one to four beats, nearer ones counting a little more."""
    lags = 60 * rate_hz / TEMPI
    total = np.zeros((len(correlation), len(TEMPI)), np.float32)
    weights = np.zeros(len(TEMPI), np.float32)
    for multiple in range(1, _MULTIPLES + 1):
        weight = np.where(multiple * lags < correlation.shape[1] - 1, multiple**-0.25, 0).astype(np.float32)
        total += weight * at_lags(correlation, multiple * lags)
        weights += weight
    return total / weights


def _fourier(powers: Floats, frames: Floats, rate_hz: float, window: _Window) -> Floats:
    """Amplitude at the tempo and at twice the tempo: the larger, and a quarter of the smaller."""
    scale = np.sqrt(np.square(frames).sum(axis=1, keepdims=True) * window.frames) + np.float32(1e-6)
    amplitude = np.sqrt(powers) / scale
    bins = TEMPI * np.float32(window.size / rate_hz / 60)
    once, twice = at_lags(amplitude, bins), at_lags(amplitude, 2 * bins)
    both: Floats = np.maximum(once, twice) + np.float32(0.25) * np.minimum(once, twice)
    return both
