"""Sources whose frames are known in advance."""

import numpy as np

from nbd_tui.audio.score import SourceRef
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.model.units import Frames

STEP = 2.0**-20
"""How much a ramp rises a frame; exact in float32 up to a million frames."""


def ramp(first: Frames, frames: Frames) -> Samples:
    """Each sample says its position in the source: right of it, as a negative number, too."""
    mono = np.arange(first, first + frames, dtype=np.float32) * np.float32(STEP)
    return np.stack((mono, -mono), axis=1)


def noise(seed: int, frames: Frames, loudness: float = 0.1) -> Samples:
    return (np.random.default_rng(seed).standard_normal((frames, 2)) * loudness).astype(np.float32)


def tone(hertz: float, frames: Frames, loudness: float = 0.5) -> Samples:
    mono = loudness * np.sin(2 * np.pi * hertz * np.arange(frames) / 44_100)
    return np.stack((mono, mono), axis=1).astype(np.float32)


class ClipSource:
    """Plays given samples from an in-point on; frames in a stall are not ready when they are first asked for."""

    def __init__(self, clip: Samples, in_point: Frames = 0, stalls: tuple[tuple[Frames, Frames], ...] = ()) -> None:
        self._clip = clip
        self._position = in_point
        self._stalls = list(stalls)
        self.closed = False

    @property
    def ended(self) -> bool:
        return self._position >= len(self._clip)

    def read(self, frames: Frames) -> Samples:
        assert not self.closed
        end = min(self._position + frames, len(self._clip))
        for start, stop in self._stalls:
            if start < end and self._position < stop:
                end = max(start, self._position)
        got = self._clip[self._position : end]
        self._position = end
        return got

    def skip(self, frames: Frames) -> None:
        assert not self.closed
        self._position += frames

    def close(self) -> None:
        assert not self.closed
        self.closed = True


class Shelf:
    """An `OpenSource` over clips by path; remembers what it has opened."""

    def __init__(self, **clips: Samples) -> None:
        self._clips = clips
        self.opened: list[tuple[SourceRef, ClipSource]] = []
        self.stalls: dict[str, tuple[tuple[Frames, Frames], ...]] = {}

    def __call__(self, place: SourceRef) -> FrameSource:
        source = ClipSource(self._clips[place.path], place.in_point, self.stalls.get(place.path, ()))
        self.opened.append((place, source))
        return source

    @property
    def still_open(self) -> list[str]:
        return [place.path for place, source in self.opened if not source.closed]
