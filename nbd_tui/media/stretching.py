"""Tracks at another tempo and the same pitch: a stretched WAV copy, made by Signalsmith Stretch (`python-stretch`).

The library is optional (the extra `stretch`). It is a phase vocoder: tones stay clean, while attacks are
smeared a little and move by up to half a millisecond, differently each time. So a copy is made in parts: at the frames
that matter most (its drops) the stretching begins anew right before them, where it copies the attack nearly as it is.

Only in the probe's worker: a track takes seconds, and a part of it 60 MB.
"""

import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.errors import CircumstanceError
from nbd_tui.media.decode import PcmStream, open_stream
from nbd_tui.model.speed import Speed
from nbd_tui.model.units import RATE, Decibels, Frames, to_gain

HEADROOM_DB: Final[Decibels] = 3.0
"""A copy is so much softer than the track: stretched peaks are up to 2.5 dB higher, and 16 bits must hold them."""

LONGEST: Final[Frames] = 30 * RATE
"""Of a part; bounds the memory."""
LEAD: Final[Frames] = RATE // 100
"""10 ms: so long before a mark its part begins. Tried from 5 to 450 ms: attacks of drums under a chord are then within
0.35 ms of where they should be, .93 like the original; without a new beginning .65."""
_SEAM: Final[Frames] = RATE // 125
"""8 ms: one part fades into the next; over before the mark."""
_AFTER: Final[Frames] = RATE // 5
"""Each part is stretched a little beyond its end, as the last block of a vocoder fades."""
_CHUNK: Final[Frames] = 8192
_BLOCK: Final[Frames] = RATE // 10
"""Of the vocoder. Shorter ones roughen bass notes (60 ms: noise at -21 dB under 41 Hz), longer ones smear attacks."""
_HOP: Final[Frames] = RATE // 40
_SEED: Final = 1
"""The same track gives the same copy."""

_Channels = npt.NDArray[np.float32]
"""Of shape (2, frames)."""


def why_not() -> str:
    """Why nothing can be stretched; empty where it can. Imports nothing."""
    return "" if find_spec("python_stretch") else "tempo fit needs python-stretch: pipx inject nbd-tui python-stretch"


@cache
def stretcher_version() -> str:
    """Names what makes the copies.

    Raises:
        CircumstanceError: the library is not installed.
    """
    try:
        return f"1 python-stretch {version('python-stretch')}"
    except PackageNotFoundError:
        raise CircumstanceError("python-stretch is not installed") from None


def stretch_file(
    source: Path, target: Path, speed: Speed, marks: Sequence[Frames], progress: Callable[[], None] = lambda: None
) -> None:
    """Writes `source` at another speed into `target`, a WAV with 16 bits, stereo, at `RATE`, `HEADROOM_DB` softer.

    Frame `f` of the source is heard at frame `speed.frame(f)`. Twice gives the same bytes.

    Args:
        source: a file that `open_stream` reads.
        target: is overwritten.
        speed: of the copy.
        marks: frames of the source whose attacks must be exact.
        progress: called with every part, about every second.

    Raises:
        DecodeError: the source cannot be read.
        CircumstanceError: the library is not installed, or the copy cannot be written.
    """
    stretcher = _Stretcher(speed)
    with closing(open_stream(source)) as stream, closing(wave.open(str(target), "wb")) as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for part in _parts(_Reader(stream), speed, sorted(marks), stretcher):
            progress()
            file.writeframes(_to_int16(part))


class _Stretcher:
    """The library, set up."""

    def __init__(self, speed: Speed) -> None:
        try:
            from python_stretch import Signalsmith
        except ImportError as error:
            raise CircumstanceError(f"python-stretch does not load: {error}") from error
        self._speed = speed
        self._library = Signalsmith.Stretch(_SEED)
        self._library.configure(2, _BLOCK, _HOP)

    def stretch(self, samples: _Channels) -> _Channels:
        """A part by itself."""
        frames = samples.shape[1]
        self._library.timeFactor = frames / max(1, self._speed.frame(frames))
        return np.asarray(self._library.process(np.ascontiguousarray(samples)), np.float32)


class _Reader:
    """A file of which a window is kept."""

    def __init__(self, stream: PcmStream) -> None:
        self._stream = stream
        self._kept: Samples = np.zeros((0, 2), np.float32)
        self._first: Frames = 0
        self._ended = False

    def window(self, start: Frames, end: Frames) -> _Channels:
        """The frames from `start`, never before an earlier one, to `end`; fewer at the end of the file."""
        self._kept, self._first = self._kept[start - self._first :], start
        parts, have = [self._kept], len(self._kept)
        while have < end - start and not self._ended:
            chunk = self._stream.read(_CHUNK)
            self._ended = chunk is None
            if chunk is not None:
                parts.append(chunk)
                have += len(chunk)
        self._kept = np.concatenate(parts)
        window: _Channels = np.ascontiguousarray(self._kept[: end - start].T)
        return window


def _parts(reader: _Reader, speed: Speed, marks: Sequence[Frames], stretcher: _Stretcher) -> Iterator[_Channels]:
    """The copy in order. Each part fades into the next one over the seam, both in step with the track."""
    tail: _Channels = np.zeros((2, 0), np.float32)
    for start, end in _bounds(marks):
        samples = reader.window(start, end + _AFTER)
        if not samples.shape[1]:
            return
        is_last = samples.shape[1] < end + _AFTER - start
        length = speed.frame(start + samples.shape[1] if is_last else end) - speed.frame(start)
        made = stretcher.stretch(np.pad(samples, ((0, 0), (0, _AFTER))) if is_last else samples)
        made[:, : tail.shape[1]] = _faded(tail, made[:, : tail.shape[1]])
        yield made[:, :length]
        if is_last:
            return
        tail = made[:, length : length + _SEAM]


def _bounds(marks: Sequence[Frames]) -> Iterator[tuple[Frames, Frames]]:
    """Where parts begin and end, for ever."""
    starts = [0, *sorted({mark - LEAD for mark in marks if mark > 2 * LEAD})]
    for start, end in pairwise(starts):
        yield from _divided(start, end)
    start = starts[-1]
    while True:
        yield start, start + LONGEST
        start += LONGEST


def _divided(start: Frames, end: Frames) -> Iterator[tuple[Frames, Frames]]:
    """A long part in even pieces."""
    count = -(-(end - start) // LONGEST)
    cuts = [start + (end - start) * place // count for place in range(count + 1)]
    yield from pairwise(cuts)


def _faded(out: _Channels, into: _Channels) -> _Channels:
    rising = np.linspace(0.0, 1.0, out.shape[1], dtype=np.float32)
    mixed: _Channels = out[:, : into.shape[1]] * (1 - rising[: into.shape[1]]) + into * rising[: into.shape[1]]
    return mixed


def _to_int16(samples: _Channels) -> bytes:
    scaled = np.rint(samples.T * (to_gain(-HEADROOM_DB) * 32_767))
    data: bytes = np.clip(scaled, -32_768, 32_767).astype("<i2").tobytes()
    return data
