"""The journals of sessions: one file each, appended to while the session runs, gone when it is filed.

A journal is locked by the program that writes it (or has it in hand), and the system gives the lock away when that
program ends in whatever way: a journal that can be claimed belongs to a session that was interrupted.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from nbd_tui.errors import JournalError, NewerJournalError, system_reason
from nbd_tui.model.units import Seconds
from nbd_tui.store.journal_lines import Journal, read_journal
from nbd_tui.store.safe_write import sync_folder

SUFFIX: Final = ".jsonl"
LOCK_TRIES: Final = 20
LOCK_WAIT_S: Final[Seconds] = 0.05
"""Another program that looks for interrupted sessions may hold a new journal for a moment."""
YOUNG_S: Final[Seconds] = 60.0
"""A journal without a first line may be one that is just being begun."""

_LOCK_AT: Final = 1 << 40
"""Windows keeps everybody from the bytes that are locked: one far beyond the end of any journal."""

_BINARY: Final = getattr(os, "O_BINARY", 0)


class Appending(Protocol):
    """A journal as the one who writes it knows it."""

    def append(self, lines: Iterable[str]) -> None:
        """Puts lines on the disk, whole or (when the power fails) the first part of them.

        Raises:
            OSError: they could not be written.
        """
        ...

    def remove(self) -> None:
        """The session is filed.

        Raises:
            OSError: the file stays.
        """
        ...

    def close(self) -> None:
        """Leaves it to whoever claims it next."""
        ...


class JournalFile:
    """A journal that nobody else can claim. One thread at a time."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle: int | None = handle
        self._torn = _ends_inside_a_line(path)

    @classmethod
    def create(cls, folder: Path, session_id: str) -> "JournalFile":
        """A new one.

        Raises:
            OSError: it cannot be made, or cannot be had alone.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{session_id}{SUFFIX}"
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        for _ in range(LOCK_TRIES):
            if _lock(handle):
                sync_folder(folder)
                return cls(path, handle)
            time.sleep(LOCK_WAIT_S)
        os.close(handle)
        raise OSError(f"{path.name} is held by another program")

    @classmethod
    def claim(cls, path: Path) -> "JournalFile | None":
        """An existing one; None while somebody else has it.

        Raises:
            OSError: it cannot be opened.
        """
        handle = os.open(path, os.O_RDWR | os.O_APPEND | _BINARY)
        if _lock(handle):
            return cls(path, handle)
        os.close(handle)
        return None

    def read(self) -> Journal:
        """What it tells.

        Raises:
            JournalError: nothing.
            OSError: it cannot be read.
        """
        return read_journal(self.path.read_bytes().split(b"\n"))

    def append(self, lines: Iterable[str]) -> None:
        """Puts lines on the disk.

        Raises:
            OSError: they could not be written, or not all of them.
        """
        data = "".join(f"{line}\n" for line in lines).encode("ascii")
        if self._handle is None:
            raise OSError("the journal is closed")
        whole, self._torn = (b"\n" + data if self._torn else data), True
        while whole:
            whole = whole[os.write(self._handle, whole) :]
        self._torn = False
        getattr(os, "fdatasync", os.fsync)(self._handle)

    def remove(self) -> None:
        """The session is kept elsewhere, or is to be forgotten.

        Raises:
            OSError: the file stays.
        """
        if sys.platform == "win32":  # which does not remove what is open
            self.close()
        self.path.unlink(missing_ok=True)
        sync_folder(self.path.parent)
        self.close()

    def set_aside(self) -> Path:
        """Renames what nobody can read, so that it is neither lost nor looked at again; the new name.

        Raises:
            OSError: it stays.
        """
        self.close()
        return self.path.rename(self.path.with_name(f"{self.path.name}.broken"))

    def close(self) -> None:
        """Leaves it to whoever claims it next."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def claimed_journals(folder: Path, notes: list[str]) -> Iterator[tuple[JournalFile, Journal]]:
    """The journals of sessions that were interrupted, each claimed; the newest first.

    Those that other programs write are passed over; so are those of a newer version, which `notes` then tells, and
    those that cannot be read, which are renamed.
    """
    for path in _files_in(folder):
        try:
            file = JournalFile.claim(path)
        except FileNotFoundError:
            continue  # filed by now
        except OSError as error:
            notes.append(f"the journal of a session cannot be opened: {path.name}: {system_reason(error)}")
            continue
        if file is not None and (journal := _read(file, notes)) is not None:
            yield file, journal


def _read(file: JournalFile, notes: list[str]) -> Journal | None:
    try:
        return file.read()
    except NewerJournalError as error:
        notes.append(f"an interrupted session was left alone: {file.path.name}: {error}")
    except JournalError:
        _put_away(file, notes)
    except FileNotFoundError:
        pass  # filed by now
    except OSError as error:
        notes.append(f"the journal of a session cannot be read: {file.path.name}: {system_reason(error)}")
    file.close()
    return None


def _put_away(file: JournalFile, notes: list[str]) -> None:
    """What cannot be read is renamed; what is empty was never begun."""
    with suppress(OSError):
        state = file.path.stat()
        if abs(time.time() - state.st_mtime) < YOUNG_S and not file.path.read_bytes().count(b"\n"):
            return
        if state.st_size:
            notes.append(f"the journal of a session was damaged and is now {file.set_aside().name}")
        else:
            file.remove()


def _files_in(folder: Path) -> list[Path]:
    """Their names begin with the time at which the session began."""
    with suppress(OSError):
        return sorted((path for path in folder.iterdir() if path.suffix == SUFFIX), reverse=True)
    return []


def _ends_inside_a_line(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    return False


def _lock(handle: int) -> bool:
    """Takes the lock of an open file, which closing it or ending gives away; false while somebody else has it.

    A file system that knows no locks gives them all: then only the person can know that another program runs.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
