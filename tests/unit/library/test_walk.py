import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.walk import UnreadFolder, is_audio, require_folder, walk

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are special on Windows")


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def found(root: Path, *more: Path) -> list[str]:
    return [Path(file.path).relative_to(root).as_posix() for file in walk([root, *more])]


def test_finds_audio_by_its_ending_in_order_of_names(tmp_path: Path) -> None:
    make(tmp_path, "b/2.flac", "b/1.MP3", "a/x/3.opus", "c.wav", "a/cover.jpg", "notes.txt", "mp3", "d.wma")
    assert found(tmp_path) == ["c.wav", "d.wma", "a/x/3.opus", "b/1.MP3", "b/2.flac"]


def test_says_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "a.mp3")
    os.utime(tmp_path / "a.mp3", ns=(0, 1_700_000_000_000_000_000))
    (file,) = walk([tmp_path])
    assert (file.size, file.mtime_ns) == (1, 1_700_000_000_000_000_000)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".a/1.mp3", "._2.mp3", "@eaDir/3.mp3", "$RECYCLE.BIN/4.mp3", "5.mp3")
    assert found(tmp_path) == ["5.mp3"]


def test_a_hidden_folder_that_was_asked_for_is_walked(tmp_path: Path) -> None:
    make(tmp_path, ".music/1.mp3")
    assert found(tmp_path / ".music") == ["1.mp3"]


@posix
def test_circles_of_links_end_and_nothing_is_found_twice(tmp_path: Path) -> None:
    make(tmp_path, "a/1.mp3", "b/2.mp3")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "A-first").symlink_to(tmp_path / "b", target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert found(tmp_path) == ["a/1.mp3", "b/2.mp3"]


@posix
def test_links_to_other_places_are_followed(tmp_path: Path) -> None:
    make(tmp_path / "elsewhere", "1.mp3", "x/2.mp3")
    root = tmp_path / "root"
    root.mkdir()
    (root / "folder").symlink_to(tmp_path / "elsewhere" / "x", target_is_directory=True)
    (root / "song.mp3").symlink_to(tmp_path / "elsewhere" / "1.mp3")
    (root / "broken.mp3").symlink_to(tmp_path / "nowhere")
    assert found(root) == ["song.mp3", "folder/2.mp3"]


@posix
def test_what_only_looks_like_a_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    make(tmp_path, "album.mp3/1.mp3")
    assert found(tmp_path) == ["album.mp3/1.mp3"]


def test_overlapping_folders_are_walked_once(tmp_path: Path) -> None:
    make(tmp_path, "a/1.mp3")
    assert found(tmp_path, tmp_path / "a") == ["a/1.mp3"]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/1.mp3", "b/2.mp3")
    real = os.scandir

    def scandir(path: str) -> "os._ScandirIterator[str]":
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    unread: list[UnreadFolder] = []
    assert [Path(file.path).name for file in walk([tmp_path], unread.append)] == ["2.mp3"]
    assert unread == [UnreadFolder(tmp_path / "a", "Permission denied")]


@posix
def test_a_folder_whose_files_may_not_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one with the right to list it and no right to enter it; a link to such a place is passed over."""
    make(tmp_path, "a/1.mp3", "b/2.mp3", "elsewhere/3.mp3")
    (tmp_path / "b" / "0.mp3").symlink_to(tmp_path / "elsewhere" / "3.mp3")
    real = os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path = entry.name, entry.path
            self.is_dir, self.is_symlink = entry.is_dir, entry.is_symlink
            self._stat = entry.stat

        def stat(self) -> os.stat_result:
            if self.name in {"0.mp3", "1.mp3"}:
                raise PermissionError(13, "Permission denied", self.path)
            return self._stat()

    @contextmanager
    def scandir(path: str) -> Iterator[list[Entry]]:
        with real(path) as entries:
            yield list(map(Entry, entries))

    monkeypatch.setattr(os, "scandir", scandir)
    unread: list[UnreadFolder] = []
    names = [Path(file.path).name for file in walk([tmp_path / "a", tmp_path / "b"], unread.append)]
    assert (names, unread) == (["2.mp3"], [UnreadFolder(tmp_path / "a", "Permission denied")])


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names there are always Unicode")
def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.mp3")).write_bytes(b"x")
    (file,) = walk([tmp_path])
    assert os.fsencode(file.path).endswith(b"/\xff.mp3")


def test_a_folder_must_be_there_and_be_one(tmp_path: Path) -> None:
    make(tmp_path, "a.mp3")
    require_folder(tmp_path)
    with pytest.raises(LibraryError, match="this is a file"):
        require_folder(tmp_path / "a.mp3")
    with pytest.raises(LibraryError, match="no such folder"):
        require_folder(tmp_path / "b")
    with pytest.raises(LibraryError, match="folder"):
        require_folder(tmp_path / ("x" * 5000))


@pytest.mark.parametrize(
    ("name", "audio"), [("a.mp3", True), ("a.OGG", True), ("a.txt", False), ("mp3", False), (".mp3", False)]
)
def test_endings(name: str, audio: bool) -> None:
    assert is_audio(name) is audio
