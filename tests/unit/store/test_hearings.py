import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE
from nbd_tui.store.database import MIGRATIONS, open_database
from nbd_tui.store.hearings import HearingStore, Pending, Unheard
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore

STAMP = FileStamp(1000, 1_700_000_000_123_456_789)
LATER = FileStamp(1001, 1_700_000_000_923_456_789)
SONG = Path("/m/song.mp3")
MOVED = Path("/m/else/where.mp3")
VERSION = 3

HEARING = Hearing(
    180 * RATE, 138.02, 0.93, True, (0.5, 1.0, 1.5), (0.5,), -8.7, 0.31, 0.8, EnergyCurve(4.0, (0.0, 1.0, 0.2)),
    (Drop(61.25, 2.5, Span(60.0, 61.25), Span(50.0, 60.0)), Drop(120.5, 1.25)),
)  # fmt: skip


def sound(number: int = 0, frames: int = 180 * RATE) -> Sound:
    return Sound(bytes([number]) * HEAD_BYTES, frames)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        yield connection


@pytest.fixture
def tracks(connection: sqlite3.Connection) -> TrackStore:
    return TrackStore(connection)


@pytest.fixture
def store(connection: sqlite3.Connection) -> HearingStore:
    return HearingStore(connection)


def scanned(*paths: Path, stamp: FileStamp = STAMP, bpm: float | None = None) -> list[ScannedTrack]:
    return [ScannedTrack(Track(path, path.stem, bpm=bpm, duration_s=179.0), stamp) for path in paths]


def heard(store: HearingStore, path: Path = SONG, number: int = 0, hearing: Hearing = HEARING) -> None:
    store.save(todo(store, path), sound(number, hearing.frames), hearing, VERSION)


def todo(store: HearingStore, path: Path = SONG, version: int = VERSION) -> Pending:
    return next(file for file in store.pending(version) if file.path == path)


def paths(files: list[Pending]) -> list[Path]:
    return [file.path for file in files]


def row(store: HearingStore, path: Path = SONG) -> LibraryRow:
    return next(row for row in store.rows() if row.path == path)


def test_what_was_heard_comes_back(store: HearingStore, tracks: TrackStore) -> None:
    tracks.save(scanned(SONG))
    assert store.hearing(SONG) is None
    heard(store)
    found = store.hearing(SONG)
    assert found is not None
    assert found.energy.values == pytest.approx(HEARING.energy.values, abs=0.01)
    assert found.beats_s == pytest.approx(HEARING.beats_s)
    exact = {"energy": HEARING.energy, "beats_s": HEARING.beats_s, "downbeats_s": HEARING.downbeats_s}
    assert replace(found, **exact) == HEARING  # type: ignore[arg-type]


def test_a_row_says_it_in_short(store: HearingStore, tracks: TrackStore) -> None:
    tracks.save(scanned(SONG, bpm=69.0))
    assert row(store) == LibraryRow(SONG, "song", duration_s=179.0, tempo=Tempo(69.0, TempoSource.TAG, 1.0))
    heard(store)
    store.judge(SONG, Opinion.LIKED)
    found = row(store)
    assert found.tempo == Tempo(69.01, TempoSource.HEARD, 0.93)
    assert (found.duration_s, found.is_heard, found.is_steady, found.intensity) == (180.0, True, True, 0.8)
    assert (found.lufs, found.drops, found.opinion, found.problem) == (-8.7, 2, Opinion.LIKED, "")


def test_silence_is_heard_as_well(store: HearingStore, tracks: TrackStore) -> None:
    tracks.save(scanned(SONG))
    heard(store, hearing=Hearing(2 * RATE))
    assert store.hearing(SONG) == Hearing(2 * RATE)
    assert row(store).tempo is None
    assert not row(store).is_steady


