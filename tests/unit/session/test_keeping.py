"""A session as it is kept: what its journal says at each moment, and what becomes of it."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from nbd_tui.errors import HistoryError, NbdError
from nbd_tui.keymap import Action
from nbd_tui.session.journalist import BEAT_S, PAUSED_BEAT_S, Journalist
from nbd_tui.session.kept import Interruption, Journals
from nbd_tui.session.scribe import Scribe
from nbd_tui.store.journal import JournalFile
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import Outcome, SessionRecord
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import START, Stage

PATIENCE_S = 20.0
BLOCKS: list[dict[str, object]] = [
    {"phases": [{"kind": "warm-up", "duration": 10}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 20}, {"kind": "rest", "duration": 10}]},
]
"""warm-up 0–10, work 10–30, rest 30–40, work 40–60."""
PRESET = parse_preset({"name": "Test", "blocks": BLOCKS})[0]
LOADED = LoadedPreset("test", PRESET, False, Path("/x/test.toml"))
EVENING = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)


class Shelf:
    """Where a journalist puts things."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.records: list[SessionRecord] = []
        self.trouble = ""

    def write(self, mark: Mark) -> None:
        self.marks.append(mark)

    def file(self, record: SessionRecord) -> None:
        self.records.append(record)

    def news(self) -> str:
        trouble, self.trouble = self.trouble, ""
        return trouble


def kept(since: Mark | None = None, **options: object) -> tuple[Stage, Shelf]:
    """A session over a journalist, begun."""
    shelf = Shelf()
    stage: Stage
    opening = Opening("one", LOADED, EVENING, 3600)
    journalist = Journalist(opening, shelf, lambda: EVENING + timedelta(seconds=stage.clock.now - START), since)
    stage = Stage(BLOCKS, journalist=journalist, since=since.at if since else None, **options)  # type: ignore[arg-type]
    return stage.begin(), shelf


def test_the_journal_is_never_half_a_second_behind() -> None:
    stage, shelf = kept()
    for _ in range(1100):
        stage.run(0.05)
        now = stage.conductor.snapshot()
        if now.state is EngineState.RUNNING:
            last = shelf.marks[-1].at
            assert now.worked_s - last.worked_s < BEAT_S + 0.06
            assert last.fits(stage.timeline)
            assert stage.timeline.segments[last.index].start_s + last.elapsed_s == pytest.approx(last.worked_s)


def test_every_event_is_in_it_at_once() -> None:
    stage, shelf = kept()
    stage.run(12)
    for action, happened in (
        (Action.PAUSE, "paused"),
        (Action.PAUSE, "resumed"),
        (Action.ADD_TIME, "time +15"),
        (Action.SKIP, "left 1 skipped"),
        (Action.UNDO_SKIP, "left 2 undone"),
        (Action.BACK, "left 1 back"),
        (Action.STOP, "stopped"),
    ):
        stage.press(action)
        assert happened in shelf.marks[-1].happened, action
        now = stage.conductor.snapshot()
        assert (shelf.marks[-1].at.index, shelf.marks[-1].at.duration_s) == (now.index, now.duration_s)


def test_a_completed_session_is_filed_with_all_it_had() -> None:
    stage, shelf = kept()
    stage.run(15)
    stage.press(Action.PAUSE)
    stage.run(4)
    stage.press(Action.PAUSE)
    stage.run(50)
    (record,) = shelf.records
    assert (record.id, record.preset_id, record.preset_name) == ("one", "test", "Test")
    assert (record.outcome, record.rounds_done, record.rounds, record.planned_s) == (Outcome.COMPLETED, 2, 2, 60)
    assert record.worked_s == pytest.approx(60, abs=1e-6)
    assert record.paused_s == pytest.approx(4, abs=1e-6)
    assert record.ended_utc - record.began_utc == timedelta(seconds=64)
    assert {kind: round(spent, 6) for kind, spent in record.totals.items()} == {
        PhaseKind.WARM_UP: 10, PhaseKind.WORK: 40, PhaseKind.REST: 10
    }  # fmt: skip
    assert [track.place for track in record.heard] == list(range(len(record.heard)))
    assert sum(track.heard_s for track in record.heard) == pytest.approx(60, abs=0.5)
    assert shelf.marks[-1].over is Outcome.COMPLETED
    before = len(shelf.marks)
    stage.run(10)
    assert (len(shelf.marks), len(shelf.records)) == (before, 1), "what is over is over"


