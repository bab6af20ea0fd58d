"""One pass over a track's samples: spectrum in mel bands, power in three ranges, and a fine envelope.

Everything that listens to rhythm, energy or drops reads this and not the samples, so that memory does not grow with
them: about 20 KB per second of music against 350 KB.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Frames, Seconds

Floats: TypeAlias = npt.NDArray[np.float32]

WINDOW: Final[Frames] = 2048
HOP: Final[Frames] = 441
FPS: Final = RATE / HOP
"""Spectra per second."""
ENVELOPE_FRAMES: Final[Frames] = 88
"""The fine envelope has one value per so many frames (2 ms)."""
ENVELOPE_HZ: Final = RATE / ENVELOPE_FRAMES

LOW_HZ: Final = 150.0
"""Bass and kick drum lie below."""
HIGH_HZ: Final = 2000.0
"""Cymbals, noise and brightness lie above."""
BANDS: Final = 40

_LOWEST_HZ: Final = 30.0
_HIGHEST_HZ: Final = 16_000.0
_BATCH: Final = 256
"""Spectra computed at once; a few megabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What is kept of a track. Row i of the spectra is centred on second i / fps."""

    frames: Frames
    """Length of the track."""
    fps: float
    """Spectra per second."""
    bands: Floats
    """(spectra, bands): power in bands of equal width on the mel scale, low to high, in an arbitrary unit."""
    low: Floats
    """(spectra,): mean power of the samples below `LOW_HZ`, full-scale square wave = 1."""
    middle: Floats
    """Likewise, `LOW_HZ` to `HIGH_HZ`."""
    high: Floats
    """Likewise, above `HIGH_HZ`."""
    loud: Floats
    """Likewise, all of it, K-weighted (ITU-R BS.1770-4): what sounds loud."""
    envelope: Floats
    """(values,): mean power of each `ENVELOPE_FRAMES` frames, all frequencies; value i begins at i / ENVELOPE_HZ."""

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return self.frames / RATE


class FeatureMaker:
    """Takes a track chunk by chunk; `finish` tells what it was.

    The samples must be finite; channels are averaged.
    """

    def __init__(self) -> None:
        self._frames = 0
        self._pending = np.zeros(WINDOW // 2, np.float32)
        self._envelope_rest = np.zeros(0, np.float32)
        self._rows: list[tuple[Floats, Floats]] = []
        self._envelope: list[Floats] = []

    def add(self, chunk: Samples) -> None:
        """Takes the next samples, float32 (frames, 2)."""
        mono = chunk.mean(axis=1, dtype=np.float32)
        self._frames += len(mono)
        self._take_envelope(mono)
        self._pending = np.concatenate((self._pending, mono))
        self._take_spectra()

    def finish(self) -> Features:
        """Everything kept; nothing may be added afterwards."""
        rows = self._frames // HOP + 1
        done = sum(len(bands) for bands, _ in self._rows)
        missing = max(0, (rows - done - 1) * HOP + WINDOW - len(self._pending))
        self._pending = np.concatenate((self._pending, np.zeros(missing, np.float32)))
        self._take_spectra()
        bands = np.concatenate([bands for bands, _ in self._rows])[:rows]
        powers = np.concatenate([powers for _, powers in self._rows])[:rows]
        envelope = np.concatenate([np.zeros(0, np.float32), *self._envelope])
        low, middle, high, loud = (np.ascontiguousarray(powers[:, column]) for column in range(4))
        return Features(self._frames, FPS, bands, low, middle, high, loud, envelope)

    def _take_envelope(self, mono: Floats) -> None:
        both = np.concatenate((self._envelope_rest, mono))
        whole = len(both) // ENVELOPE_FRAMES * ENVELOPE_FRAMES
        self._envelope.append(np.square(both[:whole]).reshape(-1, ENVELOPE_FRAMES).mean(axis=1))
        self._envelope_rest = both[whole:]

    def _take_spectra(self) -> None:
        count = max(0, (len(self._pending) - WINDOW) // HOP + 1)
        for start in range(0, count, _BATCH):
            self._rows.append(_spectra(self._pending[start * HOP :], min(_BATCH, count - start)))
        self._pending = self._pending[count * HOP :]


def features_of(samples: Samples) -> Features:
    """The features of a whole track that is in memory, (frames, 2)."""
    maker = FeatureMaker()
    for chunk in _chunks(samples):
        maker.add(chunk)
    return maker.finish()


def _chunks(samples: Samples) -> Iterator[Samples]:
    for start in range(0, len(samples), 8192):
        yield samples[start : start + 8192]


def _spectra(mono: Floats, count: int) -> tuple[Floats, Floats]:
    windows = np.lib.stride_tricks.sliding_window_view(mono, WINDOW)[::HOP][:count]
    power = np.square(np.abs(np.fft.rfft(windows * _HANN, axis=1))).astype(np.float32)
    bands = np.add.reduceat(power, _EDGES[:-1], axis=1)[:, : len(_EDGES) - 1]
    power *= np.float32(2 / (np.square(_HANN).sum() * WINDOW))
    low, high = np.searchsorted(_FREQUENCIES, [LOW_HZ, HIGH_HZ])
    sums = (power[:, 1:low].sum(1), power[:, low:high].sum(1), power[:, high:].sum(1), power @ _K_WEIGHTS)
    return bands, np.stack(sums, axis=1)


def _mel(hertz: float) -> float:
    """Pitch as heard (O'Shaughnessy 1987)."""
    return float(2595 * np.log10(1 + hertz / 700))


def _mel_edges() -> npt.NDArray[np.intp]:
    mels = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 1)
    return np.unique(np.searchsorted(_FREQUENCIES, 700 * (10 ** (mels / 2595) - 1)))


def k_weights(frequencies: npt.NDArray[np.floating]) -> Floats:
    """Power response of the K-weighting at `frequencies` in Hz: both filters of ITU-R BS.1770-4 as given for 48 kHz."""
    z = np.exp(-2j * np.pi * np.minimum(frequencies, 23_999.0) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weights: Floats = np.square(np.abs(shelf * high_pass)).astype(np.float32)
    return weights


_FREQUENCIES: Final = np.fft.rfftfreq(WINDOW, 1 / RATE)
_HANN: Final[Floats] = np.hanning(WINDOW).astype(np.float32)
_K_WEIGHTS: Final = k_weights(_FREQUENCIES)
_EDGES: Final = _mel_edges()
