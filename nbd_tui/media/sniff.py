"""What a file holds, by its first bytes: names lie, and what is guessed wrongly decodes to noise."""

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from nbd_tui.errors import CircumstanceError, DecodeError


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


class Codec(StrEnum):
    """The kinds of file that matter for choosing a decoder."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    VORBIS = "vorbis"
    OTHER = "other"
    """Whatever else: libVLC may know it."""


EXTENSIONS = {
    Codec.WAV: frozenset({".wav", ".wave"}),
    Codec.FLAC: frozenset({".flac"}),
    Codec.MP3: frozenset({".mp3", ".mp2", ".mp1", ".mpga"}),
    Codec.VORBIS: frozenset({".ogg", ".oga"}),
}
"""The endings by which miniaudio chooses the right decoder for each kind."""

_HEAD_BYTES: Final = 64
_ID3_HEADER: Final = 10
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


def container_of(file: BinaryIO) -> Container | None:
    """What `file` is; None where nothing in it looks like music. Moves the position.

    ID3 tags at the front are stepped over: FLAC, AAC and others carry one too.
    """
    start, head = _after_tags(file)
    if kind := _by_signature(head):
        return kind
    return Container.MPEG if _has_mpeg_frames(file, start) or (start and _has_mpeg_frames(file, _ID3_HEADER)) else None


def codec_of(path: Path) -> Codec:
    """Which decoder a file needs, by as little of it as can be.

    Raises:
        DecodeError: it is empty, missing, a folder, or may not be read.
    """
    try:
        with path.open("rb") as file:
            start, head = _after_tags(file)
    except OSError as error:
        raise unreadable(error) from error
    if not head and not start:
        raise DecodeError("the file is empty")
    return _codec(head) or _by_name(path)


def unreadable(error: OSError) -> CircumstanceError:
    """The reason, as told to people, why the system would not give a file."""
    why = (error.strerror or str(error) or type(error).__name__).lower()
    return CircumstanceError(f"the file cannot be read: {why}")


def id3_length(file: BinaryIO, start: int = 0) -> int:
    """Bytes of the ID3v2 tag that begins at `start`, 0 without one; another may follow."""
    file.seek(start)
    header = file.read(_ID3_HEADER)
    if len(header) < _ID3_HEADER or header[:3] != b"ID3" or any(byte & 0x80 for byte in header[6:]):
        return 0
    size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
    footer = _ID3_HEADER if header[5] & 0x10 else 0
    return _ID3_HEADER + size + footer


def _after_tags(file: BinaryIO) -> tuple[int, bytes]:
    """Where the ID3 tags end, and the first bytes after them."""
    start = 0
    while tag := id3_length(file, start):
        start += tag
    file.seek(start)
    return start, file.read(_HEAD_BYTES)


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


def _codec(head: bytes) -> Codec | None:
    """None where the bytes do not tell."""
    match _by_signature(head):
        case Container.WAV:
            return Codec.WAV
        case Container.FLAC:
            return Codec.FLAC
        case Container.OGG:
            return _in_ogg(head)
        case None:
            return Codec.MP3 if _is_mpeg_audio(head) else None
        case _:
            return Codec.OTHER


def _in_ogg(head: bytes) -> Codec:
    """By the first packet. Vorbis with more than two channels is left to libVLC: miniaudio decodes it to noise."""
    at = head.find(b"\x01vorbis")
    channels = head[at + 11 : at + 12]
    return Codec.VORBIS if at >= 0 and channels <= b"\2" else Codec.OTHER


def _is_mpeg_audio(head: bytes) -> bool:
    """Sync bits, then a version, a layer (ADTS, which is AAC, has layer 0), a bit rate and a sample rate that exist."""
    return (
        len(head) >= 4
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08
        and head[1] & 0x06 != 0
        and head[2] & 0xF0 not in {0x00, 0xF0}
        and head[2] & 0x0C != 0x0C
    )


def _by_name(path: Path) -> Codec:
    """MPEG audio may begin with padding or the rest of a frame; every other kind shows itself by its first bytes."""
    return Codec.MP3 if path.suffix.lower() in EXTENSIONS[Codec.MP3] else Codec.OTHER


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
