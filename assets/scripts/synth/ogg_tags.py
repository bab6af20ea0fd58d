"""Replaces the comment header of an Ogg Vorbis file.

The page layout is that of RFC 3533, the headers those of the Vorbis I specification, section 4.2 and 5. The stream's
serial number is set too, so that the same audio gives the same bytes.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

_PAGE = struct.Struct("<4sBBqIIIB")
_CONTINUED = 1
_LONGEST_PAGE = 255
_NO_PACKET_ENDS = -1


@dataclass(frozen=True)
class Page:
    """One page of an Ogg stream."""

    flags: int
    granule: int
    lacing: bytes
    """Lengths of the body's segments; one under 255 ends a packet."""
    body: bytes


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_CRC = _crc_table()


def checksum(data: bytes) -> int:
    """CRC-32 as Ogg computes it: polynomial 0x04c11db7, not reflected, start 0."""
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value


def pages_of(data: bytes) -> Iterator[Page]:
    """The pages of a stream with one logical stream."""
    at = 0
    while at < len(data):
        magic, _, flags, granule, _, _, _, segments = _PAGE.unpack_from(data, at)
        if magic != b"OggS":
            raise ValueError(f"no Ogg page at byte {at}")
        lacing = data[at + _PAGE.size : at + _PAGE.size + segments]
        start = at + _PAGE.size + segments
        at = start + sum(lacing)
        yield Page(flags, granule, lacing, data[start:at])


def packed(page: Page, serial: int, sequence: int) -> bytes:
    """A page's bytes, checksum included."""

    def head(crc: int) -> bytes:
        fields = (b"OggS", 0, page.flags, page.granule, serial, sequence, crc, len(page.lacing))
        return _PAGE.pack(*fields) + page.lacing

    return head(checksum(head(0) + page.body)) + page.body


def _packets(pages: list[Page]) -> list[bytes]:
    """The packets that end on these pages."""
    packets, current = [], b""
    for page in pages:
        at = 0
        for length in page.lacing:
            current += page.body[at : at + length]
            at += length
            if length < 255:
                packets.append(current)
                current = b""
    return packets


def _paged(packets: list[bytes]) -> list[Page]:
    """Header packets laid onto pages."""
    segments: list[tuple[int, bytes, bool]] = []
    for packet in packets:
        for at in range(0, len(packet) + 1, 255):
            piece = packet[at : at + 255]
            segments.append((len(piece), piece, len(piece) < 255))
    pages, inside = [], False
    for at in range(0, len(segments), _LONGEST_PAGE):
        part = segments[at : at + _LONGEST_PAGE]
        granule = 0 if any(ends for _, _, ends in part) else _NO_PACKET_ENDS
        lacing = bytes(length for length, _, _ in part)
        pages.append(Page(_CONTINUED if inside else 0, granule, lacing, b"".join(piece for _, piece, _ in part)))
        inside = not part[-1][2]
    return pages


def comment_packet(vendor: bytes, tags: Mapping[str, str]) -> bytes:
    """The second header of a Vorbis stream."""
    comments = [f"{name}={value}".encode() for name, value in tags.items()]
    fields = [vendor, *comments]
    lengths = [struct.pack("<I", len(field)) + field for field in fields]
    return b"\x03vorbis" + lengths[0] + struct.pack("<I", len(comments)) + b"".join(lengths[1:]) + b"\x01"


def tagged(data: bytes, tags: Mapping[str, str], serial: int) -> bytes:
    """The same audio with these tags only."""
    pages = list(pages_of(data))
    count = 1
    while len(_packets(pages[:count])) < 3:
        count += 1
    identification, comments, setup = _packets(pages[:count])
    vendor = comments[11 : 11 + struct.unpack_from("<I", comments, 7)[0]]
    head = _paged([identification])
    head = [replace(head[0], flags=2), *_paged([comment_packet(vendor, tags), setup])]
    return b"".join(packed(page, serial, index) for index, page in enumerate([*head, *pages[count:]]))
