"""`nbd presets` and `nbd scan`."""

import io
import os
import sys
import wave
from pathlib import Path

import pytest

from nbd_tui.store.presets import BUILTIN_ORDER
from tests.unit.cli.conftest import Nbd


def write_songs(folder: Path, count: int, length_s: float = 0.1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        with wave.open(str(folder / f"{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8_000)
            file.writeframes(bytes(2 * round(8_000 * length_s)))


def test_presets_are_listed_with_their_lengths(nbd: Nbd, config: Path) -> None:
    (config / "presets" / "mine.toml").write_text(
        'name = "Mine"\n[[blocks]]\nphases = [{ kind = "work", duration = 90 }, { kind = "rest", duration = 5 }]\n'
        '[[blocks]]\nphases = [{ kind = "work", duration = "open" }]\n',
        encoding="utf-8",
    )
    told = nbd("presets")
    assert told.code == 0
    assert [line.split()[0] for line in told.out.splitlines() if line][: len(BUILTIN_ORDER) + 1] == [
        "mine",
        *BUILTIN_ORDER,
    ]
    assert "1:30 + open" in told.out
    assert "(yours)" in told.out


def test_a_broken_preset_hides_no_other(nbd: Nbd, config: Path) -> None:
    (config / "presets" / "broken.toml").write_text("name = 5", encoding="utf-8")
    told = nbd("presets")
    assert told.code == 2
    assert "broken.toml" in told.out
    assert "tabata" in told.out
    assert "Traceback" not in told.out + told.err


def test_presets_whose_music_is_missing_are_listed_with_it(nbd: Nbd, config: Path, tmp_path: Path) -> None:
    write_songs(tmp_path / "songs", 1)
    (tmp_path / "empty").mkdir()
    (config / "presets" / "mine.toml").write_text(
        'name = "Mine"\n[[blocks]]\nphases = [{ kind = "work", duration = 90 }]\n[music.pins]\n'
        f'work = "{(tmp_path / "songs").as_posix()}"\nrest = "gone.m3u"\nbreak = "{(tmp_path / "empty").as_posix()}"\n',
        encoding="utf-8",
    )
    told = nbd("presets")
    assert told.code == 0
    assert "music.pins.work" not in told.out
    rest = next(line for line in told.out.splitlines() if "music.pins.rest" in line)
    assert rest.endswith("gone.m3u: there is no such file or folder; other music plays")
    assert "empty: there is no audio file in it; other music plays" in told.out


def test_a_scan_counts_and_names_what_it_cannot_read(nbd: Nbd, tmp_path: Path) -> None:
    write_songs(tmp_path / "music", 3)
    (tmp_path / "music" / "empty.mp3").write_bytes(b"")
    told = nbd("scan", tmp_path / "music")
    assert told.code == 0
    assert "4 files" in told.out
    assert "3 new" in told.out
    assert "empty.mp3" in told.out
    write_songs(tmp_path / "music", 4)
    (tmp_path / "music" / "0.wav").unlink()
    told = nbd("scan", tmp_path / "music")
    assert "1 new" in told.out
    assert "1 gone" in told.out
    assert told.err == ""


def test_a_folder_of_the_settings_is_scanned(nbd: Nbd, config: Path, tmp_path: Path) -> None:
    write_songs(tmp_path / "music", 2)
    (config / "settings.toml").write_text(
        f'[music]\nfolders = ["{(tmp_path / "music").as_posix()}"]\n', encoding="utf-8"
    )
    assert "2 new" in nbd("scan").out


def test_a_folder_that_workouts_do_not_play_is_told(nbd: Nbd, config: Path, tmp_path: Path) -> None:
    music, other = tmp_path / "music", tmp_path / "other"
    write_songs(music / "rock", 1)
    write_songs(other, 1)
    (config / "settings.toml").write_text(f'[music]\nfolders = ["{music.as_posix()}"]\n')
    assert "is not one of your music folders" not in nbd("scan", music / "rock").out
    assert "other is not one of your music folders" in nbd("scan", other).out


def test_a_folder_of_unreadable_files_only_says_so_each_time(nbd: Nbd, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    for number in range(4):
        (tmp_path / "music" / f"{number}.mp3").write_bytes(b"")
    for _ in range(2):
        told = nbd("scan", tmp_path / "music")
        assert told.code == 0
        assert told.out.splitlines()[0] == "4 files, none could be read"
        assert told.out.count("! ") == 4


@pytest.mark.parametrize("by_settings", [True, False])
def test_a_missing_folder_keeps_no_other_from_being_scanned(
    nbd: Nbd, config: Path, tmp_path: Path, by_settings: bool
) -> None:
    write_songs(tmp_path / "music", 2)
    folders = [tmp_path / "gone", tmp_path / "music"]
    listed = ", ".join(f'"{folder.as_posix()}"' for folder in folders)
    (config / "settings.toml").write_text(f"[music]\nfolders = [{listed}]\n", encoding="utf-8")
    told = nbd("scan", *(() if by_settings else folders))
    assert told.code == 1
    assert "2 new" in told.out
    assert "gone: there is no such folder" in told.out


def test_folders_that_are_all_missing_are_refused(nbd: Nbd, tmp_path: Path) -> None:
    told = nbd("scan", tmp_path / "gone", tmp_path / "away")
    assert told.code == 2
    assert "gone: there is no such folder" in told.err


def test_a_folder_inside_that_may_not_be_read_is_named(
    nbd: Nbd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_songs(tmp_path / "music", 1)
    write_songs(tmp_path / "music" / "locked", 1)
    scandir = os.scandir

    def refuse(path: str | Path = ".") -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    told = nbd("scan", tmp_path / "music")
    assert told.code == 1
    assert "locked" in told.out
    assert "1 new" in told.out


def test_without_a_folder_the_systems_is_read_only_after_a_yes(
    nbd: Nbd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_songs(tmp_path / "Music", 2)
    monkeypatch.setattr("platformdirs.user_music_path", lambda: tmp_path / "Music")
    told = nbd("scan")
    assert told.code == 2
    assert "no music folder is set" in told.err
    assert "hint" in told.err
    assert "2 new" in nbd("scan", "--yes").out


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("YES\n", 0), ("n\n", 2), ("\n", 2)])
def test_a_terminal_is_asked(nbd: Nbd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    write_songs(tmp_path / "Music", 2)
    monkeypatch.setattr("platformdirs.user_music_path", lambda: tmp_path / "Music")
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert nbd("scan").code == code


def test_there_may_be_no_music_folder_at_all(nbd: Nbd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_music_path", lambda: tmp_path / "gone")
    assert nbd("scan", "--yes").code == 2
