"""The collector over real folders and a real database."""

import os
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.playlists import pinned_files
from nbd_tui.library.scan import scan
from nbd_tui.model.track import Track
from nbd_tui.paths import asset
from nbd_tui.session.collector import FIRST_TRACKS, Collector
from nbd_tui.store.database import Database, open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import TrackStore
from nbd_tui.workout.phase import PhaseKind

PATIENCE_S = 20.0


def write_songs(folder: Path, count: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.wav" for number in range(count)]
    for path in paths:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8_000)
            file.writeframes(bytes(1_600))
    return paths


@pytest.fixture
def database(tmp_path: Path) -> Callable[[], Database]:
    return lambda: open_database(tmp_path / "data" / "nbd.sqlite")


@pytest.fixture
def collecting() -> Iterator[Callable[[Collector], Collector]]:
    """Starts collectors, and closes them at the end."""
    started: list[Collector] = []

    def start(collector: Collector) -> Collector:
        collector.start()
        started.append(collector)
        return collector

    yield start
    for collector in started:
        collector.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "collector"]


Start = Callable[[Collector], Collector]


def wait_until(met: Callable[[], object]) -> None:
    """Waits for another thread: a short sleep at a time, by an event nobody sets."""
    for _ in range(int(PATIENCE_S / 0.005)):
        if met():
            return
        threading.Event().wait(0.005)
    pytest.fail("waited in vain")


def collected(collector: Collector) -> Collector:
    wait_until(lambda: not collector.pool.growing)
    return collector


def paths(collector: Collector, kind: PhaseKind = PhaseKind.WORK) -> list[Path]:
    return sorted(track.path for track in collector.pool.tracks(kind))


def in_database(database: Callable[[], Database], folder: Path) -> list[Path]:
    with closing(database().connect()) as connection:
        return sorted(track.path for track in TrackStore(connection).tracks_below(folder))


