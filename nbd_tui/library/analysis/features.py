"""One pass over a track's samples: spectrum in mel bands, power in three ranges, and a fine envelope.

Everything that listens to rhythm, energy or drops reads this and not the samples, so that memory does not grow with
them: about 17 KB per second of music against 350 KB. What matters lies below 11 kHz, so that half the sample rate does,
at half the cost.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.blocks import BLOCK, Blocks, tidy
from nbd_tui.library.analysis.half_rate import HALF_RATE, HalfRate
from nbd_tui.library.analysis.kept import Kept
from nbd_tui.library.analysis.weighting import IN_SINGLE, k_weights
from nbd_tui.model.units import RATE, Frames, Seconds

Floats: TypeAlias = npt.NDArray[np.float32]

WINDOW: Final = 1024
"""Samples at `HALF_RATE` that a spectrum looks at: 46 ms, bins of 21.5 Hz."""
HOP: Final = 256
"""Samples at `HALF_RATE` from one spectrum to the next: 11.6 ms."""
FPS: Final = HALF_RATE / HOP
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
"""An offset of the samples does not reach up to here."""
_HIGHEST_HZ: Final = 10_500.0
"""The half-rate signal fades from here on."""
_BATCH: Final = 70
"""Spectra computed at once, half a block of them: with their samples they stay in the processor's second cache."""
_OPPOSED: Final = 8.0
"""From so many times the power of (left + right) in (left - right), the channels cancel each other (9 dB; tuned on
inverted copies: ordinary wide stereo stays below 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What is kept of a track. Row i of the spectra is centred on second i / fps.

    The channels are averaged. Where they cancel each other, the power of their difference is added.
    """

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
    """Likewise, from `HIGH_HZ` to 11 kHz."""
    loud: Floats
    """Likewise, up to 11 kHz, K-weighted (ITU-R BS.1770-4): what sounds loud."""
    envelope: Floats
    """(values,): mean power of each `ENVELOPE_FRAMES` frames, up to 11 kHz; value i begins at i / ENVELOPE_HZ."""

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return self.frames / RATE


