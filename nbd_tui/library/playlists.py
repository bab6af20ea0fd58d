"""Reads M3U playlists, and what a pin in the settings stands for: a track, a folder or a playlist."""

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from nbd_tui.errors import LibraryError, system_reason
from nbd_tui.library.walk import is_audio, walk

PLAYLIST_ENDINGS: Final = frozenset({".m3u", ".m3u8"})
LARGEST_PLAYLIST: Final = 8 * 1024 * 1024
"""In bytes; a larger file is no playlist."""

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Playlist:
    """What a playlist names, in its order."""

    files: tuple[Path, ...]
    missing: tuple[str, ...] = ()
    """Entries, as written, that lead to no audio file on this machine (streams too)."""


def read_playlist(path: Path) -> Playlist:
    """The files of an M3U or M3U8 playlist; relative ones are beside it.

    UTF-8, UTF-16 with a mark, Latin-1 and plain bytes of file names are understood; `#` lines are passed over.

    Raises:
        LibraryError: it cannot be read.
    """
    files: list[Path] = []
    missing: list[str] = []
    for entry in _entries(_content(path)):
        if found := _resolve(entry, path.parent):
            files.append(found)
        else:
            missing.append(entry.decode("utf-8", "replace"))
    return Playlist(tuple(files), tuple(missing))


def pinned_files(path: Path, on_missing: Callable[[str], None] = lambda _: None) -> tuple[Path, ...]:
    """The files a pin stands for: the track itself, the audio files below a folder, or those of a playlist.

    Args:
        path: of the track, folder or playlist.
        on_missing: told each playlist entry that is not there.

    Raises:
        LibraryError: there is no such file, no audio in it, or nothing of what a playlist names is there.
    """
    path = path.expanduser()
    if stat.S_ISDIR(_mode(path)):
        files = tuple(Path(found.path) for found in walk([path]))
    elif path.suffix.lower() in PLAYLIST_ENDINGS:
        playlist = read_playlist(path)
        for entry in playlist.missing:
            on_missing(entry)
        files = playlist.files
        if playlist.missing and not files:
            raise LibraryError(f"none of its {len(playlist.missing)} files is there", file=path)
    else:
        files = (path,) if is_audio(path.name) else ()
    if not files:
        raise LibraryError("there is no audio file in it", file=path, hint="pin a track, a folder or an M3U playlist")
    return files


def _mode(path: Path) -> int:
    """What is at a path: a folder or an ordinary file. A pipe, or a device, would be read for ever."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise LibraryError("there is no such file or folder", file=path) from None
    except (OSError, ValueError) as error:
        reason = system_reason(error)
        raise LibraryError(f"it cannot be read: {reason.lower()}", file=path) from error
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise LibraryError("this is not an ordinary file", file=path)
    return mode


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_PLAYLIST:
            raise LibraryError("this is too large for a playlist", file=path)
        return path.read_bytes()
    except OSError as error:
        raise LibraryError(f"the playlist cannot be read: {system_reason(error)}", file=path) from error


def _entries(content: bytes) -> Iterable[bytes]:
    """The lines that name a file, as bytes in the encoding of the file itself or in UTF-8."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            content = content[len(mark) :].decode(encoding, "replace").encode()
            break
    lines = (line.strip() for line in content.replace(b"\r", b"\n").split(b"\n"))
    return [line for line in lines if line and not line.startswith(b"#")]


def _resolve(entry: bytes, folder: Path) -> Path | None:
    """The audio file an entry means, by the first reading of its bytes under which there is one."""
    for reading in _readings(entry):
        path = folder / reading
        if is_audio(path.name) and _is_file(path):
            return Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow links)
    return None


def _readings(entry: bytes) -> list[str]:
    """The entry as UTF-8 or bytes of the file system, as Latin-1, and both with Windows' separators turned."""
    if entry[:8].lower() == b"file:///" or entry[:17].lower() == b"file://localhost/":
        entry = unquote_to_bytes(urlsplit(entry).path)
        entry = entry[1:] if os.name == "nt" else entry
    readings = [entry.decode("utf-8", "surrogateescape"), entry.decode("latin-1")]
    return list(dict.fromkeys([*readings, *(reading.replace("\\", "/") for reading in readings)]))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or with a zero byte in it
        return False
