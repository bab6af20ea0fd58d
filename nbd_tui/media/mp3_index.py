"""Where the frames of an MP3 lie, so that playback may begin in the middle without decoding all that comes before.

A seek by bit rate or by a Xing table lands seconds away in a hostile file; walking the frame headers (ISO/IEC 11172-3,
2.4.1.3) is exact. A decoder started in the middle gives nothing for frames whose bit reservoir (main data in the frames
before) it has not seen, so that is followed too. Files that are not one clean run of frames have no index.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbd_tui.media.sniff import id3_length, unreadable
from nbd_tui.model.units import RATE, Frames

_SETTLE = 2
"""MP3 frames decoded before the one that counts: overlap and synthesis filter carry over from one to the next."""

_LOOK_BACK = 40
"""MP3 frames in which the bit reservoir (511 bytes at most) is filled for certain."""

_LARGEST_FILE = 200 * 2**20
"""Larger files are not read whole for an index."""

_DECODER_DELAY = 529
"""Samples a decoder lags behind the encoder; it is taken off where a LAME tag names the encoder's own delay."""

_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Layer III: kbit/s of MPEG 1, of MPEG 2 and 2.5 (0 is free format); sample rates by the header's version bits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to start decoding at."""

    offset: int
    """The byte."""
    frame: Frames
    """Which frame of our decode of the whole file comes first from there (rounded at other rates than ours)."""
    end: Frames
    """How many frames our decode of the whole file has: a decoder started in the middle does not know where to stop."""


def entry_before(path: Path, in_point: Frames) -> Entry | None:
    """The place to start at for reaching `in_point`; None when the file has no clean index or ends before.

    Raises:
        DecodeError: the file cannot be read.
    """
    try:
        status = path.stat()
        index = _index(path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise unreadable(error) from error
    return index.entry_before(in_point) if index else None


@dataclass(frozen=True, slots=True)
class _Stream:
    """What is the same in all frames of a file, from the header of the first."""

    rate: int
    samples: int
    side_info: int
    long_reservoir: bool
    sizes: Mapping[int, int]
    """Bytes of a frame, by the second and third byte of its header."""

    def reservoir(self, frame: bytes) -> tuple[int, int]:
        """`main_data_begin` of a frame (how far it reaches back), and the bytes of main data it brings along."""
        start = 4 if frame[1] & 1 else 6
        begin = frame[start] << 1 | frame[start + 1] >> 7 if self.long_reservoir else frame[start]
        return begin, len(frame) - start - self.side_info


@dataclass(frozen=True, slots=True)
class _Index:
    """The frames of one file, and what its decode leaves out of them."""

    stream: _Stream
    offsets: "array[int]"
    """First byte of every frame that holds sound, and of what comes after the last."""
    reservoirs: tuple["array[int]", "array[int]"]
    """By frame: `main_data_begin`, and main data brought along."""
    delay: int
    padding: int

    def entry_before(self, in_point: Frames) -> Entry | None:
        lost = self._first_decoded(0) or 0
        sample = in_point * self.stream.rate // RATE
        wanted = (sample + self.delay) // self.stream.samples + lost
        count = len(self.offsets) - 1
        start = wanted - _SETTLE - _LOOK_BACK
        if start < lost or wanted >= count:
            return None
        first = self._first_decoded(start)
        if first is None or first > wanted - _SETTLE:
            return None
        end = (count - lost) * self.stream.samples - self.delay - self.padding
        position = (first - lost) * self.stream.samples - self.delay
        return Entry(self.offsets[start], self._ours(position), self._ours(end))

    def _ours(self, sample: int) -> Frames:
        return round(sample * RATE / self.stream.rate)

    def _first_decoded(self, start: int) -> int | None:
        """The first frame that gives sound when decoding begins at `start`: the first whose reservoir is there."""
        held = 0
        begins, brought = (column[start : start + _LOOK_BACK] for column in self.reservoirs)
        for number, (begin, size) in enumerate(zip(begins, brought, strict=True), start):
            if begin <= held:
                return number
            held = min(511, held + size)
        return None


@lru_cache(maxsize=32)
def _index(path: Path, size: int, modified_ns: int) -> _Index | None:  # noqa: ARG001 - a changed file is another key
    if size > _LARGEST_FILE:
        return None
    with path.open("rb") as file:
        start = id3_length(file)
        file.seek(0)
        data = file.read()
    stream = _stream(data[start : start + 4])  # None after a second tag: decoders differ on those
    return _walk(data, start, stream) if stream else None


def _stream(header: bytes) -> _Stream | None:
    """The stream that begins with this header; None when it is not Layer III, or in free format."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, mono = header[1] >> 3 & 3, header[3] >> 6 == 3
    place = header[2] >> 2 & 3
    if version not in _RATES or place == 3:
        return None
    rate, samples = _RATES[version][place], 1152 if version == 3 else 576
    side_info = (17 if mono else 32) if version == 3 else (9 if mono else 17)
    return _Stream(rate, samples, side_info, version == 3, _sizes(version, place, rate, samples))


def _sizes(version: int, place: int, rate: int, samples: int) -> dict[int, int]:
    bitrates = _BITRATES_1 if version == 3 else _BITRATES_2
    sizes = {}
    for number, kbits in enumerate(bitrates[1:], 1):
        for low in range(4):  # padding, private
            for unprotected in range(2):
                key = (0xE2 | version << 3 | unprotected) << 8 | number << 4 | place << 2 | low
                sizes[key] = samples // 8 * kbits * 1000 // rate + (low >> 1)
    return sizes


def _walk(data: bytes, start: int, stream: _Stream) -> _Index | None:
    offsets, begins, brought = array("Q"), array("H"), array("H")
    delay, padding, position = 0, 0, start
    first = data[start : start + stream.sizes.get(int.from_bytes(data[start + 1 : start + 3]), 0)]
    if (tag := _info_tag(first, stream)) is not None:
        delay, padding = tag
        position += len(first)
    elif b"VBRI" in first[:64]:
        return None
    sizes, reservoir, length = stream.sizes, stream.reservoir, len(data)
    while position + 4 <= length and data[position] == 0xFF:
        size = sizes.get(data[position + 1] << 8 | data[position + 2])
        if size is None or position + size > length:
            break
        begin, main = reservoir(data[position : position + size])
        offsets.append(position)
        begins.append(begin)
        brought.append(max(0, main))
        position += size
    offsets.append(position)
    return _Index(stream, offsets, (begins, brought), delay, padding) if _ends_well(data[position:]) else None


def _info_tag(frame: bytes, stream: _Stream) -> tuple[int, int] | None:
    """Delay and padding by the LAME tag of a Xing or Info frame (0, 0 without one); None for an ordinary frame."""
    at = (4 if frame[1:2] and frame[1] & 1 else 6) + stream.side_info
    if frame[at : at + 4] not in {b"Xing", b"Info"}:
        return None
    flags = frame[at + 7]
    lame = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    if lame + 36 > len(frame) or not frame[lame]:
        return 0, 0
    packed = int.from_bytes(frame[lame + 21 : lame + 24])
    return (packed >> 12) + _DECODER_DELAY, max(0, (packed & 0xFFF) - _DECODER_DELAY)


def _ends_well(rest: bytes) -> bool:
    """Whether nothing but tags, padding or a cut frame follows the last whole frame."""
    return len(rest) < 2048 or rest[:3] == b"TAG" or rest[:8] == b"APETAGEX" or not rest.strip(b"\0")
