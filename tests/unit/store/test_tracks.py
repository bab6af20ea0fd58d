import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbd_tui.model.track import Track
from nbd_tui.store.database import open_database
from nbd_tui.store.tracks import Failure, FileStamp, KnownFile, ScannedTrack, TrackCounts, TrackStore

STAMP = FileStamp(1000, 1_700_000_000_123_456_789)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TrackStore]:
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        yield TrackStore(connection)


def name(path: str) -> str:
    """The path as this system writes it."""
    return str(Path(path))


def scanned(*paths: str | Path) -> list[ScannedTrack]:
    return [ScannedTrack(Track(Path(path), Path(path).stem), STAMP) for path in paths]


def test_a_track_comes_back_as_it_was(store: TrackStore) -> None:
    track = Track(Path("/m/a.mp3"), "[/red] \U0001f525", "Ärtist", "Al'bum", 'Ro"ck', 2008, 181.25, 132.5, -7.34)
    bare = Track(Path("/m/b.mp3"), "b")
    store.save([ScannedTrack(track, STAMP), ScannedTrack(bare, STAMP)])
    assert store.all_tracks() == [track, bare]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names there are always Unicode")
def test_names_that_are_not_utf8_survive(store: TrackStore) -> None:
    path = Path(os.fsdecode(b"/m/\xff\xe9.mp3"))
    store.save([ScannedTrack(Track(path, "x"), STAMP)], [Failure(Path(os.fsdecode(b"/m/\xfe")), "not audio")])
    assert os.fsencode(store.all_tracks()[0].path) == b"/m/\xff\xe9.mp3"
    assert os.fsencode(store.failures()[0].path) == b"/m/\xfe"


def test_saving_again_replaces(store: TrackStore) -> None:
    store.save(scanned("/m/a.mp3"))
    store.save([ScannedTrack(Track(Path("/m/a.mp3"), "new title"), FileStamp(5, 6))])
    assert [track.title for track in store.all_tracks()] == ["new title"]
    assert store.known_files(Path("/m")) == {name("/m/a.mp3"): KnownFile(5, 6, gone=False, failed=False)}


def test_below_means_inside_the_folder_only(store: TrackStore) -> None:
    store.save(scanned("/m/a.mp3", "/m/b/c.mp3", "/m2/d.mp3", "/m.mp3", "/m-/e.mp3"))
    assert [str(track.path) for track in store.tracks_below(Path("/m"))] == [name("/m/a.mp3"), name("/m/b/c.mp3")]
    assert store.count_below(Path("/m")) == 2
    assert store.count_below(Path("/")) == 5
    assert set(store.known_files(Path("/m/b"))) == {name("/m/b/c.mp3")}


def test_gone_tracks_leave_the_listings_and_may_come_back(store: TrackStore) -> None:
    store.save(scanned("/m/a.mp3", "/m/b.mp3"))
    store.mark_gone([name("/m/a.mp3")])
    assert [track.title for track in store.all_tracks()] == ["b"]
    assert store.known_files(Path("/m"))[name("/m/a.mp3")].gone
    assert store.counts() == TrackCounts(tracks=1, gone=1)
    store.mark_back([Path("/m/a.mp3")])
    assert store.counts() == TrackCounts(tracks=2)


def test_a_path_is_a_track_or_a_failure_never_both(store: TrackStore) -> None:
    failure = Failure(Path("/m/a.mp3"), "not audio", STAMP)
    store.save(scanned("/m/a.mp3"))
    store.save([], [failure])
    assert (store.all_tracks(), store.failures()) == ([], (failure,))
    store.save(scanned("/m/a.mp3"))
    assert store.counts() == TrackCounts(tracks=1)


def test_failures_below_a_folder_and_their_end(store: TrackStore) -> None:
    store.save([], [Failure(Path("/m/a.mp3"), "permission denied"), Failure(Path("/n/a.mp3"), "not audio", STAMP)])
    assert [failure.reason for failure in store.failures(Path("/m"))] == ["permission denied"]
    store.mark_gone([name("/m/a.mp3")])
    assert [failure.reason for failure in store.failures()] == ["not audio"]


def test_a_track_that_failed_while_playing_stays_away_until_it_changes(store: TrackStore) -> None:
    store.save(scanned("/m/a.mp3"))
    store.mark_unplayable(Path("/m/a.mp3"), "decoder died", own_fault=True)
    store.mark_unplayable(Path("/m/unknown.mp3"), "decoder died", own_fault=True)
    assert store.all_tracks() == []
    assert store.failures() == (
        Failure(Path("/m/a.mp3"), "decoder died", STAMP),
        Failure(Path("/m/unknown.mp3"), "decoder died"),
    )


def test_a_track_that_failed_through_no_fault_of_its_own_is_read_again_by_the_next_scan(store: TrackStore) -> None:
    store.save(scanned("/m/a.mp3"))
    store.mark_unplayable(Path("/m/a.mp3"), "the drive is gone", own_fault=False)
    assert store.all_tracks() == []
    assert store.failures() == (Failure(Path("/m/a.mp3"), "the drive is gone", None),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 2**63 - 1))
def test_any_text_and_time_survives(store: TrackStore, text: str, mtime_ns: int) -> None:
    track = Track(Path("/m/a.mp3"), text, text, text, text)
    store.save([ScannedTrack(track, FileStamp(0, mtime_ns))])
    assert store.all_tracks() == [track]
    assert store.known_files(Path("/m"))[name("/m/a.mp3")].mtime_ns == mtime_ns
