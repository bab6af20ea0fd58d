"""Samples cut into blocks of one size, so that what is computed does not depend on how they arrived."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.media.samples import sanitised
from nbd_tui.model.units import Frames

BLOCK: Final[Frames] = 70_560
"""1.6 s: whole tenths of a second (loudness), and a multiple of 32 (the filters); fits a processor's second cache."""


class Blocks:
    """Collects chunks of any size and gives blocks of `BLOCK` frames.

    Whole blocks within a chunk are not copied. A block is valid until the next one is taken.
    """

    def __init__(self) -> None:
        self._buffer = np.zeros((BLOCK, 2), np.float32)
        self._filled = 0

    def take(self, chunk: Samples) -> Iterator[Samples]:
        """Adds a chunk, float32 (frames, 2); gives each block it completes."""
        done = 0
        while done < len(chunk):
            if not self._filled and len(chunk) - done >= BLOCK:
                yield chunk[done : done + BLOCK]
                done += BLOCK
                continue
            count = min(BLOCK - self._filled, len(chunk) - done)
            self._buffer[self._filled : self._filled + count] = chunk[done : done + count]
            done += count
            self._filled = (self._filled + count) % BLOCK
            if not self._filled:
                yield self._buffer

    def rest(self) -> Samples:
        """The frames of the block begun last."""
        return self._buffer[: self._filled]


def tidy(block: Samples) -> Samples:
    """A block as the listeners take it: contiguous, finite, at most +6 dB.

    No decoder of ours lets anything else through; one bad sample would spoil every sum over the track.
    """
    return np.ascontiguousarray(sanitised(block), np.float32)
