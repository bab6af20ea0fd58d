"""Ogg Opus files through libVLC without losing their beginning.

An Opus file says how many samples at its start only warm the decoder up (the pre-skip, RFC 7845, 4.2). libVLC's demuxer
for Ogg leaves out 80 ms instead, and that of FFmpeg in libVLC whole packets. So libVLC is given a copy that says 0, and
what it decodes is cut to the sample afterwards.
"""

import shutil
import wave
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nbd_tui.model.units import RATE, Frames

OPUS_RATE: Final = 48_000
"""Positions in Opus files are told at this rate, whatever they were made from."""

LEFT_OUT: Final = 3840
"""What libVLC's own demuxer for Ogg leaves out, of any file (at `OPUS_RATE`)."""

OPTION: Final = ":demux=avformat,any"
"""FFmpeg's demuxer is the one that leaves out nothing then; some builds of libVLC lack it."""

_HEAD: Final = 28
_PRE_SKIP: Final = slice(_HEAD + 10, _HEAD + 12)
_CHECKSUM: Final = slice(22, 26)
_GRANULE: Final = slice(6, 14)
_POLYNOMIAL: Final = 0x04C11DB7
_TAIL_BYTES: Final = 2 * 65_307
"""The last page begins in it: none is longer than half of it."""
_COPIED: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class OpusFile:
    """What has to be known of one."""

    pre_skip: int
    """Samples at its start that are not to be heard, at `OPUS_RATE`."""
    length: int
    """Of all its samples, those included."""


def look(path: Path) -> OpusFile | None:
    """What `path` says of itself; None where it is no Ogg Opus file. An unreadable file is none, here."""
    try:
        with path.open("rb") as file:
            page = file.read(_HEAD + 19)
            if not _is_opus(page):
                return None
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            tail = file.read()
    except OSError:
        return None
    last = tail.rfind(b"OggS")
    length = int.from_bytes(tail[last:][_GRANULE], "little", signed=True)
    return OpusFile(int.from_bytes(page[_PRE_SKIP], "little"), max(0, length))


def copy_whole(source: Path, target: Path) -> None:
    """Writes a copy of an Ogg Opus file that says that nothing is to be left out.

    Raises:
        OSError: it cannot be read or written.
    """
    with source.open("rb") as original, target.open("wb") as copy:
        page = bytearray(original.read(_HEAD + 19))
        page[_PRE_SKIP] = bytes(2)
        page[_CHECKSUM] = bytes(4)
        page[_CHECKSUM] = _checksum(page).to_bytes(4, "little")
        copy.write(page)
        shutil.copyfileobj(original, copy, _COPIED)


def cut(decoded: Path, opus: OpusFile) -> None:
    """Makes the WAV that libVLC wrote begin where the file does. What it left out after all becomes silence.

    Raises:
        OSError: the disk fails.
    """
    part = decoded.with_name(f"cut-{decoded.name}")
    try:
        with closing(wave.open(str(decoded), "rb")) as file, closing(wave.open(str(part), "wb")) as better:
            missing = opus.length - file.getnframes() * OPUS_RATE // RATE
            was_cut = LEFT_OUT // 2 < missing < 2 * LEFT_OUT  # more is missing of a stream recorded while it ran
            better.setparams(file.getparams())
            _copy(file, better, _frames(opus.pre_skip - LEFT_OUT if was_cut else opus.pre_skip))
        part.replace(decoded)
    finally:
        part.unlink(missing_ok=True)


def _copy(file: wave.Wave_read, target: wave.Wave_write, start: Frames) -> None:
    """From `start` on; before the file's own beginning lies silence."""
    target.writeframesraw(bytes(max(0, -start) * file.getnchannels() * file.getsampwidth()))
    file.setpos(min(max(0, start), file.getnframes()))
    while samples := file.readframes(_COPIED):
        target.writeframesraw(samples)


def _is_opus(page: bytes) -> bool:
    """The first page holds one packet of 19 bytes: channels that need a table of their own are left to libVLC."""
    return len(page) == _HEAD + 19 and page[:4] == b"OggS" and page[26:36] == b"\x01\x13OpusHead"


def _frames(samples: int) -> Frames:
    return round(samples * RATE / OPUS_RATE)


def _checksum(page: bytes | bytearray) -> int:
    """Ogg's CRC, bit by bit: a page of 47 bytes."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ (_POLYNOMIAL if rest & 1 << 31 else 0)) & 0xFFFFFFFF
    return rest
