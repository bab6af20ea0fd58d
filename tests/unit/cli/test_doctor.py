"""`nbd doctor`: it looks, tells everything it can, and leaves no trace."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from nbd_tui.cli.wiring import Program
from nbd_tui.player.protocol import FromPlayer
from nbd_tui.settings import Settings
from nbd_tui.store.database import open_database
from tests.unit.cli.conftest import Nbd


class QuietSound:
    """A sound that is ready at once."""

    ready = True
    output = "vlc"
    reason = ""

    def poll(self) -> Sequence[FromPlayer]:
        return ()


@pytest.fixture
def sounding(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings each sound was begun with."""
    begun: list[Settings] = []

    def sound(program: Program, _output: str | None) -> QuietSound:
        begun.append(program.settings)
        return QuietSound()

    monkeypatch.setattr(Program, "sound", sound)
    return begun


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() if file.is_file() else b"" for file in folder.rglob("*")}


def test_all_is_well_and_nothing_is_made(nbd: Nbd, isolated_user_dirs: Path, sounding: list[Settings]) -> None:
    told = nbd("doctor", "--silent")
    assert told.code == 0
    for word in (
        "nbd-tui ",
        "packages ",
        "libVLC ",
        "settings ",
        "presets ",
        "data ",
        "no folder is set",
        "output      vlc",
    ):
        assert word in told.out
    assert tree(isolated_user_dirs) == {}


def test_silence_is_told_by_the_exit_code(nbd: Nbd, sounding: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietSound, "output", "silent")
    monkeypatch.setattr(QuietSound, "reason", "no sound device")
    told = nbd("doctor")
    assert told.code == 1
    assert "output      silent (no sound device)" in told.out
    assert "test bell" not in told.out


def test_a_database_is_only_read(nbd: Nbd, config: Path, isolated_user_dirs: Path, sounding: list[Settings]) -> None:
    music = isolated_user_dirs / "music"
    music.mkdir()
    gone = isolated_user_dirs / "gone"
    (config / "settings.toml").write_text(
        f'[music]\nfolders = ["{music.as_posix()}", "{gone.as_posix()}"]\n', encoding="utf-8"
    )
    open_database(isolated_user_dirs / "data" / "data" / "nbd.sqlite")
    before = tree(isolated_user_dirs)
    told = nbd("doctor", "--silent")
    assert told.code == 0
    assert "music: never scanned" in told.out
    assert "gone: not there" in told.out
    assert tree(isolated_user_dirs) == before


def test_broken_settings_are_told_and_all_else_is_shown(nbd: Nbd, config: Path, sounding: list[Settings]) -> None:
    (config / "settings.toml").write_text('[audio]\nmusic_volume = "loud"\n', encoding="utf-8")
    told = nbd("doctor", "--silent")
    assert told.code == 2
    assert "line 2: audio.music_volume" in told.out
    assert "output      vlc" in told.out
    assert "default" in told.out
    assert sounding == [Settings()]


def test_a_broken_database_is_told_and_left_alone(nbd: Nbd, isolated_user_dirs: Path, sounding: list[Settings]) -> None:
    database = isolated_user_dirs / "data" / "data" / "nbd.sqlite"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database " * 500)
    before = tree(isolated_user_dirs)
    told = nbd("doctor", "--silent")
    assert told.code == 2
    assert "the database cannot be used" in told.out
    assert "output      vlc" in told.out
    assert tree(isolated_user_dirs) == before


def test_presets_that_cannot_be_used_are_told(nbd: Nbd, config: Path, sounding: list[Settings]) -> None:
    (config / "presets" / "legs.toml").write_text("name = 5\n", encoding="utf-8")
    told = nbd("doctor", "--silent")
    assert "legs.toml: this preset cannot be used" in told.out


def test_music_that_is_asked_for_and_missing_is_told(nbd: Nbd, config: Path, sounding: list[Settings]) -> None:
    (config / "settings.toml").write_text('[music]\npins = { work = "heavy.m3u" }\n', encoding="utf-8")
    (config / "presets" / "legs.toml").write_text(
        'name = "Legs"\n[[blocks]]\nphases = [{ kind = "work", duration = 9 }]\n[music.pins]\nrest = "calm"\n',
        encoding="utf-8",
    )
    told = nbd("doctor", "--silent")
    assert told.code == 0
    assert "! music.pins.work: " in told.out
    assert "heavy.m3u: there is no such file or folder" in told.out
    assert "! legs.toml: music.pins.rest: " in told.out


def test_a_folder_that_no_file_system_can_have_is_not_there(nbd: Nbd, config: Path, sounding: list[Settings]) -> None:
    (config / "settings.toml").write_text(f'[music]\nfolders = ["/{"x" * 5000}"]\n', encoding="utf-8")
    assert "xxx: not there" in nbd("doctor", "--silent").out


def test_help_says_what_every_command_does_in_full(nbd: Nbd) -> None:
    told = nbd("--help")
    assert told.out.count("...") == told.out.count("[ARGS]...") == 1
