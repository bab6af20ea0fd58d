"""Looking at folders while a path is being typed: what lies below it, and how much music."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from nbd_tui.library.playlists import PLAYLIST_ENDINGS
from nbd_tui.library.walk import is_audio, walk

MOST_ENTRIES: Final = 500
"""More are found by typing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a typed path leads to."""

    path: Path | None
    """The path as written, without `~`; None where it cannot be one."""
    folder: Path | None = None
    """The folder whose entries these are: the path itself after a separator, else the one it lies in."""
    folders: tuple[str, ...] = ()
    """Names below `folder` that begin as the path ends, without regard to case."""
    files: tuple[str, ...] = ()
    """Tracks and playlists, likewise, where they were asked for."""
    problem: str = ""
    """Why the path cannot be used; empty when it can."""


@dataclass(frozen=True, slots=True)
class Music:
    """How much there is below a folder."""

    files: int
    """By their names; none was opened."""
    unread: tuple[str, ...] = ()
    """Folders that could not be listed, with the reason."""
    stopped: bool = False
    """There may be more."""


def look_at(text: str, *, files: bool = False) -> Listing:
    """Lists what a typed path leads to; blocks as long as the drive does.

    Args:
        text: As typed; `~` is the home folder.
        files: Whether a track or playlist can be chosen as well.
    """
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        return Listing(None, problem="there is no such home folder")
    if not text.strip() or "\0" in text or not path.is_absolute():
        return Listing(None, problem="a whole path, please: it begins with / or ~" if os.sep == "/" else "a whole path")
    is_open = text.endswith(("/", os.sep)) or text == "~"
    folder, beginning = (path, "") if is_open else (path.parent, path.name)
    try:
        below, tracks = _entries(folder, beginning.casefold())
    except OSError as error:
        return Listing(path, folder, problem=_reason(error))
    return Listing(path, folder, below, tracks if files else (), _problem(path, files=files))


def meant_path(text: str, offered: str) -> str:
    """What is meant by a path that was typed or pasted right behind one that was offered: it alone, if it is whole."""
    rest = text.removeprefix(offered)
    return rest if offered and rest != text and is_whole(rest) else text


def pasted_path(text: str) -> str:
    """The whole path that was pasted, out of the quotes, escapes or address it was in; empty where it is none."""
    line = next(iter(text.strip().splitlines()), "").strip()
    if line.startswith("file://"):
        line = unquote(urlsplit(line).path)
        line = line[1:] if is_whole(line[1:]) and line[2:3] == ":" else line
    elif len(line) > 1 and line[0] == line[-1] and line[0] in "'\"":
        line = line[1:-1]
    elif os.sep == "/":
        line = re.sub(r"\\(.)", r"\1", line)
    return line if is_whole(line) else ""


def is_whole(text: str) -> bool:
    """Whether a path begins at a root, a drive or a home folder."""
    return text.startswith(("/", "~", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", text) is not None


def count_music(folder: Path, should_stop: Callable[[], bool], most: int = 100_000) -> Music:
    """Counts the audio files below a folder by their names."""
    unread: list[str] = []
    count = 0
    for _ in walk([folder], lambda found: unread.append(str(found))):
        count += 1
        if count >= most or should_stop():
            return Music(count, tuple(unread), stopped=True)
    return Music(count, tuple(unread))


def _entries(folder: Path, beginning: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of folders and of files to play, in the order people sort them."""
    folders, files = [], []
    with os.scandir(folder) as found:
        for entry in found:
            hidden = entry.name.startswith(".") and not beginning.startswith(".")
            if hidden or not entry.name.casefold().startswith(beginning) or not _is_text(entry.name):
                continue
            if _is_folder(entry):
                folders.append(entry.name)
            elif _is_playable(entry.name):
                files.append(entry.name)
    return tuple(sorted(folders, key=str.casefold)[:MOST_ENTRIES]), tuple(
        sorted(files, key=str.casefold)[:MOST_ENTRIES]
    )


def _is_playable(name: str) -> bool:
    return is_audio(name) or Path(name).suffix.lower() in PLAYLIST_ENDINGS


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_text(name: str) -> bool:
    """A settings file can hold it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _problem(path: Path, *, files: bool) -> str:
    """Why a path cannot be used as a music folder (or a track, with `files`)."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)
            return ""
        if not path.exists():
            return "there is no such folder"
    except OSError as error:
        return _reason(error)
    if not files:
        return "this is a file, not a folder"
    return "" if _is_playable(path.name) else "this is no track and no playlist"


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to look into this folder"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "there is no such folder"
    return f"this folder cannot be read: {(error.strerror or str(error)).lower()}"
