"""Journals as files: locked, torn, damaged, claimed by the next start."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nbd_tui.store.journal import JournalFile, claimed_journals
from nbd_tui.store.journal_lines import Journal, mark_line, opening_line
from tests.unit.store.journal_text import mark, opening, written


def test_it_grows_and_is_locked_until_it_is_closed(tmp_path: Path) -> None:
    file = JournalFile.create(tmp_path / "new" / "folder", "one")
    file.append([opening_line(opening())])
    assert JournalFile.claim(file.path) is None
    file.append([mark_line(mark(1.0), None)])
    file.close()
    claimed = JournalFile.claim(file.path)
    assert claimed is not None
    assert claimed.read() == Journal(opening(), mark(1.0))
    claimed.append([mark_line(mark(2.0), mark(1.0))])
    assert claimed.read().last == mark(2.0)
    claimed.remove()
    assert list(file.path.parent.iterdir()) == []


@pytest.mark.parametrize("tail", [b'{"utc": 17', bytes(64), b"\xff", b'{"utc": 17\n'])
def test_it_goes_on_after_a_line_that_was_torn(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(written(opening(), [mark(1.0)]) + tail)
    file = JournalFile.claim(path)
    assert file is not None
    assert file.read().last == mark(1.0)
    file.append([mark_line(mark(2.0), mark(1.0))])
    file.append([mark_line(mark(3.0), mark(2.0))])
    assert file.read().last == mark(3.0)
    file.close()


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    file = JournalFile.create(tmp_path, "one")
    file.close()
    with pytest.raises(OSError, match="closed"):
        file.append(["x"])


def test_what_runs_is_not_claimed_and_what_its_owner_left_is(tmp_path: Path) -> None:
    left, running = JournalFile.create(tmp_path, "1-left"), JournalFile.create(tmp_path, "2-running")
    for file in (left, running):
        file.append([opening_line(opening(file.path.stem)), mark_line(mark(5.0), None)])
    left.close()
    notes: list[str] = []
    assert [file.path.stem for file, _ in claim_all(tmp_path, notes)] == ["1-left"]
    assert claim_all(tmp_path, notes) == [], "it is in hand now"
    assert notes == []
    running.close()


def claim_all(folder: Path, notes: list[str]) -> list[tuple[JournalFile, Journal]]:
    return list(claimed_journals(folder, notes))


OWNER = """
import sys, threading
from pathlib import Path
from nbd_tui.store.journal import JournalFile
file = JournalFile.create(Path(sys.argv[1]), "one")
file.append(["{}"])
print("mine", flush=True)
threading.Event().wait()
"""


def test_the_journal_of_a_killed_program_is_free_at_once(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == b"mine"
        assert JournalFile.claim(tmp_path / "one.jsonl") is None
        owner.kill()
    claimed = JournalFile.claim(tmp_path / "one.jsonl")
    assert claimed is not None
    claimed.close()


WRITER = """
import sys
from pathlib import Path
from nbd_tui.store.journal import JournalFile
file = JournalFile.claim(Path(sys.argv[1]))
first, line = sys.stdin.read().splitlines()
file.append([first])
number = 0
while True:
    file.append(line.replace('"index":0', f'"index":{n}') for n in range(number, number + 4000))
    number += 4000
    print(number, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 2, 3, 4, 5])
def test_a_writer_killed_in_a_write_loses_nothing_it_had_written_before(tmp_path: Path, acknowledged: int) -> None:
    """Each write is of most of a megabyte, so that nearly all of the writer's time is spent in one."""
    path = tmp_path / "one.jsonl"
    path.touch()
    said = f"{opening_line(opening())}\n{mark_line(mark(0.0), mark(0.0))}\n"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(said)
        writer.stdin.close()
        told = [int(writer.stdout.readline()) for _ in range(acknowledged)][-1]
        size = path.stat().st_size
        while path.stat().st_size == size:
            pass
        writer.kill()
        told = max([told, *map(int, writer.stdout.read().split())])
    claimed = JournalFile.claim(path)
    assert claimed is not None
    last = claimed.read().last
    assert last is not None
    assert told - 1 <= last.at.index < told + 4000
    claimed.append([mark_line(mark(7.0), None)])
    assert claimed.read().last == mark(7.0)
    claimed.close()


def test_the_newest_comes_first_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("20260101T000000Z-b", "20260201T000000Z-a"):
        (tmp_path / f"{name}.jsonl").write_bytes(written(opening(name), [mark(1.0)]))
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    notes: list[str] = []
    found = claim_all(tmp_path, notes)
    assert [journal.opening.id for _, journal in found] == ["20260201T000000Z-a", "20260101T000000Z-b"]
    assert (tmp_path / "notes.txt").exists()
    for file, _ in found:
        file.close()


def test_what_cannot_be_read_is_kept_under_another_name_and_told_once(tmp_path: Path) -> None:
    broken = tmp_path / "one.jsonl"
    broken.write_bytes(b"\0\0\0garbage\n")
    age(broken)
    notes: list[str] = []
    assert claim_all(tmp_path, notes) == []
    assert notes == ["the journal of a session was damaged and is now one.jsonl.broken"]
    assert (tmp_path / "one.jsonl.broken").read_bytes() == b"\0\0\0garbage\n"
    assert claim_all(tmp_path, notes) == []
    assert len(notes) == 1


def test_a_first_line_that_was_written_again_after_a_full_disk_counts(tmp_path: Path) -> None:
    line = opening_line(opening())
    (tmp_path / "one.jsonl").write_text(f"{line[:40]}\n{line}\n{mark_line(mark(3.0), None)}\n", encoding="ascii")
    notes: list[str] = []
    ((file, journal),) = claim_all(tmp_path, notes)
    assert (journal.opening, journal.last, notes) == (opening(), mark(3.0), [])
    file.close()


def test_a_journal_that_is_filed_while_it_is_looked_at_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.jsonl").write_bytes(written(opening(), [mark(1.0)]))
    claim = JournalFile.claim

    def filed_meanwhile(path: Path) -> JournalFile | None:
        claimed = claim(path)
        path.unlink()
        return claimed

    monkeypatch.setattr(JournalFile, "claim", filed_meanwhile)
    notes: list[str] = []
    assert claim_all(tmp_path, notes) == []
    assert notes == []


def test_a_newer_journal_is_left_as_it_is(tmp_path: Path) -> None:
    newer = written(opening(), [mark(1.0)]).replace(b'"journal":1', b'"journal":9')
    (tmp_path / "one.jsonl").write_bytes(newer)
    notes: list[str] = []
    assert claim_all(tmp_path, notes) == []
    assert "newer" in notes[0]
    assert (tmp_path / "one.jsonl").read_bytes() == newer


def test_an_empty_journal_may_be_one_that_is_being_begun(tmp_path: Path) -> None:
    empty = tmp_path / "one.jsonl"
    empty.touch()
    notes: list[str] = []
    assert claim_all(tmp_path, notes) == []
    assert empty.exists()
    age(empty)
    assert claim_all(tmp_path, notes) == []
    assert not empty.exists()
    assert notes == []


def age(path: Path) -> None:
    """Makes a file an hour old."""
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert claim_all(tmp_path / "none", []) == []
