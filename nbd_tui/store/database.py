"""The SQLite database of tracks and history: opening, migrating, and what happens when the file is broken.

Threads: a connection belongs to the thread that made it (sqlite3 enforces this), so every thread that needs the
database calls `Database.connect` and closes what it got. Readers never wait for a writer where WAL works; writers wait
for each other for up to `BUSY_S`. Every write goes through `transaction`.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nbd_tui.errors import LibraryError, system_reason
from nbd_tui.model.units import Seconds

BUSY_S: Final[Seconds] = 5.0
"""How long a writer waits for another one."""

Migration = tuple[str, ...]
"""The statements that lead from one version of the schema to the next."""

MIGRATIONS: Final[tuple[Migration, ...]] = (
    (
        # `key` is the path as the file system has it (os.fsencode), `path` the same for people to read.
        """CREATE TABLE tracks (
            key BLOB PRIMARY KEY NOT NULL,
            path TEXT NOT NULL,
            title TEXT NOT NULL,
            artist TEXT NOT NULL,
            album TEXT NOT NULL,
            genre TEXT NOT NULL,
            year INTEGER,
            duration_s REAL,
            bpm REAL,
            gain_db REAL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            gone INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID""",
        # Without size and time of change the file is tried again at every scan.
        """CREATE TABLE failures (
            key BLOB PRIMARY KEY NOT NULL,
            path TEXT NOT NULL,
            reason TEXT NOT NULL,
            size INTEGER,
            mtime_ns INTEGER
        ) WITHOUT ROWID""",
    ),
    (
        # Times are ISO 8601 in UTC with microseconds; `day` is the local date of the start; `totals` is JSON.
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL,
            preset_id TEXT NOT NULL,
            preset_name TEXT NOT NULL,
            began_utc TEXT NOT NULL,
            utc_offset_s INTEGER NOT NULL,
            day TEXT NOT NULL,
            ended_utc TEXT NOT NULL,
            planned_s REAL,
            worked_s REAL NOT NULL,
            paused_s REAL NOT NULL,
            rounds_done INTEGER NOT NULL,
            rounds INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            totals TEXT NOT NULL,
            effort INTEGER,
            note TEXT NOT NULL
        )""",
        "CREATE INDEX sessions_by_start ON sessions (began_utc, id)",
        "CREATE INDEX sessions_by_day ON sessions (day)",
        # `key` as in tracks, which need not have it; `judged` counts the verdicts, so that the latest is known.
        """CREATE TABLE heard (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            key BLOB NOT NULL,
            path TEXT NOT NULL,
            title TEXT NOT NULL,
            artist TEXT NOT NULL,
            heard_s REAL NOT NULL,
            verdict TEXT,
            judged INTEGER,
            PRIMARY KEY (session_id, place)
        ) WITHOUT ROWID""",
        "CREATE INDEX heard_by_verdict ON heard (judged, key, verdict) WHERE verdict IS NOT NULL",
    ),
    (
        # What the analysis found, short enough for lists; `sound` is `model.sound.Sound.key`, `drops` their number.
        """CREATE TABLE hearings (
            sound BLOB PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            frames INTEGER NOT NULL,
            bpm REAL,
            confidence REAL NOT NULL,
            is_constant INTEGER NOT NULL,
            lufs REAL,
            true_peak_db REAL,
            intensity REAL NOT NULL,
            drops INTEGER NOT NULL
        ) WITHOUT ROWID""",
        # The long parts, apart, so that lists do not read past them; see `store.hearing_blobs`.
        """CREATE TABLE hearing_details (
            sound BLOB PRIMARY KEY NOT NULL REFERENCES hearings (sound) ON DELETE CASCADE,
            beats BLOB NOT NULL,
            downbeats BLOB NOT NULL,
            energy_hz REAL NOT NULL,
            energy BLOB NOT NULL,
            drops TEXT NOT NULL
        )""",
        # Which sound a file held when it was listened to; with a reason, why listening failed, and how often.
        """CREATE TABLE listened (
            key BLOB PRIMARY KEY NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            sound BLOB,
            version INTEGER NOT NULL,
            reason TEXT NOT NULL,
            tries INTEGER NOT NULL
        ) WITHOUT ROWID""",
        # The user's word: of a sound, which may have several files, or of a file while its sound is not known.
        """CREATE TABLE said_of_sounds (
            id BLOB PRIMARY KEY NOT NULL,
            opinion TEXT,
            bpm REAL,
            drops BLOB
        ) WITHOUT ROWID""",
        """CREATE TABLE said_of_files (
            id BLOB PRIMARY KEY NOT NULL,
            opinion TEXT,
            bpm REAL,
            drops BLOB
        ) WITHOUT ROWID""",
    ),
)

