import threading
from functools import partial
from pathlib import Path

import pytest

from nbd_tui.errors import HistoryError
from nbd_tui.session.archive import Archive
from nbd_tui.store.database import open_database
from nbd_tui.store.history import History
from nbd_tui.store.records import SessionRecord, WeekStats
from tests.unit.store.history_records import NOON, record

PATIENCE_S = 30.0


def test_what_is_kept_is_written_in_order_before_it_closes(tmp_path: Path) -> None:
    archive = Archive(History(partial(open_database, tmp_path / "nbd.sqlite")), lambda: NOON)
    for effort in range(1, 11):
        archive.keep(record(effort=effort))
    archive.close()
    kept = archive.session("a")
    assert kept is not None
    assert kept.effort == 10
    assert [row.id for row in archive.rows(5)] == ["a"]
    assert archive.week() == WeekStats(10, 1, 1, 1)
    assert archive.last_done() == {"boxing": NOON.date()}


def test_nobody_waits_for_a_slow_disk() -> None:
    disk = threading.Event()

    class Slow(History):
        def keep(self, record: SessionRecord) -> None:
            assert disk.wait(PATIENCE_S)

    archive = Archive(Slow(lambda: pytest.fail("not opened")))
    writing = archive.keep(record())
    assert not writing.done()
    disk.set()
    assert writing.result(PATIENCE_S) is None
    archive.close()


def test_it_tries_twice_then_tells_why_it_cannot() -> None:
    class Failing(History):
        tries = 0
        mended_at = 2

        def keep(self, record: SessionRecord) -> None:
            self.tries += 1
            if self.tries < self.mended_at:
                raise HistoryError("the disk is full")

    history = Failing(lambda: pytest.fail("not opened"))
    archive = Archive(history)
    assert archive.keep(record()).result(PATIENCE_S) is None
    history.mended_at = 99
    with pytest.raises(HistoryError, match="the disk is full"):
        archive.keep(record()).result(PATIENCE_S)
    archive.close()


def test_what_is_filed_before_a_preset_is_renamed_follows_it(tmp_path: Path) -> None:
    archive = Archive(History(partial(open_database, tmp_path / "nbd.sqlite")), lambda: NOON)
    archive.keep(record())
    assert archive.renamed("boxing", "fight").result(PATIENCE_S) is None
    assert archive.last_done() == {"fight": NOON.date()}
    archive.close()


def test_one_that_was_never_used_has_nothing_to_close() -> None:
    Archive(History(lambda: pytest.fail("not opened"))).close()
