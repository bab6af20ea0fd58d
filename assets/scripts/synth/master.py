"""Levels: BS.1770 loudness, bus compressor, look-ahead limiter, true peak."""

import numpy as np
from numpy.typing import NDArray

from .dsp import RATE, Curve, Signal, convolve, filtered, frames, gain_of

Spectrum = NDArray[np.complex128]

_HOP = 64


def k_weighted(stereo: Signal) -> Signal:
    """The pre-filter of ITU-R BS.1770-4: a high shelf of 4 dB above 1.5 kHz and a high-pass at 38 Hz.

    Both are the biquads of the standard, re-derived for our rate from the analogue prototypes behind its 48 kHz
    coefficients, and applied in the frequency domain.
    """
    size = 1 << int(np.ceil(np.log2(len(stereo) + RATE)))
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = _shelf(z) * _rumble(z)
    return np.fft.irfft(np.fft.rfft(stereo, size, axis=0) * response[:, None], size, axis=0)[: len(stereo)]


def _shelf(z: Spectrum) -> Spectrum:
    k = np.tan(np.pi * 1681.974450955533 / RATE)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    over = 1 + k / q + k * k
    b = ((high + band * k / q + k * k) / over, 2 * (k * k - high) / over, (high - band * k / q + k * k) / over)
    bottom = 1 + 2 * (k * k - 1) / over * z + (1 - k / q + k * k) / over * z * z
    return np.asarray((b[0] + b[1] * z + b[2] * z * z) / bottom)


def _rumble(z: Spectrum) -> Spectrum:
    k = np.tan(np.pi * 38.13547087602444 / RATE)
    q = 0.5003270373238773
    over = 1 + k / q + k * k
    bottom = 1 + 2 * (k * k - 1) / over * z + (1 - k / q + k * k) / over * z * z
    return np.asarray((1 - 2 * z + z * z) / bottom)


def loudness_lufs(stereo: Signal) -> float:
    """Integrated loudness by ITU-R BS.1770-4: blocks of 400 ms, 75 % overlap, gates at -70 LUFS and -10 LU."""
    power = np.cumsum(np.vstack([np.zeros((1, 2)), k_weighted(stereo) ** 2]), axis=0).sum(axis=1)
    starts = np.arange(0, len(stereo) - frames(0.4), frames(0.1))
    blocks = (power[starts + frames(0.4)] - power[starts]) / frames(0.4)
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    kept = blocks[blocks > blocks.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def true_peak(stereo: Signal) -> Signal:
    """The larger side's peak between each sample and the next, from four-fold oversampling, per frame."""
    peak = np.abs(stereo).max(axis=1)
    n = np.arange(-24, 25)
    for part in (0.25, 0.5, 0.75):
        taps = np.sinc(n - part) * np.kaiser(49, 6.0)
        for side in (0, 1):
            between = np.abs(convolve(stereo[:, side], taps))
            peak[:-24] = np.maximum(peak[:-24], between[24:])
    return np.asarray(peak)


def _level_db(stereo: Signal, window_s: float) -> Signal:
    """Level in dB once every 64 frames, rms of a window that ends about there."""
    blocks = len(stereo) // _HOP
    power = np.mean(stereo[: blocks * _HOP].reshape(blocks, -1) ** 2, axis=1)
    width = max(1, round(window_s * RATE / _HOP))
    return np.asarray(10 * np.log10(convolve(power, np.ones(width) / width).clip(1e-9)))


def compressed(
    stereo: Signal, threshold_db: float, ratio: float, attack_s: float = 0.012, release_s: float = 0.15
) -> Signal:
    """A soft-knee compressor on both sides at once; no make-up gain."""
    over_db = np.log1p(np.exp((_level_db(stereo, 0.008) - threshold_db) / 2.5)) * 2.5
    wanted_db = -over_db * (1 - 1 / ratio)
    down = 1 - np.exp(-_HOP / (attack_s * RATE))
    up = 1 - np.exp(-_HOP / (release_s * RATE))
    gain_db = np.empty(len(wanted_db))
    now = 0.0
    for index, target in enumerate(wanted_db.tolist()):
        now += (target - now) * (down if target < now else up)
        gain_db[index] = now
    return stereo * _spread(gain_db, len(stereo))[:, None]


def _spread(gain_db: Signal, count: int) -> Signal:
    """Per-frame factors from one value every 64 frames."""
    return np.asarray(10 ** (np.interp(np.arange(count), np.arange(len(gain_db)) * _HOP, gain_db) / 20))


def limited(stereo: Signal, ceiling_db: float, look_ahead_s: float = 0.004) -> Signal:
    """A look-ahead limiter on the true peak."""
    needed = np.minimum(1.0, gain_of(ceiling_db) / np.maximum(true_peak(stereo), 1e-9))
    reach = frames(look_ahead_s)
    padded = np.pad(needed, reach, constant_values=1.0)
    lowest = _sliding_minimum(padded, 2 * reach + 1)
    window = np.hanning(reach * 2 + 1)
    return stereo * np.minimum(_centred(lowest, window / window.sum()), 1.0)[:, None]


def _centred(signal: Signal, window: Signal) -> Signal:
    """Centred smoothing of the same length, edges held."""
    half = len(window) // 2
    return convolve(np.pad(signal, half, mode="edge"), window)[2 * half :]


def _sliding_minimum(signal: Signal, width: int) -> Signal:
    """Minimum over each `width` neighbours, by doubling; result has len - width + 1."""
    current, span = signal, 1
    while span * 2 <= width:
        current = np.minimum(current[:-span], current[span:])
        span *= 2
    rest = width - span
    return np.minimum(current[: len(current) - rest], current[rest:]) if rest else current


MASTER_CURVE: Curve = ((20, -24), (28, -6), (38, 0), (20_000, 0))


def mastered(mix: Signal, target_lufs: float, ceiling_db: float, glue_db: float) -> Signal:
    """Bus compression, gentle saturation, then loudness and limiter until both goals hold.

    `glue_db` says how far below full level the compressor begins to work, the mix first being brought to -18 LUFS.
    """
    level = filtered(mix, MASTER_CURVE)
    level = level * gain_of(-18.0 - loudness_lufs(level))
    level = compressed(level, glue_db, 2.0)
    level = level * gain_of(target_lufs - loudness_lufs(level))
    level = np.tanh(level * 0.9) / 0.9
    for _ in range(3):
        limited_level = limited(level, ceiling_db)
        missing_db = target_lufs - loudness_lufs(limited_level)
        if abs(missing_db) < 0.1:
            break
        level = level * gain_of(missing_db)
    return limited(level, ceiling_db)