_one_at_a_time = threading.Lock()
"""Two threads that find a damaged file would move aside first that one, then the new one of the other."""

_NOT_A_DATABASE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True)
class Database:
    """A database whose schema is up to date."""

    path: Path
    warnings: tuple[str, ...] = ()
    """What the user should know about how it was opened."""

    def connect(self) -> sqlite3.Connection:
        """A new connection for the calling thread, which also closes it.

        Raises:
            LibraryError: the file cannot be opened any more.
        """
        with _explained(self.path):
            return _connect(self.path)

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """A new connection for the `with`, closed at its end.

        Raises:
            LibraryError: the file cannot be opened, or SQLite fails inside the `with` (locked, full, damaged).
        """
        with closing(self.connect()) as connection:
            try:
                yield connection
            except sqlite3.Error as error:
                raise _unusable(self.path, error) from error


def open_database(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Database:
    """The database at `path`, made or migrated as needed.

    A file that is no database (any more) is moved aside to `*.broken-N` and a new one begun; a migration first copies
    the old database to `*.backup-vN`. `migrations[n]` leads from version n to n + 1.

    Raises:
        LibraryError: it was written by a newer nbd-tui (and is left alone), or cannot be opened.
    """
    with _one_at_a_time, _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _prepare(path, migrations)
        except sqlite3.DatabaseError as error:
            if not _is_corrupt(error):
                raise
            warning = f"{path.name} was damaged and is now {_move_aside(path).name}; a new database was begun"
            _prepare(path, migrations)
            return Database(
                path, (f"{warning} (nbd scan finds the tracks again; sessions kept before stay in the damaged file)",)
            )
        return Database(path)


def look_into(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection | None:
    """A connection for reading only; makes and changes no file.

    Returns:
        None where there is no database yet, or one that the next use brings up to date first.

    Raises:
        LibraryError: it is damaged, of a newer version, or cannot be opened.
    """
    if not path.exists():
        return None
    # A reader makes the files of the log unless told that nobody writes; where they are, somebody may.
    unchanging = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    with _explained(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{unchanging}", uri=True, timeout=BUSY_S)
        try:
            _refuse_newer(connection, path, len(migrations))
            _check(connection)
            is_current = schema_version(connection) == len(migrations)
        except BaseException:
            connection.close()
            raise
        if is_current:
            return connection
        connection.close()
        return None


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the statements inside or none, with the write lock taken at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def schema_version(connection: sqlite3.Connection) -> int:
    """`PRAGMA user_version`: how many migrations the file has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _prepare(path: Path, migrations: Sequence[Migration]) -> None:
    if path.exists() and path.stat().st_size:
        _look_at_version(path, len(migrations))
    with closing(_connect(path)) as connection:
        _refuse_newer(connection, path, len(migrations))
        _check(connection)
        if schema_version(connection) < len(migrations):
            _migrate(connection, path, migrations)


def _look_at_version(path: Path, newest: int) -> None:
    """Refuses a newer file while holding no right to write, so that it keeps every byte."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(uri, uri=True)) as connection:
        _refuse_newer(connection, path, newest)


def _refuse_newer(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    if (version := schema_version(connection)) > newest:
        raise LibraryError(
            f"this database is of version {version}, this nbd-tui knows versions up to {newest}",
            file=path,
            hint="install the newest nbd-tui, or move the file away to begin a new one",
        )


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging; network file systems and read-only media refuse it and keep the rollback journal."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.execute("PRAGMA journal_mode = DELETE")


def _check(connection: sqlite3.Connection) -> None:
    """Finds damage in any page now rather than in the middle of a workout; 10,000 tracks take a few milliseconds."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        damage = sqlite3.DatabaseError(str(verdict))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        _back_up(connection, path.with_name(f"{path.name}.backup-v{schema_version(connection)}"))
    with transaction(connection):
        # Read again under the lock: another process may have migrated it in the meantime.
        for statements in migrations[schema_version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def _is_corrupt(error: sqlite3.DatabaseError) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _NOT_A_DATABASE


def _move_aside(path: Path) -> Path:
    """Renames the file, with its journals, to the first free `*.broken-N`; returns the new name."""
    number = 1
    while (target := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.rename(target)
    for suffix in ("-wal", "-shm", "-journal"):
        beside = Path(f"{path}{suffix}")
        if beside.exists():
            beside.rename(f"{target}{suffix}")
    return target


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: sqlite3.Error | OSError) -> LibraryError:
    reason = system_reason(error)
    hint = f"NBD_DATA_DIR moves it; now it is in {os.fspath(path.parent)}"
    return LibraryError(f"the database cannot be used: {reason}", file=path, hint=hint)
