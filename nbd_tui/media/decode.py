"""Audio files as a stream of frames: stereo float32 at `RATE`, from any in-point, to the sample.

miniaudio reads WAV, FLAC, MP3 and Ogg Vorbis; where it is not installed, the standard library reads plain WAV.
Everything else is first turned into such a WAV (see `transcode`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeAlias

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media.sniff import Codec, codec_of
from nbd_tui.model.units import RATE, Decibels, Frames

SHORTEST: Frames = RATE
"""A file with less than a second of sound is broken: empty or random files `succeed` with next to nothing."""

SILENCE_DB: Decibels = -120.0
"""What digital silence counts as."""

_CHUNK: Frames = 8192


class PcmStream(Protocol):
    """An open file, read from one thread."""

    def read(self, frames: Frames) -> Samples | None:
        """The next frames, at most `frames`; none yet (empty) while still on the way to the in-point; None at the end.

        One call decodes at most a few seconds of music, so that a reader of several streams can take turns.

        Raises:
            DecodeError: the file holds no sound, or the disk fails.
        """
        ...

    def close(self) -> None:
        """Gives the file back."""
        ...


OpenStream: TypeAlias = Callable[[Path, Frames], PcmStream]
"""Opens a file at an in-point, as `open_stream`."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What decoding a whole file told."""

    frames: Frames
    peak: float
    """Largest sample, full scale at 1.0."""
    rms_db: Decibels
    """Mean square over both channels, against full scale; `SILENCE_DB` at least."""


def decodes_directly(codec: Codec) -> bool:
    """Whether `open_stream` reads such files itself, as far as can be told from the kind alone."""
    return codec is Codec.WAV or (codec is not Codec.OTHER and miniaudio_module() is not None)


def open_stream(path: Path, in_point: Frames = 0) -> PcmStream:
    """Opens `path` so that the first frame read is frame `in_point` of the whole decoded file.

    Exact to the sample where the file is at 44.1 kHz; at other rates within one sample of the file.

    Raises:
        DecodeError: the file is missing, empty, or of a kind that has to be transcoded first.
    """
    codec = codec_of(path)
    module = miniaudio_module()
    if module is None and codec is Codec.WAV:
        from nbd_tui.media.wave_stream import WaveStream

        return WaveStream(path, in_point)
    if module is None or codec is Codec.OTHER:
        raise DecodeError("not a kind of file that can be played without decoding it first")
    from nbd_tui.media.miniaudio_stream import open_with_miniaudio

    return open_with_miniaudio(module, path, codec, in_point)


def warm_up() -> None:
    """Imports now what the first file would otherwise wait for (0.1 s)."""
    if miniaudio_module() is not None:
        import nbd_tui.media.miniaudio_stream  # noqa: F401


def survey(path: Path, progress: Callable[[], None] = lambda: None) -> Survey:
    """Decodes all of `path`; `progress` is called a few times a second of music.

    Raises:
        DecodeError: it cannot be decoded, or holds less than a second of sound.
    """
    stream = open_stream(path)
    frames, peak, energy = 0, 0.0, 0.0
    try:
        while (chunk := stream.read(_CHUNK)) is not None:
            progress()
            if len(chunk):
                flat = chunk.ravel()
                frames += len(chunk)
                peak = max(peak, float(flat.max()), -float(flat.min()))
                energy += float(np.dot(flat, flat))
    finally:
        stream.close()
    if frames < SHORTEST:
        raise DecodeError(f"only {frames / RATE:.1f} s of sound in the file" if frames else "no sound in the file")
    return Survey(frames, peak, _rms_db(energy / (2 * frames)))


@cache
def miniaudio_module() -> ModuleType | None:
    """The `miniaudio` package, or None where there is none (some ARM systems) or it does not load."""
    try:
        import miniaudio
    except (ImportError, OSError):
        return None
    module: ModuleType = miniaudio
    return module


def _rms_db(mean_square: float) -> Decibels:
    return max(SILENCE_DB, 10 * math.log10(mean_square)) if mean_square > 0 else SILENCE_DB