def test_a_stopped_one_says_so_and_counts_no_skipped_round() -> None:
    stage, shelf = kept()
    stage.run(12)
    stage.press(Action.SKIP)
    stage.run(1)
    stage.press(Action.STOP)
    assert (shelf.records[0].outcome, shelf.records[0].rounds_done) == (Outcome.STOPPED, 0)


def test_a_restart_begins_the_account_again() -> None:
    stage, shelf = kept()
    stage.run(35)
    assert shelf.marks[-1].at.done == {1}
    stage.press(Action.RESTART)
    assert "began" in shelf.marks[-1].happened
    assert shelf.marks[-1].at.done == frozenset()
    stage.run(5)
    assert shelf.marks[-1].totals == {PhaseKind.WARM_UP: pytest.approx(5, abs=0.6)}


def test_muted_music_is_not_heard() -> None:
    stage, shelf = kept()
    stage.run(3)
    stage.press(Action.MUTE)
    stage.run(6)
    stage.press(Action.STOP)
    (track,) = shelf.records[0].heard
    assert track.heard_s == pytest.approx(3, abs=0.2)


def test_a_pause_is_noted_seldom_and_goes_nowhere() -> None:
    stage, shelf = kept()
    stage.run(12)
    stage.press(Action.PAUSE)
    before = len(shelf.marks)
    stage.run(60)
    assert len(shelf.marks) - before == pytest.approx(60 / PAUSED_BEAT_S, abs=1)
    assert {mark.at.worked_s for mark in shelf.marks[before - 1 :]} == {shelf.marks[-1].at.worked_s}


def test_what_is_left_under_way_is_interrupted_to_the_moment() -> None:
    stage, shelf = kept()
    stage.run(12.2)
    stage.clock.now += 0.03
    stage.conductor.leave()
    assert shelf.marks[-1].over is Outcome.INTERRUPTED
    assert shelf.marks[-1].at.worked_s == pytest.approx(12.23)
    assert shelf.records == []
    assert stage.of("finished")[-1].text == "interrupted"


def test_it_goes_on_as_if_it_had_only_been_paused() -> None:
    first, before = kept()
    first.run(37.3)
    first.conductor.leave()
    stage, shelf = kept(before.marks[-1])
    now = stage.conductor.snapshot()
    assert (now.state, now.index, now.rounds_done) == (EngineState.PAUSED, 2, 1)
    assert now.remaining_s == pytest.approx(2.7)
    assert [report.event for report in stage.reports if report.event in {"session", "phase", "paused", "cue"}] == [
        "session", "phase", "paused"
    ]  # fmt: skip
    assert stage.of("phase")[0].session_s == pytest.approx(37.3)
    stage.run(3)
    assert not stage.player.heard[-1000:].any(), "paused"
    stage.press(Action.PAUSE)
    stage.run(30)
    (record,) = shelf.records
    assert (record.outcome, record.rounds_done) == (Outcome.COMPLETED, 2)
    assert record.worked_s == pytest.approx(60, abs=1e-6)
    assert record.totals[PhaseKind.WORK] == pytest.approx(40, abs=1e-6)
    assert sum(track.heard_s for track in record.heard) == pytest.approx(60, abs=1)
    assert stage.of("cue")[0].cue == "countdown 2"


def test_trouble_with_the_journal_is_said_once_and_stops_nothing() -> None:
    stage, shelf = kept()
    shelf.trouble = "this session is not kept: No space left on device"
    stage.run(70)
    assert [note.text for note in stage.of("note")] == ["this session is not kept: No space left on device"]
    assert stage.conductor.snapshot().completed


