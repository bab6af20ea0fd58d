"""Loads cue sounds and spoken clips: short WAV files, held in memory."""

import logging
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media.samples import resampled
from nbd_tui.model.units import RATE, Seconds

log = logging.getLogger(__name__)

LONGEST_CLIP_S: Final[Seconds] = 10.0
"""Longer files are no clips."""
RATES: Final = range(8_000, 96_001)


def load_cue_set(folder: Path) -> dict[str, Samples]:
    """The sounds of a cue set by name: `bell-single.wav` is `bell-single`.

    Raises:
        DecodeError: there is no such folder, no sound in it, or one that is no 16-bit WAV at `RATE`.
    """
    sounds = {file.stem: load_cue(file) for file in sorted(folder.glob("*.wav"))}
    if not sounds:
        raise DecodeError(f"no cue sounds (*.wav) in {folder}")
    return sounds


def load_cue(file: Path) -> Samples:
    """One sound, float32[frames, 2]; a mono file sounds on both sides.

    Raises:
        DecodeError: it is no 16-bit WAV of one or two channels at `RATE`.
    """
    samples, rate = read_wav(file)
    if rate != RATE:
        raise DecodeError(f"{file}: a cue sound has 16 bits, {RATE} Hz and one or two channels")
    return _on_both_sides(samples)


def load_clip(file: Path) -> Samples:
    """One clip at `RATE`, float32[frames, 2]; the file may have another rate.

    Raises:
        DecodeError: it is no 16-bit WAV of one or two channels, or too long.
    """
    samples, rate = read_wav(file)
    return _on_both_sides(resampled(samples, rate, RATE))


def clip_length_s(file: Path) -> Seconds:
    """How long a clip is, by its header.

    Raises:
        DecodeError: as `load_clip`.
    """
    with _opened(file) as reader:
        return reader.getnframes() / reader.getframerate()


def read_wav(file: Path) -> tuple[Samples, int]:
    """The samples of a short file, float32[frames, channels], and its rate.

    Raises:
        DecodeError: it is no 16-bit WAV of one or two channels, or too long.
    """
    with _opened(file) as reader:
        try:
            data = reader.readframes(reader.getnframes())
        except (OSError, EOFError, wave.Error) as error:
            raise DecodeError(f"{file}: {error}") from error
        channels, rate = reader.getnchannels(), reader.getframerate()
    whole = len(data) - len(data) % (2 * channels)
    return np.frombuffer(data[:whole], "<i2").reshape(-1, channels).astype(np.float32) / np.float32(32768), rate


class ClipShelf:
    """The clips a player may be told to say, read once. Files are read by `load` only; `get` never waits.

    `load` and `get` may be called by two threads.
    """

    def __init__(self) -> None:
        self._clips: dict[str, Samples] = {}
        self._failed: set[str] = set()

    def load(self, paths: Iterable[str]) -> None:
        """Reads the clips not read yet; one that cannot be is logged, and will not be found."""
        for path in dict.fromkeys(paths):
            if self.lacks((path,)):
                self._read(path)

    def lacks(self, paths: Iterable[str]) -> bool:
        """Whether one of the clips has not been tried yet."""
        return any(path not in self._clips and path not in self._failed for path in paths)

    def get(self, path: str) -> Samples | None:
        """A clip's samples, float32[frames, 2] at `RATE`; None where it has not been read, or could not be."""
        return self._clips.get(path)

    def _read(self, path: str) -> None:
        try:
            self._clips[path] = load_clip(Path(path))
        except DecodeError as error:
            log.warning("a clip cannot be said: %s", error)
            self._failed.add(path)


def _opened(file: Path) -> wave.Wave_read:
    try:
        reader = wave.open(str(file), "rb")  # noqa: SIM115  given to the caller
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise DecodeError(f"{file}: {error}") from error
    width, channels, rate = reader.getsampwidth(), reader.getnchannels(), reader.getframerate()
    if width != 2 or channels not in {1, 2} or rate not in RATES or reader.getnframes() > LONGEST_CLIP_S * rate:
        reader.close()
        raise DecodeError(f"{file}: a cue sound has 16 bits, {RATE} Hz and one or two channels")
    return reader


def _on_both_sides(samples: Samples) -> Samples:
    return np.ascontiguousarray(np.broadcast_to(samples, (len(samples), 2)))
