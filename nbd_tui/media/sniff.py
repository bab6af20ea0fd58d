"""What a file holds, by its first bytes: names lie, and a wrong guess decodes to noise."""

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from nbd_tui.errors import CircumstanceError, DecodeError


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

_HEAD = 64
_ID3_HEADER = 10


def sniff(path: Path) -> Codec:
    """The kind of file `path` is.

    Raises:
        DecodeError: it is empty, missing, a folder, or may not be read.
    """
    try:
        with path.open("rb") as file:
            start = 0
            while tag := id3_length(file, start):
                start += tag
            file.seek(start)
            head = file.read(_HEAD)
    except OSError as error:
        raise unreadable(error) from error
    if not head and not start:
        raise DecodeError("the file is empty")
    return _by_magic(head) or _by_name(path)


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


def _by_magic(head: bytes) -> Codec | None:
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return Codec.WAV
    if head[:4] == b"fLaC":
        return Codec.FLAC
    if head[:4] == b"OggS":
        return _in_ogg(head)
    return Codec.MP3 if _is_mpeg_audio(head) else None


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
