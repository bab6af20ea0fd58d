import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.store.database import (
    MIGRATIONS,
    Database,
    Migration,
    look_into,
    open_database,
    schema_version,
    transaction,
)

PATIENCE_S = 30.0
FIRST: tuple[Migration, ...] = (("CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1)"),)
SECOND: tuple[Migration, ...] = (*FIRST, ("ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x + 1"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "nbd.sqlite"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_makes_a_new_database_with_its_folder(path: Path) -> None:
    database = open_database(path)
    with closing(database.connect()) as connection:
        assert schema_version(connection) == len(MIGRATIONS)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.warnings == ()


def test_an_open_database_needs_no_second_migration(path: Path) -> None:
    open_database(path, FIRST)
    open_database(path, FIRST)
    assert rows(path, "SELECT * FROM a") == [(1,)]
    assert not list(path.parent.glob("*.backup*"))


def test_migrates_step_by_step_and_keeps_a_copy_of_before(path: Path) -> None:
    open_database(path, FIRST)
    open_database(path, SECOND)
    assert rows(path, "SELECT * FROM a") == [(1, 2)]
    assert rows(path.with_name("nbd.sqlite.backup-v1"), "SELECT * FROM a") == [(1,)]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_look_reads_and_leaves_everything_as_it_was(path: Path) -> None:
    open_database(path, SECOND)
    before = contents(path.parent)
    connection = look_into(path, SECOND)
    assert connection is not None
    with closing(connection):
        assert connection.execute("SELECT * FROM a").fetchall() == [(1, 2)]
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM a")
        assert contents(path.parent) == before
    assert contents(path.parent) == before


def test_a_look_sees_what_another_has_just_written(path: Path) -> None:
    with closing(open_database(path, FIRST).connect()) as writer:
        with transaction(writer):
            writer.execute("INSERT INTO a VALUES (5)")
        connection = look_into(path, FIRST)
        assert connection is not None
        with closing(connection):
            assert connection.execute("SELECT * FROM a").fetchall() == [(1,), (5,)]


def test_a_look_makes_no_database(path: Path) -> None:
    assert look_into(path) is None
    assert not path.parent.exists()
    open_database(path, FIRST)
    before = contents(path.parent)
    assert look_into(path, SECOND) is None
    assert contents(path.parent) == before


def test_a_look_at_what_is_no_database_or_a_newer_one_is_refused(path: Path) -> None:
    open_database(path, SECOND)
    with pytest.raises(LibraryError, match="version 2"):
        look_into(path, FIRST)
    path.write_bytes(b"not a database at all, not even close" * 99)
    before = contents(path.parent)
    with pytest.raises(LibraryError, match="cannot be used"):
        look_into(path, FIRST)
    assert contents(path.parent) == before


def test_a_failing_migration_changes_nothing(path: Path) -> None:
    open_database(path, FIRST)
    with pytest.raises(LibraryError, match="cannot be used"):
        open_database(path, (*FIRST, ("DELETE FROM a", "no sql at all")))
    assert rows(path, "SELECT * FROM a") == [(1,)]
    assert rows(path, "PRAGMA user_version") == [(1,)]


def test_refuses_a_newer_version_and_leaves_every_byte(path: Path) -> None:
    open_database(path, SECOND)
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="version 2, this nbd-tui knows versions up to 1"):
        open_database(path, FIRST)
    assert path.read_bytes() == before


@pytest.mark.parametrize("attempt", range(5))
def test_threads_that_find_the_same_damage_begin_one_new_database(path: Path, attempt: int) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 500)
    together = threading.Barrier(6)

    def open_it(_: int) -> Database:
        together.wait(PATIENCE_S)
        return open_database(path)

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(open_it, range(6)))
    assert sorted(file.name for file in path.parent.glob("*.broken-?")) == ["nbd.sqlite.broken-1"], attempt
    assert sum(bool(database.warnings) for database in found) == 1


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 4096])
def test_a_file_that_is_no_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    path.with_name("nbd.sqlite.broken-1").write_bytes(b"an older one")
    database = open_database(path)
    assert path.with_name("nbd.sqlite.broken-2").read_bytes() == content
    assert "nbd.sqlite.broken-2" in database.warnings[0]
    with closing(database.connect()) as connection:
        assert connection.execute("SELECT count(*) FROM tracks").fetchone() == (0,)


def test_damage_inside_the_file_is_found_on_opening(path: Path) -> None:
    with closing(open_database(path, FIRST).connect()) as connection, transaction(connection):
        connection.executemany("INSERT INTO a VALUES (?)", [(n,) for n in range(5000)])
    content = bytearray(path.read_bytes())
    content[8192:16384] = b"\xa5" * 8192
    path.write_bytes(content)
    assert open_database(path, FIRST).warnings
    assert path.with_name("nbd.sqlite.broken-1").exists()


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert open_database(path).warnings == ()


def test_a_folder_in_its_place_is_a_clear_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(LibraryError) as caught:
        open_database(path)
    assert str(path) in str(caught.value)
    assert path.is_dir()


def test_a_locked_database_is_not_taken_for_a_broken_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbd_tui.store.database.BUSY_S", 0.0)
    open_database(path, FIRST)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryError, match="locked"):
            open_database(path, SECOND)
    assert not list(path.parent.glob("*.broken*"))


def test_without_wal_it_works_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(sqlite3.Connection):
        def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
            if "WAL" in sql:
                raise sqlite3.OperationalError("locking protocol")
            return super().execute(sql, *args)  # type: ignore[arg-type]

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: real(*args, **more, factory=Refusing))
    with closing(open_database(path).connect()) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_transaction_is_all_or_nothing(path: Path) -> None:
    with closing(open_database(path, FIRST).connect()) as connection:
        with suppress(KeyError), transaction(connection):
            connection.execute("INSERT INTO a VALUES (2)")
            raise KeyError
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (1,)


def test_threads_write_and_read_beside_each_other(path: Path) -> None:
    database = open_database(path, FIRST)

    def write() -> None:
        with closing(database.connect()) as connection:
            for number in range(50):
                with transaction(connection):
                    connection.execute("INSERT INTO a VALUES (?)", (number,))

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    with closing(database.connect()) as reader:
        counts = [reader.execute("SELECT count(*) FROM a").fetchone()[0] for _ in range(200)]
    for writer in writers:
        writer.join(30)
    assert counts == sorted(counts)
    assert rows(path, "SELECT count(*) FROM a") == [(151,)]
