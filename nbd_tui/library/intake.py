"""A file on its way into the analysis: decoded once, its beginning first, by which its sound is known.

Files that only libVLC reads go through a decoded copy. The one in the cache is used where there is one; a new one is
not kept there: a library on its way through would drive out what the next workout needs.
"""

import contextlib
import hashlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.errors import CircumstanceError, DecodeError, system_reason
from nbd_tui.library.child_io import Progress
from nbd_tui.library.probe_worker import require_libvlc
from nbd_tui.media.decode import SHORTEST, decodes_directly, open_stream
from nbd_tui.media.pcm_cache import SPARE_BYTES, PcmCache, free_bytes
from nbd_tui.media.sniff import codec_of
from nbd_tui.media.transcode import transcode, transcoder_version
from nbd_tui.model.sound import HEAD_BYTES, HEAD_FRAMES
from nbd_tui.model.units import RATE, Frames

_CHUNK: Frames = 8192
_FULL_SCALE = 32_767


class Intake:
    """An open file whose beginning has been decoded (and is kept: 11 MB at most).

    Args:
        source: what `open_stream` reads.
        progress: called with every chunk.
        temporary: `source` is removed in the end.

    Raises:
        DecodeError: it cannot be decoded, or holds less than a second of sound.
    """

    def __init__(self, source: Path, progress: Progress, *, temporary: bool = False) -> None:
        self._source = source
        self._progress = progress
        self._temporary = temporary
        self._stream = open_stream(source)
        self._beginning: deque[Samples] = deque()
        self.frames: Frames = 0
        """Decoded so far; the length of the file once everything was."""
        try:
            self.head = self._read_head()
        except BaseException:
            self.close()
            raise
        """As `model.sound.Sound.head`."""

    def chunks(self) -> Iterator[Samples]:
        """All of its samples from the first on, once."""
        while self._beginning:
            yield self._beginning.popleft()
        while (chunk := self._next()) is not None:
            yield chunk

    def measure(self) -> Frames:
        """Decodes the rest only for the length; nothing can be read afterwards but `again`."""
        self._beginning.clear()
        while self._next() is not None:
            pass
        return self.frames

    def again(self) -> Iterator[Samples]:
        """All of its samples, decoded once more."""
        self._stream.close()
        self._stream = open_stream(self._source)
        self.frames = 0
        return self.chunks()

    def close(self) -> None:
        """Gives the file back."""
        self._stream.close()
        if self._temporary:
            _remove(self._source)

    def _next(self) -> Samples | None:
        chunk = self._stream.read(_CHUNK)
        self._progress()
        if chunk is not None:
            self.frames += len(chunk)
        return chunk

    def _read_head(self) -> bytes:
        digest = hashlib.blake2b(digest_size=HEAD_BYTES)
        while self.frames < HEAD_FRAMES and (chunk := self._next()) is not None:
            self._beginning.append(chunk)
            digest.update(_as_pcm(chunk[: len(chunk) - max(0, self.frames - HEAD_FRAMES)]))
        if self.frames < SHORTEST:
            length = f"only {self.frames / RATE:.1f} s of sound in the file"
            raise DecodeError(length if self.frames else "no sound in the file")
        return digest.digest()


def open_intake(path: Path, cache: PcmCache, scratch: Path, progress: Progress) -> Intake:
    """Opens `path`, by way of libVLC where need be; libVLC is also asked where our own decoder gives up.

    Args:
        path: any file.
        cache: where a decoded copy may be.
        scratch: a folder for another one, as long as it is read; there is at most one per process.
        progress: called while it gets on.

    Raises:
        DecodeError: it cannot be decoded, or holds less than a second of sound.
    """
    if not decodes_directly(codec_of(path)):
        return _through_libvlc(path, cache, scratch, progress)
    try:
        return Intake(path, progress)
    except CircumstanceError:
        raise
    except DecodeError as error:
        try:
            return _through_libvlc(path, cache, scratch, progress)
        except CircumstanceError:
            raise CircumstanceError(str(error)) from None
        except DecodeError:
            raise error from None


def _through_libvlc(path: Path, cache: PcmCache, scratch: Path, progress: Progress) -> Intake:
    require_libvlc(path)
    if copy := cache.find(path, transcoder_version()):
        return Intake(copy, progress)
    target = scratch / f"{os.getpid()}.wav"
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        transcode(path, target, progress=progress)
        _require_space(scratch)
        return Intake(target, progress, temporary=True)
    except BaseException as error:
        _remove(target)
        if isinstance(error, OSError):
            raise CircumstanceError(f"its decoded copy cannot be stored: {system_reason(error)}") from error
        raise


def _require_space(folder: Path) -> None:
    """On a full disk a copy ends early without a word."""
    if free_bytes(folder) < SPARE_BYTES:
        raise CircumstanceError("there is no space left on the disk for its decoded copy")


def _as_pcm(samples: Samples) -> memoryview:
    """As 16-bit little-endian PCM, so that the last bits of a decoder do not matter."""
    scaled = np.clip(samples, -1.0, 1.0)
    scaled *= np.float32(_FULL_SCALE)
    return np.rint(scaled, out=scaled).astype("<i2").data


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
