"""The picture of a track's energy as a widget: what it draws, and that it follows what is set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import to_frames
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from nbd_tui.tui.theme import DEFAULTS, THEMES
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from tests.screens.driving import picture

STEP = Hearing(
    to_frames(40.0), 120.0, 0.9, energy=EnergyCurve(4.0, (0.25,) * 80 + (1.0,) * 80),
    drops=(Drop(20.0, 3.0, Span(18.0, 20.0), Span(10.0, 18.0)),),
)  # fmt: skip


class Wall(App[None]):
    """One picture of 40 columns, one for each second."""

    def __init__(self, rows: int, glyphs: Glyphs) -> None:
        super().__init__()
        self.picture = EnergyPicture(glyphs)
        self.picture.styles.height = rows
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "ring"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def compose(self) -> ComposeResult:
        yield self.picture


@asynccontextmanager
async def wall(rows: int, glyphs: Glyphs = UNICODE) -> AsyncIterator[tuple[EnergyPicture, Pilot[None]]]:
    app = Wall(rows, glyphs)
    async with app.run_test(size=(40, 10)) as pilot:
        app.picture.show(STEP)
        await pilot.pause()
        yield app.picture, pilot


def drawn(pilot: Pilot[None], rows: int) -> list[str]:
    return picture(pilot).splitlines()[:rows]  # type: ignore[arg-type]


def colours(shown: EnergyPicture) -> set[str]:
    return {str(cells.style.color) for cells in shown.render_line(0) if cells.style and cells.text.strip()}


async def test_rows_of_bars_over_a_row_of_marks() -> None:
    async with wall(3) as (_, pilot):
        assert drawn(pilot, 3) == [
            " " * 20 + "█" * 20,
            "▁" * 19 + "▂" + "█" * 20,
            " " * 10 + "━" * 8 + "┄┄▲" + " " * 19,
        ]


async def test_one_row_has_the_drops_in_it() -> None:
    async with wall(1) as (_, pilot):
        assert drawn(pilot, 1) == ["▁" * 20 + "▲" + "█" * 19]


async def test_plain_signs_where_there_are_no_others() -> None:
    async with wall(2, ASCII) as (_, pilot):
        assert drawn(pilot, 2)[1] == " " * 10 + "-" * 8 + "..^" + " " * 19
        assert drawn(pilot, 1)[0].isascii()


async def test_the_playhead_goes_over_everything_but_drops() -> None:
    async with wall(2) as (shown, pilot):
        for at_s, bars, marks in ((12.0, "┃", "┃"), (20.5, "┃", "▲"), (39.9, "┃", "┃")):
            shown.playhead_s = at_s
            await pilot.pause()
            rows = drawn(pilot, 2)
            assert (rows[0][int(at_s)], rows[1][int(at_s)]) == (bars, marks)
            assert rows[0].count("┃") == 1, "and leaves no trace"
        shown.playhead_s = None
        await pilot.pause()
        assert "┃" not in "".join(drawn(pilot, 2))


async def test_a_window_is_a_part_of_the_track() -> None:
    async with wall(2) as (shown, pilot):
        shown.window = Span(15.0, 25.0)
        await pilot.pause()
        assert drawn(pilot, 2)[1] == "━" * 12 + "┄" * 8 + "▲" + " " * 19


async def test_the_users_drops_are_marked_in_place_of_those_heard() -> None:
    async with wall(2) as (shown, pilot):
        shown.show(STEP, Correction(drops_s=(30.0,)))
        await pilot.pause()
        assert drawn(pilot, 2)[1] == " " * 30 + "▲" + " " * 9


async def test_of_a_track_that_was_not_heard_there_is_none() -> None:
    async with wall(3) as (shown, pilot):
        shown.show(None)
        shown.playhead_s = 3.0
        await pilot.pause()
        assert "".join(drawn(pilot, 3)).strip() == ""


async def test_another_theme_has_other_colours() -> None:
    async with wall(3) as (shown, pilot):
        before = colours(shown)
        pilot.app.theme = "colour-blind"
        await pilot.pause()
        assert before
        assert colours(shown).isdisjoint(before)


async def test_another_size_is_another_picture() -> None:
    async with wall(2) as (_, pilot):
        await pilot.resize_terminal(20, 10)
        await pilot.pause()
        assert drawn(pilot, 2)[1] == " " * 5 + "━" * 4 + "┄▲" + " " * 9
