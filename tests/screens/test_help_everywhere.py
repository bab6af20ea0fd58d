"""Every screen tells all its keys: help is made from the bindings, and this walks through all screens there are."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.pilot import Pilot

import nbd_tui.tui.screens
from nbd_tui.keymap import BINDINGS, bindings_in, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import finish, picture, running_app
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings

Reach = Callable[[Pilot[int], FakeProgram], Awaitable[None]]

SILENT = {"leave", "home_or_quit"}
"""Actions whose keys are told by other words, or are everywhere: ctrl+c and ctrl+q."""


def pressing(*keys: str) -> Reach:
    async def reach(pilot: Pilot[int], program: FakeProgram) -> None:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.pause()

    return reach


async def _summary(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.press("enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, WorkoutScreen)
    await finish(pilot, program.session)


async def _picker(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.press("comma")
    pilot.app.screen.query_one(ChoiceList).choose("music.folders")
    await pilot.press("enter")
    for _ in range(50):
        await pilot.pause()
        if type(pilot.app.screen).__name__ == "FolderPicker":
            return


async def _report(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.press("ctrl+p", *"doctor", "enter")
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()


REACHED: dict[str, Reach] = {
    "HomeScreen": pressing(),
    "WorkoutScreen": pressing("enter"),
    "SummaryScreen": _summary,
    "SettingsScreen": pressing("comma"),
    "FolderPicker": _picker,
    "ReportScreen": _report,
    "FirstRunScreen": pressing(),
}
"""How to get to each screen. A new one is added here, or the test below fails."""


def screens() -> dict[str, type[SizedScreen]]:
    """Every screen of the program, by name."""
    for module in pkgutil.iter_modules(nbd_tui.tui.screens.__path__):
        importlib.import_module(f"nbd_tui.tui.screens.{module.name}")
    found: dict[str, type[SizedScreen]] = {}
    waiting = SizedScreen.__subclasses__()
    while waiting:
        screen = waiting.pop()
        waiting += screen.__subclasses__()
        if screen.__module__.startswith("nbd_tui."):
            found[screen.__name__] = screen
    return found


def test_the_way_to_every_screen_is_known() -> None:
    assert screens().keys() == REACHED.keys()


@pytest.mark.parametrize("name", REACHED)
async def test_every_key_of_the_screen_is_in_its_help(name: str, tmp_path: Path) -> None:
    port = FakeSettings(tmp_path / "settings.toml")
    program = FakeProgram()
    async with running_app(
        program, size=(120, 60), settings=port, keys=port.keys, first_run=name == "FirstRunScreen"
    ) as pilot:
        await REACHED[name](pilot, program)
        screen = pilot.app.screen
        assert type(screen).__name__ == name
        assert isinstance(screen, SizedScreen)
        bindings = list(Binding.make_bindings(type(screen).BINDINGS))
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        rows = [row.split() for row in picture(pilot).splitlines()]
        told = {word for row in rows for word in row}
        for binding in bindings:
            assert binding.description or binding.action in SILENT, f"{binding.key} has no words"
        for binding in bindings:
            if binding.description:
                assert key_label(binding.key) in told, binding
                assert set(binding.description.split()) <= told, binding
        for known in (*bindings_in("everywhere"), *(one for one in BINDINGS if one.scope == screen.SCOPE)):
            assert {key_label(key) for key in keys_of(known.id, {})} <= told


async def test_a_key_of_the_users_own_is_told(tmp_path: Path) -> None:
    port = FakeSettings(tmp_path / "settings.toml", keys={"home.settings": "f7"})
    async with running_app(FakeProgram(), settings=port, keys=port.keys) as pilot:
        await pilot.press("question_mark")
        assert ["F7", "settings"] in [row.strip("│ ").split() for row in picture(pilot).splitlines()]