class TestPending:
    def test_new_and_changed_files_and_those_of_an_older_version(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG, MOVED))
        assert paths(store.pending(VERSION)) == [MOVED, SONG]
        heard(store)
        assert paths(store.pending(VERSION)) == [MOVED]
        assert paths(store.pending(VERSION - 1)) == [MOVED]
        assert paths(store.pending(VERSION + 1)) == [MOVED, SONG]
        tracks.save(scanned(SONG, stamp=LATER))
        assert paths(store.pending(VERSION)) == [MOVED, SONG]

    def test_below_a_folder(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG, MOVED, Path("/other/song.mp3")))
        assert paths(store.pending(VERSION, [Path("/m")])) == [MOVED, SONG]
        assert len(store.pending(VERSION, [Path("/other")])) == 1

    def test_folders_that_lie_in_each_other_name_a_file_once(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG, MOVED))
        assert paths(store.pending(VERSION, [Path("/m"), SONG.parent])) == [MOVED, SONG]
        store.fail(todo(store), "damaged", VERSION, tries=3)
        assert store.unheard([Path("/m"), SONG.parent]) == [Unheard(SONG, "damaged")]
        assert not store.unheard([Path("/other")])

    def test_what_is_gone_is_not_listened_to(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        tracks.mark_gone([SONG])
        assert not store.pending(VERSION)
        assert not store.rows()

    def test_the_new_come_first_and_the_very_long_last(self, store: HearingStore, tracks: TrackStore) -> None:
        long = ScannedTrack(Track(Path("/m/a.mp3"), "a", duration_s=7200.0), STAMP)
        tracks.save([long, *scanned(Path("/m/b.mp3"), Path("/m/c.mp3"))])
        heard(store, Path("/m/b.mp3"))
        assert [path.name for path in paths(store.pending(VERSION + 1))] == ["c.mp3", "a.mp3", "b.mp3"]


class TestFailures:
    def test_one_that_lasts_is_not_tried_again_until_it_changes(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        store.fail(todo(store), "the decoder died of it (SIGSEGV)", VERSION, tries=3)
        assert not store.pending(VERSION)
        assert row(store).problem == "the decoder died of it (SIGSEGV)"
        assert store.unheard() == [Unheard(SONG, "the decoder died of it (SIGSEGV)")]
        assert paths(store.pending(VERSION + 1)) == [SONG]
        tracks.save(scanned(SONG, stamp=LATER))
        assert paths(store.pending(VERSION)) == [SONG]
        heard(store)
        assert row(store).problem == ""
        assert not store.unheard()

    def test_one_that_may_pass_is_tried_again_three_times(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        for _ in range(3):
            store.fail(todo(store), "made no progress", VERSION, tries=1)
        assert not store.pending(VERSION)

    def test_circumstances_never_last(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        for _ in range(9):
            store.fail(todo(store), "m4a needs libVLC", VERSION, tries=0)
        assert store.pending(VERSION)

    def test_another_file_in_its_place_begins_anew(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        store.fail(todo(store), "made no progress", VERSION, tries=2)
        tracks.save(scanned(SONG, stamp=LATER))
        store.fail(todo(store), "made no progress", VERSION, tries=2)
        assert store.pending(VERSION)

    def test_what_was_heard_before_stays(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        heard(store)
        store.fail(todo(store, version=VERSION + 1), "damaged", VERSION + 1, tries=3)
        assert row(store).is_heard
        assert not store.pending(VERSION + 1)

    @pytest.mark.skipif(os.name == "nt", reason="names there are always Unicode")
    def test_hostile_names_and_reasons(self, store: HearingStore, tracks: TrackStore) -> None:
        path = Path(os.fsdecode(b"/m/\xff\xe9.mp3"))
        tracks.save([ScannedTrack(Track(path, "?"), STAMP)])
        store.fail(todo(store, path), f"cannot read {path}", VERSION, tries=3)
        assert store.unheard()[0].path == path
        store.judge(path, Opinion.BANNED)
        assert row(store, path).opinion is Opinion.BANNED


class TestTheSameSound:
    def test_a_moved_file_is_recognised_by_its_beginning_and_its_length(
        self, store: HearingStore, tracks: TrackStore
    ) -> None:
        tracks.save(scanned(SONG))
        heard(store)
        tracks.mark_gone([SONG])
        tracks.save(scanned(MOVED))
        assert store.known_lengths(sound().head, VERSION) == [HEARING.frames]
        assert store.known_lengths(sound().head, VERSION + 1) == []
        assert store.known_lengths(sound(1).head, VERSION) == []
        store.recognise(todo(store, MOVED), sound(), VERSION)
        assert store.hearing(MOVED) == store.hearing(SONG)
        assert not store.pending(VERSION)

    def test_lengths_of_other_edits(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG, MOVED))
        heard(store, SONG)
        heard(store, MOVED, hearing=replace(HEARING, frames=99 * RATE))
        assert sorted(store.known_lengths(sound().head, VERSION)) == [99 * RATE, 180 * RATE]
        assert row(store, MOVED).duration_s == 99.0

    def test_every_head_has_its_own_range(self, store: HearingStore, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))
        heard(store, number=255)
        assert store.known_lengths(b"\xff" * HEAD_BYTES, VERSION) == [HEARING.frames]
        assert store.known_lengths(b"\xfe" * HEAD_BYTES, VERSION) == []


SAID = Correction(69.0, (10.0, 20.5))


class TestTheUsersWord:
    @pytest.fixture(autouse=True)
    def _one_track(self, tracks: TrackStore) -> None:
        tracks.save(scanned(SONG))

    def say(self, store: HearingStore, path: Path = SONG) -> None:
        store.correct(path, SAID)
        store.judge(path, Opinion.LIKED)

    def test_nothing_is_said_at_first(self, store: HearingStore) -> None:
        assert store.correction(SONG) == Correction()
        assert row(store).opinion is None

    def test_before_a_file_is_heard_it_waits_for_its_sound(self, store: HearingStore) -> None:
        self.say(store)
        assert (row(store).opinion, row(store).drops, store.correction(SONG)) == (Opinion.LIKED, 2, SAID)
        heard(store)
        assert (row(store).opinion, row(store).drops, store.correction(SONG)) == (Opinion.LIKED, 2, SAID)

    def test_it_wins_and_can_be_taken_back(self, store: HearingStore) -> None:
        heard(store)
        self.say(store)
        assert row(store).tempo == Tempo(69.0, TempoSource.USER, 1.0)
        store.correct(SONG, Correction(None, ()))
        assert row(store).drops == 0
        store.judge(SONG, None)
        store.correct(SONG, Correction())
        assert (row(store).opinion, row(store).drops, store.correction(SONG)) == (None, 2, Correction())

    def test_it_survives_another_version_and_another_tag(self, store: HearingStore, tracks: TrackStore) -> None:
        heard(store)
        self.say(store)
        store.save(todo(store, version=VERSION + 1), sound(), replace(HEARING, bpm=99.0, drops=()), VERSION + 1)
        tracks.save(scanned(SONG, stamp=LATER, bpm=120.0))
        assert store.correction(SONG) == SAID
        store.recognise(todo(store, version=VERSION + 1), sound(), VERSION + 1)
        assert (row(store).opinion, store.correction(SONG)) == (Opinion.LIKED, SAID)
        assert row(store).tempo == Tempo(69.0, TempoSource.USER, 1.0, 120.0), "the tag is told all the same"

    def test_it_follows_a_file_that_was_moved(self, store: HearingStore, tracks: TrackStore) -> None:
        heard(store)
        self.say(store)
        tracks.mark_gone([SONG])
        tracks.save(scanned(MOVED))
        assert store.correction(MOVED) == Correction()
        store.recognise(todo(store, MOVED), sound(), VERSION)
        assert (row(store, MOVED).opinion, store.correction(MOVED)) == (Opinion.LIKED, SAID)

    def test_what_was_said_of_the_new_place_comes_before_what_was_said_of_the_old(
        self, store: HearingStore, tracks: TrackStore
    ) -> None:
        heard(store)
        self.say(store)
        tracks.save(scanned(MOVED))
        store.judge(MOVED, Opinion.BANNED)
        store.recognise(todo(store, MOVED), sound(), VERSION)
        assert (row(store, MOVED).opinion, store.correction(MOVED)) == (Opinion.BANNED, SAID)

    def test_a_better_copy_of_the_same_length_keeps_it(self, store: HearingStore, tracks: TrackStore) -> None:
        heard(store)
        self.say(store)
        tracks.save(scanned(SONG, stamp=LATER))
        heard(store, number=7, hearing=replace(HEARING, frames=HEARING.frames + 900))
        assert (row(store).opinion, store.correction(SONG)) == (Opinion.LIKED, SAID)

    def test_another_edit_keeps_only_the_opinion(self, store: HearingStore, tracks: TrackStore) -> None:
        heard(store)
        self.say(store)
        tracks.save(scanned(SONG, stamp=LATER))
        heard(store, number=7, hearing=replace(HEARING, frames=HEARING.frames + 9 * RATE))
        assert (row(store).opinion, store.correction(SONG)) == (Opinion.LIKED, Correction())


def test_a_database_of_version_2_keeps_its_tracks_and_can_be_listened_to(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    with closing(open_database(file, MIGRATIONS[:2]).connect()) as connection:
        TrackStore(connection).save(scanned(SONG))
    with closing(open_database(file).connect()) as connection:
        store = HearingStore(connection)
        assert [row.path for row in store.rows()] == [SONG]
        heard(store)
        assert row(store).is_heard
    assert file.with_name("old.sqlite.backup-v2").exists()


def test_fifty_thousand_rows_read_no_details(connection: sqlite3.Connection, store: HearingStore) -> None:
    """By the plan, not by time: one pass over the tracks, everything else by its key."""
    from nbd_tui.store import hearings

    plan = connection.execute(f"EXPLAIN QUERY PLAN {hearings._ROWS}").fetchall()
    words = " ".join(str(step[-1]) for step in plan)
    assert "hearing_details" not in words
    assert "TEMP B-TREE" not in words
    assert words.count("SCAN") == 1
