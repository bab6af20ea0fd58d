import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.scan import ScanProgress, ScanReport, quick_tracks, scan
from nbd_tui.store.database import Database, open_database
from nbd_tui.store.tracks import TrackCounts, TrackStore
from tests.unit.library.audio_files import FORMATS, mp3


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(tmp_path / "nbd.sqlite")


@pytest.fixture
def store(database: Database) -> Iterator[TrackStore]:
    with closing(database.connect()) as connection:
        yield TrackStore(connection)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Four files in two folders."""
    folder = tmp_path / "music"
    for place, (ending, make) in enumerate(FORMATS.items()):
        put(folder / f"album {place % 2}" / f"{place}.{ending}", make({"TITLE": f"Title {place}", "ARTIST": "A"}, b""))
    return folder


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def titles(store: TrackStore) -> list[str]:
    return sorted(track.title for track in store.all_tracks())


def after(calls: int) -> Callable[[], bool]:
    """A stop that comes at the given call."""
    numbers = count(1)
    return lambda: next(numbers) >= calls


def test_a_first_scan_stores_every_file(music: Path, store: TrackStore) -> None:
    assert scan([music], store) == ScanReport(found=4, added=4)
    assert titles(store) == ["Title 0", "Title 1", "Title 2", "Title 3"]


def test_a_second_scan_reads_nothing(music: Path, store: TrackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    scan([music], store)
    monkeypatch.setattr("nbd_tui.library.scan.read_track", lambda path: pytest.fail(f"read {path} again"))
    assert scan([music], store) == ScanReport(found=4, unchanged=4)


def test_only_what_changed_is_read_again(music: Path, store: TrackStore) -> None:
    scan([music], store)
    put(music / "album 0" / "0.mp3", mp3({"TITLE": "A longer new title"}))
    touched = music / "album 1" / "1.flac"
    os.utime(touched, ns=(0, touched.stat().st_mtime_ns + 1))
    put(music / "new.mp3", mp3({"TITLE": "New"}))
    assert scan([music], store) == ScanReport(found=5, added=1, changed=2, unchanged=2)
    assert titles(store) == ["A longer new title", "New", "Title 1", "Title 2", "Title 3"]


def test_what_is_gone_leaves_and_comes_back_without_reading(
    music: Path, store: TrackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan([music], store)
    away = shutil.move(music / "album 0", tmp_path / "away")
    assert scan([music], store) == ScanReport(found=2, unchanged=2, gone=2)
    assert titles(store) == ["Title 1", "Title 3"]
    assert scan([music], store) == ScanReport(found=2, unchanged=2)
    shutil.move(away, music / "album 0")
    monkeypatch.setattr("nbd_tui.library.scan.read_track", lambda path: pytest.fail(f"read {path} again"))
    assert scan([music], store) == ScanReport(found=4, unchanged=2, back=2)
    assert store.counts() == TrackCounts(tracks=4)


def test_a_renamed_file_is_one_gone_and_one_new(music: Path, store: TrackStore) -> None:
    scan([music], store)
    (music / "album 0" / "0.mp3").rename(music / "renamed.mp3")
    report = scan([music], store)
    assert (report.added, report.gone) == (1, 1)
    assert len(titles(store)) == 4


def test_other_folders_are_left_alone(music: Path, store: TrackStore) -> None:
    scan([music], store)
    shutil.rmtree(music / "album 0")
    assert scan([music / "album 1"], store).gone == 0
    assert len(titles(store)) == 4


def test_a_drive_that_is_not_there_keeps_its_tracks(music: Path, store: TrackStore, tmp_path: Path) -> None:
    scan([music], store)
    other = put(tmp_path / "other" / "x.mp3", mp3({"TITLE": "X"})).parent
    music.rename(tmp_path / "unplugged")
    report = scan([music, other], store)
    assert (report.missing, report.gone, report.added) == ((music,), 0, 1)
    assert len(titles(store)) == 5


def test_the_empty_place_of_an_unmounted_drive_keeps_its_tracks(music: Path, store: TrackStore) -> None:
    scan([music], store)
    shutil.rmtree(music)
    music.mkdir()
    report = scan([music], store)
    assert (report.missing, report.gone, report.found) == ((music,), 0, 0)
    assert len(titles(store)) == 4


def test_a_folder_that_cannot_be_listed_keeps_its_tracks(
    music: Path, store: TrackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan([music], store)
    real = os.scandir

    def scandir(path: str) -> "os._ScandirIterator[str]":
        if str(path).endswith("album 1"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = scan([music], store)
    assert [(unread.path, unread.reason) for unread in report.unread] == [(music / "album 1", "Permission denied")]
    assert report.gone == 0
    assert len(titles(store)) == 4


def test_a_missing_folder_or_a_file_is_the_users_mistake(music: Path, store: TrackStore) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        scan([music, music / "nowhere"], store)
    with pytest.raises(LibraryError, match="this is a file"):
        scan([music / "album 0" / "0.mp3"], store)
    assert titles(store) == []


def test_an_empty_folder_is_no_mistake(tmp_path: Path, store: TrackStore) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert scan([empty], store) == ScanReport()


def test_overlapping_folders_count_once(music: Path, store: TrackStore) -> None:
    assert scan([music / "album 0", music, music / "album 1" / ".."], store).found == 4


def test_files_that_cannot_be_read_are_listed_with_the_reason(music: Path, store: TrackStore) -> None:
    put(music / "empty.mp3", b"")
    put(music / "page.mp3", b"<html>" * 1000)
    report = scan([music], store)
    assert {(failure.path.name, failure.reason) for failure in report.failures} == {
        ("empty.mp3", "empty file (0 bytes)"),
        ("page.mp3", "not audio"),
    }
    assert report.added == 4
    again = scan([music], store)
    assert (again.unchanged, again.failures) == (6, report.failures)


def test_a_repaired_file_is_a_track_and_a_broken_one_no_more(music: Path, store: TrackStore) -> None:
    broken = put(music / "a.mp3", b"")
    scan([music], store)
    put(broken, mp3({"TITLE": "Repaired"}))
    put(music / "album 0" / "0.mp3", b"no music any more")
    report = scan([music], store)
    assert [failure.path.name for failure in report.failures] == ["0.mp3"]
    assert report.added == 1
    assert "Repaired" in titles(store)
    assert "Title 0" not in titles(store)


def test_a_failure_whose_file_is_gone_is_forgotten(music: Path, store: TrackStore) -> None:
    broken = put(music / "a.mp3", b"")
    scan([music], store)
    broken.unlink()
    report = scan([music], store)
    assert (report.failures, report.gone) == ((), 0)


def test_a_refused_file_is_tried_again_though_it_looks_the_same(
    music: Path, store: TrackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refuse(path: Path, *args: object, **more: object) -> object:
        if path.name == "0.mp3":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert [failure.reason for failure in scan([music], store).failures] == ["permission denied"]
    assert scan([music], store).failures == ()
    assert len(titles(store)) == 4


def test_a_file_that_vanishes_meanwhile_is_neither(music: Path, store: TrackStore) -> None:
    def vanish(progress: ScanProgress) -> None:
        if progress.path.endswith("0.mp3"):
            Path(progress.path).unlink()

    report = scan([music], store, vanish)
    assert (report.added, report.failures) == (3, ())


def test_a_stopped_scan_keeps_what_it_read_and_marks_nothing(music: Path, store: TrackStore) -> None:
    scan([music], store)
    shutil.rmtree(music / "album 1")
    for number in range(10):
        put(music / f"{number}.mp3", mp3({"TITLE": f"New {number}"}))
    report = scan([music], store, should_stop=after(4))
    assert (report.stopped, report.added, report.gone) == (True, 3, 0)
    assert len(titles(store)) == 7
    rest = scan([music], store)
    assert (rest.stopped, rest.added, rest.gone) == (False, 7, 2)


def test_a_scan_stopped_while_walking_marks_nothing(music: Path, store: TrackStore) -> None:
    for number in range(50):
        put(music / f"{number:02}.mp3", mp3({}, frames=2))
    scan([music], store)
    report = scan([music], store, should_stop=lambda: True)
    assert report.stopped
    assert report.found < 54
    assert report.gone == 0
    assert store.counts().tracks == 54


def test_an_interrupted_scan_keeps_what_it_read(music: Path, store: TrackStore) -> None:
    def interrupt(progress: ScanProgress) -> None:
        if progress.read == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan([music], store, interrupt)
    assert len(titles(store)) == 2


def test_progress_counts_up_to_the_end(music: Path, store: TrackStore) -> None:
    put(music / "a.mp3", b"")
    told: list[ScanProgress] = []
    scan([music], store, told.append)
    assert told[-1] == ScanProgress(found=5, to_read=5, read=5, failed=1)
    assert [progress.read for progress in told] == sorted(progress.read for progress in told)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names there are always Unicode")
def test_names_that_are_not_utf8_are_scanned_once(music: Path, store: TrackStore) -> None:
    put(music / os.fsdecode(b"caf\xe9.mp3"), mp3({}))
    assert scan([music], store).added == 5
    assert scan([music], store).unchanged == 5
    assert "caf\ufffd" in titles(store)


def test_the_app_reads_while_a_thread_scans(music: Path, database: Database, store: TrackStore) -> None:
    for number in range(300):
        put(music / f"{number}.mp3", mp3({"TITLE": str(number)}, frames=2))
    counts = []

    def work() -> None:
        with closing(database.connect()) as connection:
            scan([music], TrackStore(connection), lambda _: counts.append(0))

    worker = Thread(target=work)
    worker.start()
    seen = []
    while worker.is_alive():
        seen.append(store.counts().tracks)
    worker.join(30)
    assert seen == sorted(seen)
    assert store.counts().tracks == 304


def test_quick_tracks_come_one_by_one(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(music / "a.mp3", b"not music")
    tracks = quick_tracks(music)
    assert next(tracks).title == "Title 0"
    monkeypatch.setattr("nbd_tui.library.scan.read_track", lambda path: pytest.fail(f"read {path} too early"))
    tracks.close()  # type: ignore[attr-defined]


def test_quick_tracks_pass_over_what_is_no_music_and_stop(music: Path) -> None:
    put(music / "a.mp3", b"not music")
    assert [track.title for track in quick_tracks(music)] == ["Title 0", "Title 2", "Title 1", "Title 3"]
    assert len(list(quick_tracks(music, after(3)))) == 1


def test_quick_tracks_need_a_folder(tmp_path: Path) -> None:
    with pytest.raises(LibraryError):
        next(quick_tracks(tmp_path / "nowhere"))