def test_a_folder_never_seen_is_collected_and_stored(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    songs = write_songs(tmp_path / "music", 5)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    assert paths(collector) == songs
    assert in_database(database, tmp_path / "music") == songs
    assert collector.state == "5 tracks"


def test_the_first_tracks_of_a_folder_never_seen_are_there_before_its_scan_is_over(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_songs(tmp_path / "music", FIRST_TRACKS + 10)
    may_scan = threading.Event()

    def scan_when_told(*arguments: object, **options: object) -> object:
        assert may_scan.wait(PATIENCE_S)
        return scan(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("nbd_tui.library.scan.scan", scan_when_told)
    collector = collecting(Collector([tmp_path / "music"], {}, database))
    wait_until(lambda: len(collector.pool) == FIRST_TRACKS)
    assert collector.pool.growing
    assert "more are being found" in collector.state
    may_scan.set()
    assert len(paths(collected(collector))) == FIRST_TRACKS + 10


def test_what_the_database_knows_is_there_at_once_and_what_is_gone_leaves(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    songs = write_songs(tmp_path / "music", 4)
    collected(collecting(Collector([tmp_path / "music"], {}, database))).close()
    songs[0].unlink()
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    assert paths(collector) == songs[1:]


def test_a_relative_folder_is_the_same_as_its_whole_path(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = write_songs(tmp_path / "music", 3)
    monkeypatch.chdir(tmp_path)
    assert paths(collected(collecting(Collector([Path("music")], {}, database)))) == songs


def test_a_missing_folder_is_named_and_hides_no_other(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    songs = write_songs(tmp_path / "music", 2)
    collector = collected(collecting(Collector([tmp_path / "gone", tmp_path / "music"], {}, database)))
    assert paths(collector) == songs
    assert "gone" in collector.state
    assert collector.state.startswith("2 tracks")
    assert collector.state.count("gone") == 1


def test_a_database_that_cannot_be_opened_costs_no_music(tmp_path: Path, collecting: Start) -> None:
    def broken() -> Database:
        raise LibraryError("the database cannot be used: locked", file=tmp_path / "nbd.sqlite")

    songs = write_songs(tmp_path / "music", 7)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, broken)))
    assert paths(collector) == songs
    assert "locked" in collector.state


def test_the_demo_needs_no_database(tmp_path: Path, collecting: Start) -> None:
    songs = write_songs(tmp_path / "demo", 6)
    collector = collected(collecting(Collector.of_demo(tmp_path / "demo", {})))
    assert paths(collector) == songs
    assert collector.state == collector.state_with("") == "6 demo tracks"
    assert collector.state_with("analysing 2 of 6") == "6 demo tracks – analysing 2 of 6"


def test_of_the_demo_is_known_what_was_heard_in_it_from_the_first_moment(
    collecting: Start, database: Callable[[], Database]
) -> None:
    collector = collected(collecting(Collector.of_demo(asset("demo"), {})))
    songs = collector.pool.catalogue(PhaseKind.WORK).songs
    assert [len(song.drops) for song in songs] == [0, 1, 1, 1, 0, 0]
    assert [round(track.bpm or 0.0) for track in collector.pool.tracks(PhaseKind.WORK)] == [90, 140, 132, 138, 118, 75]
    assert all(song.lufs is not None for song in songs)
    with closing(database().connect()) as connection:
        collector.learn(HearingStore(connection))
    assert collector.pool.catalogue(PhaseKind.WORK).songs == songs
    recall = collector.recall()
    hearing = recall.hearing(songs[1].path)
    assert hearing is not None
    assert hearing is collector.shipped(songs[1].path)
    assert hearing.drops[0].at_s == songs[1].drops[0].at_s
    assert recall.version == len(songs)


def test_a_failure_leaves_the_pool_and_is_stored(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    songs = write_songs(tmp_path / "music", 3)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    before = threading.active_count()
    for song in songs[:2]:
        collector.mark_failed(song, "it broke", own_fault=True)
    assert threading.active_count() <= before, "no thread per failure"
    assert paths(collector) == songs[2:]
    wait_until(lambda: in_database(database, tmp_path / "music") == songs[2:])


@pytest.mark.parametrize("own_fault", [True, False])
def test_what_failed_by_circumstances_is_back_with_the_next_scan(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, own_fault: bool
) -> None:
    songs = write_songs(tmp_path / "music", 3)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    collector.mark_failed(songs[0], "the drive was gone", own_fault)
    wait_until(lambda: in_database(database, tmp_path / "music") == songs[1:])
    collector.close()
    again = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    assert paths(again) == (songs[1:] if own_fault else songs)


def test_a_failure_during_the_scan_does_not_come_back_with_it(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = write_songs(tmp_path / "music", 3)
    may_scan = threading.Event()

    def scan_when_told(*arguments: object, **options: object) -> object:
        assert may_scan.wait(PATIENCE_S)
        return scan(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("nbd_tui.library.scan.scan", scan_when_told)
    collector = collecting(Collector([tmp_path / "music"], {}, database))
    wait_until(lambda: len(collector.pool) == 3)
    collector.mark_failed(songs[1], "it broke", own_fault=True)
    may_scan.set()
    assert paths(collected(collector)) == [songs[0], songs[2]]


@pytest.mark.parametrize("stored", [True, False])
def test_what_could_not_be_read_is_known_with_its_reason(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, stored: bool
) -> None:
    [song] = write_songs(tmp_path / "music", 1)
    broken = tmp_path / "music" / "empty.mp3", tmp_path / "music" / "noise.flac"
    broken[0].touch()
    broken[1].write_bytes(b"no music at all" * 99)
    reasons = {broken[0]: "empty file (0 bytes)", broken[1]: "not audio"}
    for _ in range(2):
        collector = collected(collecting(Collector([tmp_path / "music"], {}, database if stored else None)))
        assert collector.pool.unread == reasons, "each time"
        collector.close()
    song.rename(broken[0])
    renewed = collected(collecting(Collector([tmp_path / "music"], {}, database if stored else None)))
    assert renewed.pool.unread == {broken[1]: "not audio"}


@pytest.mark.parametrize("stored", [True, False])
def test_a_folder_that_may_not_be_listed_is_named(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "music" / "locked"
    locked.mkdir(parents=True)

    def scandir(folder: str | Path) -> "os._ScandirIterator[str]":
        if Path(folder) == locked:
            raise PermissionError(13, "Permission denied")
        return real(folder)

    real = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database if stored else None)))
    assert collector.pool.unread == {locked: "locked: permission denied"}


@pytest.mark.parametrize(("files", "state"), [(0, "no tracks in "), (1, "1 track")])
def test_a_folder_with_next_to_nothing_is_told_in_words(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, files: int, state: str
) -> None:
    write_songs(tmp_path / "music", files)
    (tmp_path / "music").mkdir(exist_ok=True)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    assert collector.state == (state if files else f"{state}{tmp_path / 'music'}")


def test_a_drive_that_is_not_plugged_in_is_named(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    write_songs(tmp_path / "music", 2)
    collected(collecting(Collector([tmp_path / "music"], {}, database))).close()
    (tmp_path / "music").rename(tmp_path / "unplugged")
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    assert "music: not there; is its drive plugged in?" in collector.state


def test_close_ends_it_in_the_middle(tmp_path: Path, collecting: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def endless(_folder: Path, should_stop: Callable[[], bool], _on_failed: object) -> Iterator[Track]:
        number = 0
        while not should_stop():
            number += 1
            asked.set()
            yield Track(Path(f"/music/{number}"), "Endless")

    monkeypatch.setattr("nbd_tui.library.scan.quick_tracks", endless)
    collector = collecting(Collector.of_demo(tmp_path, {}))
    assert asked.wait(PATIENCE_S)
    collector.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "collector"]
    collector.close()


def test_pins_are_looked_at_by_the_thread_alone(
    tmp_path: Path, database: Callable[[], Database], collecting: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def noted(path: Path, on_missing: Callable[[str], None]) -> tuple[Path, ...]:
        seen.append(threading.current_thread().name)
        return pinned_files(path, on_missing)

    monkeypatch.setattr("nbd_tui.session.pins.pinned_files", noted)
    heavy, songs = write_songs(tmp_path / "heavy", 2), write_songs(tmp_path / "music", 2)
    collector = Collector([tmp_path / "music"], {PhaseKind.WORK: tmp_path / "heavy"}, database)
    collecting(collector)
    assert paths(collected(collector)) == heavy
    assert paths(collector, PhaseKind.REST) == songs
    assert seen == ["collector"]


def test_what_is_missing_of_a_pin_is_told(tmp_path: Path, database: Callable[[], Database], collecting: Start) -> None:
    songs = write_songs(tmp_path / "music", 2)
    (tmp_path / "calm.m3u").write_text("music/000.wav\nmusic/gone.wav\nmusic/001.wav\nhttp://radio/x.mp3\n")
    pins = {PhaseKind.REST: tmp_path / "calm.m3u", PhaseKind.WORK: tmp_path / "nowhere"}
    collector = collected(collecting(Collector([tmp_path / "music"], pins, database)))
    assert paths(collector, PhaseKind.REST) == songs
    assert "2 of 4 files of calm.m3u are missing" in collector.state
    assert "work pin nowhere: there is no such file or folder; other music plays" in collector.state


def test_a_pin_of_broken_files_only_pins_nothing(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    songs = write_songs(tmp_path / "music", 2)
    (tmp_path / "broken.mp3").write_bytes(b"")
    collector = Collector([tmp_path / "music"], {PhaseKind.WORK: tmp_path / "broken.mp3"}, database)
    assert paths(collected(collecting(collector))) == songs
    assert "none of its files can be read" in collector.state


def test_names_that_are_not_utf8_survive(tmp_path: Path, database: Callable[[], Database], collecting: Start) -> None:
    [song] = write_songs(tmp_path / "music", 1)
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "music") + b"/\xff\xfe.wav"))
    try:
        song.rename(odd)
    except OSError:
        pytest.skip("this file system wants UTF-8")
    assert paths(collected(collecting(Collector([tmp_path / "music"], {}, database)))) == [odd]


def test_what_is_started_twice_collects_once(
    tmp_path: Path, database: Callable[[], Database], collecting: Start
) -> None:
    write_songs(tmp_path / "music", 2)
    collector = collected(collecting(Collector([tmp_path / "music"], {}, database)))
    collector.start()
    assert not collector.pool.growing
    assert len(paths(collector)) == 2
