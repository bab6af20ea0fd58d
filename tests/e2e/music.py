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


BEAT_S: Final = 60 / 132
BAR: Final = round(4 * BEAT_S * RATE)
VERSE_BARS: Final = 8
BUILD_BARS: Final = 3
DROP_S: Final = (VERSE_BARS + BUILD_BARS + 1) * BAR / RATE
"""Where in `dropping_track` the band slams in, after a bar of nearly nothing."""


def dropping_track(number: int, seconds: float) -> Signal:
    """Mono samples of a beat: a verse, a roll that rises, a lull, the drop, and the track's burst `MARK_S` after it."""
    chance = np.random.default_rng(number)
    samples = np.asarray(0.02 * chance.uniform(-1, 1, round(seconds * RATE)))
    for bar in range(int(seconds * RATE) // BAR):
        for beat in range(4):
            at = bar * BAR + round(beat * BEAT_S * RATE)
            for sound, level in _beat(bar, beat, chance):
                part = samples[at : at + len(sound)]
                part += level * sound[: len(part)]
    start = round((DROP_S + MARK_S) * RATE)
    samples[start : start + round(MARK_LENGTH_S * RATE)] = mark(number)
    return np.asarray(np.clip(samples, -0.99, 0.99))


def _beat(bar: int, beat: int, chance: np.random.Generator) -> list[tuple[Signal, float]]:
    """What is struck on a beat, and how hard."""
    kick, snare, hat = _kick(), _noise(chance, 0.12), _noise(chance, 0.03)
    if bar < VERSE_BARS:
        return [(kick, 0.25), (hat, 0.06)] if beat % 2 == 0 else [(snare, 0.12), (hat, 0.06)]
    rise = (bar - VERSE_BARS + beat / 4) / BUILD_BARS
    if rise < 1:
        return [(snare, 0.08 + 0.2 * rise)]
    if bar == VERSE_BARS + BUILD_BARS:
        return []
    chord = _chord()
    return [(kick, 0.6), (chord, 0.25), (hat, 0.1)] if beat % 2 == 0 else [(snare, 0.35), (chord, 0.25), (hat, 0.1)]


def _kick() -> Signal:
    at = np.arange(round(0.2 * RATE)) / RATE
    return np.asarray(np.sin(2 * np.pi * (50 * at + 6 * (1 - np.exp(-at * 40)))) * np.exp(-at * 18))


def _noise(chance: np.random.Generator, length_s: float) -> Signal:
    at = np.arange(round(length_s * RATE)) / RATE
    return np.asarray(chance.uniform(-1, 1, len(at)) * np.exp(-at * 4 / length_s))


def _chord() -> Signal:
    at = np.arange(round(BEAT_S * RATE)) / RATE
    return np.asarray(sum(np.sign(np.sin(2 * np.pi * hz * at)) for hz in (110.0, 164.8, 220.0)) / 3)