class Sleeping:
    """A machine that sleeps when told to; its monotonic clock runs on meanwhile, or stands still."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def __call__(self) -> float:
        return self.slept_s


@pytest.mark.parametrize("clock_runs_on", [True, False], ids=["windows", "linux"])
def test_sleep_pauses_at_the_moment_before_it(clock_runs_on: bool) -> None:
    machine = Sleeping()
    stage, shelf = kept(suspended=machine)
    stage.run(25)
    machine.slept_s += 720
    stage.clock.now += 720.0 if clock_runs_on else 0.0
    stage.run(0.05)
    now = stage.conductor.snapshot()
    assert (now.state, now.index) == (EngineState.PAUSED, 1)
    assert now.worked_s == pytest.approx(25)
    assert now.echo is not None
    assert now.echo.text == "slept 12 min – paused"
    assert [note.text for note in stage.of("note")] == ["slept 12 min – paused"]
    assert not [cue for cue in stage.of("cue") if cue.at > START + 25], "no cue has rushed by"
    assert "paused" in shelf.marks[-1].happened
    stage.press(Action.PAUSE)
    stage.run(40)
    assert stage.conductor.snapshot().completed


def test_the_key_that_wakes_the_machine_does_not_undo_the_pause() -> None:
    machine = Sleeping()
    stage, _ = kept(suspended=machine)
    stage.run(25)
    machine.slept_s += 60
    stage.press(Action.PAUSE)
    assert stage.conductor.snapshot().state is EngineState.PAUSED


def test_sleep_in_a_pause_changes_nothing() -> None:
    machine = Sleeping()
    stage, _ = kept(suspended=machine)
    stage.run(25)
    stage.press(Action.PAUSE)
    machine.slept_s += 60
    stage.run(1)
    assert stage.conductor.snapshot().state is EngineState.PAUSED
    assert stage.of("note") == []


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


def mark(worked_s: float, *happened: str) -> Mark:
    return Mark(EVENING, Checkpoint(0, worked_s, 60.0, worked_s, 0.0), happened=happened)


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


class Hall:
    """A folder of journals, and a history that is a list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filed: list[SessionRecord] = []
        self.now = EVENING.astimezone()
        self.fails = False

    def keep(self, record: SessionRecord) -> None:
        if self.fails:
            raise HistoryError("the database is locked")
        if record.id not in {one.id for one in self.filed}:
            self.filed.append(record)

    def journals(self) -> Journals:
        """As of another start of the program."""
        return Journals(self.folder, self.keep, lambda: self.now)

    def leave(self, *marks: Mark) -> None:
        """A session of which these moments were noted when its program died."""
        made = self.journals().begin(LOADED)
        for one in marks:
            made.scribe.write(one)
        made.scribe.close()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path / "journal")


def only(found: tuple[Interruption, ...]) -> Interruption:
    (one,) = found
    return one


def test_nothing_is_there_before_a_session_has_begun(hall: Hall) -> None:
    hall.leave()
    assert not hall.folder.exists()
    assert hall.journals().is_empty
    assert hall.journals().look() == ()


def test_an_interrupted_session_is_offered_in_words(hall: Hall) -> None:
    hall.leave(mark(1.0), Mark(EVENING, Checkpoint(1, 7.7, 20.0, 17.7, 0.0)))
    hall.now = (EVENING + timedelta(days=1)).astimezone()
    journals = hall.journals()
    found = only(journals.look())
    clock = EVENING.astimezone()
    assert found.in_a_line(journals.now) == f"Test, yesterday {clock:%H:%M}, stopped in Round 1 of 2 at 0:13 left"
    assert found.when(EVENING.astimezone()).startswith("today ")
    assert found.when((EVENING + timedelta(days=3)).astimezone()) == f"{clock:%Y-%m-%d %H:%M}"
    assert found.can_resume
    assert hall.journals().look() == (), "it is in this program's hands"
    journals.close()
    assert len(hall.journals().look()) == 1, "left to the next start"


