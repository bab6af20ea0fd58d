"""A score rendered block by block as fast as the machine can, by the mixer that sessions play through.

Runs in whatever thread asks for the blocks; files are read and decoded in it, so nothing is ever late.
"""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import Levels, Score, SourceRef
from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media.decode import PcmStream, open_stream
from nbd_tui.model.units import RATE, Frames

BLOCK: Final[Frames] = RATE // 5
MIXED_AT_ONCE: Final[Frames] = 4410
"""Nobody shares the interpreter with a rendering, so that a few large blocks cost less than many small ones."""
LAST_BREATH: Final[Frames] = RATE // 2
"""Silence after the last bell has rung out."""

_CHUNK: Final[Frames] = 8192


class FileSource:
    """A `FrameSource` that waits for its decoder."""

    def __init__(self, ref: SourceRef) -> None:
        self._path = Path(ref.path)
        self._stream: PcmStream | None = None
        self._in_point = ref.in_point
        self._ready = np.zeros((0, 2), np.float32)
        self.ended = False
        """No further frame will come."""
        self.problem = ""

    def read(self, frames: Frames) -> Samples:
        """The next frames; fewer only at the end of the file."""
        parts = []
        while frames and (len(self._ready) or self._refill()):
            part, self._ready = self._ready[:frames], self._ready[frames:]
            parts.append(part)
            frames -= len(part)
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)

    def skip(self, frames: Frames) -> None:
        """Throws frames away."""
        while frames and len(part := self.read(min(frames, _CHUNK))):
            frames -= len(part)

    def close(self) -> None:
        """Gives the file back."""
        if self._stream is not None:
            self._stream.close()
        self._stream, self.ended = None, True

    def _refill(self) -> bool:
        """Decodes on; false at the end. A file that breaks off ends there."""
        if self.ended:
            return False
        try:
            self._stream = self._stream or open_stream(self._path, self._in_point)
            chunk: Samples | None = np.zeros((0, 2), np.float32)
            while chunk is not None and not len(chunk):
                chunk = self._stream.read(_CHUNK)
        except DecodeError as error:
            chunk, self.problem = None, str(error)
        if chunk is None:
            self.ended = True
            return False
        self._ready = chunk
        return True


class Rendering:
    """One score on its way into a file.

    Args:
        score: from frame 0 on.
        sounds: the cue set.
        levels: volumes.
        frames: length of the workout; the last bell rings out after it.
    """

    def __init__(self, score: Score, sounds: Mapping[str, Samples], levels: Levels, frames: Frames) -> None:
        self._sources: dict[str, list[FileSource]] = {}
        self._mixer = Mixer(sounds, self._open, levels=levels, at_once=MIXED_AT_ONCE)
        self._mixer.set_score(score)
        rings = [cue.frame + len(sounds.get(cue.sound, ())) for cue in score.cues]
        self.frames: Frames = max([frames, *rings]) + LAST_BREATH
        """Length of the whole."""

    def blocks(self) -> Generator[Samples, None, None]:
        """All of it in order; ends after `frames` frames."""
        done = 0
        try:
            while done < self.frames:
                count = min(BLOCK, self.frames - done)
                yield self._mixer.render(count)
                self._mixer.drain_reports()
                done += count
        finally:
            self._mixer.close()

    @property
    def problems(self) -> dict[Path, str]:
        """Files that broke off while they were read, and why."""
        opened = ((Path(path), source) for path, sources in self._sources.items() for source in sources)
        return {path: source.problem for path, source in opened if source.problem}

    def _open(self, ref: SourceRef) -> FileSource:
        source = FileSource(ref)
        self._sources.setdefault(ref.path, []).append(source)
        return source


def file_levels(levels: Levels) -> Levels:
    """Volumes for a file: music and bells in the relation they have, the louder of both as loud as it is."""
    loudest = max(levels.music, levels.cues)
    if loudest <= 0.0:
        return levels
    return Levels(levels.music / loudest, levels.cues / loudest, levels.duck_db)
