"""Leaving and restarting a workout: the questions asked, signals."""

import signal

import pytest

from nbd_tui.keymap import Action
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.big_time import BigTime
from tests.screens.driving import ROUND_2, picture, running_app, workout


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_leaving_asks_and_escape_goes_on(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press(key)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert "End the workout?" in picture(pilot)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []


async def test_the_time_runs_on_behind_the_question() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        shown = pilot.app.screen
        assert isinstance(shown, WorkoutScreen)
        await pilot.press("q")
        program.session.go_to(ROUND_2, 120.0)
        shown.look()
        assert shown.query_one(BigTime).time == "3:00"


@pytest.mark.parametrize("key", ["enter", "y"])
async def test_restart_asks_and_a_yes_restarts(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("R")
        words = picture(pilot)
        assert "Restart the workout?" in words
        assert "Enter or y restarts, Escape goes on" in words
        assert program.session.actions == []
        await pilot.press("R", key)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == [Action.RESTART]


@pytest.mark.parametrize("key", ["escape", "n", "ctrl+c", "ctrl+q"])
async def test_restart_is_refused_by_no_and_by_keys_that_leave(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("R", key)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signal on this system")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
async def test_a_signal_ends_the_app_and_the_session(name: str) -> None:
    program, told = workout(), list[str]()
    async with running_app(program, start_with="mma-5x5", leaving=lambda: told.append("leaving")) as pilot:
        signal.raise_signal(getattr(signal, name))
        await pilot._wait_for_screen()
    assert pilot.app.return_value == 128 + getattr(signal, name)
    assert program.session.closed == 1
    assert told == [], "the session needs the player to its end"
