"""Reverb, delay, chorus: what puts the instruments into one room."""

import numpy as np

from .dsp import RATE, Signal, convolve, filtered, frames, seconds, smoothed_noise


def _room(decay_s: float, bright_hz: float, predelay_s: float, seed: int) -> Signal:
    """One side's impulse response: noise in three bands, the higher the sooner gone."""
    rng = np.random.default_rng(seed)
    t = seconds(decay_s * 1.1)
    tail = np.zeros(len(t))
    for low_hz, high_hz, share in ((180, 700, 1.0), (700, 2_500, 0.85), (2_500, bright_hz, 0.55)):
        tail += smoothed_noise(len(t), low_hz, high_hz, rng) * 0.001 ** (t / (decay_s * share))
    tail[: frames(0.004)] *= np.linspace(0, 1, frames(0.004))
    return np.asarray(np.concatenate([np.zeros(frames(predelay_s)), tail]) / np.sqrt(np.sum(tail**2)))


def reverb(send: Signal, decay_s: float, bright_hz: float = 6_000.0, predelay_s: float = 0.018) -> Signal:
    """The room's answer to a stereo send, without the send."""
    sides = [convolve(send[:, side], _room(decay_s, bright_hz, predelay_s, 71 + side)) for side in (0, 1)]
    return np.stack(sides, axis=1)


def ping_pong(sound: Signal, time_s: float, feedback: float, repeats: int = 5) -> Signal:
    """Echoes that change sides and grow darker, without the sound itself."""
    mono = sound.mean(axis=1)
    total = np.zeros_like(sound)
    for repeat in range(1, repeats + 1):
        mono = filtered(mono, ((40, -30), (250, -2), (1_500, 0), (4_000, -5), (9_000, -18)))
        shift = frames(time_s * repeat)
        total[shift:, repeat % 2] += mono[: len(mono) - shift] * feedback ** (repeat - 1)
    return total


def chorus(mono: Signal, depth_s: float = 0.0022, rate_hz: float = 0.6) -> Signal:
    """Stereo from mono: each side reads a little late, by a slow and opposite swing."""
    at = np.arange(len(mono), dtype=np.float64)
    sides = []
    for sign in (-1.0, 1.0):
        late_s = 0.006 + depth_s * (1 + sign * np.sin(2 * np.pi * rate_hz * at / RATE)) / 2
        sides.append(0.72 * mono + 0.55 * np.interp(at - late_s * RATE, at, mono, left=0.0))
    return np.stack(sides, axis=1)
