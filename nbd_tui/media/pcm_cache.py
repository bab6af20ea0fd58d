"""Decoded copies of files that only libVLC reads: a folder of WAV files, bounded, the least recently used going first.

Several processes may use one folder at once: a copy is written under a name of its own and then renamed, and a copy
that somebody else removes meanwhile is simply made again.
"""

import contextlib
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.media.sniff import unreadable

LIMIT_BYTES = 2**30
"""1 GB: about 100 minutes of music."""

SPARE_BYTES = 2**24
"""With less left on the disk (16 MB), a copy cannot be trusted to be whole."""

_UNFINISHED = ".part"
_ABANDONED_S = 300
"""An unfinished copy nobody has written to for so long belongs to a process that died."""


def free_bytes(folder: Path) -> int:
    """How much may still be written to the disk that `folder` is on."""
    return shutil.disk_usage(folder).free


class PcmCache:
    """The copies in `folder`, which is made when the first is stored."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES, free: Callable[[Path], int] = free_bytes) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._free = free

    def find(self, source: Path, version: str) -> Path | None:
        """The copy of `source` as it is now, made by `version` of the decoder; it counts as used just now.

        Raises:
            CircumstanceError: `source` cannot be read.
        """
        copy = self._place(source, version)
        try:
            os.utime(copy)
        except FileNotFoundError:
            return None
        except OSError:
            return copy if copy.exists() else None
        return copy

    def make(self, source: Path, version: str, write: Callable[[Path], None]) -> Path:
        """Makes the copy of `source` with `write`, which gets the file to write to, and makes room for it.

        Raises:
            DecodeError: `write` failed.
            CircumstanceError: `source` cannot be read, or the copy cannot be stored.
        """
        copy = self._place(source, version)
        unfinished = copy.with_name(f"{copy.stem}-{uuid.uuid4().hex[:8]}{_UNFINISHED}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(write, unfinished)
            _rename(unfinished, copy)
        except OSError as error:
            raise CircumstanceError(f"its decoded copy cannot be stored: {error.strerror or error}") from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
        self._make_room(copy)
        return copy

    def _write(self, write: Callable[[Path], None], target: Path) -> None:
        """A decoder that runs out of space calls the file broken, or writes a part of it without a word."""
        try:
            write(target)
        except DecodeError:
            self._require_space()
            raise
        self._require_space()

    def _require_space(self) -> None:
        if self._free(self._folder) < SPARE_BYTES:
            raise CircumstanceError("there is no space left on the disk for its decoded copy")

    def _place(self, source: Path, version: str) -> Path:
        try:
            status = source.stat()
        except OSError as error:
            raise unreadable(error) from error
        key = f"{status.st_size}\0{status.st_mtime_ns}\0{version}\0".encode() + os.fsencode(source.absolute())
        return self._folder / f"{hashlib.sha256(key).hexdigest()[:32]}.wav"

    def _make_room(self, newest: Path) -> None:
        """Removes the least recently used until the bound is kept; `newest` stays, however large."""
        entries = _by_last_use(self._folder)
        now = time.time()
        total = sum(size for _, size, _ in entries)
        for used, size, path in entries:
            abandoned = path.suffix == _UNFINISHED and now - used > _ABANDONED_S
            too_much = total > self._limit and path.suffix != _UNFINISHED and path != newest
            if abandoned or too_much:
                with contextlib.suppress(OSError):  # in use on Windows, or gone already
                    path.unlink()
                    total -= size


def _rename(unfinished: Path, copy: Path) -> None:
    """Windows refuses to replace a file that is open; then the copy that is there is as good."""
    try:
        unfinished.replace(copy)
    except PermissionError:
        if not copy.exists():
            raise


def _by_last_use(folder: Path) -> list[tuple[float, int, Path]]:
    """The (last use, size, path) of every file in `folder`, the least recently used first."""
    entries = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            entries.append((status.st_mtime, status.st_size, path))
    return sorted(entries)
