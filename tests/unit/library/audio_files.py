"""Small valid audio files of silence with tags, made byte by byte: mp3, flac, opus, wav."""

import base64
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Final

Tags = Mapping[str, str]
"""Vorbis names (TITLE, ARTIST, ALBUM, GENRE, DATE, BPM); anything else becomes a custom field."""

_ID3: Final = {"TITLE": "TIT2", "ARTIST": "TPE1", "ALBUM": "TALB", "GENRE": "TCON", "DATE": "TDRC", "BPM": "TBPM"}
_RIFF: Final = {"TITLE": "INAM", "ARTIST": "IART", "ALBUM": "IPRD", "GENRE": "IGNR", "DATE": "ICRD", "BPM": "IBPM"}
_MP3_FRAME: Final = b"\xff\xfb\x90\x00" + bytes(413)
"""MPEG 1 Layer III, 128 kbit/s, 44.1 kHz: 1152 samples of silence."""


def mp3(tags: Tags, picture: bytes = b"", frames: int = 40, version: int = 4) -> bytes:
    return (id3(tags, picture, version) if tags or picture else b"") + _MP3_FRAME * frames


def id3(tags: Tags, picture: bytes = b"", version: int = 4) -> bytes:
    frames = b"".join(_id3_text(name, value, version) for name, value in tags.items())
    if picture:
        frames += _id3_frame("APIC", b"\x00image/jpeg\x00\x03\x00" + picture, version)
    return b"ID3" + bytes([version, 0, 0]) + _synchsafe(len(frames)) + frames


def id3v1(title: str, artist: str, genre: int) -> bytes:
    texts = (title.encode("latin-1").ljust(30, b"\0"), artist.encode("latin-1").ljust(30, b"\0"), bytes(30 + 4 + 30))
    return b"TAG" + b"".join(texts) + bytes([genre])


def _id3_text(name: str, value: str, version: int) -> bytes:
    encoded = (b"\x03" + value.encode()) if version == 4 else (b"\x01\xff\xfe" + value.encode("utf-16-le"))
    if name in _ID3:
        return _id3_frame(_ID3[name], encoded, version)
    return _id3_frame("TXXX", b"\x03" + name.encode() + b"\x00" + value.encode(), version)


def _id3_frame(name: str, content: bytes, version: int) -> bytes:
    size = _synchsafe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return name.encode() + size + b"\x00\x00" + content


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def flac(tags: Tags, picture: bytes = b"", blocks: int = 44) -> bytes:
    """44.1 kHz, 16 bits, one channel, blocks of 4096 samples of zero."""
    info = struct.pack(">HH3s3sQ", 4096, 4096, bytes(3), bytes(3), 44_100 << 44 | 15 << 36 | 4096 * blocks) + bytes(16)
    parts = [(0, info), (4, vorbis_comment(tags))]
    if picture:
        parts.append((6, flac_picture(picture)))
    last = len(parts) - 1
    heads = (
        struct.pack(">I", (kind | (0x80 if i == last else 0)) << 24 | len(p)) + p for i, (kind, p) in enumerate(parts)
    )
    return b"fLaC" + b"".join(heads) + b"".join(_flac_frame(number) for number in range(blocks))


def _flac_frame(number: int) -> bytes:
    head = b"\xff\xf8\xc9\x08" + chr(number).encode()
    frame = head + bytes([_crc(head, 0x07, 8)]) + b"\x00\x00\x00"
    return frame + _crc(frame, 0x8005, 16).to_bytes(2, "big")


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    value, top, mask = 0, 1 << (bits - 1), (1 << bits) - 1
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & mask
    return value


def flac_picture(picture: bytes) -> bytes:
    return struct.pack(">II10sI", 3, 10, b"image/jpeg", 0) + bytes(16) + struct.pack(">I", len(picture)) + picture


def vorbis_comment(tags: Tags) -> bytes:
    fields = [f"{name}={value}".encode() for name, value in tags.items()]
    return struct.pack("<I4sI", 4, b"test", len(fields)) + b"".join(struct.pack("<I", len(f)) + f for f in fields)


def opus(tags: Tags, picture: bytes = b"", packets: int = 100) -> bytes:
    """Opus in Ogg, 20 ms of silence a packet."""
    if picture:
        tags = {**tags, "METADATA_BLOCK_PICTURE": base64.b64encode(flac_picture(picture)).decode()}
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 48_000, 0, 0)
    pages = [*_ogg_pages(head, 0, 2), *_ogg_pages(b"OpusTags" + vorbis_comment(tags), 1, 0)]
    lacing, audio = bytes([3]) * 50, b"\xf8\xff\xfe" * 50
    for number in range(packets // 50):
        is_last = number == packets // 50 - 1
        granule = 312 + 960 * 50 * (number + 1)
        pages.append(_ogg_page(lacing, audio, len(pages), 4 if is_last else 0, granule))
    return b"".join(pages)


def _ogg_pages(packet: bytes, sequence: int, flags: int) -> list[bytes]:
    lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    pages: list[bytes] = []
    for at in range(0, len(lacing), 255):
        piece, flag = lacing[at : at + 255], flags if at == 0 else 1
        pages.append(_ogg_page(piece, packet[at * 255 : at * 255 + sum(piece)], sequence + len(pages), flag, 0))
    return pages


def _ogg_page(lacing: bytes, data: bytes, sequence: int, flags: int, granule: int) -> bytes:
    def page(checksum: int) -> bytes:
        return struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 7, sequence, checksum, len(lacing)) + lacing + data

    return page(_ogg_crc(page(0)))


_REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _ogg_crc(data: bytes) -> int:
    """Ogg's CRC-32 is zlib's polynomial with bits unreflected and no inversion."""
    reflected = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{reflected:032b}"[::-1], 2)


def wav(tags: Tags, picture: bytes = b"", frames: int = 4410) -> bytes:
    """44.1 kHz, 16 bits, one channel."""
    chunks = _chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 44_100, 88_200, 2, 16))
    named = {_RIFF[name]: value for name, value in tags.items() if name in _RIFF}
    fields = b"".join(_chunk(name.encode(), value.encode() + b"\x00") for name, value in named.items())
    chunks += _chunk(b"LIST", b"INFO" + fields)
    custom = {name: value for name, value in tags.items() if name not in _RIFF}
    if picture or custom:
        chunks += _chunk(b"id3 ", id3(custom, picture))
    chunks += _chunk(b"data", bytes(2 * frames))
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


FORMATS: Final[Mapping[str, Callable[[Tags, bytes], bytes]]] = {"mp3": mp3, "flac": flac, "opus": opus, "wav": wav}
