"""Drives the settings screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.widgets.choice_list import ChoiceList
from tests.screens.driving import line, running_app, workers_done
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings


@asynccontextmanager
async def settings_screen(
    port: FakeSettings, at: str = "", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[int]]:
    """The settings, the bar on a row."""
    async with running_app(FakeProgram(), size=size, settings=port, keys=port.keys) as pilot:
        await pilot.press("comma")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SettingsScreen)
        pilot.app.screen.query_one(ChoiceList).choose(at)
        await pilot.pause()
        yield pilot


async def settled(pilot: Pilot[int]) -> None:
    """What was asked for is written."""
    await workers_done(pilot)
    await pilot.pause()


async def until(pilot: Pilot[int], screen: type) -> None:
    """Waits for a screen that a worker opens."""
    for _ in range(100):
        await pilot.pause()
        if isinstance(pilot.app.screen, screen):
            return
    raise AssertionError(f"{pilot.app.screen} is up, not {screen}")


def echo(pilot: Pilot[int]) -> str:
    return line(pilot, "echo")[0]
