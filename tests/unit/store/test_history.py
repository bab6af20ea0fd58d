import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.errors import HistoryError
from nbd_tui.model.track import Track
from nbd_tui.store.database import MIGRATIONS, open_database
from nbd_tui.store.history import History
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord, Verdict, WeekStats, streaks
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore
from tests.unit.store.history_records import NOON, RECORDS, heard, record

DAYS = st.lists(st.dates(date(2024, 1, 1), date(2024, 2, 29)), unique=True, max_size=40)


def history_in(folder: Path) -> History:
    return History(partial(open_database, folder / "nbd.sqlite"))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return history_in(tmp_path)


@settings(max_examples=25)
@given(st.lists(RECORDS, max_size=6, unique_by=lambda session: session.id))
def test_what_is_filed_comes_back_as_it_was_newest_first(records: list[SessionRecord]) -> None:
    with TemporaryDirectory() as folder:
        history = history_in(Path(folder))
        for session in records:
            history.file(session)
        newest_first = sorted(records, key=lambda session: (session.began_utc, session.id), reverse=True)
        assert list(history.sessions()) == newest_first
        assert [history.session(session.id) for session in records] == records
        assert [(row.id, row.heard, row.began) for row in history.rows()] == [
            (session.id, len(session.heard), session.began) for session in newest_first
        ]


