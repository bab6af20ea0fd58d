"""Folders, pins and bands on the settings screen."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.settings import load_settings
from nbd_tui.tui.screens import folder_picker
from nbd_tui.tui.screens.dialogs import ChooseDialog
from nbd_tui.tui.screens.folder_picker import FolderPicker
from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import picture
from tests.screens.fake_settings import FakeSettings
from tests.screens.settings_driving import settings_screen, settled, until


@pytest.fixture
def port(tmp_path: Path) -> FakeSettings:
    return FakeSettings(tmp_path / "config" / "settings.toml")


class TestFolders:
    @pytest.fixture
    def music(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        home = tmp_path / "home"
        for name in ("Heavy/one.mp3", "Heavy/two.flac", "Calm/[b]three.ogg", "Heavy/cover.jpg"):
            file = home / "Tunes" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"")
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("USERPROFILE", str(home))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        return home / "Tunes"

    async def pick(self, pilot: Pilot[int]) -> Input:
        await pilot.press("enter")
        await until(pilot, FolderPicker)
        return pilot.app.screen.query_one(Input)

    async def shows(self, pilot: Pilot[int], words: str) -> None:
        for _ in range(100):
            await pilot.pause()
            if words in picture(pilot):
                return
        raise AssertionError(f"no {words!r} in\n{picture(pilot)}")

    async def test_a_folder_is_found_by_typing_and_by_the_tree(self, port: FakeSettings, music: Path) -> None:
        async with settings_screen(port, "music.folders") as pilot:
            field = await self.pick(pilot)
            field.value = "~/tu"
            await self.shows(pilot, "Tunes/")
            await pilot.press("tab")
            assert field.value.replace("\\", "/") == "~/Tunes/"
            await self.shows(pilot, "3 audio files")
            await pilot.press("down", "down", "down")
            await pilot.press("enter")
            await self.shows(pilot, "2 audio files")
            await pilot.press("enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert load_settings(port.file).music.folders == (music / "Heavy",)
            assert "~" in port.file.read_text(encoding="utf-8")

    async def test_a_whole_path_that_is_pasted_takes_the_place_of_the_one_offered(
        self, port: FakeSettings, music: Path
    ) -> None:
        async with settings_screen(port, "music.folders") as pilot:
            field = await self.pick(pilot)
            assert field.value.startswith("~")
            pilot.app.post_message(events.Paste(f"'{music / 'Heavy'}'\n"))
            await self.shows(pilot, "2 audio files")
            assert field.value == str(music / "Heavy")
            field.value = ""
            await pilot.pause()
            field.value = folder_picker._first_path()
            field.cursor_position = len(field.value)
            for key in str(music):
                pilot.app.post_message(events.Key(key, key))
            await self.shows(pilot, "3 audio files")
            assert field.value == str(music)

    async def test_what_cannot_be_used_says_why(self, port: FakeSettings, music: Path) -> None:
        async with settings_screen(port, "music.folders") as pilot:
            field = await self.pick(pilot)
            for text, says in (
                ("~/nowhere/at/all", "there is no such folder"),
                ("relative", "a whole path, please"),
                ("~/Tunes/Heavy/one.mp3", "this is a file, not a folder"),
            ):
                field.value = text
                await self.shows(pilot, says)
                await pilot.press("enter")
                assert isinstance(pilot.app.screen, FolderPicker)
            await pilot.press("escape")
            await until(pilot, SettingsScreen)
            assert not port.file.exists()

    async def test_a_folder_is_taken_away_again(self, port: FakeSettings, music: Path) -> None:
        port.change(("music", "folders"), (music,))
        async with settings_screen(port, "music.folders") as pilot:
            await pilot.press("enter")
            await until(pilot, ChooseDialog)
            await pilot.press("down", "enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert load_settings(port.file).music.folders == ()

    async def test_a_track_is_pinned_to_work(self, port: FakeSettings, music: Path) -> None:
        async with settings_screen(port, "music.pins") as pilot:
            await pilot.press("enter")
            await until(pilot, ChooseDialog)
            await pilot.press("down", "down", "enter")
            await until(pilot, FolderPicker)
            field = pilot.app.screen.query_one(Input)
            field.value = "~/Tunes/Heavy/one.mp3"
            await self.shows(pilot, "use ")
            await pilot.press("enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            pins = load_settings(port.file).music.pins
            assert {kind.value: pin.path for kind, pin in pins.items()} == {"work": str(music / "Heavy" / "one.mp3")}


async def test_pins_and_bands_of_the_file_are_shown_and_come_back(port: FakeSettings) -> None:
    table = '{ path = "/x.mp3", from = "1:02", drop = "1:23" }'
    text = f'[music.pins]\nwork = {table}\nrest = {{ album = "Calm" }}\n[music.bands]\nrest = {{ bpm = [90, 99] }}\n'
    port.file.parent.mkdir(parents=True, exist_ok=True)
    port.file.write_text(text, encoding="utf-8")
    before = port.current
    async with settings_screen(port, "music.pins", size=(120, 40)) as pilot:
        assert "work: /x.mp3, from 1:02, drop 1:23, rest: album Calm" in picture(pilot)
        for row in ("music.pins", "music.bands"):
            pilot.app.screen.query_one(ChoiceList).choose(row)
            await pilot.press("r")
            await settled(pilot)
            assert load_settings(port.file) != before
            await pilot.press("u")
            await settled(pilot)
            assert load_settings(port.file) == before
