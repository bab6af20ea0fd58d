"""The thread that writes the journal, and what it does where the disk takes nothing."""

import threading
from collections.abc import Callable, Iterable

from nbd_tui.errors import HistoryError
from nbd_tui.session.scribe import Scribe
from nbd_tui.store.journal_lines import Opening
from nbd_tui.store.records import Outcome, SessionRecord
from tests.unit.session.kept_evening import EVENING, LOADED, PATIENCE_S, mark


class Disk:
    """A journal that takes what it is given, or fails."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failing = 0
        self.removed = self.closed = False

    def append(self, lines: Iterable[str]) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError(28, "No space left on device")
        self.lines += lines

    def remove(self) -> None:
        self.removed = True

    def close(self) -> None:
        self.closed = True


def scribe(disk: Disk, keep: Callable[[SessionRecord], None] = lambda _: None) -> Scribe:
    return Scribe(Opening("one", LOADED, EVENING, 0), lambda: disk, keep)


def test_the_scribe_writes_on_a_thread_of_its_own() -> None:
    threads: list[str] = []
    disk = Disk()

    def open_it() -> Disk:
        threads.append(threading.current_thread().name)
        return disk

    writer = Scribe(Opening("one", LOADED, EVENING, 0), open_it, lambda _: None)
    writer.write(mark(1.0, "began"))
    writer.write(mark(2.0))
    writer.close()
    assert threads == ["journal"]
    assert len(disk.lines) == 3
    assert disk.closed
    assert not disk.removed
    assert writer.news() == ""


def test_a_full_disk_is_told_once_and_tried_again() -> None:
    disk = Disk()
    disk.failing = 1
    writer = scribe(disk)
    writer.write(mark(1.0, "began"))
    wait(lambda: disk.failing == 0)
    writer.write(mark(2.0))
    writer.close()
    assert writer.news() == "this session is not kept: No space left on device"
    assert writer.news() == ""
    assert disk.lines[0].startswith('{"journal"')
    assert '"fresh":true' in disk.lines[1], "nothing is left out because of what was not written"


def test_a_session_that_cannot_be_filed_keeps_its_journal() -> None:
    def keep(_record: SessionRecord) -> None:
        raise HistoryError("the database is locked")

    disk = Disk()
    writer = scribe(disk, keep)
    writer.write(mark(1.0))
    writer.file(record())
    writer.close()
    assert not disk.removed
    assert "next start tries again: the database is locked" in writer.news()


def test_without_a_journal_the_session_is_filed_all_the_same() -> None:
    filed: list[SessionRecord] = []

    def open_it() -> Disk:
        raise PermissionError(13, "Permission denied")

    writer = Scribe(Opening("one", LOADED, EVENING, 0), open_it, filed.append)
    writer.write(mark(1.0))
    writer.file(record())
    writer.close()
    assert filed == [record()]


def record() -> SessionRecord:
    return SessionRecord("one", "test", "Test", EVENING, 0, EVENING, 60.0, 1.0, 0.0, 0, 2, Outcome.STOPPED)


def wait(condition: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(int(PATIENCE_S / 0.005)):
        if condition():
            return
        tick.wait(0.005)
    raise AssertionError("it did not come")
