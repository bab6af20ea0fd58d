"""Text from tags and file names: made safe to show, and read for title and artist. Pure."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

LONGEST_TEXT: Final = 300
"""Characters kept of a tag; more is a mistake or mischief."""

_DIRECTION_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SPACED: Final = str.maketrans(
    dict.fromkeys([*map(chr, range(32)), *map(chr, range(127, 160)), "\u2028", "\u2029"], " ")
)
_DROPPED: Final = str.maketrans(dict.fromkeys(_DIRECTION_MARKS))

_TRACK_NUMBER: Final = re.compile(
    r"""^(?:\d{1,2}-)?\d{1,3}            # 1-02 as well as 02
    (?: \s*[-–._)]+\s+(?=\S)             # "01 - ", "01. "
      | \s*[-–._)]+(?=[^\W\d])           # "07_name"; not "50-50"
      | (?<=^0\d)\s+(?=\S) )             # "01 Name"; not "99 Luftballons"
    """,
    re.VERBOSE,
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_DISC_TRACK: Final = re.compile(r"^\d{1,2}-\d{2}\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """What a file name says."""

    title: str
    artist: str = ""


def clean(text: str) -> str:
    """`text` on one line, without what moves a terminal's cursor or turns the direction of writing."""
    text = text[: 4 * LONGEST_TEXT]
    if not text.isprintable():
        text = text.translate(_SPACED).translate(_DROPPED).encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.split())[:LONGEST_TEXT]


def from_file_name(path: PurePath | str) -> NamedTrack:
    """Title and, where the name has the form "Artist - Title", the artist; track numbers are left out."""
    stem = clean(_stem(str(path)))
    plain = stem if " " in stem else stem.replace("_", " ")
    name = _without_number(plain) or stem
    parts = [part for part in re.split(r"\s+[-–—]\s+", name) if part]
    if len(parts) < 2:
        return NamedTrack(name)
    numbers = [i for i, part in enumerate(parts) if i and part.isdecimal() and len(part) <= 3]
    title = " - ".join(parts[numbers[-1] + 1 :] if numbers and numbers[-1] + 1 < len(parts) else parts[1:])
    return NamedTrack(title, parts[0])


def _without_number(name: str) -> str:
    shorter = _TRACK_NUMBER.sub("", name, count=1)
    return shorter if shorter != name else _DISC_TRACK.sub("", name, count=1)


def _stem(path: str) -> str:
    """The file name without its ending; bytes that are no text become replacement characters."""
    return _SURROGATES.sub("\ufffd", PurePath(path).stem)
