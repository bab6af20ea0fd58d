"""What was heard in the tracks, which files are yet to be heard, and what the user says of both.

A hearing belongs to a *sound*: the first 30 s of a file's decoded samples and its length. So a file that was moved,
re-tagged or copied has what was found before. Which sound a file holds is remembered with its size and time of change;
while both are the same, nothing of it is read again.

The user's word belongs to the sound as well. Said before the sound is known it belongs to the file, and follows it to
its sound as soon as that is known. A file whose sound becomes another (a better copy in its place) keeps the opinion,
and the corrections where its length stays the same.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nbd_tui.model.hearing import STEADY, Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.units import RATE, Bpm, Decibels, Frames, Seconds
from nbd_tui.store.hearing_blobs import (
    MARK_BYTES,
    pack_drops,
    pack_energy,
    pack_marks,
    pack_times,
    unpack_drops,
    unpack_energy,
    unpack_marks,
    unpack_times,
)
from nbd_tui.store.tracks import FileStamp, below

if TYPE_CHECKING:
    import sqlite3

    from nbd_tui.soundtrack.songs import Song

MOST_TRIES: Final = 3
"""A file that failed so often, by whatever fault, is left alone until it changes."""

_SAME_LENGTH: Final[Frames] = RATE
_LONG_S: Final = 900
"""Mixes and audio books wait until everything else is heard."""


class Pending(NamedTuple):
    """A file that is to be listened to."""

    path: Path
    stamp: FileStamp
    duration_s: Seconds | None
    """By its tags."""


class Unheard(NamedTuple):
    """A file in which nothing could be heard."""

    path: Path
    reason: str


class Known(NamedTuple):
    """What a workout goes by, of one track."""

    bpm: Bpm | None
    """The tempo that counts, where music may be chosen by it."""
    lufs: Decibels | None
    opinion: Opinion | None


_JOINED: Final = """
    FROM tracks t
    LEFT JOIN listened l ON l.key = t.key
    LEFT JOIN hearings h ON h.sound = l.sound
    LEFT JOIN said_of_sounds s ON s.id = l.sound
    LEFT JOIN said_of_files f ON f.id = t.key
    WHERE t.gone = 0
"""
_ROWS: Final = f"""
    SELECT t.key, t.title, t.artist, t.album, t.genre, t.duration_s, h.frames, t.bpm, h.bpm, h.confidence,
        coalesce(s.bpm, f.bpm), h.intensity, h.lufs, h.drops, length(coalesce(s.drops, f.drops)),
        coalesce(s.opinion, f.opinion), l.reason {_JOINED}
"""
_PENDING: Final = """
    SELECT t.key, t.size, t.mtime_ns, t.duration_s
    FROM tracks t LEFT JOIN listened l ON l.key = t.key LEFT JOIN hearings h ON h.sound = l.sound
    WHERE t.gone = 0 AND CASE
        WHEN l.key IS NULL OR l.size <> t.size OR l.mtime_ns <> t.mtime_ns THEN 1
        WHEN l.reason <> '' THEN l.version < :version OR l.tries < :most_tries
        ELSE h.sound IS NULL OR h.version < :version END
"""
_PENDING_ORDER: Final = "ORDER BY h.sound IS NOT NULL, coalesce(t.duration_s, 0) > :long_s, t.key"
_UNHEARD: Final = """
    SELECT t.key, l.reason FROM tracks t JOIN listened l ON l.key = t.key
    WHERE t.gone = 0 AND l.reason <> '' AND l.size = t.size AND l.mtime_ns = t.mtime_ns
"""
_HEARING: Final = """
    SELECT h.frames, h.bpm, h.confidence, h.is_constant, d.beats, d.downbeats, h.lufs, h.true_peak_db, h.intensity,
        d.energy_hz, d.energy, d.drops
    FROM listened l JOIN hearings h ON h.sound = l.sound JOIN hearing_details d ON d.sound = l.sound WHERE l.key = ?
