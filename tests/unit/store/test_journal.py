"""What a journal says of a session, whatever has happened to the file."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.errors import JournalError, NewerJournalError
from nbd_tui.store.journal import JournalFile, claimed_journals
from nbd_tui.store.journal_lines import BEGAN, Journal, Mark, Opening, mark_line, opening_line, read_journal
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import HeardTrack, Outcome
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Preset, parse_preset
from tests.unit.workout.strategies import FULL_PRESETS, presets

EVENING = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)
PRESET = parse_preset({"name": "Two", "blocks": [{"repeat": 2, "phases": [{"kind": "work", "duration": 60}]}]})[0]


def opening(session_id: str = "20261121T180400Z-abc", preset: Preset = PRESET) -> Opening:
    return Opening(session_id, LoadedPreset("two", preset, False, Path("/x/two.toml")), EVENING, 3600)


def mark(worked_s: float, **changes: object) -> Mark:
    made = Mark(EVENING + timedelta(seconds=worked_s), Checkpoint(0, worked_s, 60.0, worked_s, 0.0))
    return replace(made, **changes)  # type: ignore[arg-type]


def written(start: Opening, marks: list[Mark]) -> bytes:
    lines, before = [opening_line(start)], None
    for one in marks:
        lines.append(mark_line(one, before))
        before = one
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def read(data: bytes) -> Journal:
    return read_journal(data.split(b"\n"))


seconds = st.integers(0, 10**10).map(lambda micros: micros / 1_000_000)
tracks = st.lists(
    st.builds(
        HeardTrack,
        place=st.just(0),
        path=st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name).map(os.fsdecode).map(Path),
        title=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
        artist=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
        heard_s=st.integers(0, 10**7).map(lambda ms: ms / 1000),
    ),
    max_size=4,
).map(lambda found: tuple(replace(track, place=place) for place, track in enumerate(found)))


@st.composite
def sessions(draw: st.DrawFn) -> list[Mark]:
    """Marks as a session makes them: rounds and tracks are added, only a restart takes rounds and totals away."""
    made: list[Mark] = []
    heard = draw(tracks)
    done: frozenset[int] = frozenset()
    totals: Mapping[PhaseKind, float] = {}
    for at_s in sorted(draw(st.lists(seconds, min_size=1, max_size=6))):
        restarts = draw(st.booleans()) and draw(st.booleans())
        done = frozenset() if restarts else done | draw(st.frozensets(st.integers(0, 9), max_size=2))
        more = draw(st.dictionaries(st.sampled_from(list(PhaseKind)), st.integers(0, 10**6).map(lambda ms: ms / 1000)))
        totals = more if restarts else {**totals, **more}
        place = Checkpoint(draw(st.integers(0, 9)), at_s, draw(st.none() | seconds), at_s, draw(seconds), done)
        happened = ((BEGAN,) if restarts else ()) + draw(st.just(()) | st.just(("phase 1",)))
        over = draw(st.none() | st.sampled_from(Outcome))
        made.append(Mark(EVENING + timedelta(seconds=at_s), place, totals, heard[: len(made)], happened, over))
    return made


@given(sessions())
@settings(max_examples=60)
def test_what_was_written_is_read(marks: list[Mark]) -> None:
    for length in range(len(marks) + 1):
        told = read(written(opening(), marks[:length]))
        assert told == Journal(opening(), marks[length - 1] if length else None)


@given(presets() | st.sampled_from(FULL_PRESETS))
@settings(max_examples=50)
def test_the_whole_workout_is_in_it(preset: Preset) -> None:
    assert read(written(opening(preset=preset), [])).opening.preset.preset == preset


@given(sessions(), st.data())
@settings(max_examples=60)
def test_a_file_cut_off_anywhere_tells_what_was_whole(marks: list[Mark], data: st.DataObject) -> None:
    """As after a power cut; the rest may also be zeros."""
    text = written(opening(), marks)
    ends = [place for place, byte in enumerate(text) if byte == ord("\n")]
    length = data.draw(st.integers(ends[0], len(text)) | st.sampled_from(ends))
    whole = sum(end <= length for end in ends) - 1
    for cut in (text[:length], text[:length] + bytes(40)):
        assert read(cut).last == (marks[whole - 1] if whole else None)


@given(sessions(), st.binary(max_size=30), st.data())
@settings(max_examples=40)
def test_garbage_between_the_lines_is_passed_over(marks: list[Mark], garbage: bytes, data: st.DataObject) -> None:
    lines = written(opening(), marks).splitlines(keepends=True)
    place = data.draw(st.integers(1, len(lines)))
    told = read(b"".join([*lines[:place], garbage, b"\n", *lines[place:]]))
    assert told.last == marks[-1]


@pytest.mark.parametrize(
    "line",
    [
        b"", b"garbage", b"[]", b"null", b"{}", b'{"journal": true}', b'{"journal": 0}', b'{"journal": 1}',
        b"[" * 100_000, b"\xff\xfe", b'{"journal": 1, "id": 5}',
    ],
)  # fmt: skip
def test_a_file_that_does_not_say_what_it_is_of_is_no_journal(line: bytes) -> None:
    with pytest.raises(JournalError):
        read(line + b"\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"preset": {"name": "x"}}, {"began": "now"}, {"began": 1e300}, {"began": float("nan")}, {"offset_s": 10**9},
        {"id": ""}, {"preset_file": 3}, {"builtin": "yes"},
    ],
)  # fmt: skip
def test_a_first_line_with_a_wrong_value_is_no_journal(changes: dict[str, object]) -> None:
    line = json.dumps({**json.loads(opening_line(opening())), **changes})
    with pytest.raises(JournalError, match="damaged"):
        read(line.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"index": "0"}, {"index": True}, {"elapsed_s": None}, {"worked_s": float("inf")}, {"utc": 1e300},
        {"over": "won"}, {"totals": {"jogging": 1.0}}, {"done": [1.5]}, {"heard": [{"place": -1, "heard_s": 1.0}]},
    ],
)  # fmt: skip
def test_a_mark_with_a_wrong_value_is_passed_over(changes: dict[str, object]) -> None:
    first, second = mark(1.0), mark(2.0)
    wrong = json.dumps({**json.loads(mark_line(second, first)), **changes}).encode()
    assert read(written(opening(), [first]) + wrong + b"\n").last == first


def test_a_journal_of_a_newer_version_is_told_apart() -> None:
    line = opening_line(opening()).replace('"journal":1', '"journal":2')
    with pytest.raises(NewerJournalError):
        read(line.encode())


def test_a_beat_costs_few_bytes() -> None:
    heard = tuple(HeardTrack(n, Path(f"/music/{n}.mp3"), f"Title {n}", f"Artist {n}", 60.0) for n in range(30))
    first = mark(1.0, heard=heard, totals={PhaseKind.WORK: 1.0})
    second = replace(first, at=replace(first.at, elapsed_s=1.5), totals={PhaseKind.WORK: 1.5})
    assert len(mark_line(second, first)) < 160


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
