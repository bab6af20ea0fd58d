"""Drives the real app over scripted sessions: opens it, lets it look, reads what it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.widgets.lines import SplitLine
from tests.screens.fake_session import FakeProgram, FakeSession, builtin

ROUND_2, REST_1 = 4, 3


@asynccontextmanager
async def running_app(
    program: FakeProgram, *, size: tuple[int, int] = (80, 24), start_with: str = "", **services: object
) -> AsyncIterator[Pilot[int]]:
    """The app at its first screen; a workout from the start where `start_with` names a preset."""
    app = NbdApp(program.services(**services), builtin(start_with) if start_with else None, glyphs=UNICODE)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def workout(at: tuple[int, float] = (ROUND_2, 91.0)) -> FakeProgram:
    return FakeProgram(starts_at=at)


async def seen(pilot: Pilot[int]) -> None:
    """Lets the screen look at its session."""
    screen = pilot.app.screen
    if isinstance(screen, WorkoutScreen):
        screen.look()
    await pilot.pause()


async def workers_done(pilot: Pilot[int]) -> None:
    """Waits for what was begun beside the screens; what gave way to something newer is not missed."""
    for worker in list(pilot.app.workers):
        with suppress(WorkerCancelled):
            await worker.wait()


def line(pilot: Pilot[int], part: str) -> tuple[str, str, str]:
    return pilot.app.screen.query_one(f"#{part}", SplitLine).parts


def picture(pilot: Pilot[int]) -> str:
    """All text of the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(cells.text for cells in strip) for strip in strips)


async def finish(pilot: Pilot[int], session: FakeSession) -> None:
    session.finish(completed=True)
    shown = next(screen for screen in pilot.app.screen_stack if isinstance(screen, WorkoutScreen))
    shown.look()
    await pilot.pause()
