"""Samples cut into blocks of one size, so that what is computed does not depend on how they arrived."""

from collections.abc import Iterator

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.media.samples import sanitised
from nbd_tui.model.units import Frames


class Blocks:
    """Collects chunks of any size and gives blocks of `frames` frames.

    A block is valid until the next one is taken: there is one buffer.
    """

    def __init__(self, frames: Frames) -> None:
        self._buffer = np.zeros((frames, 2), np.float32)
        self._filled = 0

    def take(self, chunk: Samples) -> Iterator[Samples]:
        """Adds a chunk, float32 (frames, 2); gives each block it completes."""
        done, size = 0, len(self._buffer)
        while done < len(chunk):
            count = min(size - self._filled, len(chunk) - done)
            self._buffer[self._filled : self._filled + count] = chunk[done : done + count]
            done += count
            self._filled = (self._filled + count) % size
            if not self._filled:
                yield _finite(self._buffer)

    def rest(self) -> Samples:
        """The frames of the block begun last."""
        return _finite(self._buffer[: self._filled])


def _finite(block: Samples) -> Samples:
    """The block without NaN, infinity and samples far above full scale, which no decoder of ours lets through."""
    return sanitised(block)
