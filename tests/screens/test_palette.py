"""The command palette finds what can be done here and does it; a workout is not ended by a slip."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.keymap import BINDINGS, Action
from nbd_tui.settings import load_settings
from nbd_tui.tui.palette import Command, Palette, matching
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.report import ReportScreen
from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import picture, running_app, workers_done, workout
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings


@pytest.fixture
def port(tmp_path: Path) -> FakeSettings:
    return FakeSettings(tmp_path / "config" / "settings.toml")


async def command(pilot: Pilot[int], typed: str) -> None:
    """Opens the palette, types, and takes the first match."""
    await pilot.press("ctrl+p", *typed, "enter")
    await pilot.pause()
    await workers_done(pilot)
    await pilot.pause()


def offered(pilot: Pilot[int]) -> list[str]:
    screen = pilot.app.screen
    assert isinstance(screen, Palette)
    return [one.words for one in screen._commands]


async def test_a_preset_is_started(port: FakeSettings) -> None:
    program = FakeProgram()
    async with running_app(program, settings=port) as pilot:
        await command(pilot, "tabata")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.preset.name == "Tabata"


async def test_a_setting_is_found_by_its_name(port: FakeSettings) -> None:
    async with running_app(FakeProgram(), settings=port) as pilot:
        await command(pilot, "latency")
        assert isinstance(pilot.app.screen, SettingsScreen)
        assert pilot.app.screen.query_one(ChoiceList).chosen == "audio.latency_ms"


async def test_in_the_settings_it_goes_to_the_row(port: FakeSettings) -> None:
    async with running_app(FakeProgram(), settings=port) as pilot:
        await pilot.press("comma")
        await command(pilot, "latency")
        assert sum(isinstance(screen, SettingsScreen) for screen in pilot.app.screen_stack) == 1
        assert pilot.app.screen.query_one(ChoiceList).chosen == "audio.latency_ms"


async def test_a_theme_is_set_and_kept(port: FakeSettings) -> None:
    async with running_app(FakeProgram(), settings=port) as pilot:
        await command(pilot, "mono")
        assert pilot.app.theme == "mono"
        assert load_settings(port.file).screen.theme == "mono"


async def test_bell_rescan_and_doctor(port: FakeSettings) -> None:
    async with running_app(FakeProgram(), settings=port) as pilot:
        for typed in ("test", "rescan"):
            await command(pilot, typed)
        assert (port.rung, port.rescans) == ([True], 1)
        await pilot.press("ctrl+p", *"doctor", "enter")
        for _ in range(50):
            await pilot.pause()
            if isinstance(pilot.app.screen, ReportScreen) and "output" in picture(pilot):
                break
        assert "output      silent" in picture(pilot)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_everything_with_a_key_is_there(port: FakeSettings) -> None:
    async with running_app(FakeProgram(), settings=port) as pilot:
        await pilot.press("ctrl+p")
        words = offered(pilot)
        for binding in BINDINGS:
            if binding.scope in {"home", "everywhere"} and binding.id != "app.palette":
                assert binding.label in words


async def test_in_a_workout_it_acts_on_the_workout_and_asks_before_it_ends() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("ctrl+p")
        words = offered(pilot)
        assert not [one for one in words if one.startswith(("Start:", "Setting:", "Key:", "Test bell", "Doctor"))]
        assert {binding.label for binding in BINDINGS if binding.scope == "workout"} <= set(words)
        await pilot.press(*"another", "enter")
        await pilot.pause()
        await workers_done(pilot)
        assert program.session.actions == [Action.OTHER_TRACK]
        await command(pilot, "end")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("escape")
        assert program.session.actions == [Action.OTHER_TRACK]


async def test_the_end_of_the_workout_closes_it() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("ctrl+p")
        program.session.finish(completed=True)
        shown = next(screen for screen in pilot.app.screen_stack if isinstance(screen, WorkoutScreen))
        shown.look()
        await pilot.pause()
        assert not isinstance(pilot.app.screen, Palette)


@pytest.mark.parametrize("key", ["escape", "ctrl+c", "ctrl+q", "ctrl+p"])
async def test_it_closes_and_does_nothing(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("ctrl+p", key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []


@pytest.mark.parametrize("key", ["pagedown", "pageup", "up", "down", "enter"])
async def test_nothing_found_is_said_and_no_key_fails(key: str) -> None:
    async with running_app(FakeProgram()) as pilot:
        await pilot.press("ctrl+p", *"zzz")
        await pilot.pause()
        assert "nothing of that name" in picture(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, Palette)


@pytest.mark.parametrize("size", [(30, 8), (60, 15), (80, 24), (200, 60)])
async def test_it_fits(size: tuple[int, int]) -> None:
    async with running_app(FakeProgram(), size=size) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 2
        await pilot.resize_terminal(3, 3)
        await pilot.resize_terminal(*size)
        await pilot.press("escape")
        assert len(pilot.app.screen_stack) == 1


def test_every_word_counts_and_beginnings_come_first() -> None:
    every = [Command(words, lambda: None) for words in ("Theme: ring", "ring the bell", "Start: Ring work")]
    assert [one.words for one in matching(every, "RING")] == ["ring the bell", "Theme: ring", "Start: Ring work"]
    assert [one.words for one in matching(every, "work ring")] == ["Start: Ring work"]
    assert matching(every, "nothing") == []
