"""Plain WAV files through the standard library alone, for systems without miniaudio."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media.sniff import unreadable
from nbd_tui.model.units import RATE, Frames


class WaveStream:
    """A `PcmStream` over a mono or stereo PCM WAV at 44.1 kHz, which is what the cache of decoded copies holds."""

    def __init__(self, path: Path, in_point: Frames) -> None:
        try:
            self._file = wave.open(str(path), "rb")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise unreadable(error) from error
        except (wave.Error, EOFError) as error:
            raise DecodeError(f"not a plain WAV file ({error})") from error
        self._channels = self._file.getnchannels()
        self._width = self._file.getsampwidth()
        if self._file.getframerate() != RATE or self._channels > 2:
            self.close()
            raise DecodeError("not a mono or stereo WAV file at 44.1 kHz")
        self._file.setpos(min(in_point, self._file.getnframes()))

    def read(self, frames: Frames) -> Samples | None:
        """See `PcmStream`."""
        try:
            data = self._file.readframes(frames)
        except OSError as error:
            raise unreadable(error) from error
        whole = len(data) - len(data) % (self._channels * self._width)
        if not whole:
            return None
        samples = _to_float(data[:whole], self._width).reshape(-1, self._channels)
        return np.ascontiguousarray(np.broadcast_to(samples, (len(samples), 2)))

    def close(self) -> None:
        """See `PcmStream`."""
        self._file.close()


def _to_float(data: bytes, width: int) -> npt.NDArray[np.float32]:
    """Little-endian PCM of 1 to 4 bytes a sample (one byte is unsigned), full scale at 1.0."""
    if width == 1:
        return ((np.frombuffer(data, np.uint8).astype(np.int16) - 128) / 128).astype(np.float32)
    if width == 3:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        data, width = padded.tobytes(), 4
    samples: npt.NDArray[np.float32] = (np.frombuffer(data, f"<i{width}") / 2 ** (8 * width - 1)).astype(np.float32)
    return samples
