"""Units: what a bare number means in the signatures of this package."""

from typing import Final, TypeAlias

Seconds: TypeAlias = float
"""A length or a point in seconds."""

Monotonic: TypeAlias = float
"""A point on the injected clock (`time.monotonic`, `perf_counter` on Windows), in seconds."""

Frames: TypeAlias = int
"""A count of sample frames, or a point on the stream's frame axis, at `RATE`."""

Bpm: TypeAlias = float
Decibels: TypeAlias = float

RATE: Final = 44_100
"""Frames per second of everything that is decoded, mixed and sent to an output."""


def to_frames(seconds: Seconds) -> Frames:
    """The nearest whole number of frames."""
    return round(seconds * RATE)


def to_seconds(frames: Frames) -> Seconds:
    """The length of `frames` in seconds."""
    return frames / RATE


def to_gain(level_db: Decibels) -> float:
    """The amplitude factor of a level in decibels (20 log10)."""
    return float(10 ** (level_db / 20))
