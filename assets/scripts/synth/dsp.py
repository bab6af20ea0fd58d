"""Signals and the tools every instrument uses: filters, panning, envelopes, saturation.

A mono signal is `float64[frames]`, a stereo one `float64[frames, 2]`, at 44.1 kHz. A filter is a curve of
(frequency in Hz, gain in dB) points, made into a minimum-phase impulse response, so that nothing rings before a hit.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
Curve = tuple[tuple[float, float], ...]

RATE = 44_100
_BLOCK = 1 << 16
_FIR_FRAMES = 4096


def frames(duration_s: float) -> int:
    """Length in samples."""
    return round(duration_s * RATE)


def seconds(duration_s: float) -> Signal:
    """Sample times of a stretch that long."""
    return np.arange(frames(duration_s)) / RATE


def gain_of(level_db: float) -> float:
    """Factor of a level in dB."""
    return float(10.0 ** (level_db / 20.0))


def midi_hz(midi: float) -> float:
    """Frequency of a MIDI note number, A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((midi - 69) / 12))


def convolve(signal: Signal, response: Signal) -> Signal:
    """`signal` (mono or stereo) through a mono `response`, overlap-add, cut to the signal's length."""
    size = 1 << int(np.ceil(np.log2(_BLOCK + len(response))))
    step = size - len(response)
    spectrum = np.fft.rfft(response, size)
    shaped = spectrum[:, None] if signal.ndim == 2 else spectrum
    out = np.zeros((len(signal) + size, *signal.shape[1:]))
    for start in range(0, len(signal), step):
        block = np.fft.rfft(signal[start : start + step], size, axis=0)
        out[start : start + size] += np.fft.irfft(block * shaped, size, axis=0)
    return out[: len(signal)]


@lru_cache(maxsize=256)
def response_of(curve: Curve) -> Signal:
    """Minimum-phase impulse response of a gain curve (through the real cepstrum)."""
    hz = np.fft.rfftfreq(_FIR_FRAMES * 4, 1 / RATE)
    points_hz, points_db = zip(*curve, strict=True)
    level_db = np.interp(np.log2(np.maximum(hz, 1.0)), np.log2(points_hz), points_db)
    log_gain = np.maximum(level_db, -90.0) * np.log(10) / 20
    cepstrum = np.fft.irfft(log_gain)
    half = len(cepstrum) // 2
    cepstrum[1:half] *= 2
    cepstrum[half + 1 :] = 0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[:_FIR_FRAMES]
    response[-256:] *= np.linspace(1, 0, 256)
    return np.asarray(response)


def filtered(signal: Signal, curve: Curve) -> Signal:
    """`signal` through the gain curve."""
    return convolve(signal, response_of(curve))


def low_pass(hz: float, octave_db: float = 24.0) -> Curve:
    """A curve that falls by so much an octave above `hz`."""
    return ((20.0, 0.0), (hz * 0.8, 0.0), (hz, -3.0), (hz * 4, -2 * octave_db), (hz * 16, -4 * octave_db))


def high_pass(hz: float, octave_db: float = 18.0) -> Curve:
    """A curve that falls by so much an octave below `hz`."""
    return ((hz / 16, -4 * octave_db), (hz / 4, -2 * octave_db), (hz, -3.0), (hz * 1.25, 0.0), (20_000.0, 0.0))


def panned(mono: Signal, position: float) -> Signal:
    """Stereo by equal power; -1 left, 1 right."""
    angle = (position + 1) * np.pi / 4
    return np.asarray(np.stack([mono * np.cos(angle), mono * np.sin(angle)], axis=1) * np.sqrt(2))


def add_at(total: Signal, start_frame: int, sound: Signal) -> None:
    """Mixes `sound` into `total` in place; what sticks out at either end is cut."""
    first = max(0, -start_frame)
    count = min(len(sound), len(total) - start_frame)
    if count > first:
        total[start_frame + first : start_frame + count] += sound[first:count]


def shaped_ends(sound: Signal, attack_s: float, release_s: float) -> Signal:
    """A copy that fades in and out by raised cosines."""
    length = len(sound)
    rise = min(frames(attack_s), length // 2)
    fall = min(frames(release_s), length - rise)
    envelope = np.ones(length)
    envelope[:rise] = np.sin(np.linspace(0, np.pi / 2, rise, endpoint=False)) ** 2
    envelope[length - fall :] = np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return np.asarray(sound * (envelope[:, None] if sound.ndim == 2 else envelope))


def _half_band() -> Signal:
    n = np.arange(-31, 32)
    return np.asarray(0.5 * np.sinc(n / 2) * np.kaiser(63, 7.0))


def saturated(mono: Signal, drive: float, bias: float = 0.0) -> Signal:
    """`mono` through a tanh at twice the rate; a bias adds even harmonics."""
    half_band = _half_band()
    doubled = np.zeros(len(mono) * 2 + 62)
    doubled[: len(mono) * 2 : 2] = mono
    doubled = convolve(doubled, 2 * half_band)
    bent = np.tanh(drive * doubled + bias) - np.tanh(bias)
    return np.asarray(convolve(bent, half_band)[62::2][: len(mono)])


def smoothed_noise(count: int, low_hz: float, high_hz: float, rng: np.random.Generator) -> Signal:
    """Mono noise between two frequencies with root mean square 1."""
    spectrum = np.fft.rfft(rng.uniform(-1.0, 1.0, count))
    hz = np.fft.rfftfreq(count, 1 / RATE)
    skirt = 1 / np.sqrt(1 + (low_hz / np.maximum(hz, 1.0)) ** 6) / np.sqrt(1 + (hz / high_hz) ** 6)
    noise = np.fft.irfft(spectrum * skirt, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))
