"""Draws the README's pictures: `python -m tests.screens.picture assets`."""

import asyncio
import sys
from pathlib import Path

from nbd_tui.model.track import Track
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.plan import PlanScreen
from nbd_tui.tui.text import UNICODE
from tests.screens.driving import ROUND_2
from tests.screens.fake_plan import FakePlans, songs
from tests.screens.fake_session import FakeProgram, builtin
from tests.screens.test_workout_energy import LIBRARY, known

SIZE = (100, 30)
NEXT = Track(Path("orange.flac"), "Above and Below", "The Bravery")
WORDS = ("Iron", "Corner", "Long", "Count", "Southpaw", "Morning", "Last", "Bell", "Canvas", "Fire", "Run", "Night")
ARTISTS = ("The Undercards", "Copperjaw", "Nine Count", "Lantern Bridge", "Rope & Towel", "Low Guard", "Split Decision")


async def draw_workout() -> str:
    """The workout screen in the middle of a round, as SVG."""
    program = FakeProgram(starts_at=(ROUND_2, 91.0))
    app = NbdApp(program.services(library=LIBRARY), builtin("mma-5x5"), glyphs=UNICODE)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        program.session.set(track_at_s=47.2, next_track=NEXT)
        await known(pilot)
        return app.export_screenshot(title="nbd run mma-5x5")


async def draw_plan() -> str:
    """The plan of a workout, as SVG."""
    program = FakeProgram()
    plans = FakePlans(program, made=songs(90, words=WORDS, artists=ARTISTS))
    services = program.services()
    app = NbdApp(services, glyphs=UNICODE)
    async with app.run_test(size=SIZE) as pilot:
        screen = PlanScreen(builtin("boxing-3x2"), plans, services, UNICODE)
        await app.push_screen(screen)
        for key in ("", "right", "p"):
            await pilot.press(*([key] if key else []))
            await pilot.pause()
            while screen._is_planning:
                await app.workers.wait_for_complete()
                await pilot.pause()
        return app.export_screenshot(title="nbd")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "workout.svg").write_text(asyncio.run(draw_workout()), encoding="utf-8")
    (folder / "plan.svg").write_text(asyncio.run(draw_plan()), encoding="utf-8")
