"""Muffling: a voice heard as through a wall, while a short rest lasts."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from nbd_tui.audio.envelope import DECLICK, Gain, Line, glide
from nbd_tui.audio.reader import Reader
from nbd_tui.audio.score import Dip
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import Frames

_MEAN: Final[Frames] = 21
_MEANS: Final = 3
REACH: Final[Frames] = _MEANS * (_MEAN - 1) // 2
"""Frames the filter looks ahead and back."""


def dip_depth(dips: Iterable[Dip], shift: Frames = 0) -> Line:
    """How deep in a dip (0..1) each frame is; dips do not overlap."""
    return Line(_dip_points(dips, shift, scaled=False))


def dip_gain_db(dips: Iterable[Dip], shift: Frames = 0) -> Line:
    """The gain of the dips at each frame, in decibels."""
    return Line(_dip_points(dips, shift, scaled=True))


def muffled(samples: Samples) -> Samples:
    """The samples without their treble; `REACH` frames shorter at either end.

    Three running means over 21 frames, one after the other: a linear-phase FIR filter of 61 taps, -3 dB at 540 Hz,
    nothing left at 2.1 kHz and less than -39 dB above. Left and right are summed as one complex number, which halves
    the calls.
    """
    pairs = np.ascontiguousarray(samples).view(np.complex64)[:, 0].astype(np.complex128)
    for _ in range(_MEANS):
        sums = np.zeros(len(pairs) + 1, np.complex128)
        np.cumsum(pairs, out=sums[1:])
        pairs = sums[_MEAN:] - sums[:-_MEAN]
    pairs *= 1.0 / _MEAN**_MEANS
    return pairs.astype(np.complex64).view(np.float32).reshape(-1, 2)


class Muffler:
    """Reads `REACH` frames ahead of a voice, so that the muffled sound lies exactly on the clear one."""

    def __init__(self, reader: Reader, depth: Line, frame: Frames) -> None:
        """From `frame` on. A dip that has begun already is entered as soon as enough is known of what came before."""
        self._reader = reader
        self._depth = depth
        self._glide = glide(-depth.at(frame), 0.0, frame + REACH, DECLICK)
        self._around: Samples | None = None

    @property
    def pending(self) -> bool:
        """Whether frames read ahead are still to be heard."""
        return self._around is not None and bool(self._around[REACH:].any())

    def change(self, depth: Line, frame: Frames) -> None:
        """Takes another depth from `frame` on, without a step."""
        before = self._depth_over(frame, 1)
        self._depth, self._glide = depth, Line.level(0.0)
        difference = np.max(before - self._depth_over(frame, 1))
        self._glide = glide(float(difference), 0.0, frame, DECLICK)

    def skip(self, frames: Frames) -> None:
        """Goes on `frames` later, with a short fade-in."""
        if self._around is None:
            self._reader.skip(frames)
        elif frames > REACH:
            self._reader.skip(frames - REACH)
            self._around = None
        else:
            passed = np.empty((frames, 2), np.float32)
            self._reader.read(passed)
            self._around = np.concatenate((self._around, passed))[frames:]

    def read(self, out: Samples, frame: Frames) -> Frames:
        """Fills `out` as `Reader.read` does, but counts frames `REACH` ahead of those it gives."""
        if self._around is None:
            self._around = np.zeros((2 * REACH, 2), np.float32)
            self._reader.read(self._around[REACH:])
        got = self._reader.read(out)
        line = np.concatenate((self._around, out))
        out[:] = line[REACH : REACH + len(out)]
        depth = self._depth_over(frame, len(out))
        if isinstance(depth, np.ndarray) or depth > 0.0:
            self._mix(out, muffled(line), depth)
        self._around = line[len(out) :]
        return got

    @staticmethod
    def _mix(out: Samples, dull: Samples, depth: Gain) -> None:
        if isinstance(depth, np.ndarray):
            out += (dull - out) * depth.astype(np.float32)[:, np.newaxis]
        elif depth == 1.0:
            out[:] = dull
        else:
            out += (dull - out) * np.float32(depth)

    def _depth_over(self, frame: Frames, count: Frames) -> Gain:
        depth = self._depth.over(frame, count) + self._glide.over(frame, count)
        return np.clip(depth, 0.0, 1.0) if isinstance(depth, np.ndarray) else depth


def _dip_points(dips: Iterable[Dip], shift: Frames, *, scaled: bool) -> list[tuple[Frames, float]]:
    points: list[tuple[Frames, float]] = []
    for dip in dips:
        start, end = dip.start + shift, max(dip.start, dip.end) + shift
        fade, back = (min(ramp, (end - start) // 2) for ramp in (dip.fade, dip.back))
        depth = dip.gain_db if scaled else 1.0
        points += [(start, 0.0), (start + fade, depth), (end - back, depth), (end, 0.0)]
    return points or [(0, 0.0)]
