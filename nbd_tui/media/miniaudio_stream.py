"""WAV, FLAC, MP3 and Ogg Vorbis through miniaudio."""

import array
import io
import sys
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media import mp3_index
from nbd_tui.media.samples import no_samples, sanitised
from nbd_tui.media.sniff import EXTENSIONS, Codec, unreadable
from nbd_tui.model.units import RATE, Frames

_Chunks: TypeAlias = Generator["array.array[float]", int, None]

_LARGEST_READ: Frames = 16_384
"""miniaudio's own limit for one read."""

_STRIDE: Frames = 5 * RATE
"""How much is decoded and dropped in one call on the way to an in-point."""

_WORTH_AN_INDEX: Frames = 10 * RATE
"""From here on looking for an MP3 frame is quicker than decoding all before it."""


def open_with_miniaudio(module: ModuleType, path: Path, codec: Codec, in_point: Frames) -> "MiniaudioStream":
    """Opens `path`, which holds `codec`, at `in_point`.

    miniaudio seeks exactly and at once in WAV and FLAC, and in Vorbis when it opens the file itself. In MP3 it would
    decode everything before the in-point in one call; that is reached through an index of the frames instead.

    Raises:
        DecodeError: miniaudio does not take the file.
    """
    opener = _Opener(module, path, codec)
    if codec is Codec.MP3 and in_point > _WORTH_AN_INDEX and (entry := mp3_index.entry_before(path, in_point)):
        return opener.through_feed(start=entry.offset, drop=in_point - entry.frame, left=entry.end - in_point)
    by_name = _opens_by_name(path, codec)
    seeks = codec in {Codec.WAV, Codec.FLAC} or (codec is Codec.VORBIS and by_name)
    try:
        return opener.open(by_name=by_name, seek=in_point if seeks else 0, drop=0 if seeks else in_point)
    except DecodeError:
        if not (seeks and in_point):
            raise
    return opener.open(by_name=by_name, seek=0, drop=in_point)


class MiniaudioStream:
    """A `PcmStream` over one of miniaudio's generators.

    `drop` frames lie between its beginning and the in-point; from there at most `left` belong to the file.
    """

    def __init__(
        self, errors: type[Exception], chunks: _Chunks, feed: "FileFeed | None", drop: Frames, left: Frames
    ) -> None:
        self._errors = errors
        self._chunks = chunks
        self._feed = feed
        self._drop = drop
        self._left = left

    def read(self, frames: Frames) -> Samples | None:
        """See `PcmStream`."""
        if self._drop:
            return self._approach()
        samples = self._next(min(frames, self._left)) if self._left else None
        if samples is not None:
            self._left -= len(samples)
        return samples

    def close(self) -> None:
        """See `PcmStream`."""
        self._chunks.close()
        if self._feed:
            self._feed.close()

    def _approach(self) -> Samples | None:
        """Decodes and drops one stride on the way to the in-point."""
        budget = _STRIDE
        while self._drop and budget > 0:
            chunk = self._next(self._drop)
            if chunk is None:
                return None
            self._drop -= len(chunk)
            budget -= len(chunk)
        return no_samples()

    def _next(self, frames: Frames) -> Samples | None:
        """The next piece. A file that breaks off, or is damaged to its end, ends there; a failing disk is an error."""
        try:
            chunk = self._chunks.send(min(frames, _LARGEST_READ))
        except (StopIteration, self._errors):
            chunk = None
        if self._feed and self._feed.error_in_readcallback:
            raise unreadable(self._feed.error_in_readcallback)
        return None if chunk is None else sanitised(np.frombuffer(chunk, np.float32).reshape(-1, 2))


class FileFeed:
    """What miniaudio calls a `StreamableSource`: the bytes of a file, from `start` on."""

    def __init__(self, path: Path, start: int) -> None:
        self.ffi_handle: Any = None
        """Set by miniaudio."""
        self.error_in_readcallback: OSError | None = None
        self._start = start
        try:
            self._file = path.open("rb")
            self._file.seek(start)
        except OSError as error:
            raise unreadable(error) from error

    def read(self, num_bytes: int) -> bytes:
        """The next bytes; none at the end of the file, and after an error, which is kept."""
        try:
            return self._file.read(num_bytes)
        except OSError as error:
            self.error_in_readcallback = error
            return b""

    def seek(self, offset: int, origin: Any) -> bool:  # noqa: ANN401 - miniaudio.SeekOrigin
        """Goes to a place counted from the start given, or from here."""
        if origin.name == "START":
            self._file.seek(self._start + offset)
        else:
            self._file.seek(offset, io.SEEK_END if origin.name == "END" else io.SEEK_CUR)
        return True

    def close(self) -> None:
        """Gives the file back."""
        self._file.close()


class _Opener:
    """The two ways of miniaudio into a file: by its name, or through callbacks for its bytes."""

    def __init__(self, module: ModuleType, path: Path, codec: Codec) -> None:
        self._module = module
        self._path = path
        self._codec = codec

    def open(self, *, by_name: bool, seek: Frames, drop: Frames) -> MiniaudioStream:
        return self._through_name(seek, drop) if by_name else self.through_feed(seek=seek, drop=drop)

    def through_feed(
        self, *, start: int = 0, seek: Frames = 0, drop: Frames = 0, left: Frames = sys.maxsize
    ) -> MiniaudioStream:
        feed = FileFeed(self._path, start)
        try:
            chunks = self._module.stream_any(feed, self._format(), seek_frame=seek, **self._to())
        except self._module.MiniaudioError as error:
            feed.close()
            raise self._refusal() from error
        return MiniaudioStream(self._module.MiniaudioError, chunks, feed, drop, left)

    def _through_name(self, seek: Frames, drop: Frames) -> MiniaudioStream:
        try:
            chunks = self._module.stream_file(str(self._path), seek_frame=seek, **self._to())
        except self._module.MiniaudioError as error:
            raise self._refusal() from error
        except OSError as error:
            raise unreadable(error) from error
        return MiniaudioStream(self._module.MiniaudioError, chunks, None, drop, sys.maxsize)

    def _to(self) -> dict[str, Any]:
        return {"output_format": self._module.SampleFormat.FLOAT32, "nchannels": 2, "sample_rate": RATE}

    def _format(self) -> Any:  # noqa: ANN401 - miniaudio.FileFormat
        return self._module.FileFormat[self._codec.name]

    def _refusal(self) -> DecodeError:
        return DecodeError(f"not a sound {self._codec} file: it is damaged, or of a kind that is not known")


def _opens_by_name(path: Path, codec: Codec) -> bool:
    """The decoder is chosen by the file's ending, and miniaudio takes no name that is not UTF-8 or begins with `~`."""
    name = str(path)
    return path.suffix.lower() in EXTENSIONS[codec] and name.isprintable() and not name.startswith("~")
