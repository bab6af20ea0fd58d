"""Finds audio files below folders, by name only; nothing is opened."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from nbd_tui.errors import LibraryError, printable, system_reason

AUDIO_ENDINGS: Final = frozenset(
    ("mp3", "flac", "ogg", "oga", "opus", "m4a", "aac", "wav", "wma", "aif", "aiff", "mp4", "alac", "ape", "wv", "mka")
)
"""Endings of the files that are looked at, in lower case."""

_OTHER_FOLDERS: Final = frozenset({"$recycle.bin", "#recycle", "@eadir", "lost+found", "system volume information"})
"""Folders of systems and network drives that are hidden by habit, not by a dot."""
_LARGEST_MTIME: Final = 2**63 - 1
"""What the database can hold; a clock gone wild may say more."""


class FoundFile(NamedTuple):
    """An audio file by its name, and what tells whether it has changed."""

    path: str
    """Absolute; bytes that are no text are kept as surrogates (os.fsdecode)."""
    size: int
    """In bytes."""
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class UnreadFolder:
    """A folder that could not be listed."""

    path: Path
    reason: str

    def __str__(self) -> str:
        """One line, for the reason why there is no music."""
        return f"{printable(self.path.name)}: {self.reason.lower()}"


def is_audio(name: str) -> bool:
    """Whether a file name has the ending of an audio file and is not hidden."""
    stem, _, ending = name.rpartition(".")
    return bool(stem) and stem[0] != "." and ending.lower() in AUDIO_ENDINGS


def require_folder(folder: Path) -> None:
    """Checks a folder the user named.

    Raises:
        LibraryError: it is not there, cannot be looked at, or is a file.
    """
    try:
        mode = folder.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise LibraryError("there is no such folder", file=folder, hint="is the drive mounted?") from None
    except (OSError, ValueError) as error:
        reason = system_reason(error)
        raise LibraryError(f"this folder cannot be read: {reason.lower()}", file=folder) from error
    if not stat.S_ISDIR(mode):
        raise LibraryError("this is a file, not a folder", file=folder, hint=f"scan its folder: {folder.parent}")


def is_there(path: Path) -> bool:
    """Whether there is something at a path; one that cannot be looked at counts as not there."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or inside a folder that may not be read
        return False


def walk(folders: Iterable[Path], on_unread: Callable[[UnreadFolder], None] = lambda _: None) -> Iterator[FoundFile]:
    """The audio files below `folders`, folder by folder in the order of names, as they are found.

    Hidden files and folders are left out. Links are followed, after everything that is no link, but a folder is
    entered only once, so circles end and nothing is found twice. What cannot be listed goes to `on_unread`.
    """
    seen: set[tuple[int, int]] = set()
    todo = deque(os.path.abspath(folder) for folder in folders)  # noqa: PTH100 (resolve() would follow links)
    while todo:
        folder = todo.popleft()
        try:
            if _is_new(folder, seen):
                yield from _list(folder, todo)
        except OSError as error:
            on_unread(UnreadFolder(Path(folder), system_reason(error)))


def _is_new(folder: str, seen: set[tuple[int, int]]) -> bool:
    state = os.stat(folder)  # noqa: PTH116 (a Path per folder costs more than the call)
    identity = (state.st_dev, state.st_ino)
    is_new = identity not in seen
    seen.add(identity)
    return is_new


def _list(folder: str, todo: deque[str]) -> Iterator[FoundFile]:
    """The files of one folder; its sub-folders go to the front of `todo`, its links to the end."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    folders = []
    for entry in entries:
        if entry.name[0] == ".":
            continue
        if is_audio(entry.name) and (found := _file(entry)):
            yield found
        elif entry.name.lower() not in _OTHER_FOLDERS and _is_folder(entry):
            todo.append(entry.path) if entry.is_symlink() else folders.append(entry.path)
    todo.extendleft(reversed(folders))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """False for a link that leads nowhere, or to itself."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _file(entry: "os.DirEntry[str]") -> FoundFile | None:
    """None for a folder or device with the name of a file, and for a link that leads nowhere.

    Raises:
        PermissionError: nothing in the folder may be looked at.
    """
    try:
        state = entry.stat()
    except PermissionError:
        if entry.is_symlink():
            return None
        raise
    except OSError:
        return None
    if not stat.S_ISREG(state.st_mode):
        return None
    return FoundFile(entry.path, state.st_size, min(state.st_mtime_ns, _LARGEST_MTIME))