def test_pages_follow_each_other_without_a_gap_or_a_double(history: History) -> None:
    for number in range(23):
        history.file(record(f"{number:02}", NOON + timedelta(hours=number // 3)))
    page, all_of_them = history.rows(limit=5), list[str]()
    while page:
        all_of_them += [row.id for row in page]
        page = history.rows(limit=5, before=page[-1])
    assert all_of_them == [f"{number:02}" for number in reversed(range(23))]
    assert [session.id for session in history.sessions(3, before=history.sessions(1)[0])] == ["21", "20", "19"]


def kept_session(history: History, session_id: str) -> SessionRecord:
    session = history.session(session_id)
    assert session is not None
    return session


def judge(history: History, session_id: str, place: int, verdict: Verdict | None) -> None:
    """As the screens do: the session kept again, with another verdict."""
    session = kept_session(history, session_id)
    heard = (replace(track, verdict=verdict) if track.place == place else track for track in session.heard)
    history.keep(replace(session, heard=tuple(heard)))


def test_filing_again_changes_nothing(history: History) -> None:
    session = record(heard=heard("one", "two"))
    history.file(session)
    judge(history, "a", 1, Verdict.NOT_AGAIN)
    history.keep(replace(kept_session(history, "a"), effort=8, note="hard"))
    kept = history.session("a")
    history.file(replace(session, worked_s=1.0, note="other", heard=heard("three")))
    assert history.session("a") == kept
    assert kept is not None
    assert (kept.effort, kept.note, kept.heard[1].verdict) == (8, "hard", Verdict.NOT_AGAIN)


def test_keeping_again_writes_what_was_said_and_nothing_else(history: History) -> None:
    session = record(heard=heard("one", "two"))
    history.keep(session)
    judged = replace(session.heard[0], verdict=Verdict.FINE)
    said = replace(session, effort=7, note="good", heard=(judged, session.heard[1]))
    history.keep(replace(said, worked_s=1.0))
    assert history.session("a") == said
    history.keep(session)
    assert history.session("a") == session


def test_keeping_again_is_no_later_verdict(history: History) -> None:
    old = record("old", heard=tuple(replace(track, verdict=Verdict.FINE) for track in heard("one")))
    history.keep(old)
    history.keep(record("new", heard=tuple(replace(track, verdict=Verdict.NOT_AGAIN) for track in heard("one"))))
    history.keep(replace(old, note="more"))
    assert history.verdicts() == {Path("/m/one.mp3"): Verdict.NOT_AGAIN}


def test_a_verdict_is_taken_back(history: History) -> None:
    history.file(record(heard=heard("one")))
    judge(history, "a", 0, Verdict.STILL_HITS)
    judge(history, "a", 0, None)
    assert history.verdicts() == {}


def test_the_latest_verdict_of_a_track_wins_in_whichever_session_it_was_given(history: History) -> None:
    history.file(record("old", NOON, heard=heard("one", "two")))
    history.file(record("new", NOON + timedelta(days=1), heard=heard("two", "one")))
    judge(history, "new", 1, Verdict.NOT_AGAIN)
    judge(history, "old", 0, Verdict.STILL_HITS)
    judge(history, "new", 0, Verdict.FINE)
    one, two = Path("/m/one.mp3"), Path("/m/two.mp3")
    assert history.verdicts() == {one: Verdict.STILL_HITS, two: Verdict.FINE}
    judge(history, "old", 0, None)
    assert history.verdicts() == {one: Verdict.NOT_AGAIN, two: Verdict.FINE}


def test_verdicts_filed_with_a_session_count_as_given_then(history: History) -> None:
    history.file(record("a", heard=heard("one")))
    judge(history, "a", 0, Verdict.FINE)
    history.file(record("b", heard=tuple(replace(track, verdict=Verdict.NOT_AGAIN) for track in heard("one"))))
    assert history.verdicts() == {Path("/m/one.mp3"): Verdict.NOT_AGAIN}


def test_what_is_not_there_is_none(history: History) -> None:
    history.file(record(heard=heard("one")))
    assert history.session("missing") is None


@pytest.mark.parametrize("text", ["\udcff", "a\0b", "x' OR 1=1 --", "\x1b[2J"])
def test_hostile_text_is_kept_as_near_as_the_database_can(history: History, text: str) -> None:
    track = HeardTrack(0, Path("/m/a.mp3"), text, text, 1.0)
    history.file(record(preset_name=text, note=text, heard=(track,)))
    kept = history.sessions()[0]
    assert {kept.preset_name, kept.note, kept.heard[0].title} == {text.replace("\udcff", "?")}


def test_a_name_that_is_not_utf8_leads_to_the_same_file(history: History) -> None:
    path = Path("/m/\udcff\udcfe.mp3")
    history.file(record(heard=(HeardTrack(0, path, "x", "", 1.0, Verdict.FINE),)))
    assert history.verdicts() == {path: Verdict.FINE}


def test_a_database_of_the_first_version_gets_a_history_and_keeps_its_tracks(tmp_path: Path) -> None:
    path = tmp_path / "nbd.sqlite"
    track = Track(Path("/m/a.mp3"), "A", bpm=140.0)
    with closing(open_database(path, MIGRATIONS[:1]).connect()) as connection:
        TrackStore(connection).save([ScannedTrack(track, FileStamp(1, 2))])
    history_in(tmp_path).file(record())
    with closing(open_database(path).connect()) as connection:
        assert TrackStore(connection).all_tracks() == [track]
    with closing(sqlite3.connect(tmp_path / "nbd.sqlite.backup-v1")) as backup:
        assert backup.execute("SELECT path FROM tracks").fetchall() == [("/m/a.mp3",)]
        assert backup.execute("PRAGMA user_version").fetchone() == (1,)


def test_last_done_is_the_newest_local_day_of_a_session_that_counts(history: History) -> None:
    tokyo = timezone(timedelta(hours=9))
    history.file(record("a", NOON))
    history.file(record("b", datetime(2026, 11, 19, 0, 30, tzinfo=tokyo)))  # still the 18th in UTC
    history.file(record("c", NOON + timedelta(days=9), outcome=Outcome.STOPPED, rounds_done=0, worked_s=59.0))
    history.file(record("d", NOON, preset_id="strength", outcome=Outcome.STOPPED, rounds_done=1, worked_s=5.0))
    history.file(record("e", NOON, preset_id="emom", outcome=Outcome.INTERRUPTED, rounds_done=0, worked_s=60.0))
    assert history.last_done() == {
        "boxing": date(2026, 11, 19), "strength": date(2026, 11, 18), "emom": date(2026, 11, 18),
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken", [{"rounds": 2**70}, {"heard": (replace(heard("x")[0], place=2**70),)}, {"session_id": "\udcff"}]
)
def test_what_no_database_can_hold_is_refused_in_words(history: History, broken: dict[str, object]) -> None:
    with pytest.raises(HistoryError, match="the history cannot be written"):
        history.file(record(**{"session_id": "a", **broken}))  # type: ignore[arg-type]
    assert history.rows() == ()


def test_the_sessions_of_a_preset_follow_it_to_its_new_id(history: History) -> None:
    history.file(record("a", preset_id="caf\udce9", preset_name="Café"))
    history.file(record("b", preset_id="other"))
    history.renamed("caf\udce9", "bar")
    days = history.last_done()
    assert days.keys() == {"bar", "other"}
    assert {row.preset_name for row in history.rows()} == {"Café", record("b").preset_name}


@settings(max_examples=25)
@given(st.lists(RECORDS, max_size=8, unique_by=lambda session: session.id))
def test_last_done_against_a_plain_count(records: list[SessionRecord]) -> None:
    with TemporaryDirectory() as folder:
        history = history_in(Path(folder))
        days: dict[str, list[date]] = {}
        for session in records:
            history.file(session)
            if session.outcome is Outcome.COMPLETED or session.rounds_done or session.worked_s >= 60:
                days.setdefault(session.preset_id, []).append(session.day)
        assert history.last_done() == {preset: max(of_it) for preset, of_it in days.items()}


def days_in_a_row(days: Sequence[date], today: date) -> int:
    """The rule in the slowest and plainest words."""
    there = set(days)
    day = today if today in there else today - timedelta(days=1)
    count = 0
    while day in there:
        count, day = count + 1, day - timedelta(days=1)
    return count


@given(DAYS, st.dates(date(2024, 1, 1), date(2024, 3, 10)))
def test_streaks_against_a_plain_count(days: list[date], today: date) -> None:
    past = [day for day in days if day <= today]
    weeks = {day - timedelta(days=day.weekday()) for day in past}
    this_week = today - timedelta(days=today.weekday())
    in_weeks = days_in_a_row(
        [date.fromordinal(monday.toordinal() // 7) for monday in weeks], date.fromordinal(this_week.toordinal() // 7)
    )
    assert streaks(sorted(days, reverse=True), today) == (days_in_a_row(past, today), in_weeks)


def test_the_week_begins_on_monday_and_leaves_out_what_is_to_come(history: History) -> None:
    monday = datetime(2026, 11, 16, 0, 5, tzinfo=UTC)
    history.file(record("sunday before", monday - timedelta(minutes=10)))
    history.file(record("monday", monday))
    history.file(record("monday again", monday + timedelta(hours=20), worked_s=629.0))
    history.file(record("wednesday", NOON))
    history.file(record("tomorrow", NOON + timedelta(days=1)))
    assert history.week(NOON) == WeekStats(minutes=30, days=2, streak_days=1, streak_weeks=2)
    assert history.week(NOON - timedelta(days=1)) == WeekStats(20, 1, 2, 2)
    assert history.week(NOON + timedelta(days=7)) == WeekStats(0, 0, 0, 2)
    assert history.week(NOON + timedelta(days=14)).streak_weeks == 0


def test_a_session_past_midnight_belongs_to_the_day_it_began_on(history: History) -> None:
    history.file(record("late", datetime(2026, 11, 15, 23, 50, tzinfo=UTC), worked_s=1800.0))
    monday = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    assert history.week(monday) == WeekStats(0, 0, 1, 1)
    assert history.week(monday - timedelta(days=1)) == WeekStats(30, 1, 1, 1)


def test_a_change_of_the_clocks_moves_no_session_to_another_day(history: History) -> None:
    """In Berlin on 2026-10-25 the hour from two to three came twice, and the day had 25 hours."""
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    history.file(record("saturday", datetime(2026, 10, 24, 23, 59, tzinfo=summer)))
    history.file(record("sunday, first hour", datetime(2026, 10, 25, 0, 1, tzinfo=summer)))
    history.file(record("sunday, last hour", datetime(2026, 10, 25, 23, 59, tzinfo=winter)))
    history.file(record("monday", datetime(2026, 10, 26, 0, 1, tzinfo=winter)))
    assert history.week(datetime(2026, 10, 25, 23, 59, 30, tzinfo=winter)) == WeekStats(30, 2, 2, 1)
    assert history.week(datetime(2026, 10, 26, 1, 0, tzinfo=winter)) == WeekStats(10, 1, 3, 2)


def test_an_empty_history_has_nothing_to_say(history: History) -> None:
    assert (history.rows(), history.sessions(), history.last_done(), history.verdicts()) == ((), (), {}, {})
    assert history.week(NOON) == WeekStats(0, 0, 0, 0)


def test_a_locked_database_is_told_and_works_again_afterwards(
    tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbd_tui.store.database.BUSY_S", 0.0)
    history.file(record("first"))
    with closing(sqlite3.connect(tmp_path / "nbd.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryError, match="locked"):
            history.file(record("second"))
        other.execute("ROLLBACK")
    history.file(record("second"))
    assert {row.id for row in history.rows()} == {"first", "second"}


def test_a_full_disk_is_told_and_leaves_no_half_of_a_session(history: History, tmp_path: Path) -> None:
    class Full(sqlite3.Connection):
        def executemany(self, *args: object) -> sqlite3.Cursor:
            self.execute("ROLLBACK")  # as SQLite does by itself
            raise sqlite3.OperationalError("database or disk is full")

    history.file(record("first"))
    monkeypatch = pytest.MonkeyPatch()
    real = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda *args, **more: real(*args, **more, factory=Full))
        with pytest.raises(HistoryError, match="disk is full"):
            history.file(record("second", heard=heard("one")))
    assert [row.id for row in history.rows()] == ["first"]


def test_a_damaged_database_is_told_then_moved_aside_and_begun_anew(tmp_path: Path, history: History) -> None:
    history.file(record("first"))
    for file in tmp_path.glob("nbd.sqlite*"):
        file.unlink()
    (tmp_path / "nbd.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(HistoryError):
        history.file(record("second"))
    history.file(record("second"))
    assert [row.id for row in history.rows()] == ["second"]
    assert (tmp_path / "nbd.sqlite.broken-1").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="cannot be used"):
        history_in(tmp_path / "file").file(record())


def test_threads_file_beside_each_other(history: History) -> None:
    def file(number: int) -> None:
        for n in range(10):
            history.file(record(f"{number}-{n}", heard=heard("one")))
            judge(history, f"{number}-{n}", 0, Verdict.FINE)

    threads = [threading.Thread(target=file, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(history.rows()) == 30
    assert all(session.heard[0].verdict is Verdict.FINE for session in history.sessions())
