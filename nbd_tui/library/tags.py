"""Reads one file's tags into a `Track`. Tags that cannot be read leave a track named after its file."""

import math
import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from tinytag import TinyTag, TinyTagException

from nbd_tui.errors import DecodeError, system_reason
from nbd_tui.library.names import clean, from_file_name
from nbd_tui.media.sniff import Container, container_of
from nbd_tui.model.track import Track
from nbd_tui.model.units import Bpm, Decibels, Seconds

LOWEST_BPM: Final[Bpm] = 20.0
HIGHEST_BPM: Final[Bpm] = 400.0
LARGEST_GAIN_DB: Final[Decibels] = 50.0
"""More in a tag is a mistake."""
R128_TO_REPLAYGAIN_DB: Final[Decibels] = 5.0
"""R128 tags aim at -23 LUFS (EBU R 128), ReplayGain 2.0 at -18."""
LONGEST_S: Final[Seconds] = 100 * 3600.0
"""A longer duration is a broken header."""

_TAGGED: Final = frozenset(
    {Container.MPEG, Container.FLAC, Container.OGG, Container.WAV, Container.AIFF, Container.MP4, Container.ASF}
)
"""Containers tinytag reads; of the others only the name is used."""
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_YEAR: Final = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?:\d{4})?(?!\d)")
_BPM_KEYS: Final = ("bpm", "tbpm", "fbpm", "tempo")
_REPLAYGAIN_KEYS: Final = ("replaygain_track_gain", "replaygain_album_gain")
_R128_KEYS: Final = ("r128_track_gain", "r128_album_gain")


def read_track(path: Path) -> Track:
    """The track in a file; its tags where they can be read, its name where not.

    Raises:
        DecodeError: it cannot be opened, is empty, or is no audio; the text is the reason.
    """
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except PermissionError as error:
        raise DecodeError("permission denied") from error
    except OSError as error:
        raise DecodeError(system_reason(error).lower()) from error


def _read(path: Path, file: BinaryIO) -> Track:
    container = container_of(file)
    if container is None:
        file.seek(0, 2)
        raise DecodeError("not audio" if file.tell() else "empty file (0 bytes)")
    tag = _tag(file, container) if container in _TAGGED else TinyTag()
    title, artist = _names(tag, path)
    return Track(
        path,
        title,
        artist,
        clean(tag.album or ""),
        clean(_genre(tag)),
        parse_year(tag.year),
        _duration(tag, container),
        parse_bpm(_values(tag.other, _BPM_KEYS)),
        parse_gain(tag.other),
    )


def _names(tag: TinyTag, path: Path) -> tuple[str, str]:
    """Title and artist; the file name speaks only where there is no title."""
    title, artist = clean(tag.title or ""), clean(tag.artist or tag.albumartist or "")
    if title:
        return title, artist
    name = from_file_name(path)
    return name.title, artist or name.artist


def _tag(file: BinaryIO, container: Container) -> TinyTag:
    """What tinytag makes of the file; of broken tags at least the duration, else nothing."""
    name = f".{'mp3' if container is Container.MPEG else container}"
    for with_tags in (True, False):
        file.seek(0)
        try:
            return TinyTag.get(name, file_obj=file, tags=with_tags)
        except TinyTagException:
            continue
    return TinyTag()


def _duration(tag: TinyTag, container: Container) -> Seconds | None:
    duration_s = tag.duration
    if not duration_s or not math.isfinite(duration_s) or not 0 < duration_s <= LONGEST_S:
        return None
    if container is Container.WAV and tag.bitrate:
        # A recording that was streamed says the largest length there is.
        duration_s = min(duration_s, tag.filesize * 8 / (tag.bitrate * 1000))
    return float(duration_s)


def _genre(tag: TinyTag) -> str:
    """All genres of the file in one line."""
    return "; ".join([tag.genre or "", *tag.other.get("genre", ())[:3]]).strip("; ")


def _values(other: Mapping[str, list[str]], keys: Iterable[str]) -> list[str]:
    return [value for key in keys for value in other.get(key, ())]


def parse_bpm(values: Iterable[str]) -> Bpm | None:
    """The first tempo that makes sense: "128", "128,5", "128.00 BPM"; 0 is what tools write for unknown."""
    numbers = (_number(value) for value in values)
    return next((number for number in numbers if number is not None and LOWEST_BPM <= number <= HIGHEST_BPM), None)


def parse_year(text: str | None) -> int | None:
    """The year in a date of any form."""
    match = _YEAR.search((text or "")[:100])
    return int(match[1]) if match else None


def parse_gain(other: Mapping[str, list[str]]) -> Decibels | None:
    """Gain to -18 LUFS, from ReplayGain ("−7.34 dB") or R128 (Q7.8, to -23 LUFS); the track's before the album's."""
    replaygain = (_number(value) for value in _values(other, _REPLAYGAIN_KEYS))
    r128 = (_number(value) for value in _values(other, _R128_KEYS))
    gains = chain(replaygain, (None if q78 is None else q78 / 256 + R128_TO_REPLAYGAIN_DB for q78 in r128))
    return next((gain for gain in gains if gain is not None and abs(gain) <= LARGEST_GAIN_DB), None)


def _number(text: str) -> float | None:
    """The number a text begins with; decimal commas and typographic minus signs are understood."""
    match = _NUMBER.match(text[:40].strip().replace("\u2212", "-").replace("\u2013", "-"))
    return float(match[0].replace(",", ".")) if match else None
