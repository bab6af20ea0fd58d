import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbd_tui.errors import LibraryError
from nbd_tui.library.playlists import Playlist, pinned_files, read_playlist


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.mp3", "sub/b.flac", "Ü [x].ogg", "cover.jpg"):
        path = tmp_path / "music" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "music"


def playlist(folder: Path, content: str | bytes, name: str = "list.m3u") -> Playlist:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_playlist(path)


def test_relative_and_absolute_entries_in_their_order(folder: Path) -> None:
    found = playlist(
        folder, f"#EXTM3U\n#EXTINF:12,Artist - A\nsub/b.flac\n\n  a.mp3 \r\n{folder / 'a.mp3'}\n./sub/../a.mp3"
    )
    assert found == Playlist((folder / "sub" / "b.flac", *[folder / "a.mp3"] * 3))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(folder: Path, encoding: str, end: str) -> None:
    content = end.join(["#EXTM3U", "Ü [x].ogg", "a.mp3"]).encode(encoding)
    assert playlist(folder, content).files == (folder / "Ü [x].ogg", folder / "a.mp3")


def test_what_is_not_there_is_reported_as_written(folder: Path) -> None:
    found = playlist(folder, "gone.mp3\na.mp3\nhttp://radio.example/stream.mp3\ncover.jpg\nsub\nother.m3u\nx\x00.mp3\n")
    assert found.files == (folder / "a.mp3",)
    assert found.missing == (
        "gone.mp3",
        "http://radio.example/stream.mp3",
        "cover.jpg",
        "sub",
        "other.m3u",
        "x\x00.mp3",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the separator is its own there")
def test_playlists_made_on_windows(folder: Path) -> None:
    assert playlist(folder, "sub\\b.flac\r\n").files == (folder / "sub" / "b.flac",)


def test_file_addresses(folder: Path) -> None:
    assert playlist(folder, (folder / "Ü [x].ogg").as_uri()).files == (folder / "Ü [x].ogg",)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names there are always Unicode")
def test_names_that_are_not_utf8(folder: Path) -> None:
    odd = folder / os.fsdecode(b"caf\xff.mp3")
    odd.write_bytes(b"x")
    assert playlist(folder, b"caf\xff.mp3\n").files == (odd,)


def test_a_pin_may_be_a_track_a_folder_or_a_playlist(folder: Path) -> None:
    (folder / "list.M3U8").write_text("a.mp3\ngone.mp3\n", encoding="utf-8")
    missing: list[str] = []
    assert pinned_files(folder / "a.mp3") == (folder / "a.mp3",)
    assert pinned_files(folder) == (folder / "a.mp3", folder / "Ü [x].ogg", folder / "sub" / "b.flac")
    assert pinned_files(folder / "list.M3U8", missing.append) == (folder / "a.mp3",)
    assert missing == ["gone.mp3"]


def test_a_pin_with_nothing_to_play_is_a_mistake(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "list.m3u").write_text("#nothing\n", encoding="utf-8")
    for name in ("empty", "list.m3u", "cover.jpg", "nowhere.mp3"):
        with pytest.raises(LibraryError) as caught:
            pinned_files(folder / name)
        assert name in str(caught.value)
    (folder / "list.m3u").write_text("gone.mp3\nlost.mp3\n", encoding="utf-8")
    with pytest.raises(LibraryError, match="none of its 2 files is there"):
        pinned_files(folder / "list.m3u")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are special on Windows")
@pytest.mark.parametrize("name", ["pipe.mp3", "pipe.m3u"])
def test_what_would_be_read_for_ever_is_no_pin(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    with pytest.raises(LibraryError, match="not an ordinary file"):
        pinned_files(folder / name)


def test_a_pin_that_no_file_system_can_have_says_why(folder: Path) -> None:
    with pytest.raises(LibraryError):
        pinned_files(folder / ("x" * 5000))


def test_a_huge_file_is_no_playlist(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbd_tui.library.playlists.LARGEST_PLAYLIST", 10)
    with pytest.raises(LibraryError, match="too large"):
        playlist(folder, "a.mp3\n" * 10)


def test_a_playlist_that_cannot_be_read_says_why(folder: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be read"):
        read_playlist(folder / "nowhere.m3u")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_read(folder: Path, content: bytes) -> None:
    found = playlist(folder, content)
    assert all(path.is_file() for path in found.files)
