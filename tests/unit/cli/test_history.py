"""`nbd history`."""

import csv
import io
import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from nbd_tui.paths import places
from nbd_tui.store.database import open_database
from nbd_tui.store.history import History
from nbd_tui.store.records import HeardTrack, Verdict
from tests.unit.cli.conftest import Nbd
from tests.unit.store.history_records import NOON, heard, record


@pytest.fixture
def history() -> History:
    return History(partial(open_database, places().database))


def test_without_sessions_it_says_so_and_makes_no_database(nbd: Nbd) -> None:
    told = nbd("history")
    assert told.code == 0
    assert "no sessions yet" in told.out
    assert nbd("history", "--json").out == ""
    assert not places().database.exists()


def test_sessions_are_told_in_sentences_the_newest_first(nbd: Nbd, history: History) -> None:
    history.file(record("a", heard=heard("one"), effort=7, note="strong"))
    history.file(record("b", NOON + timedelta(days=1), preset_name="[/foo]\x1b[2J", planned_s=None, rounds=0))
    assert nbd("history").out.splitlines() == [
        "2026-11-19 12:00  [/foo]�[2J: completed after 10:00, 0 tracks",
        "2026-11-18 12:00  Boxing: completed after 10:00 of 10:00, 2 of 2 rounds, effort 7, 1 track, note: strong",
    ]


def test_more_are_told_when_asked_for(nbd: Nbd, history: History) -> None:
    for number in range(25):
        history.file(record(f"{number:02}", NOON + timedelta(hours=number)))
    assert len(nbd("history").out.splitlines()) == 21
    assert "there are more" in nbd("history").out
    assert "there are more" not in nbd("history", "--last", "25").out
    assert len(nbd("history", "--last", "3", "--json").out.splitlines()) == 3
    assert len(nbd("history", "--csv").out.splitlines()) == 26


def test_json_has_everything(nbd: Nbd, history: History) -> None:
    track = HeardTrack(0, Path("/m/\udcff.mp3"), "Wolf", "TV", 60.5, Verdict.STILL_HITS)
    history.file(record(heard=(track,), effort=7))
    told = json.loads(nbd("history", "--json").out)
    assert told["began"] == "2026-11-18T12:00:00+00:00"
    assert told["totals_s"] == {"work": 360.0, "rest": 240.0}
    assert told["tracks"] == [
        {"title": "Wolf", "artist": "TV", "path": "/m/\udcff.mp3", "heard_s": 60.5, "verdict": "still_hits"}
    ]


def test_a_spreadsheet_gets_a_table_and_no_formula(nbd: Nbd, history: History) -> None:
    history.file(record(preset_name="=1+1", note='said "go", then\nstopped', heard=heard("a", "b")))
    row = next(csv.DictReader(io.StringIO(nbd("history", "--csv").out)))
    assert row["preset"] == "'=1+1"
    assert row["note"] == 'said "go", then�stopped'
    assert (row["tracks"], row["outcome"], row["worked_s"]) == ("2", "completed", "600.0")


def test_two_forms_at_once_are_refused(nbd: Nbd) -> None:
    assert nbd("history", "--csv", "--json").code == 2
    assert nbd("history", "--last", "0").code == 2


def test_a_database_that_cannot_be_read_is_a_message(nbd: Nbd) -> None:
    places().database.mkdir(parents=True)
    told = nbd("history")
    assert told.code == 2
    assert "cannot be used" in told.err
    assert "Traceback" not in told.err
