"""Gains over time: lines between points on the frame axis, read sample by sample."""

from bisect import bisect_right
from collections.abc import Iterable
from math import log, pi
from typing import Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.score import EnvelopePoint
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import Frames

DECLICK: Final[Frames] = 220
"""5 ms: the ramp that keeps a sudden start, stop or change of gain from clicking."""

NEPERS: Final = log(10) / 20
"""exp(level_db * NEPERS) is the amplitude factor of a level in decibels."""

Gain: TypeAlias = float | npt.NDArray[np.float64]
"""One factor for a whole stretch of frames, or one for each of them."""


class Line:
    """A value over the frame axis: straight between its points, level before the first and after the last.

    A value depends on its frame alone, so that a stream is the same in whatever blocks it is rendered.
    """

    __slots__ = ("_frames", "_values")

    def __init__(self, points: Iterable[tuple[Frames, float]]) -> None:
        ordered = sorted(points, key=lambda point: point[0])
        self._frames = [frame for frame, _ in ordered]
        self._values = [float(value) for _, value in ordered]

    @classmethod
    def level(cls, value: float) -> "Line":
        """The same value for ever."""
        return cls([(0, value)])

    def at(self, frame: Frames) -> float:
        """The value at one frame."""
        start, value, slope, _ = self._stretch(frame)
        return value + slope * (frame - start)

    def over(self, frame: Frames, count: Frames) -> Gain:
        """The values at `count` frames from `frame`; a plain float where all are the same."""
        start, value, slope, until = self._stretch(frame)
        if until is None or until >= frame + count:
            return value if slope == 0.0 else value + slope * _counting(frame - start, count)
        values = np.empty(count)
        done = 0
        while done < count:
            start, value, slope, until = self._stretch(frame + done)
            step = count - done if until is None else min(count - done, until - frame - done)
            values[done : done + step] = value + slope * _counting(frame + done - start, step)
            done += step
        return values

    def _stretch(self, frame: Frames) -> tuple[Frames, float, float, Frames | None]:
        """Around a frame: where the straight stretch begins, its value there, its slope, and where it ends."""
        following = bisect_right(self._frames, frame)
        if following == 0:
            return frame, self._values[0], 0.0, self._frames[0]
        start, value = self._frames[following - 1], self._values[following - 1]
        if following == len(self._frames):
            return start, value, 0.0, None
        end = self._frames[following]
        return start, value, (self._values[following] - value) / (end - start), end


def glide(from_value: float, to_value: float, frame: Frames, frames: Frames) -> Line:
    """From one value at `frame` to another within `frames`."""
    return Line([(frame, from_value), (frame + max(1, frames), to_value)])


def envelope_line(points: tuple[EnvelopePoint, ...], shift: Frames = 0) -> Line:
    """The levels of a voice (0..1), moved by `shift` frames; full level where there are no points."""
    if not points:
        return Line.level(1.0)
    return Line((point.frame + shift, min(1.0, max(0.0, point.level))) for point in points)


def equal_power(level: Gain) -> Gain:
    """The gain of a level: sin(level * pi / 2), so that levels adding up to 1 add up to the same power."""
    return cast("Gain", np.sin(level * (pi / 2)))


def scale(samples: Samples, gain: Gain) -> None:
    """Multiplies in place; a gain of exactly 1 leaves every bit as it is."""
    if isinstance(gain, np.ndarray):
        np.multiply(samples, gain.astype(np.float32)[:, np.newaxis], out=samples)
    elif gain != 1.0:
        np.multiply(samples, np.float32(gain), out=samples)


def _counting(start: Frames, count: Frames) -> npt.NDArray[np.float64]:
    return np.arange(start, start + count, dtype=np.float64)
