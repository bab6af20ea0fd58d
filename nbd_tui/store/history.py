"""The sessions kept: filed once, judged and noted upon afterwards, never deleted.

SQLite is imported when the history is first used, not before the first screen.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nbd_tui.errors import HistoryError, LibraryError
from nbd_tui.model.units import Seconds
from nbd_tui.store.opened import OpenedDatabase
from nbd_tui.store.records import (
    COUNTS_FROM_S,
    HeardTrack,
    Outcome,
    SessionRecord,
    SessionRow,
    Verdict,
    WeekStats,
    monday_of,
    streaks,
)
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:
    import sqlite3

    from nbd_tui.store.database import Database

__all__ = ["HeardTrack", "History", "Outcome", "SessionRecord", "SessionRow", "Verdict", "WeekStats"]

PAGE: Final = 200
"""Sessions read at once by default."""

_SESSION: Final = (
    "id, preset_id, preset_name, began_utc, utc_offset_s, ended_utc, planned_s, worked_s, paused_s, rounds_done, "
    "rounds, outcome, totals, effort, note"
)
_ROW: Final = (
    "id, preset_name, began_utc, utc_offset_s, planned_s, worked_s, rounds_done, rounds, outcome, effort, "
    "(SELECT count(*) FROM heard WHERE session_id = id)"
)
_NEWEST_FIRST: Final = (
    "FROM sessions WHERE (:began IS NULL OR (began_utc, id) < (:began, :id)) ORDER BY began_utc DESC, id DESC"
)
_COUNTS: Final = f"(outcome = 'completed' OR rounds_done > 0 OR worked_s >= {COUNTS_FROM_S})"
_NEXT_JUDGED: Final = "(SELECT coalesce(max(judged), 0) + 1 FROM heard WHERE verdict IS NOT NULL)"


class History:
    """The sessions in the database. Every method may wait for the disk, and may be called from any thread.

    A session *counts* as training (for `last_done` and `week`) when it was completed, or a round of it was done, or it
    went on for `COUNTS_FROM_S`.
    """

    def __init__(self, open_database: Callable[[], "Database"]) -> None:
        """A history.

        Args:
            open_database: called at the first use, and again after something went wrong.
        """
        self._database = OpenedDatabase(open_database, "the history")

    def file(self, record: SessionRecord) -> None:
        """Keeps a session; one that is kept already is left as it is, with its verdicts and its note.

        Raises:
            HistoryError: it could not be written, and nothing of it was.
        """
        with self._writing() as connection:
            _file(connection, record)

    def keep(self, record: SessionRecord) -> None:
        """Files a session; of one that is kept already, writes down the verdicts, the effort and the note of `record`.

        Raises:
            HistoryError: it could not be written, and nothing of it was.
        """
        with self._writing() as connection:
            if not _file(connection, record):
                said = record.effort, _writable(record.note), record.id
                connection.execute("UPDATE sessions SET effort = ?, note = ? WHERE id = ?", said)
                connection.executemany(_REJUDGE, [(heard.verdict, record.id, heard.place) for heard in record.heard])

    def renamed(self, old: str, new: str) -> None:
        """A preset has another id now: its sessions follow it, and keep the name it had when they were done.

        Raises:
            HistoryError: it could not be written.
        """
        with self._writing() as connection:
            ids = _writable(new), _writable(old)
            connection.execute("UPDATE sessions SET preset_id = ? WHERE preset_id = ?", ids)

    def sessions(
        self, limit: int = PAGE, before: SessionRecord | SessionRow | None = None
    ) -> tuple[SessionRecord, ...]:
        """Whole sessions, the newest first.

        Args:
            limit: at most so many.
            before: only those that come after this one in the list, for the next page.

        Raises:
            HistoryError: they cannot be read.
        """
        with self._reading() as connection:
            found = connection.execute(
                f"SELECT {_SESSION} {_NEWEST_FIRST} LIMIT :limit", _page(limit, before)
            ).fetchall()
            heard = _heard_in(connection, [values[0] for values in found])
        return tuple(_record(values, heard.get(values[0], ())) for values in found)

    def rows(self, limit: int = PAGE, before: SessionRecord | SessionRow | None = None) -> tuple[SessionRow, ...]:
        """As `sessions`, but only what a table shows of them."""
        with self._reading() as connection:
            found = connection.execute(f"SELECT {_ROW} {_NEWEST_FIRST} LIMIT :limit", _page(limit, before)).fetchall()
        return tuple(_row(values) for values in found)

    def session(self, session_id: str) -> SessionRecord | None:
        """One session, whole; None where it is not kept.

        Raises:
            HistoryError: it cannot be read.
        """
        with self._reading() as connection:
            values = connection.execute(f"SELECT {_SESSION} FROM sessions WHERE id = ?", (session_id,)).fetchone()  # noqa: S608 (constants)
            heard = _heard_in(connection, [session_id])
        return _record(values, heard.get(session_id, ())) if values else None

    def verdicts(self) -> Mapping[Path, Verdict]:
        """What was last said of each track, by its file; the latest word counts, in whichever session it was given.

        Raises:
            HistoryError: they cannot be read.
        """
        query = "SELECT key, verdict FROM heard WHERE verdict IS NOT NULL ORDER BY judged"
        with self._reading() as connection:
            return {Path(os.fsdecode(key)): Verdict(verdict) for key, verdict in connection.execute(query)}

    def last_done(self) -> Mapping[str, date]:
        """The last day of each preset, by its id, from the sessions that count.

        Raises:
            HistoryError: they cannot be read.
        """
        query = f"SELECT preset_id, max(day) FROM sessions WHERE {_COUNTS} GROUP BY preset_id"  # noqa: S608 (constants)
        with self._reading() as connection:
            return {preset_id: date.fromisoformat(day) for preset_id, day in connection.execute(query)}

    def week(self, now: datetime) -> WeekStats:
        """This week and the streaks.

        A session belongs to the local date it began on, in the local time of then: neither a change of the clocks nor a
        journey moves it to another day. Sessions from the future (a clock that was wrong) are left out.

        Args:
            now: local time, whose date is today.

        Raises:
            HistoryError: the sessions cannot be read.
        """
        today, monday = now.date(), monday_of(now.date())
        days_of = f"SELECT DISTINCT day FROM sessions WHERE {_COUNTS} AND day <= ? ORDER BY day DESC"  # noqa: S608 (constants)
        length_of = "SELECT coalesce(sum(worked_s), 0) FROM sessions WHERE day BETWEEN ? AND ?"
        with self._reading() as connection:
            days = [date.fromisoformat(day) for (day,) in connection.execute(days_of, (today.isoformat(),))]
            worked_s: Seconds = connection.execute(length_of, (monday.isoformat(), today.isoformat())).fetchone()[0]
        this_week = sum(day >= monday for day in days)
        return WeekStats(int(worked_s // 60), this_week, *streaks(days, today))

    @contextmanager
    def _writing(self) -> Iterator["sqlite3.Connection"]:
        from nbd_tui.store.database import transaction

        with self._connected("be written") as connection:
            connection.execute("PRAGMA synchronous = FULL")  # on the disk before the journal of the session is removed
            with transaction(connection):
                yield connection

    @contextmanager
    def _reading(self) -> Iterator["sqlite3.Connection"]:
        with self._connected("be read") as connection:
            yield connection

    @contextmanager
    def _connected(self, what: str) -> Iterator["sqlite3.Connection"]:
        try:
            with self._database.connected(what) as connection:
                yield connection
        except LibraryError as error:
            raise HistoryError(error.message, file=error.file, hint=error.hint) from error


_INSERT: Final = """
    INSERT INTO sessions (id, preset_id, preset_name, began_utc, utc_offset_s, day, ended_utc, planned_s, worked_s,
        paused_s, rounds_done, rounds, outcome, totals, effort, note)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_INSERT_HEARD: Final = f"""
    INSERT INTO heard (session_id, place, key, path, title, artist, heard_s, verdict, judged)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?8 IS NULL THEN NULL ELSE {_NEXT_JUDGED} END)
"""  # noqa: S608 (constants)


