"""What was interrupted is offered again: taken up, filed or dropped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from nbd_tui.errors import HistoryError, NbdError
from nbd_tui.session.kept import Interruption, Journals
from nbd_tui.store.journal import JournalFile
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.store.records import Outcome, SessionRecord
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.kept_evening import EVENING, LOADED, mark


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


def test_it_is_offered_once_where_the_file_system_knows_no_locks(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.leave(mark(1.0))
    monkeypatch.setattr("nbd_tui.store.journal._lock", lambda _: True)
    journals = hall.journals()
    assert journals.look() == journals.look()
    assert len(journals.look()) == 1
    journals.close()


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