class FeatureMaker:
    """Takes a track chunk by chunk; `finish` tells what it was. The same whatever the size of the chunks.

    The samples must be finite.
    """

    def __init__(self) -> None:
        self._frames = 0
        self._blocks = Blocks()
        self._middle = _Listener()
        self._side: _Listener | None = None
        self._bands = Kept(BANDS)
        self._powers = Kept(_POWERS)
        self._envelope = Kept(1)

    def add(self, chunk: Samples) -> None:
        """Takes the next samples, float32 (frames, 2)."""
        self._frames += len(chunk)
        for block in self._blocks.take(chunk):
            self._take(block)

    def finish(self) -> Features:
        """Everything kept; nothing may be added afterwards."""
        rest = self._blocks.rest()
        tail = np.zeros((_padded(len(rest)), 2), np.float32)
        tail[: len(rest)] = rest
        self._take(tail)
        rows = self._frames // (2 * HOP) + 1
        powers = self._powers.finish(rows)
        low, middle, high, loud = (np.ascontiguousarray(powers[:, column]) for column in range(_POWERS))
        envelope = self._envelope.finish(self._frames // ENVELOPE_FRAMES)[:, 0]
        return Features(self._frames, FPS, self._bands.finish(rows), low, middle, high, loud, envelope)

    def _take(self, block: Samples) -> None:
        middle = block @ _MIDDLE
        if self._side is None and _is_opposed(block, middle):
            self._side = self._middle.silent_twin()
        spectra, envelope = self._middle.hear(middle)
        if self._side is not None:
            more_spectra, more_envelope = self._side.hear(block @ _SIDE)
            spectra, envelope = spectra + more_spectra, envelope + more_envelope
        self._bands.add(spectra[:, :BANDS])
        self._powers.add(spectra[:, BANDS:])
        self._envelope.add(envelope)


class _Listener:
    """The spectra and the envelope of one signal, block by block."""

    def __init__(self) -> None:
        self._half = HalfRate()
        self._pending = np.zeros(BLOCK // 2 + 4 * WINDOW, np.float32)
        """The first of them are samples that not every spectrum has seen yet, and at first the silence before all."""
        self._count = WINDOW // 2
        """How many they are."""
        self._all_windows = np.lib.stride_tricks.sliding_window_view(self._pending, WINDOW)[::HOP]
        """The spectra's view of them."""
        self._uneven = np.zeros(0, np.float32)
        """Samples of an envelope value begun."""
        self._windows = np.empty((_BATCH, WINDOW), np.float32)
        self._spectra = np.empty((_BATCH, WINDOW // 2 + 1), np.complex64)
        self._power = np.empty((_BATCH, WINDOW // 2 + 1), np.float32)

    def silent_twin(self) -> "_Listener":
        """Another, which has heard nothing but silence for as long."""
        twin = _Listener()
        twin._half = self._half.silent_twin()
        twin._count = self._count
        twin._uneven = np.zeros_like(self._uneven)
        return twin

    def hear(self, signal: Floats) -> tuple[Floats, Floats]:
        """The next rows of bands and powers, and of the envelope; for a multiple of 32 samples."""
        half = self._half.take(signal)
        return self._bands(half), self._envelope(half)

    def _envelope(self, half: Floats) -> Floats:
        both = np.concatenate((self._uneven, half))
        whole = len(both) // _ENVELOPE_HALVES * _ENVELOPE_HALVES
        self._uneven = both[whole:]
        return np.square(both[:whole]).reshape(-1, _ENVELOPE_HALVES) @ _AVERAGE

    def _bands(self, half: Floats) -> Floats:
        end = self._count + len(half)
        self._pending[self._count : end] = half
        count = max(0, (end - WINDOW) // HOP + 1)
        found = np.empty((count, BANDS + _POWERS), np.float32)
        for first in range(0, count, _BATCH):
            self._transform(self._all_windows[first : min(first + _BATCH, count)], found[first : first + _BATCH])
        self._count = end - count * HOP
        self._pending[: self._count] = self._pending[count * HOP : end].copy()
        return found

    def _transform(self, samples: Floats, rows: Floats) -> None:
        windows, spectra, power = (kept[: len(rows)] for kept in (self._windows, self._spectra, self._power))
        np.multiply(samples, _HANN, out=windows)
        np.fft.rfft(windows, axis=1, norm=IN_SINGLE, out=spectra)  # type: ignore[arg-type]  # stub: doubles only
        parts = spectra.view(np.float32)
        np.square(parts, out=parts)
        np.add(parts[:, ::2], parts[:, 1::2], out=power)
        np.matmul(power, _WEIGHTS, out=rows)


def features_of(samples: Samples) -> Features:
    """The features of a whole track that is in memory, (frames, 2)."""
    maker = FeatureMaker()
    maker.add(tidy(samples))
    return maker.finish()


def _is_opposed(block: Samples, middle: Floats) -> bool:
    """Whether the channels cancel each other."""
    middle_power = float(np.dot(middle, middle))
    side_power = float(np.dot(block.ravel(), block.ravel())) / 2 - middle_power
    return side_power > _OPPOSED * middle_power + _AUDIBLE * len(block)


def _padded(frames: Frames) -> Frames:
    """A multiple of 32 and enough for the last spectrum."""
    return -(-frames // 32) * 32 + 4 * WINDOW


def _mel(hertz: float) -> float:
    """Pitch as heard (O'Shaughnessy 1987)."""
    return float(2595 * np.log10(1 + hertz / 700))


def _weights() -> Floats:
    """(bins, bands + 4): from the power in each bin of a spectrum over `WINDOW` to `bands` and the four powers."""
    frequencies = np.fft.rfftfreq(WINDOW, 1 / HALF_RATE)
    mels = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 1)
    edges = 700 * (10 ** (mels / 2595) - 1)
    columns = [(frequencies >= low) & (frequencies < high) for low, high in pairwise(edges)]
    per_sample = 2 / (np.square(_HANN).sum() * WINDOW) * (frequencies > _LOWEST_HZ)
    low, high = frequencies < LOW_HZ, frequencies >= HIGH_HZ
    columns += [per_sample * which for which in (low, ~low & ~high, high, k_weights(frequencies))]
    return (np.stack(columns, axis=1) * WINDOW**2).astype(np.float32)


_POWERS: Final = 4
_MIDDLE: Final = np.array([0.5, 0.5], np.float32)
_SIDE: Final = np.array([0.5, -0.5], np.float32)
_AUDIBLE: Final = 1e-8
"""Mean square of what is worth a second look: -80 dB."""
_ENVELOPE_HALVES: Final = ENVELOPE_FRAMES // 2
_AVERAGE: Final = np.full((_ENVELOPE_HALVES, 1), 1 / _ENVELOPE_HALVES, np.float32)
_HANN: Final[Floats] = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
_WEIGHTS: Final = _weights()
