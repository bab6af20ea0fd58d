"""Windows of any size, terminals without block characters, hostile text."""

import pytest

from nbd_tui.keymap import Action
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import ASCII
from nbd_tui.tui.widgets.too_small import TooSmall
from tests.screens.driving import finish, line, picture, running_app, seen, workout
from tests.screens.fake_session import HOSTILE, FakeProgram, builtin


async def test_a_small_window_shows_what_counts_and_recovers() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", size=(30, 8)) as pilot:
        assert pilot.app.screen.query_one(TooSmall).display
        assert "3:29" in picture(pilot)
        assert "W O R K" in picture(pilot)
        await pilot.press("space")
        assert program.session.actions == [Action.PAUSE]
        await pilot.resize_terminal(80, 24)
        await seen(pilot)
        assert "MMA 5 × 5" in picture(pilot)


async def test_a_screen_behind_another_that_hides_it_is_neither_asked_nor_painted() -> None:
    asked: list[None] = []

    def state() -> str:
        asked.append(None)
        return f"{len(asked)} tracks"

    program = workout()
    async with running_app(program, start_with="mma-5x5", library_line=state) as pilot:
        home, shown = (screen for screen in pilot.app.screen_stack if isinstance(screen, SizedScreen))
        assert isinstance(home, HomeScreen)
        before = len(asked)
        home._look()
        assert (home.is_current, shown.is_current, len(asked)) == (False, True, before)
        await pilot.press("q")
        assert (home.is_current, shown.is_current) == (False, True), "the question lets the workout through"
        await pilot.press("enter")
        await seen(pilot)
        program.clock.advance(1.0)
        await pilot.press("escape")
        await pilot.pause()
        assert home.is_current
        home._look()
        await pilot.pause()
        assert f"{len(asked)} tracks" in picture(pilot)


SMALL = ((1, 1), (3, 3), (10, 3), (5, 40), (200, 2), (39, 11), (40, 12))


@pytest.mark.parametrize("start_with", ["", "circuit"])
async def test_no_window_is_too_small_to_survive(start_with: str) -> None:
    program = FakeProgram()
    async with running_app(program, start_with=start_with, size=(2, 2)) as pilot:
        for size in SMALL:
            await pilot.resize_terminal(*size)
            await pilot.press("question_mark", "escape")
        if start_with:
            await finish(pilot, program.session)
            for size in SMALL:
                await pilot.resize_terminal(*size)
        await pilot.resize_terminal(80, 24)
        assert not pilot.app.screen.has_class("-too-small")


@pytest.mark.parametrize(
    ("start_with", "expected"),
    [("", ["NEVER BACK DOWN", "needs 40×12"]), ("mma-5x5", ["3:29", "W O R K", "ROUND 2 of 5", "needs 40×12"])],
)
async def test_a_window_too_small_shows_nothing_else(start_with: str, expected: list[str]) -> None:
    async with running_app(workout(), start_with=start_with, size=(30, 40), notices=("the disk is full",)) as pilot:
        await pilot.pause()
        assert [row.strip() for row in picture(pilot).splitlines() if row.strip()] == expected


@pytest.mark.parametrize(
    ("size", "gone"),
    [((60, 15), {"strip"}), ((60, 12), {"strip", "hints"}), ((120, 40), set())],
)
async def test_short_screens_drop_parts(size: tuple[int, int], gone: set[str]) -> None:
    async with running_app(workout(), start_with="mma-5x5", size=size) as pilot:
        parts = ("strip", "hints", "track", "header")
        assert {part for part in parts if not pilot.app.screen.query_one(f"#{part}").display} == gone


async def test_text_does_not_stretch_over_a_wide_screen() -> None:
    async with running_app(workout(), start_with="mma-5x5", size=(200, 60)) as pilot:
        header = pilot.app.screen.query_one("#header").region
        assert (header.x, header.width) == (50, 100)
        assert pilot.app.screen.query_one("#strip").region.width == 198


async def test_hostile_titles_are_shown_as_they_are() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", size=(120, 40)) as pilot:
        program.session.set(track=HOSTILE, preset_name="[/foo] [Remix]", track_note="[/x]")
        await seen(pilot)
        words = picture(pilot)
        assert "[/foo]  [2J[Remix] evil · [bold]?日本語 שלום" in words
        assert "[/foo] [Remix]" in line(pilot, "header")[1]
        assert "\x1b" not in words


@pytest.mark.parametrize("start_with", ["", "mma-5x5"])
async def test_a_terminal_without_block_characters_gets_ascii(start_with: str) -> None:
    program = workout()
    app = NbdApp(program.services(), builtin(start_with) if start_with else None, glyphs=ASCII)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert picture(pilot).isascii()
        assert "####" in picture(pilot)
        await pilot.press("question_mark")
        assert "?" in picture(pilot)


@pytest.mark.parametrize(("key", "words"), [("q", "End the workout?"), ("R", "Restart the workout?")])
async def test_a_question_fits_a_small_window(key: str, words: str) -> None:
    async with running_app(workout(), start_with="mma-5x5", size=(30, 8)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert words in picture(pilot)
        for part in ("question", "answers"):
            static = pilot.app.screen.query_one(f"#{part}")
            assert pilot.app.screen.query_one("#confirm").content_region.contains_region(static.region)
        assert "Escape" in picture(pilot)
        assert "goes on" in picture(pilot)


async def test_a_label_that_has_no_room_shows_that_it_goes_on() -> None:
    async with running_app(workout((1, 10.0)), start_with="mma-5x5", size=(40, 12)) as pilot:
        await seen(pilot)
        assert "W A R M - U P   ·   Mobility and shadow…" in picture(pilot)
