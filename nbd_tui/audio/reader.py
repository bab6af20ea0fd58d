"""Reads a source for a voice: always as many frames as asked for, finite, in place, and without clicks at gaps."""

from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.envelope import DECLICK
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.model.units import Frames

RESIDUE: Final[Frames] = 64
"""Where frames break off, the last one fades away within so many."""
LOUDEST: Final = 4.0
"""Samples beyond this are no sound (decoders may pass full scale a little)."""

_FALL: Final = np.linspace(1.0, 0.0, RESIDUE + 1, dtype=np.float32)[1:, np.newaxis]


class Reader:
    """A source that gives silence for what is not ready, and stays in place: frames that come too late are skipped."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._last: npt.NDArray[np.float32] = np.zeros(2, np.float32)
        self._residue: Samples = np.zeros((0, 2), np.float32)
        self._joining: Frames = 0
        self._starving = False
        self.frames_read: Frames = 0
        self.underruns = 0
        """How often frames were missing that should have been ready."""
        self.ended = False
        """The source has run out."""

    @property
    def fading(self) -> bool:
        """Whether the last frame before a break is still fading away."""
        return len(self._residue) > 0

    def skip(self, frames: Frames) -> None:
        """Goes on `frames` later, with a short fade-in."""
        if not self.ended:
            self._source.skip(frames)
        self._joining = DECLICK

    def close(self) -> None:
        """Gives up the source."""
        self._source.close()

    def read(self, out: Samples) -> Frames:
        """Fills `out`; returns how many of its frames came from the source, the others are silent."""
        got = self._take(out)
        self.frames_read += got
        if got:
            sanitise(out[:got])
            self._fade_in(out[:got])
        out[got:] = 0.0
        missing = len(out) - got
        if missing:
            self._break_off(out, got)
        elif got:
            self._last = out[-1].copy()
        self._add_residue(out)
        self._starve(0 if self.ended else missing)
        return got

    def _take(self, out: Samples) -> Frames:
        """Copies what is ready; asks once more when the source has ended, as frames may have come before it did."""
        if self.ended:
            return 0
        got = self._copy(out, 0)
        if got < len(out) and self._source.ended:
            got = self._copy(out, got)
            self.ended = got < len(out)
        return got

    def _copy(self, out: Samples, done: Frames) -> Frames:
        samples = self._source.read(len(out) - done)
        out[done : done + len(samples)] = samples
        return done + len(samples)

    def _fade_in(self, samples: Samples) -> None:
        count = min(self._joining, len(samples))
        if count:
            gone = DECLICK - self._joining
            ramp = np.arange(gone, gone + count, dtype=np.float32) / np.float32(DECLICK)
            samples[:count] *= ramp[:, np.newaxis]
            self._joining -= count

    def _break_off(self, out: Samples, got: Frames) -> None:
        last = out[got - 1].copy() if got else self._last
        self._last = np.zeros(2, np.float32)
        if last.any():
            residue = np.zeros((max(len(self._residue), got + RESIDUE), 2), np.float32)
            residue[: len(self._residue)] = self._residue
            residue[got : got + RESIDUE] += last * _FALL
            self._residue = residue

    def _add_residue(self, out: Samples) -> None:
        if len(self._residue):
            count = min(len(out), len(self._residue))
            out[:count] += self._residue[:count]
            self._residue = self._residue[count:]

    def _starve(self, missing: Frames) -> None:
        if missing:
            self._source.skip(missing)
            self._joining = DECLICK
            self.underruns += not self._starving
        self._starving = missing > 0


def sanitise(samples: Samples) -> None:
    """Makes every sample a number that can be heard, in place: NaN to 0, infinite to 1, the rest within `LOUDEST`."""
    highest, lowest = samples.max(), samples.min()
    if not (highest <= LOUDEST and lowest >= -LOUDEST):
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(samples, -LOUDEST, LOUDEST, out=samples)
