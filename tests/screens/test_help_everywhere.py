"""Every screen tells all its keys: help is made from the bindings, and this walks through all screens there are."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from textual.binding import Binding
from textual.pilot import Pilot

import nbd_tui.tui.screens
from nbd_tui.keymap import BINDINGS, bindings_in, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.session.kept import Interruption
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.interrupted import InterruptedScreen
from nbd_tui.tui.screens.plan import PlanScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.compile import compile_timeline
from tests.screens.driving import finish, picture, running_app, workers_done
from tests.screens.fake_history import FakeHistory, record
from tests.screens.fake_library import wolf
from tests.screens.fake_plan import FakePlans
from tests.screens.fake_session import FakeProgram, builtin
from tests.screens.fake_settings import FakeSettings

if TYPE_CHECKING:
    from nbd_tui.store.journal import JournalFile
    from nbd_tui.tui.ports_interrupted import InterruptedSessions

Reach = Callable[[Pilot[int], FakeProgram], Awaitable[None]]

SILENT = {"leave", "close_prompt"}
"""Actions whose keys need no words: ctrl+c and ctrl+q anywhere, Escape where a line is open and says so."""


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
    await workers_done(pilot)


async def _interrupted(pilot: Pilot[int], program: FakeProgram) -> None:
    preset, now = builtin("mma-5x5"), datetime(2026, 11, 22, 18, 4, tzinfo=UTC)
    mark = Mark(now, Checkpoint(4, 91.0, 300.0, 500.0, 0.0))
    found = Interruption(
        Opening("one", preset, now, 0), mark, compile_timeline(preset.preset), cast("JournalFile", None)
    )
    sessions = cast("InterruptedSessions", SimpleNamespace(now=now, notes=()))
    await pilot.app.push_screen(InterruptedScreen(sessions, (found,), program.services(), UNICODE))


async def _track(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.app.push_screen(TrackScreen(wolf(), program.services(), UNICODE))


async def _plan(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.app.push_screen(PlanScreen(builtin("tabata"), FakePlans(program, 5), program.services(), UNICODE))
    await workers_done(pilot)


async def _session(pilot: Pilot[int], program: FakeProgram) -> None:
    await pilot.press("h")
    for _ in range(50):
        await pilot.pause()
        if "MMA 5" in picture(pilot):
            break
    await pilot.press("enter")
    for _ in range(50):
        await pilot.pause()
        if type(pilot.app.screen).__name__ == "SessionScreen":
            return


REACHED: dict[str, Reach] = {
    "HomeScreen": pressing(),
    "WorkoutScreen": pressing("enter"),
    "SummaryScreen": _summary,
    "SettingsScreen": pressing("comma"),
    "FolderPicker": _picker,
    "ReportScreen": _report,
    "FirstRunScreen": pressing(),
    "InterruptedScreen": _interrupted,
    "HistoryScreen": pressing("h"),
    "SessionScreen": _session,
    "TrackScreen": _track,
    "LibraryScreen": pressing("l"),
    "QuickFormScreen": pressing("n"),
    "PlanScreen": _plan,
}
"""How to get to each screen. A new one is added here, or the test below fails."""


def screens() -> dict[str, type[SizedScreen]]:
    """Every screen of the program that is not only a base of others, by name."""
    for module in pkgutil.iter_modules(nbd_tui.tui.screens.__path__):
        importlib.import_module(f"nbd_tui.tui.screens.{module.name}")
    found: dict[str, type[SizedScreen]] = {}
    waiting = SizedScreen.__subclasses__()
    while waiting:
        screen = waiting.pop()
        waiting += screen.__subclasses__()
        if screen.__module__.startswith("nbd_tui.") and not screen.__subclasses__():
            found[screen.__name__] = screen
    return found


def is_text(screen: SizedScreen, key: str) -> bool:
    """A field takes it."""
    field = screen.focused
    return field is not None and field.check_consume_key(key, key_label(key))


def is_told(binding: Binding, rows: list[list[str]]) -> bool:
    """A row has its words, and its key; or many keys as the first and the last."""
    words = binding.description.split()
    return any(set(words) <= set(row) and (key_label(binding.key) in row or "…" in row) for row in rows)


def test_the_way_to_every_screen_is_known() -> None:
    assert screens().keys() == REACHED.keys()


@pytest.mark.parametrize("name", REACHED)
async def test_every_key_of_the_screen_is_in_its_help(name: str, tmp_path: Path) -> None:
    port = FakeSettings(tmp_path / "settings.toml")
    program = FakeProgram()
    async with running_app(
        program,
        size=(120, 60),
        settings=port,
        keys=port.keys,
        first_run=name == "FirstRunScreen",
        history=FakeHistory({"a": record()}),
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
            if binding.description and not is_text(screen, binding.key):
                assert is_told(binding, rows), binding
        for known in (*bindings_in("everywhere"), *(one for one in BINDINGS if one.scope == screen.SCOPE)):
            keys = [key for key in keys_of(known.id, {}) if not is_text(screen, key)]
            assert set(map(key_label, keys)) <= told


async def test_a_key_of_the_users_own_is_told(tmp_path: Path) -> None:
    port = FakeSettings(tmp_path / "settings.toml", keys={"home.settings": "f7"})
    async with running_app(FakeProgram(), size=(80, 50), settings=port, keys=port.keys) as pilot:
        await pilot.press("question_mark")
        assert ["F7", "settings"] in [row.strip("│ ").split() for row in picture(pilot).splitlines()]
