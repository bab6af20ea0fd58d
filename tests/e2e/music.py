"""Tracks for the ears: unbroken noise, and in each a burst of its own at a known place."""

import wave
from pathlib import Path
from typing import Final

import numpy as np

from tests.e2e.hearing import RATE, Signal

MARK_S: Final = 1.0
"""Where in a track its burst begins; before it fades have ended."""
MARK_LENGTH_S: Final = 0.15


def mark(number: int) -> Signal:
    """The burst of a track: noise nothing else resembles."""
    chance = np.random.default_rng(1000 + number)
    burst = chance.uniform(-1, 1, round(MARK_LENGTH_S * RATE))
    return np.asarray(0.6 * burst)


def track(number: int, seconds: float) -> Signal:
    """Mono samples: low noise throughout, the burst at `MARK_S`, then every two seconds an own short one."""
    chance = np.random.default_rng(number)
    noise = np.convolve(chance.uniform(-1, 1, round(seconds * RATE)), np.ones(24) / 24, mode="same")
    samples = 0.35 * noise / np.max(np.abs(noise))
    burst, start = mark(number), round(MARK_S * RATE)
    samples[start : start + len(burst)] += burst
    return np.asarray(np.clip(samples, -0.99, 0.99))


def write_wav(path: Path, samples: Signal) -> Path:
    """A 16-bit stereo WAV."""
    pcm = np.repeat((samples * 32767).astype("<i2")[:, None], 2, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.tobytes())
    return path