def test_when_it_was_is_told_by_the_clock_of_then(hall: Hall) -> None:
    """The clocks went back by an hour in the night between."""
    hall.now = datetime(2026, 10, 24, 18, 0, tzinfo=timezone(timedelta(hours=2)))
    hall.leave(replace(mark(5.0), utc=datetime(2026, 10, 24, 16, 4, tzinfo=UTC)))
    morning = datetime(2026, 10, 25, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    assert only(hall.journals().look()).when(morning) == "yesterday 18:04"


def test_a_preset_whose_file_has_no_name_in_text_can_be_taken_up(hall: Hall) -> None:
    made = hall.journals().begin(replace(LOADED, id="caf\udce9", file=Path("/x/caf\udce9.toml")))
    made.scribe.write(mark(5.0))
    made.scribe.close()
    journals = hall.journals()
    found = only(journals.look())
    assert journals.notes == ()
    assert found.preset.file == Path("/x/caf\udce9.toml")
    journals.close()


def test_it_is_filed_as_interrupted(hall: Hall) -> None:
    hall.leave(Mark(EVENING, Checkpoint(2, 4.0, 10.0, 34.0, 3.0, frozenset({1})), {PhaseKind.WORK: 20.0}))
    journals = hall.journals()
    journals.file(only(journals.look()))
    (record,) = hall.filed
    assert (record.outcome, record.worked_s, record.paused_s, record.rounds_done, record.rounds) == (
        Outcome.INTERRUPTED, 34.0, 3.0, 1, 2
    )  # fmt: skip
    assert list(hall.folder.iterdir()) == []


def test_one_that_cannot_be_filed_stays(hall: Hall) -> None:
    hall.leave(mark(5.0))
    journals = hall.journals()
    found = only(journals.look())
    hall.fails = True
    with pytest.raises(HistoryError):
        journals.file(found)
    hall.fails = False
    journals.file(found)
    assert len(hall.filed) == 1


def test_it_is_dropped(hall: Hall) -> None:
    hall.leave(mark(5.0))
    journals = hall.journals()
    journals.drop(only(journals.look()))
    assert hall.filed == []
    assert list(hall.folder.iterdir()) == []


def test_it_goes_on_in_the_same_journal(hall: Hall) -> None:
    hall.leave(mark(5.0))
    journals = hall.journals()
    found = only(journals.look())
    taken = journals.resume(found)
    journals.close()
    assert taken.since == mark(5.0).at
    taken.scribe.write(mark(9.0))
    taken.scribe.close()
    again = only(hall.journals().look())
    assert (again.opening, again.last.at) == (found.opening, mark(9.0).at)


def test_one_that_stands_nowhere_can_only_be_filed_or_dropped(hall: Hall) -> None:
    hall.leave(Mark(EVENING, Checkpoint(77, 4.0, 10.0, 34.0, 3.0)))
    journals = hall.journals()
    found = only(journals.look())
    assert not found.can_resume
    assert found.place
    with pytest.raises(NbdError, match="cannot be taken up"):
        journals.resume(found)
    journals.file(found)
    assert len(hall.filed) == 1


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.STOPPED])
def test_one_that_was_over_is_filed_without_a_question_and_once(hall: Hall, outcome: Outcome) -> None:
    hall.leave(replace(mark(5.0), over=outcome))
    hall.fails = True
    first = hall.journals()
    assert first.look() == ()
    assert "could not be filed: the database is locked" in first.notes[0]
    hall.fails = False
    assert hall.journals().look() == ()
    assert [record.outcome for record in hall.filed] == [outcome]
    assert list(hall.folder.iterdir()) == []


def test_one_of_which_nothing_is_known_but_its_name_is_forgotten(hall: Hall) -> None:
    file = JournalFile.create(hall.folder, "one")
    from nbd_tui.store.journal_lines import opening_line

    file.append([opening_line(Opening("one", LOADED, EVENING, 0))])
    file.close()
    assert hall.journals().look() == ()
    assert list(hall.folder.iterdir()) == []