"""
_NOTHING_SAID: Final = (None, None, None)


class HearingStore:
    """The hearings of one connection; lives in the thread the connection belongs to, and does not close it."""

    def __init__(self, connection: "sqlite3.Connection") -> None:
        self._connection = connection

    def hearing(self, path: Path) -> Hearing | None:
        """What was heard in a file; None: nothing yet."""
        found = self._connection.execute(_HEARING, (os.fsencode(path),)).fetchone()
        return _hearing(found) if found else None

    def rows(self, folders: Sequence[Path] = ()) -> list[LibraryRow]:
        """Every track that is there, ordered by path; all, or those below some of the folders."""
        inside, limits = _inside(folders)
        return [_row(*values) for values in self._connection.execute(f"{_ROWS} AND {inside} ORDER BY t.key", limits)]

    def songs_below(self, folder: Path) -> "list[Song]":
        """The tracks below a folder, with all that choosing asks; ordered by path."""
        from nbd_tui.store.songs import songs_below  # numpy comes with it

        return songs_below(self._connection, folder)

    def songs_of(self, path: Path) -> "list[Song]":
        """The track of a file, and those of all files that hold the same sound."""
        from nbd_tui.store.songs import songs_of  # numpy comes with it

        return songs_of(self._connection, path)

    def opinion(self, path: Path) -> Opinion | None:
        """What the user thinks of a file, whether it is a track of the library or not."""
        opinion, _, _ = self._said(*self._place(path))
        return Opinion(opinion) if opinion else None

    def correction(self, path: Path) -> Correction:
        """What the user says of a track in place of what was heard."""
        _, bpm, drops = self._said(*self._place(path))
        return Correction(bpm, unpack_marks(drops))

    def correct(self, path: Path, correction: Correction) -> None:
        """Keeps it in place of what was said before."""
        with self._transaction():
            place = self._place(path)
            opinion, _, _ = self._said(*place)
            self._say(*place, (opinion, correction.bpm, pack_marks(correction.drops_s)))

    def judge(self, path: Path, opinion: Opinion | None) -> None:
        """Keeps what the user thinks of a track; None takes it back."""
        with self._transaction():
            place = self._place(path)
            _, bpm, drops = self._said(*place)
            self._say(*place, (opinion, bpm, drops))

    def pending(self, version: int, folders: Sequence[Path] = ()) -> list[Pending]:
        """The files to listen to: new ones, changed ones, and those heard by an older version of the analysis.

        Args:
            version: of the analysis there is now.
            folders: only those below some of them, each once; none: all.
        """
        decode = os.fsdecode
        inside, limits = _inside(folders)
        values = {"version": version, "most_tries": MOST_TRIES, "long_s": _LONG_S, **limits}
        found = self._connection.execute(f"{_PENDING} AND {inside} {_PENDING_ORDER}", values)
        return [Pending(Path(decode(key)), FileStamp(*stamp), length) for key, *stamp, length in found]

    def known_lengths(self, head: bytes, version: int) -> list[Frames]:
        """The lengths of the sounds that begin so and were heard by this version of the analysis, or a later one."""
        query = "SELECT frames FROM hearings WHERE sound >= ? AND sound < ? AND version >= ?"
        limits = Sound(head, 0).key, Sound(head, 2**63).key
        return [frames for (frames,) in self._connection.execute(query, (*limits, version))]

    def save(self, file: Pending, sound: Sound, hearing: Hearing, version: int) -> None:
        """Keeps what was heard in a file."""
        short = hearing.bpm, hearing.confidence, hearing.is_constant, hearing.lufs, hearing.true_peak_db
        facts = (sound.key, version, hearing.frames, *short, hearing.intensity, len(hearing.drops))
        energy = hearing.energy.rate_hz, pack_energy(hearing.energy)
        times = pack_times(hearing.beats_s), pack_times(hearing.downbeats_s)
        with self._transaction():
            self._connection.execute("DELETE FROM hearings WHERE sound = ?", (sound.key,))
            self._connection.execute("INSERT INTO hearings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", facts)
            details = (sound.key, *times, *energy, pack_drops(hearing.drops))
            self._connection.execute("INSERT INTO hearing_details VALUES (?, ?, ?, ?, ?, ?)", details)
            self._listened(file, sound, version)

    def recognise(self, file: Pending, sound: Sound, version: int) -> None:
        """A file holds a sound that was heard before."""
        with self._transaction():
            self._listened(file, sound, version)

    def fail(self, file: Pending, reason: str, version: int, *, tries: int) -> None:
        """Nothing could be heard in a file; what was heard before stays.

        Args:
            file: as it was listened to.
            reason: for people.
            version: of the analysis.
            tries: for how many tries this counts; see `MOST_TRIES`.
        """
        key = os.fsencode(file.path)
        with self._transaction():
            self._connection.execute(
                """INSERT INTO listened VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6) ON CONFLICT (key) DO UPDATE SET
                tries = CASE WHEN size = ?2 AND mtime_ns = ?3 AND version = ?4 AND reason <> '' THEN tries ELSE 0 END
                    + ?6, size = ?2, mtime_ns = ?3, version = ?4, reason = ?5""",
                (key, *file.stamp, version, _writable(reason), tries),
            )

    def unheard(self, folders: Sequence[Path] = ()) -> list[Unheard]:
        """The files there are in which nothing could be heard, ordered by path; those heard before are among them."""
        inside, limits = _inside(folders)
        found = self._connection.execute(f"{_UNHEARD} AND {inside} ORDER BY t.key", limits)
        return [Unheard(Path(os.fsdecode(key)), reason) for key, reason in found]

    def _listened(self, file: Pending, sound: Sound, version: int) -> None:
        """The sound of a file is known: what was said of the file, or of the sound it had before, goes with it."""
        key = os.fsencode(file.path)
        before = self._sound_of(key)
        values = (key, *file.stamp, sound.key, version)
        self._connection.execute("INSERT OR REPLACE INTO listened VALUES (?, ?, ?, ?, ?, '', 0)", values)
        said = [self._said("said_of_files", key), self._said("said_of_sounds", sound.key)]
        if before is not None and before != sound.key:
            said.append(_as_far_as_it_fits(self._said("said_of_sounds", before), before, sound.key))
        self._say("said_of_sounds", sound.key, _first_of_each(said))
        self._say("said_of_files", key, _NOTHING_SAID)

    def _sound_of(self, key: bytes) -> bytes | None:
        found = self._connection.execute("SELECT sound FROM listened WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def _place(self, path: Path) -> tuple[str, bytes]:
        """Table and id of what is said of a file."""
        key = os.fsencode(path)
        sound = self._sound_of(key)
        return ("said_of_files", key) if sound is None else ("said_of_sounds", sound)

    def _said(self, table: str, place: bytes) -> tuple[Any, ...]:
        """(opinion, bpm, drops) of a place."""
        found = self._connection.execute(f"SELECT opinion, bpm, drops FROM {table} WHERE id = ?", (place,)).fetchone()  # noqa: S608 (constants)
        return found or _NOTHING_SAID

    def _say(self, table: str, place: bytes, said: Sequence[Any]) -> None:
        if all(word is None for word in said):
            self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (place,))  # noqa: S608 (constants)
        else:
            self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", (place, *said))  # noqa: S608 (constants)

    def _transaction(self) -> Any:  # noqa: ANN401 - a context manager
        from nbd_tui.store.database import transaction

        return transaction(self._connection)


def _row(  # noqa: PLR0913, PLR0917 (the columns of a query)
    key: bytes, title: str, artist: str, album: str, genre: str, duration_s: float | None, frames: int | None,
    tag_bpm: float | None, bpm: float | None, confidence: float | None, corrected: float | None,
    intensity: float | None, lufs: float | None, drops: int | None, marks: int | None, opinion: str | None,
    reason: str | None,
) -> LibraryRow:  # fmt: skip
    is_heard = frames is not None
    sure = confidence or 0.0
    return LibraryRow(
        Path(os.fsdecode(key)), title, artist, album, genre, frames / RATE if frames is not None else duration_s,
        tempo_of(tag_bpm, bpm, sure, corrected), is_heard, bpm is not None and sure >= STEADY, intensity or 0.0, lufs,
        (drops or 0) if marks is None else marks // MARK_BYTES, Opinion(opinion) if opinion else None,
        reason or "",
    )  # fmt: skip


def _hearing(values: Sequence[Any]) -> Hearing:
    frames, bpm, confidence, is_constant, beats, downbeats, lufs, true_peak_db, intensity, *others = values
    energy_hz, energy, drops = others
    return Hearing(
        frames, bpm, confidence, bool(is_constant), unpack_times(beats), unpack_times(downbeats), lufs, true_peak_db,
        intensity, unpack_energy(energy_hz, energy), unpack_drops(drops),
    )  # fmt: skip


def _first_of_each(said: Iterable[Sequence[Any]]) -> list[Any]:
    """Of each part the first that was said."""
    return [next((word for word in part if word is not None), None) for part in zip(*said, strict=True)]


def _as_far_as_it_fits(said: tuple[Any, ...], before: bytes, now: bytes) -> tuple[Any, ...]:
    """What was said of one sound, for another: corrections only where both are as long."""
    lengths = [int.from_bytes(sound[HEAD_BYTES:]) for sound in (before, now)]
    return said if abs(lengths[0] - lengths[1]) < _SAME_LENGTH else (said[0], None, None)


def _inside(folders: Sequence[Path]) -> tuple[str, dict[str, bytes]]:
    """Condition and values for tracks below some of the folders, which may lie in each other; none: for all."""
    limits: dict[str, bytes] = {}
    for number, folder in enumerate(folders):
        limits[f"low{number}"], limits[f"high{number}"] = below(folder)
    ranges = (f"t.key >= :low{number} AND t.key < :high{number}" for number in range(len(folders)))
    return f"({' OR '.join(ranges) or '1'})", limits


def _writable(text: str) -> str:
    """SQLite takes no lone surrogates, which names of files can have."""
    return text.encode("utf-8", "replace").decode("utf-8")
