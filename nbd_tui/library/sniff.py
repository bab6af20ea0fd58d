"""Tells what a file is by its first bytes, so that one that is no audio is named as such and not parsed for minutes."""

from enum import StrEnum
from typing import BinaryIO, Final


class Container(StrEnum):
    """Kinds of file that carry music."""

    MPEG = "mpeg"
    FLAC = "flac"
    OGG = "ogg"
    WAV = "wav"
    AIFF = "aiff"
    MP4 = "mp4"
    ASF = "asf"
    AAC = "aac"
    APE = "ape"
    WAVPACK = "wavpack"
    MATROSKA = "matroska"


HEAD_BYTES: Final = 16
_SEARCHED_BYTES: Final = 131_072
"""How far into a file (after its ID3 tag) the first MPEG frame is looked for."""
_FRAME_BYTES: Final = 4096
"""Enough for one frame of Layer III and the head of the next."""

_STARTS: Final = (
    (b"fLaC", Container.FLAC),
    (b"OggS", Container.OGG),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container.ASF),
    (b"ADIF", Container.AAC),
    (b"MAC ", Container.APE),
    (b"wvpk", Container.WAVPACK),
    (b"\x1a\x45\xdf\xa3", Container.MATROSKA),
)

# ISO 11172-3 and 13818-3, Layer III and II: kbit/s by index, of MPEG 1 and of MPEG 2 and 2.5.
_KBITS_V1_L3: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_KBITS_V1_L2: Final = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0)
_KBITS_V2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_RATES_V1: Final = (44_100, 48_000, 32_000, 0)
_RATE_DIVISORS: Final = {0: 4, 2: 2, 3: 1}
"""By the version bits of the header: MPEG 2.5, 2 and 1."""
_LAYER_3: Final = 1
_LAYER_2: Final = 2


def sniff(file: BinaryIO) -> Container | None:
    """What `file` is, read from its start; None where nothing in it looks like music. Moves the position.

    An ID3 tag at the front is stepped over: FLAC, AAC and others carry one too.
    """
    head = file.read(HEAD_BYTES)
    start = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        start = 10 + _synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)
        file.seek(start)
        head = file.read(HEAD_BYTES)
    if kind := _by_signature(head):
        return kind
    return Container.MPEG if _has_mpeg_frames(file, start) or (start and _has_mpeg_frames(file, 10)) else None


def _by_signature(head: bytes) -> Container | None:
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return Container.WAV
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return Container.AIFF
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
        return Container.MP4
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Container.AAC
    return None


def _has_mpeg_frames(file: BinaryIO, start: int) -> bool:
    """Whether two MPEG audio frames follow each other near `start` (or one ends the file)."""
    file.seek(start)
    data = file.read(_FRAME_BYTES)
    if _frames_in(data, 1):
        return True
    data += file.read(_SEARCHED_BYTES)
    return _frames_in(data, len(data))


def _frames_in(data: bytes, first_tries: int) -> bool:
    """Looks for a frame that is followed by another, or that ends with the data, at the first so many bytes."""
    at = data.find(b"\xff", 0, first_tries)
    while at >= 0:
        length = _frame_bytes(data[at : at + 4])
        following = data[at + length : at + length + 4]
        if length and (_frame_bytes(following) or (at == 0 and len(following) < 4)):
            return True
        at = data.find(b"\xff", at + 1, first_tries)
    return False


def _frame_bytes(head: bytes) -> int:
    """The length of the MPEG audio frame with this head (Layer III or II); 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if version not in _RATE_DIVISORS or layer not in {_LAYER_2, _LAYER_3}:
        return 0
    table = _KBITS_V2 if version != 3 else _KBITS_V1_L3 if layer == _LAYER_3 else _KBITS_V1_L2
    kbits, rate = table[head[2] >> 4], _RATES_V1[head[2] >> 2 & 3] // _RATE_DIVISORS[version]
    if not kbits or not rate:
        return 0
    samples = 576 if layer == _LAYER_3 and version != 3 else 1152
    return samples // 8 * kbits * 1000 // rate + (head[2] >> 1 & 1)


def _synchsafe(data: bytes) -> int:
    """Seven bits a byte, as ID3 counts."""
    return data[0] << 21 | data[1] << 14 | data[2] << 7 | data[3]
