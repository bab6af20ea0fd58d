"""The settings screen: every key has a row, changes are written at once, and what goes wrong is said."""

from pathlib import Path

import pytest
from textual.widgets import Input

from nbd_tui.keymap import BINDINGS, keys_of
from nbd_tui.settings import Settings, load_settings
from nbd_tui.tui.screens.dialogs import ChooseDialog, EntryDialog, PhaseColours, PressKeyDialog
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.settings_view import Kind, setting_rows, value_of
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import picture
from tests.screens.fake_settings import FakeSettings
from tests.screens.settings_driving import echo, settings_screen, settled, until


@pytest.fixture
def port(tmp_path: Path) -> FakeSettings:
    return FakeSettings(tmp_path / "config" / "settings.toml")


class TestRows:
    async def test_every_key_of_the_model_has_a_row_with_its_meaning(self, port: FakeSettings) -> None:
        tables = {
            (table, key)
            for table, info in Settings.model_fields.items()
            if table != "keys"
            for key in type(getattr(Settings(), table)).model_fields
            if info
        }
        bindings = {("keys", binding.id) for binding in BINDINGS}
        assert {row.key for row in setting_rows()} == tables | bindings
        async with settings_screen(port) as pilot:
            shown = {option.id for option in pilot.app.screen.query_one(ChoiceList).options}
            assert {".".join(key) for key in tables | bindings} <= shown
        assert all(row.about for row in setting_rows())
        assert all(value_of(row, Settings()) == row.default for row in setting_rows())

    async def test_the_meaning_of_the_chosen_row_is_told(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.cue_set") as pilot:
            words = picture(pilot)
            assert "sharp cuts through rock, soft is for quiet mornings." in words
            assert "default sharp" in words

    @pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
    async def test_all_parts_fit(self, port: FakeSettings, size: tuple[int, int]) -> None:
        async with settings_screen(port, "audio.latency_ms", size) as pilot:
            words = picture(pilot)
            assert "SETTINGS" in words
            assert "Moves the screen against the sound in milliseconds" in words
            assert "esc back" in words
            assert "? all keys" in words
            assert "latency" in words


class TestChanging:
    @pytest.mark.parametrize(
        ("at", "keys", "key", "value", "says"),
        [
            ("audio.music_volume", ["right"], ("audio", "music_volume"), 75, "music volume: 75 %"),
            ("audio.duck_db", ["minus"], ("audio", "duck_db"), -13.0, "duck: -13 dB"),
            ("audio.cue_set", ["right"], ("audio", "cue_set"), "soft", "cue set: soft"),
            ("audio.output", ["left"], ("audio", "output"), "silent", "output: silent"),
            ("screen.keep_awake", ["enter"], ("screen", "keep_awake"), False, "keep awake: off"),
            ("audio.fade_s", ["plus"], ("audio", "fade_s"), 1.75, "fade: 1.75 s, from the next workout"),
        ],
    )
    async def test_a_change_is_written_at_once_and_told(
        self, port: FakeSettings, at: str, keys: list[str], key: tuple[str, str], value: object, says: str
    ) -> None:
        async with settings_screen(port, at) as pilot:
            await pilot.press(*keys)
            await settled(pilot)
            assert getattr(getattr(load_settings(port.file), key[0]), key[1]) == value
            assert echo(pilot) == says

    async def test_reset_and_undo(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.cue_volume") as pilot:
            await pilot.press("left", "left")
            assert load_settings(port.file).audio.cue_volume == 80
            await pilot.press("r")
            assert load_settings(port.file).audio.cue_volume == 90
            assert "cue_volume" not in port.file.read_text(encoding="utf-8")
            await pilot.press("u", "up", "u")
            assert load_settings(port.file).audio.cue_volume == 85
            await pilot.press("u", "u")
            assert load_settings(port.file) == Settings()
            assert echo(pilot) == "nothing to undo"

    async def test_bounds_stop(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.cue_volume") as pilot:
            await pilot.press("right", "right", "right")
            assert load_settings(port.file).audio.cue_volume == 100
            assert echo(pilot) == "cue volume 100 %: no more"

    async def test_a_number_can_be_typed_and_what_is_wrong_is_said(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.fade_s") as pilot:
            await pilot.press("enter")
            await until(pilot, EntryDialog)
            for wrong, says in (("abc", "a number, please"), ("11", "0 to 10 s, please")):
                pilot.app.screen.query_one(Input).value = wrong
                await pilot.press("enter")
                assert says in picture(pilot)
            pilot.app.screen.query_one(Input).value = "2,5 s"
            await pilot.press("enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert load_settings(port.file).audio.fade_s == 2.5

    async def test_volumes_and_cue_set_are_heard_at_once(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.cue_volume") as pilot:
            await pilot.press("left")
            assert port.rung == [False]
            pilot.app.screen.query_one(ChoiceList).choose("audio.music_volume")
            port.silence = "no sound device"
            await pilot.press("left")
            assert port.rung == [False, True]
            assert echo(pilot) == "music volume: 65 % (no sound device)"
            await pilot.press("t")
            assert port.rung == [False, True, True]

    async def test_a_broken_file_is_left_alone_and_told(self, port: FakeSettings) -> None:
        async with settings_screen(port, "audio.cue_volume") as pilot:
            await pilot.press("left")
            text = port.file.read_text(encoding="utf-8") + "[screen]\nkeep_awake = maybe\n"
            current = port.current
            port.file.write_text(text, encoding="utf-8")
            type(port).current = property(lambda _: current)  # type: ignore[method-assign,assignment]
            try:
                await pilot.press("left")
                assert "line 4" in echo(pilot) or "Invalid" in echo(pilot)
                assert port.file.read_text(encoding="utf-8") == text
            finally:
                type(port).current = property(lambda self: load_settings(self.file))  # type: ignore[method-assign,assignment]

    async def test_a_theme_is_seen_while_the_bar_moves_and_escape_puts_the_old_one_back(
        self, port: FakeSettings
    ) -> None:
        async with settings_screen(port, "screen.theme") as pilot:
            await pilot.press("enter")
            await until(pilot, ChooseDialog)
            await pilot.press("down")
            await pilot.pause()
            assert pilot.app.theme == "colour-blind"
            work = pilot.app.screen.query_one(PhaseColours).query_one(".-work")
            assert work.styles.background.hex == pilot.app.theme_variables["phase-work-tint"].upper()
            await pilot.press("escape")
            await until(pilot, SettingsScreen)
            assert pilot.app.theme == "ring"
            await pilot.press("enter")
            await until(pilot, ChooseDialog)
            await pilot.press("down", "enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert pilot.app.theme == "colour-blind"
            assert load_settings(port.file).screen.theme == "colour-blind"

    @pytest.mark.parametrize("key", ["escape", "q"])
    async def test_back_to_home(self, port: FakeSettings, key: str) -> None:
        async with settings_screen(port) as pilot:
            await pilot.press(key)
            assert isinstance(pilot.app.screen, HomeScreen)


class TestKeys:
    async def test_the_key_pressed_is_the_new_one_and_works_at_once(self, port: FakeSettings) -> None:
        async with settings_screen(port, "keys.home.start") as pilot:
            await pilot.press("enter")
            await until(pilot, PressKeyDialog)
            await pilot.press("x")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert keys_of("home.start", load_settings(port.file).keys) == ("x",)
            await pilot.press("escape", "x")
            assert not isinstance(pilot.app.screen, HomeScreen)

    async def test_escape_leaves_the_key_as_it_is(self, port: FakeSettings) -> None:
        async with settings_screen(port, "keys.home.start") as pilot:
            await pilot.press("enter")
            await until(pilot, PressKeyDialog)
            await pilot.press("escape")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert not port.file.exists()

    async def test_a_clash_is_named_and_swapped(self, port: FakeSettings) -> None:
        async with settings_screen(port, "keys.workout.mute") as pilot:
            await pilot.press("enter")
            await until(pilot, PressKeyDialog)
            await pilot.press("space")
            await until(pilot, ChooseDialog)
            assert "space is already “pause / go on”" in picture(pilot)
            await pilot.press("enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            keys = load_settings(port.file).keys
            assert (keys_of("workout.mute", keys), keys_of("workout.pause", keys)) == (("space",), ("m",))
            await pilot.press("u")
            assert load_settings(port.file).keys == {}

    async def test_a_clash_can_be_left(self, port: FakeSettings) -> None:
        async with settings_screen(port, "keys.workout.mute") as pilot:
            await pilot.press("enter")
            await until(pilot, PressKeyDialog)
            await pilot.press("space")
            await until(pilot, ChooseDialog)
            await pilot.press("down", "enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert not port.file.exists()

    @pytest.mark.parametrize(
        ("at", "pressed", "says"),
        [
            ("keys.workout.mute", "ctrl+q", "ctrl+q always quits"),
            ("keys.home.start", "down", "moves in lists"),
        ],
    )
    async def test_keys_that_cannot_be_are_refused(self, port: FakeSettings, at: str, pressed: str, says: str) -> None:
        async with settings_screen(port, at) as pilot:
            await pilot.press("enter")
            await until(pilot, PressKeyDialog)
            await pilot.press(pressed)
            for _ in range(3):
                await pilot.pause()
                if isinstance(pilot.app.screen, ChooseDialog):
                    await pilot.press("enter")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert says in echo(pilot)
            assert not port.file.exists()

    async def test_a_further_key_and_one_less(self, port: FakeSettings) -> None:
        async with settings_screen(port, "keys.workout.pause") as pilot:
            await pilot.press("right")
            await until(pilot, PressKeyDialog)
            await pilot.press("p")
            await until(pilot, SettingsScreen)
            await settled(pilot)
            assert keys_of("workout.pause", load_settings(port.file).keys) == ("space", "p")
            await pilot.press("left")
            await settled(pilot)
            assert keys_of("workout.pause", load_settings(port.file).keys) == ("space",)
            await pilot.press("left")
            await settled(pilot)
            assert "needs a key" in echo(pilot)


def test_every_kind_of_row_is_there() -> None:
    assert {Kind.CHOICE, Kind.SWITCH, Kind.NUMBER, Kind.FOLDERS, Kind.PINS, Kind.KEYS} <= {
        row.kind for row in setting_rows()
    }