_REJUDGE: Final = f"""
    UPDATE heard SET verdict = ?1, judged = CASE WHEN ?1 IS NULL THEN NULL ELSE {_NEXT_JUDGED} END
    WHERE session_id = ?2 AND place = ?3 AND verdict IS NOT ?1
"""  # noqa: S608 (constants)


def _file(connection: "sqlite3.Connection", record: SessionRecord) -> bool:
    """Adds a session with its tracks; false where it is there already, and left as it is."""
    added = connection.execute(_INSERT, _session_values(record)).rowcount > 0
    if added:
        connection.executemany(_INSERT_HEARD, [_heard_values(record.id, heard) for heard in record.heard])
    return added


def _session_values(record: SessionRecord) -> tuple[object, ...]:
    names = _writable(record.preset_id), _writable(record.preset_name)
    when = _iso(record.began_utc), record.utc_offset_s, record.day.isoformat(), _iso(record.ended_utc)
    lengths = record.planned_s, record.worked_s, record.paused_s
    totals = json.dumps({str(kind): seconds for kind, seconds in record.totals.items()})
    said = record.effort, _writable(record.note)
    return (record.id, *names, *when, *lengths, record.rounds_done, record.rounds, record.outcome, totals, *said)


def _heard_values(session_id: str, heard: HeardTrack) -> tuple[object, ...]:
    key = os.fsencode(heard.path)
    names = key.decode("utf-8", "replace"), _writable(heard.title), _writable(heard.artist)
    return (session_id, heard.place, key, *names, heard.heard_s, heard.verdict)


