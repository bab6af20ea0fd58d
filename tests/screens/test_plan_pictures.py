"""How the plan of a workout looks, in three sizes.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.plan import PlanScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.fake_plan import FakePlans, songs
from tests.screens.fake_session import FakeProgram, builtin

SIZES = [(60, 15), (80, 24), (120, 40)]
TRACKS = songs(40, lengths_s=(300.0, 400.0))
"""Longer than any stretch; the pictures show the same ones whatever the planner likes best."""
SnapCompare = Callable[..., bool]


def plan_picture(
    snap_compare: SnapCompare, size: tuple[int, int], keys: str, plans: FakePlans | None = None,
    *, theme: str = "ring", glyphs: Glyphs = UNICODE,
) -> bool:  # fmt: skip
    program = FakeProgram()
    services = program.services(theme=theme)

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        shown = plans or FakePlans(program, made=TRACKS, fixed=range(1, 14, 2))
        screen = PlanScreen(builtin("boxing-3x2"), shown, services, glyphs)
        await pilot.app.push_screen(screen)
        for key in ("", *keys.split()):
            await pilot.press(*([key] if key else []))
            await pilot.pause()
            while screen._is_planning:
                await pilot.app.workers.wait_for_complete()
                await pilot.pause()

    return snap_compare(NbdApp(services, glyphs=glyphs), terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_plan_with_a_pinned_track(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert plan_picture(snap_compare, size, "right right right p")


def test_a_plan_without_colours_and_blocks(snap_compare: SnapCompare) -> None:
    assert plan_picture(snap_compare, (80, 24), "right p", theme="mono", glyphs=ASCII)


def test_why(snap_compare: SnapCompare) -> None:
    assert plan_picture(snap_compare, (80, 24), "right w")


def test_a_plan_of_unheard_tracks(snap_compare: SnapCompare) -> None:
    assert plan_picture(snap_compare, (80, 24), "", FakePlans(FakeProgram(), 8, heard=False))
