"""Palettes chosen and changed while the program runs."""

import pytest
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES

from nbd_tui.tui.theme import PALETTES
from nbd_tui.tui.workout_view import Mood
from tests.screens.driving import picture, running_app, seen, workout


def colours(pilot: Pilot[int]) -> set[str]:
    """Every colour on the screen, as `#rrggbb`."""
    strips = pilot.app.screen._compositor.render_strips()
    styles = [cells.style for strip in strips for cells in strip if cells.style is not None]
    found = [colour for style in styles for colour in (style.color, style.bgcolor) if colour is not None]
    return {colour.get_truecolor().hex if not colour.is_default else "default" for colour in found}


@pytest.mark.parametrize("name", PALETTES)
async def test_the_chosen_palette_is_there_from_the_start(name: str) -> None:
    async with running_app(workout(), start_with="mma-5x5", theme=name) as pilot:
        look = PALETTES[name][Mood.WORK]
        assert colours(pilot) == set() if name == "mono" else {look.digits, look.tint} <= colours(pilot)
        assert "W O R K" in picture(pilot)


async def test_a_palette_can_be_changed_in_the_middle_of_a_round() -> None:
    async with running_app(workout(), start_with="mma-5x5") as pilot:
        for name in ("colour-blind", "mono", "16-colours", "ring"):
            pilot.app.theme = name
            await seen(pilot)
            look = PALETTES[name][Mood.WORK]
            assert ({look.digits, look.tint} <= colours(pilot)) is (name != "mono")


@pytest.mark.parametrize("name", BUILTIN_THEMES)
async def test_themes_that_know_no_phases_get_their_colours(name: str) -> None:
    async with running_app(workout(), start_with="mma-5x5") as pilot:
        pilot.app.theme = name
        await seen(pilot)
        look = PALETTES["ring"][Mood.WORK]
        assert {look.digits, look.tint} <= colours(pilot)


async def test_without_colours_work_is_inverse_but_for_the_time_of_its_last_seconds_and_rest_is_not() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", theme="mono") as pilot:
        for at, header, time in (
            ((4, 91.0), True, True), ((4, 295.0), True, False), ((5, 1.0), False, False), ((0, 1.0), False, False),
        ):  # fmt: skip
            program.session.go_to(*at)
            await seen(pilot)
            strips = pilot.app.screen._compositor.render_strips()
            for row, inverse in ((0, header), (12, time)):
                assert all(bool(cells.style and cells.style.reverse) is inverse for cells in strips[row])
