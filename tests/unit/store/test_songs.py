"""The library as the planner takes it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.tempo import TempoSource
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE
from nbd_tui.soundtrack.songs import NEVER, DropMark, Song
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.history import History
from nbd_tui.store.songs import songs_below
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore
from tests.unit.store.history_records import NOON, heard, record

HEARING = Hearing(
    180 * RATE, 138.0, 0.9, True, (0.5, 1.0), (0.5,), -8.7, 0.3, 0.8, EnergyCurve(4.0, (1.0,)),
    (Drop(60.0, 2.5, build=Span(50.0, 60.0)), Drop(120.5, 1.25)),
)  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        yield connection


def scan(connection: sqlite3.Connection, *names: str) -> None:
    tracks = [Track(Path(f"/m/{name}.mp3"), name, "Somebody", genre="Rock", duration_s=170.0) for name in names]
    TrackStore(connection).save([ScannedTrack(track, FileStamp(1, 1)) for track in tracks])


def hear(connection: sqlite3.Connection, name: str, number: int = 0) -> HearingStore:
    store = HearingStore(connection)
    file = next(file for file in store.pending(1) if file.path.stem == name)
    store.save(file, Sound(bytes([number]) * HEAD_BYTES, HEARING.frames), HEARING, 1)
    return store


def only(connection: sqlite3.Connection) -> Song:
    (found,) = songs_below(connection, Path("/m"))
    return found


def test_one_track_comes_with_those_of_the_same_sound(connection: sqlite3.Connection) -> None:
    scan(connection, "copy", "one", "other")
    for name, number in (("copy", 1), ("one", 1), ("other", 2)):
        store = hear(connection, name, number)
    store.judge(Path("/m/one.mp3"), Opinion.LIKED)
    found = store.songs_of(Path("/m/one.mp3"))
    assert [(song.path.stem, song.opinion) for song in found] == [("copy", Opinion.LIKED), ("one", Opinion.LIKED)]
    assert found == songs_below(connection, Path("/m"))[:2]
    assert store.songs_of(Path("/m/nothing.mp3")) == []


def test_an_opinion_of_a_file_outside_the_library(connection: sqlite3.Connection) -> None:
    store = HearingStore(connection)
    assert store.opinion(Path("/demo/1.ogg")) is None
    store.judge(Path("/demo/1.ogg"), Opinion.BANNED)
    assert store.opinion(Path("/demo/1.ogg")) is Opinion.BANNED


def test_a_track_nobody_has_listened_to_is_its_tags(connection: sqlite3.Connection) -> None:
    scan(connection, "one")
    found = only(connection)
    assert (found.tempo, found.intensity, found.drops, found.opinion, found.rested) == (None, None, (), None, NEVER)
    assert (found.track.title, found.track.duration_s) == ("one", 170.0)
    assert found.energy == pytest.approx(0.85)


def test_what_was_heard_and_said_is_there(connection: sqlite3.Connection) -> None:
    scan(connection, "one")
    hear(connection, "one").judge(Path("/m/one.mp3"), Opinion.LIKED)
    found = only(connection)
    assert found.tempo is not None
    assert (found.tempo.bpm, found.tempo.source) == (138.0, TempoSource.HEARD)
    assert (found.intensity, found.lufs, found.true_peak_db, found.opinion) == (0.8, -8.7, 0.3, Opinion.LIKED)
    assert found.drops == (DropMark(60.0, 2.5, 50.0), DropMark(120.5, 1.25, 120.5))
    assert (found.track.duration_s, found.track.is_liked) == (180.0, True)


def test_drops_are_where_the_user_says(connection: sqlite3.Connection) -> None:
    scan(connection, "one")
    hear(connection, "one").correct(Path("/m/one.mp3"), Correction(69.0, (60.0, 90.0)))
    found = only(connection)
    assert found.tempo is not None
    assert (found.tempo.bpm, found.tempo.source) == (69.0, TempoSource.USER)
    assert found.drops == (DropMark(60.0, 2.5, 50.0), DropMark(90.0, 2.5, 90.0))


def test_it_knows_how_many_sessions_ago_a_track_was_heard(connection: sqlite3.Connection, tmp_path: Path) -> None:
    scan(connection, "old", "new", "never")
    history = History(partial(open_database, tmp_path / "nbd.sqlite"))
    for day, name in enumerate(("old", "new", "new")):
        history.file(record(f"{day}", NOON + timedelta(days=day), heard=heard(name)))
    assert {one.track.title: one.rested for one in songs_below(connection, Path("/m"))} == {
        "old": 2, "new": 0, "never": NEVER,
    }  # fmt: skip


def test_only_what_lies_below_the_folder_is_given(connection: sqlite3.Connection) -> None:
    scan(connection, "one")
    assert songs_below(connection, Path("/other")) == []
    assert songs_below(connection, Path("/m/on")) == []
