"""The library as the planner of soundtracks takes it: every track with all that choosing asks, in two queries."""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE
from nbd_tui.soundtrack.songs import NEVER, DropMark, Song
from nbd_tui.store.hearing_blobs import unpack_drops, unpack_marks
from nbd_tui.store.tracks import below

_SONGS: Final = """
    SELECT t.key, t.title, t.artist, t.album, t.genre, t.year, coalesce(h.frames * 1.0 / :rate, t.duration_s),
        t.bpm, t.gain_db, h.bpm, coalesce(h.confidence, 0), h.intensity, h.lufs, h.true_peak_db,
        CASE WHEN h.drops > 0 THEN d.drops END, coalesce(s.bpm, f.bpm), coalesce(s.drops, f.drops),
        coalesce(s.opinion, f.opinion)
    FROM tracks t
    LEFT JOIN listened l ON l.key = t.key
    LEFT JOIN hearings h ON h.sound = l.sound
    LEFT JOIN hearing_details d ON d.sound = h.sound AND h.drops > 0
    LEFT JOIN said_of_sounds s ON s.id = l.sound
    LEFT JOIN said_of_files f ON f.id = t.key
    WHERE t.gone = 0
"""
_BELOW: Final = f"{_SONGS} AND t.key >= :low AND t.key < :high ORDER BY t.key"
_ONE: Final = f"{_SONGS} AND t.key = :key"
_SAME_SOUND: Final = "SELECT key FROM listened WHERE sound = (SELECT sound FROM listened WHERE key = ?)"
_RESTED: Final = """
    SELECT heard.key, min(recent.age) FROM heard JOIN (
        SELECT id, row_number() OVER (ORDER BY began_utc DESC, id DESC) - 1 AS age FROM sessions
    ) recent ON recent.id = heard.session_id WHERE recent.age < :sessions GROUP BY heard.key
"""

RESTING_SESSIONS: Final = 10
"""What was heard longer ago counts as never heard."""


def songs_below(connection: sqlite3.Connection, folder: Path) -> list[Song]:
    """The tracks below a folder, ordered by path, with what was heard in them and what the user says of them."""
    low, high = below(folder)
    ages = _ages(connection)
    found = connection.execute(_BELOW, {"rate": RATE, "low": low, "high": high})
    return [_song(values, ages) for values in found]


def songs_of(connection: sqlite3.Connection, path: Path) -> list[Song]:
    """The track of a file, and those of all files that hold the same sound: what is said of one holds for them."""
    key = os.fsencode(path)
    keys = {key, *(same for (same,) in connection.execute(_SAME_SOUND, (key,)))}
    found = (connection.execute(_ONE, {"rate": RATE, "key": one}).fetchone() for one in sorted(keys))
    ages = _ages(connection)
    return [_song(values, ages) for values in found if values]


def _ages(connection: sqlite3.Connection) -> dict[bytes, int]:
    """Sessions since each track was heard that was heard lately."""
    return dict(connection.execute(_RESTED, {"sessions": RESTING_SESSIONS}))


def _song(values: Sequence[Any], ages: Mapping[bytes, int]) -> Song:
    key, title, artist, album, genre, year, duration_s, tag_bpm, gain_db, *heard = values
    bpm, confidence, intensity, lufs, true_peak_db, drops, said_bpm, said_drops, opinion = heard
    track = Track(
        Path(os.fsdecode(key)), title, artist, album, genre, year, duration_s, tag_bpm, gain_db, lufs,
        opinion == Opinion.LIKED,
    )  # fmt: skip
    return Song(
        track, tempo_of(tag_bpm, bpm, confidence, said_bpm), intensity, lufs, true_peak_db,
        _marks(drops, said_drops), Opinion(opinion) if opinion else None, ages.get(key, NEVER),
    )  # fmt: skip


def _marks(heard: str | None, said: bytes | None) -> tuple[DropMark, ...]:
    """The drops as the user says they are, else as they were heard."""
    found = unpack_drops(heard) if heard else ()
    marks = tuple(DropMark(d.at_s, d.score, d.build.start_s if d.build else d.at_s) for d in found)
    times_s = unpack_marks(said)
    if times_s is None:
        return marks
    best = max((mark.score for mark in marks), default=1.0)
    by_time = {round(mark.at_s, 2): mark for mark in marks}
    return tuple(by_time.get(round(at_s, 2), DropMark(at_s, best, at_s)) for at_s in times_s)
