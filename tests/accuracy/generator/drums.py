"""A drum kit, different for each track."""

from collections.abc import Callable, Mapping

import numpy as np

from nbd_tui.model.units import RATE, Seconds
from tests.accuracy.generator.canvas import noise_band, time_s
from tests.accuracy.generator.truth import Mono

Kit = Mapping[str, Mono]
"""Voice letter → its sound, peak about 1: k kick, s snare, c clap, h closed hat, o open hat, r ride, x crash,
t high tom, u low tom, g shaker."""

_Random = np.random.Generator


def make_kit(rng: _Random, *, is_electronic: bool) -> Kit:
    """A kit by chance."""
    makers: dict[str, Callable[[_Random, bool], Mono]] = {
        "k": _kick, "s": _snare, "c": _clap, "h": _closed_hat, "o": _open_hat, "r": _ride, "x": _crash, "g": _shaker,
    }  # fmt: skip
    kit = {letter: maker(rng, is_electronic) for letter, maker in makers.items()}
    kit["t"] = _tom(rng, rng.uniform(140, 210))
    kit["u"] = _tom(rng, rng.uniform(75, 110))
    room_s = float(rng.uniform(0.05, 0.5))
    wet = float(rng.uniform(0.0, 0.25))
    return {
        letter: _in_room(sound, rng, room_s, wet if letter in "sctuk" else wet / 3) for letter, sound in kit.items()
    }


def _peak(sound: Mono) -> Mono:
    return sound / np.float32(np.abs(sound).max() + 1e-9)


def _noise(duration_s: Seconds, low_hz: float, high_hz: float, rng: _Random) -> Mono:
    length = round(duration_s * RATE)
    return np.tile(noise_band(low_hz, high_hz, rng), length // RATE + 1)[:length]


def _sweep(duration_s: Seconds, from_hz: float, to_hz: float, fall_s: Seconds) -> Mono:
    time = time_s(duration_s)
    phase = 2 * np.pi * (to_hz * time + (from_hz - to_hz) * fall_s * (1 - np.exp(-time / np.float32(fall_s))))
    sound: Mono = np.sin(phase).astype(np.float32)
    return sound


def _kick(rng: _Random, is_electronic: bool) -> Mono:
    duration_s = float(rng.uniform(0.35, 0.7) if is_electronic else rng.uniform(0.2, 0.35))
    time = time_s(duration_s)
    body = _sweep(duration_s, rng.uniform(110, 260), rng.uniform(42, 65), rng.uniform(0.015, 0.05))
    body *= np.exp(-time / np.float32(duration_s / 4)) * np.minimum(time / 0.002, 1)
    click = _noise(duration_s, 1500, 9000, rng) * np.exp(-time / np.float32(0.004)) * rng.uniform(0.02, 0.35)
    return _peak(body + click)


def _snare(rng: _Random, is_electronic: bool) -> Mono:
    duration_s = float(rng.uniform(0.15, 0.4))
    time = time_s(duration_s)
    body = _sweep(duration_s, rng.uniform(220, 330), rng.uniform(160, 220), 0.02) * np.exp(-time / np.float32(0.07))
    rattle = _noise(duration_s, rng.uniform(400, 1800), 11_000, rng) * np.exp(-time / np.float32(duration_s / 4))
    return _peak(body * rng.uniform(0.3, 1.0) + 0.5 * rattle)


def _clap(rng: _Random, is_electronic: bool) -> Mono:
    time = time_s(0.25)
    envelope = sum(np.exp(-np.abs(time - at) / np.float32(0.004)) for at in (0.003, 0.012, 0.02)) * 0.7
    envelope += np.where(time > 0.02, np.exp(-(time - 0.02) / np.float32(0.06)), 0)
    return _peak(_noise(0.25, 900, 6000, rng) * envelope.astype(np.float32))


def _closed_hat(rng: _Random, is_electronic: bool) -> Mono:
    time = time_s(0.12)
    return _peak(
        _noise(0.12, rng.uniform(5000, 8500), 16_000, rng) * np.exp(-time / np.float32(rng.uniform(0.01, 0.035)))
    )


def _open_hat(rng: _Random, is_electronic: bool) -> Mono:
    time = time_s(0.5)
    return _peak(_noise(0.5, rng.uniform(4000, 7500), 16_000, rng) * np.exp(-time / np.float32(rng.uniform(0.1, 0.2))))


def _shaker(rng: _Random, is_electronic: bool) -> Mono:
    time = time_s(0.1)
    return _peak(_noise(0.1, 4000, 12_000, rng) * np.sin(np.pi * time / time[-1]) ** 2)


def _metal(duration_s: Seconds, rng: _Random, low_hz: float, decay_s: Seconds, ring: float) -> Mono:
    time = time_s(duration_s)
    partials = rng.uniform(low_hz, 9000, 9)
    tones = np.sin(2 * np.pi * partials[:, None].astype(np.float32) * time).sum(axis=0, dtype=np.float32)
    wash = _noise(duration_s, low_hz * 3, 15_000, rng)
    sound: Mono = (ring * tones + wash).astype(np.float32) * np.exp(-time / np.float32(decay_s))
    return _peak(sound)


def _ride(rng: _Random, is_electronic: bool) -> Mono:
    return _metal(0.7, rng, 1200, float(rng.uniform(0.15, 0.3)), 0.3)


def _crash(rng: _Random, is_electronic: bool) -> Mono:
    return _metal(2.2, rng, 700, float(rng.uniform(0.4, 0.9)), 0.15)


def _tom(rng: _Random, pitch_hz: float) -> Mono:
    time = time_s(0.4)
    return _peak(_sweep(0.4, pitch_hz * 1.6, pitch_hz, 0.04) * np.exp(-time / np.float32(0.12)))


def _in_room(sound: Mono, rng: _Random, room_s: Seconds, wet: float) -> Mono:
    if wet < 0.02:
        return sound
    tail_time = time_s(room_s * 2)
    tail = rng.standard_normal(len(tail_time)).astype(np.float32) * np.exp(-tail_time / np.float32(room_s / 3))
    tail /= np.sqrt(np.square(tail).sum())
    length = len(sound) + len(tail)
    size = 1 << (length - 1).bit_length()
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:length].astype(np.float32)
    echo *= np.float32(wet)
    echo[: len(sound)] += sound
    return echo
