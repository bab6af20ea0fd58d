"""The first start: music, sound, Home; each step can be skipped, and it is shown once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.cli.screen import has_nothing
from nbd_tui.paths import places
from nbd_tui.settings import Settings, load_settings
from nbd_tui.store.database import open_database
from nbd_tui.store.history import History
from nbd_tui.tui.screens import first_run
from nbd_tui.tui.screens.first_run import FirstRunScreen
from nbd_tui.tui.screens.folder_picker import FolderPicker
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import line, picture, running_app
from tests.screens.fake_history import record
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings
from tests.screens.settings_driving import until


@pytest.fixture
def port() -> FakeSettings:
    return FakeSettings(places().settings_file)


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's music folder."""
    folder = tmp_path / "home" / "Music"
    folder.mkdir(parents=True)
    monkeypatch.setattr(first_run, "_system_folder", lambda: folder)
    return folder


@asynccontextmanager
async def first_start(port: FakeSettings, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[int]]:
    """The program as it comes up with nothing of the user's."""
    first = has_nothing(places())
    async with running_app(FakeProgram(), size=size, settings=port, keys=port.keys, first_run=first) as pilot:
        yield pilot


async def asked(pilot: Pilot[int], words: str) -> None:
    for _ in range(100):
        await pilot.pause()
        if words in picture(pilot):
            return
    raise AssertionError(f"no {words!r} in\n{picture(pilot)}")


async def test_the_systems_folder_the_bell_and_a_preset(port: FakeSettings, music: Path) -> None:
    async with first_start(port) as pilot:
        assert isinstance(pilot.app.screen, FirstRunScreen)
        assert "yes, use" in picture(pilot)
        assert not port.rung
        await pilot.press("enter")
        await asked(pilot, "Do you hear the bell?")
        assert port.rung == [False]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert port.rung == [False, False]
        await pilot.press("home", "enter")
        await until(pilot, HomeScreen)
        await asked(pilot, "3 of 3: ↑ ↓ choose a preset, s starts it, enter shows its plan first")
        await pilot.press("enter")
        await until(pilot, WorkoutScreen)
    assert load_settings(port.file).music.folders == (music,)
    assert not has_nothing(places())


async def test_another_output_is_tried_and_kept(port: FakeSettings, music: Path) -> None:
    async with first_start(port) as pilot:
        await pilot.press("escape")
        await asked(pilot, "Do you hear the bell?")
        port.silence = "the sound is starting"
        pilot.app.screen.query_one(ChoiceList).choose("device")
        await pilot.press("enter")
        await asked(pilot, "test bell (the sound is starting)")
        assert load_settings(port.file).audio.output == "device"
        pilot.app.screen.query_one(ChoiceList).choose("silent")
        await pilot.press("enter")
        await until(pilot, HomeScreen)
    assert load_settings(port.file).audio.output == "silent"


async def test_another_folder_by_the_picker(port: FakeSettings, music: Path) -> None:
    other = music.parent / "Tunes"
    other.mkdir()
    async with first_start(port) as pilot:
        pilot.app.screen.query_one(ChoiceList).choose("other")
        await pilot.press("enter")
        await until(pilot, FolderPicker)
        await pilot.press("escape")
        await until(pilot, FirstRunScreen)
        assert "Train to your music folder?" in picture(pilot)
        await pilot.press("enter")
        await until(pilot, FolderPicker)
        pilot.app.screen.query_one(Input).value = str(other)
        await asked(pilot, "no audio file here")
        await pilot.press("enter")
        await asked(pilot, "Do you hear the bell?")
    assert load_settings(port.file).music.folders == (other,)


async def test_all_skipped_is_not_shown_again(port: FakeSettings, music: Path) -> None:
    async with first_start(port) as pilot:
        await pilot.press("escape")
        await asked(pilot, "Do you hear the bell?")
        await pilot.press("escape")
        await until(pilot, HomeScreen)
    assert load_settings(port.file) == Settings()
    async with first_start(port) as pilot:
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_leaving_in_the_middle_asks_again(port: FakeSettings, music: Path) -> None:
    async with first_start(port) as pilot:
        await pilot.press("q")
    assert pilot.app.return_value == 0
    assert has_nothing(places())


async def test_without_a_system_folder_none_is_offered(port: FakeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_run, "_system_folder", lambda: None)
    async with first_start(port) as pilot:
        words = picture(pilot)
        assert "yes, use" not in words
        assert "demo tracks" in words


async def test_a_place_that_cannot_be_written_is_told_and_does_not_stop(port: FakeSettings, music: Path) -> None:
    async with first_start(port) as pilot:
        port.file.parent.parent.mkdir(parents=True, exist_ok=True)
        port.file.parent.write_text("a file in the way", encoding="utf-8")
        await pilot.press("enter")
        await asked(pilot, "cannot be written")
        await pilot.press("escape")
        await asked(pilot, "Do you hear the bell?")
        await pilot.press("escape")
        await until(pilot, HomeScreen)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_everything_fits(port: FakeSettings, music: Path, size: tuple[int, int]) -> None:
    async with first_start(port, size) as pilot:
        words = picture(pilot)
        for part in ("first steps, 1 of 3", "yes, use", "demo tracks", "esc skips this step"):
            assert part in words
        await pilot.press("escape")
        await asked(pilot, "go on without sound")
        assert line(pilot, "echo")[0] == "test bell"


@pytest.mark.parametrize("exists", ["settings", "preset", "database"])
def test_whoever_has_something_is_not_welcomed(exists: str) -> None:
    where = places()
    assert has_nothing(where)
    file = {
        "settings": where.settings_file,
        "preset": where.presets / "mine.toml",
        "database": where.database,
    }[exists]
    file.parent.mkdir(parents=True)
    file.write_text("", encoding="utf-8")
    assert not has_nothing(where)


def test_an_empty_database_is_nothing() -> None:
    where = places()
    history = History(lambda: open_database(where.database))
    assert history.sessions(1, None) == ()
    assert where.database.exists()
    assert has_nothing(where)
    history.file(record())
    assert not has_nothing(where)