def _heard_in(connection: "sqlite3.Connection", ids: Sequence[str]) -> dict[str, tuple[HeardTrack, ...]]:
    """The tracks of several sessions, in their order."""
    found: dict[str, tuple[HeardTrack, ...]] = {}
    query = "SELECT place, key, title, artist, heard_s, verdict FROM heard WHERE session_id = ? ORDER BY place"
    for session_id in ids:
        found[session_id] = tuple(_heard(connection.execute(query, (session_id,))))
    return found


def _heard(found: Iterable[Any]) -> Iterator[HeardTrack]:
    for place, key, title, artist, heard_s, verdict in found:
        said = Verdict(verdict) if verdict else None
        yield HeardTrack(place, Path(os.fsdecode(key)), title, artist, heard_s, said)


def _record(values: Sequence[Any], heard: tuple[HeardTrack, ...]) -> SessionRecord:
    session_id, preset_id, preset_name, began, offset_s, ended, *others = values
    planned_s, worked_s, paused_s, done, rounds, outcome, totals, effort, note = others
    spent = {PhaseKind(kind): seconds for kind, seconds in json.loads(totals).items()}
    return SessionRecord(
        session_id, preset_id, preset_name, _moment(began), offset_s, _moment(ended), planned_s, worked_s, paused_s,
        done, rounds, Outcome(outcome), spent, heard, effort, note,
    )  # fmt: skip


def _row(values: Sequence[Any]) -> SessionRow:
    session_id, name, began, offset_s, planned_s, worked_s, done, rounds, outcome, effort, heard = values
    when = _moment(began), offset_s
    return SessionRow(session_id, name, *when, planned_s, worked_s, done, rounds, Outcome(outcome), effort, heard)


def _page(limit: int, before: SessionRecord | SessionRow | None) -> dict[str, object]:
    at = (_iso(before.began_utc), before.id) if before else (None, None)
    return {"limit": limit, "began": at[0], "id": at[1]}


def _iso(moment: datetime) -> str:
    """Always as long, so that the order of the texts is that of the times."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _writable(text: str) -> str:
    """SQLite takes no lone surrogates, which names of files can have."""
    return text.encode("utf-8", "replace").decode("utf-8")
