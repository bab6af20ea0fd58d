"""Tracks in the database: what the scan found, what is gone, and which files could not be read.

A path is either a track or a failure, never both. A gone track keeps its row (its drive may come back) but is in no
listing. Paths are kept as the bytes the file system has, so that names which are not UTF-8 survive.
"""

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from nbd_tui.model.track import Track
from nbd_tui.store.database import transaction


class FileStamp(NamedTuple):
    """What tells a changed file from the same one."""

    size: int
    """In bytes."""
    mtime_ns: int


class ScannedTrack(NamedTuple):
    """A track and the state of the file it was read from."""

    track: Track
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read."""

    path: Path
    reason: str
    stamp: FileStamp | None = None
    """None: worth trying again at the next scan though the file looks the same (permission, a drive that failed)."""


class KnownFile(NamedTuple):
    """What the database knows of a file a scan meets."""

    size: int | None
    mtime_ns: int | None
    gone: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class TrackCounts:
    """How many files there are of each sort."""

    tracks: int = 0
    gone: int = 0
    failures: int = 0


_UPSERT: Final = """
    INSERT INTO tracks (key, path, title, artist, album, genre, year, duration_s, bpm, gain_db, size, mtime_ns)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET path = excluded.path, title = excluded.title, artist = excluded.artist,
        album = excluded.album, genre = excluded.genre, year = excluded.year, duration_s = excluded.duration_s,
        bpm = excluded.bpm, gain_db = excluded.gain_db, size = excluded.size, mtime_ns = excluded.mtime_ns, gone = 0
"""
_TRACK_COLUMNS: Final = "key, title, artist, album, genre, year, duration_s, bpm, gain_db"
_BELOW: Final = "key >= ? AND key < ?"


class TrackStore:
    """The tracks of one connection; lives in the thread the connection belongs to, and does not close it.

    Folders and paths are compared as bytes: they must be absolute and without `..`, as the scan stores them.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, tracks: Iterable[ScannedTrack], failures: Iterable[Failure] = ()) -> None:
        """Adds or replaces files, all in one transaction."""
        track_rows = [_track_row(*scanned) for scanned in tracks]
        failure_rows = [_failure_row(failure) for failure in failures]
        with transaction(self._connection):
            self._connection.executemany("DELETE FROM failures WHERE key = ?", [row[:1] for row in track_rows])
            self._connection.executemany(_UPSERT, track_rows)
            self._connection.executemany("DELETE FROM tracks WHERE key = ?", [row[:1] for row in failure_rows])
            self._connection.executemany("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", failure_rows)

    def mark_unplayable(self, path: Path, reason: str, *, own_fault: bool) -> None:
        """A track that failed becomes a failure: by its own fault until its file changes, else until the next scan."""
        if not own_fault:
            self.save((), [Failure(path, reason)])
            return
        key = os.fsencode(path)
        row = self._connection.execute("SELECT size, mtime_ns FROM tracks WHERE key = ?", (key,)).fetchone()
        self.save((), [Failure(path, reason, FileStamp(*row) if row else None)])

    def known_files(self, folder: Path) -> dict[str, KnownFile]:
        """Every file below `folder` the database knows, by its path as text (os.fsdecode)."""
        tracks = f"SELECT key, size, mtime_ns, gone, 0 FROM tracks WHERE {_BELOW}"  # noqa: S608 (constants)
        failures = f"SELECT key, size, mtime_ns, 0, 1 FROM failures WHERE {_BELOW}"  # noqa: S608 (constants)
        rows = self._connection.execute(f"{tracks} UNION ALL {failures}", (*below(folder), *below(folder)))
        decode = os.fsdecode
        return {
            decode(key): KnownFile(size, mtime_ns, bool(gone), bool(failed))
            for key, size, mtime_ns, gone, failed in rows
        }

    def mark_gone(self, paths: Iterable[str | Path]) -> None:
        """Tracks whose file is not there any more leave the listings; failures are forgotten."""
        keys = [(os.fsencode(path),) for path in paths]
        with transaction(self._connection):
            self._connection.executemany("UPDATE tracks SET gone = 1 WHERE key = ?", keys)
            self._connection.executemany("DELETE FROM failures WHERE key = ?", keys)

    def mark_back(self, paths: Iterable[str | Path]) -> None:
        """Gone tracks whose file is there again, unchanged."""
        keys = [(os.fsencode(path),) for path in paths]
        with transaction(self._connection):
            self._connection.executemany("UPDATE tracks SET gone = 0 WHERE key = ?", keys)

    def all_tracks(self) -> list[Track]:
        """Every track that is there, ordered by path."""
        rows = self._connection.execute(f"SELECT {_TRACK_COLUMNS} FROM tracks WHERE gone = 0 ORDER BY key")  # noqa: S608 (constants)
        return _tracks(rows)

    def tracks_below(self, folder: Path) -> list[Track]:
        """The tracks in `folder` and its sub-folders, ordered by path."""
        query = f"SELECT {_TRACK_COLUMNS} FROM tracks WHERE gone = 0 AND {_BELOW} ORDER BY key"  # noqa: S608 (constants)
        return _tracks(self._connection.execute(query, below(folder)))

    def failures(self, folder: Path | None = None) -> tuple[Failure, ...]:
        """Files that could not be read, ordered by path; all, or those below `folder`."""
        low, high = below(folder) if folder else (b"", None)
        rows = self._connection.execute(
            "SELECT key, reason, size, mtime_ns FROM failures WHERE key >= ? AND (? IS NULL OR key < ?) ORDER BY key",
            (low, high, high),
        )
        return tuple(
            Failure(Path(os.fsdecode(key)), reason, _stamp(size, mtime_ns)) for key, reason, size, mtime_ns in rows
        )

    def counts(self) -> TrackCounts:
        """How many tracks, gone tracks and failures there are."""
        query = """SELECT (SELECT count(*) FROM tracks WHERE gone = 0), (SELECT count(*) FROM tracks WHERE gone = 1),
            (SELECT count(*) FROM failures)"""
        return TrackCounts(*self._connection.execute(query).fetchone())

    def count_below(self, folder: Path) -> int:
        """How many tracks there are in `folder` and its sub-folders."""
        query = f"SELECT count(*) FROM tracks WHERE gone = 0 AND {_BELOW}"  # noqa: S608 (constants)
        return int(self._connection.execute(query, below(folder)).fetchone()[0])


def below(folder: Path) -> tuple[bytes, bytes]:
    """The range of keys of everything inside `folder`: from `folder/` up to the byte after the separator."""
    separator = os.sep.encode()
    base = os.fsencode(folder).rstrip(separator)
    return base + separator, base + bytes([separator[0] + 1])


def _track_row(track: Track, stamp: FileStamp) -> tuple[object, ...]:
    key = os.fsencode(track.path)
    facts = (
        track.title,
        track.artist,
        track.album,
        track.genre,
        track.year,
        track.duration_s,
        track.bpm,
        track.gain_db,
    )
    return (key, _readable(key), *facts, *stamp)


def _failure_row(failure: Failure) -> tuple[object, ...]:
    key = os.fsencode(failure.path)
    return (key, _readable(key), failure.reason, *(failure.stamp or (None, None)))


def _readable(key: bytes) -> str:
    return key.decode("utf-8", "replace")


def _stamp(size: int | None, mtime_ns: int | None) -> FileStamp | None:
    return None if size is None or mtime_ns is None else FileStamp(size, mtime_ns)


def _tracks(rows: Iterable[Any]) -> list[Track]:
    decode = os.fsdecode
    return [Track(Path(decode(key)), *facts) for key, *facts in rows]
