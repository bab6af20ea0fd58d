"""From the end of a workout to the summary, and on to Home."""

import pytest

from nbd_tui.keymap import Action
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.summary import SummaryScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from tests.screens.driving import finish, picture, running_app, seen, workout


@pytest.mark.parametrize("key", ["enter", "y", "ctrl+c"])
async def test_a_yes_ends_with_the_summary_then_home(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("q", key)
        assert program.session.actions == [Action.STOP]
        await seen(pilot)
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert "S T O P P E D" in picture(pilot)
        assert "rounds 1 of 5" in picture(pilot)
        assert program.session.closed == 0
        program.clock.advance(1.0)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert program.session.closed == 1
        await pilot.press("enter")
        assert len(program.sessions) == 2


async def test_a_session_that_does_not_stop_is_left_after_two_seconds() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        program.session.send = lambda action: None  # type: ignore[method-assign]
        await pilot.press("q", "enter")
        await seen(pilot)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        program.clock.advance(2.0)
        await seen(pilot)
        assert isinstance(pilot.app.screen, SummaryScreen)


@pytest.mark.parametrize("before", [(), ("q",), ("question_mark",)])
async def test_the_end_shows_the_summary_whatever_stands_before_it(before: tuple[str, ...]) -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press(*before)
        await finish(pilot, program.session)
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert len(pilot.app.screen_stack) == 2
        assert "C O M P L E T E D" in picture(pilot)
        assert "rounds 5 of 5" in picture(pilot)


async def test_a_key_meant_for_the_workout_does_not_leave_the_summary() -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        await finish(pilot, program.session)
        await pilot.press("enter", "q")
        assert isinstance(pilot.app.screen, SummaryScreen)
        await pilot.press("question_mark")
        assert "start the workout" not in picture(pilot)
        await pilot.press("escape")
        program.clock.advance(1.0)
        await pilot.press("q")
    assert pilot.app.return_value == 0
    assert program.session.closed == 1


async def test_the_summary_counts_rounds_that_were_trained_not_those_skipped() -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        program.session.set(rounds_done=3, worked_s=754.0, paused_s=61.0)
        await finish(pilot, program.session)
        assert "rounds 3 of 5   workout 12:34   paused 1:01" in picture(pilot)


async def test_a_summary_left_twice_leads_home_once() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await finish(pilot, program.session)
        program.clock.advance(1.0)
        summary = pilot.app.screen
        assert isinstance(summary, SummaryScreen)
        summary.action_home()
        summary.action_home()
        await pilot.pause()
        assert isinstance(pilot.app.screen, HomeScreen)
    assert program.session.closed == 1
