"""Help, and keys of the user's own."""

import pytest

from nbd_tui.keymap import Action
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from tests.screens.driving import line, picture, running_app, workout
from tests.screens.fake_session import FakeProgram


async def test_help_lists_the_keys_that_work_and_the_workout_goes_on() -> None:
    program = workout()
    keys = {"workout.pause": "p"}
    async with running_app(program, start_with="mma-5x5", size=(80, 40), keys=keys) as pilot:
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        words = picture(pilot)
        for expected in ("another track", "15 s more", "bells quieter", "PgUp", "end the workout"):
            assert expected in words
        assert next(row for row in words.splitlines() if "pause / go on" in row).split()[1] == "p"
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []


@pytest.mark.parametrize("key", ["escape", "q", "enter", "ctrl+c"])
async def test_help_closes(key: str) -> None:
    async with running_app(FakeProgram()) as pilot:
        await pilot.press("question_mark", key)
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_remapped_keys_work_and_the_old_ones_do_not() -> None:
    program = workout()
    keys = {"workout.skip": "s", "workout.stop": "x", "home.start": "g", "app.help": "f1"}
    async with running_app(program, keys=keys) as pilot:
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, HomeScreen)
        await pilot.press("g")
        await pilot.press("right", "q", "s")
        assert program.session.actions == [Action.SKIP]
        assert "s skip" in line(pilot, "hints")[0]
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("f1", "ctrl+q")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("escape", "x")
        assert isinstance(pilot.app.screen, ConfirmScreen)


async def test_swapped_keys_work() -> None:
    program = workout()
    keys = {"workout.skip": "left", "workout.back": "right"}
    async with running_app(program, start_with="mma-5x5", keys=keys) as pilot:
        await pilot.press("left", "right")
        assert program.session.actions == [Action.SKIP, Action.BACK]
