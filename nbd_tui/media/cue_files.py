"""Loads the cue sounds: a folder of WAV files, one sound each, named by the file."""

import wave
from pathlib import Path

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.model.units import RATE


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
    try:
        with wave.open(str(file), "rb") as reader:
            channels, width, rate = reader.getnchannels(), reader.getsampwidth(), reader.getframerate()
            data = reader.readframes(reader.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise DecodeError(f"{file}: {error}") from error
    if (width, rate) != (2, RATE) or channels not in {1, 2}:
        raise DecodeError(f"{file}: a cue sound has 16 bits, {RATE} Hz and one or two channels")
    samples = np.frombuffer(data, "<i2").reshape(-1, channels).astype(np.float32) / np.float32(32768)
    return np.ascontiguousarray(np.broadcast_to(samples, (len(samples), 2)))
