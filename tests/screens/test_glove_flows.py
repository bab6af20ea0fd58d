"""Glove mode: bursts of keys on every screen. Keys get the times at which a driver would have read them."""

import asyncio
from collections.abc import Callable

import pytest
from textual import _time, events
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.keymap import Action
from nbd_tui.session.actions import Order
from nbd_tui.settings import ScreenSettings, Settings
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.gloved import GlovedApp
from nbd_tui.tui.ports import Gloves
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.dialogs import ChooseDialog, EntryDialog
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.summary import SummaryScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import UNICODE
from nbd_tui.workout.engine import EngineState
from tests.screens.driving import finish, line, picture, running_app, seen, workout
from tests.screens.fake_session import FakeProgram, builtin, moment

PATIENCE_S = 10.0
ASDF = ((0.0, "a"), (0.001, "s"), (0.007, "d"), (0.02, "f"))
WITH_Q = ((0.0, "q"), (0.001, "w"), (0.001, "enter"), (0.002, "y"))


class Hands:
    """Strikes keys whose times are its own: they do not depend on how busy the machine is."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self._pilot = pilot
        self._now = _time.get_time()

    async def strike(self, *burst: tuple[float, str], after_s: float = 1.0) -> None:
        """A burst, `after_s` after the last one; returns when nothing waits any more."""
        self._now += after_s
        for at_s, key in burst:
            event = events.Key(key, None)
            event.time = self._now + at_s
            self._pilot.app.post_message(event)
        self._now += burst[-1][0]
        await self._pilot.pause()
        await self.settled()

    async def press(self, *keys: str, after_s: float = 1.0) -> None:
        """Keys one by one."""
        for key in keys:
            await self.strike((0.0, key), after_s=after_s)

    async def settled(self) -> None:
        """Until the reader has decided on everything."""
        app = self._pilot.app
        assert isinstance(app, GlovedApp)
        async with asyncio.timeout(PATIENCE_S):
            while app._glove_reader.ask_at is not None:
                await self._pilot.pause(0.01)
        await self._pilot.pause()


def gloves_on() -> Gloves:
    return Gloves(on=True)


async def test_the_key_turns_it_on_and_off_and_the_screen_says_so_at_once() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("g")
        await seen(pilot)
        assert line(pilot, "echo")[0] == "glove mode on"
        assert line(pilot, "next")[2] == "smash: pause · twice: skip"
        await Hands(pilot).press("g")
        await seen(pilot)
        assert line(pilot, "echo")[0] == "glove mode off"
        assert line(pilot, "next")[2] == ""
        program.clock.advance(2.0)
        await seen(pilot)
        assert line(pilot, "echo")[0] == ""
        await pilot.press("space")
        assert program.session.actions == [Action.PAUSE]


async def test_every_screen_below_shows_it_too() -> None:
    async with running_app(workout(), start_with="mma-5x5", gloves=gloves_on()) as pilot:
        home = pilot.app.screen_stack[0]
        assert "smash: start" in str(home.query_one("#hints").parts)  # type: ignore[attr-defined]
        await Hands(pilot).press("g")
        assert "smash" not in str(home.query_one("#hints").parts)  # type: ignore[attr-defined]


async def test_a_smash_pauses_and_another_goes_on() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        hands = Hands(pilot)
        await hands.strike(*ASDF)
        assert program.session.actions == [Order.HOLD]
        await seen(pilot)
        assert line(pilot, "next")[2] == "smash: go on · twice: skip"
        assert "smash to go on" in picture(pilot)
        await hands.press("space")
        assert program.session.actions == [Order.HOLD, Order.GO_ON]


@pytest.mark.parametrize("paused", [False, True])
async def test_twice_skips_and_leaves_nothing_paused(paused: bool) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        if paused:
            program.session.set(state=EngineState.PAUSED)
        hands = Hands(pilot)
        await hands.strike(*ASDF)
        await hands.strike(*ASDF, after_s=0.3)
        assert program.session.actions == [Order.GO_ON if paused else Order.HOLD, Order.MOVE_ON]
        assert program.session.now.state is EngineState.RUNNING
        assert program.session.now.index == 5


async def test_an_open_phase_is_done_by_one_smash_and_not_skipped_by_its_second() -> None:
    index = next(one.index for one in moment(builtin("strength").preset, 0).segments if one.duration_s is None)
    program = workout((index, 47.2))
    async with running_app(program, start_with="strength", gloves=gloves_on()) as pilot:
        assert "smash when done" in picture(pilot)
        assert line(pilot, "next")[2] == "smash: done"
        hands = Hands(pilot)
        await hands.strike(*ASDF)
        await hands.strike(*ASDF, after_s=0.3)
        assert program.session.actions == [Action.DONE]


async def test_arrows_and_single_keys_work() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        await Hands(pilot).press("up", "down", "left", "right", "m", "plus", after_s=0.2)
        expected = [Action.MUSIC_UP, Action.MUSIC_DOWN, Action.BACK, Action.SKIP, Action.MUTE, Action.ADD_TIME]
        assert program.session.actions == expected


async def test_q_asks_for_itself_again_and_ends_the_third_time() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        hands = Hands(pilot)
        await hands.press("q")
        await seen(pilot)
        assert line(pilot, "echo")[0] == "q again to end: 2 times more, or hold it"
        await hands.press("q", after_s=0.3)
        await seen(pilot)
        assert line(pilot, "echo")[0] == "q again to end"
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []
        await hands.press("q", after_s=0.3)
        assert program.session.actions == [Action.STOP]
        await seen(pilot)
        assert isinstance(pilot.app.screen, SummaryScreen)


async def test_a_held_q_ends_and_does_not_leave_the_summary() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        hands = Hands(pilot)
        await hands.strike((0.0, "q"), *((0.5 + 0.033 * number, "q") for number in range(20)))
        assert program.session.actions == [Action.STOP]
        await seen(pilot)
        assert isinstance(pilot.app.screen, SummaryScreen)
        program.clock.advance(1.0)
        await hands.strike(*((0.033 * number, "q") for number in range(20)), after_s=0.033)
        assert isinstance(pilot.app.screen, SummaryScreen)
    assert pilot.app.return_value is None


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_keys_that_always_leave_need_to_be_repeated_as_well(key: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on(), keys={"workout.stop": "x"}) as pilot:
        hands = Hands(pilot)
        await hands.press(key)
        await seen(pilot)
        assert line(pilot, "echo")[0] == "x again to end: 2 times more, or hold it"
        assert isinstance(pilot.app.screen, WorkoutScreen)
        await hands.press(key, "x", after_s=0.3)
        assert program.session.actions == [Action.STOP]


async def test_no_smash_ends_anything() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        hands = Hands(pilot)
        for after_s in (1.0, 0.3, 0.3, 1.0, 0.2, 2.0):
            await hands.strike(*WITH_Q, after_s=after_s)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert Action.STOP not in program.session.actions
        assert Action.RESTART not in program.session.actions


async def test_a_smash_answers_no_and_closes_the_help() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        hands = Hands(pilot)
        await hands.press("R")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert "y restarts, a smash goes on" in picture(pilot)
        for burst in (WITH_Q, ((0.0, "enter"),)):
            await hands.strike(*burst)
            assert isinstance(pilot.app.screen, WorkoutScreen)
            await hands.press("R")
        await hands.press("y")
        assert program.session.actions == [Action.RESTART]
        await hands.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await hands.strike(*ASDF)
        await hands.strike(*ASDF, after_s=0.3)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == [Action.RESTART], "the second smash was meant for the help, too"


async def test_the_question_whether_to_end_is_no_shorter_way() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        shown = pilot.app.screen
        assert isinstance(shown, WorkoutScreen)
        shown.action_leave()
        await pilot.pause()
        assert "y y y ends, a smash goes on" in picture(pilot)
        hands = Hands(pilot)
        await hands.press("y", "y", after_s=0.3)
        await hands.strike(*WITH_Q)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.actions == []
        shown.action_leave()
        await pilot.pause()
        await hands.press("y", "y", "y", after_s=0.9)
        assert program.session.actions == [Action.STOP]


async def test_a_smash_starts_on_home_and_its_second_leaves_the_workout_alone() -> None:
    program = FakeProgram()
    async with running_app(program, gloves=gloves_on()) as pilot:
        assert "smash: start" in picture(pilot)
        hands = Hands(pilot)
        await hands.press("down", after_s=0.2)
        await hands.strike(*ASDF)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert program.session.preset == program.services().presets[1].preset
        await hands.strike(*ASDF, after_s=0.3)
        assert program.session.actions == []
        await hands.strike(*ASDF)
        assert program.session.actions == [Order.HOLD]


async def test_a_smash_leaves_the_summary_and_its_second_starts_nothing() -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5", gloves=gloves_on()) as pilot:
        await finish(pilot, program.session)
        assert "smash: home" in picture(pilot)
        hands = Hands(pilot)
        await hands.strike(*ASDF)
        assert isinstance(pilot.app.screen, SummaryScreen), "meant for the workout"
        program.clock.advance(1.0)
        await hands.strike(*ASDF)
        assert isinstance(pilot.app.screen, HomeScreen)
        await hands.strike(*ASDF, after_s=0.3)
        assert isinstance(pilot.app.screen, HomeScreen)
        assert len(program.sessions) == 1


async def test_a_smash_works_where_the_screen_is_too_small() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", size=(30, 8), gloves=gloves_on()) as pilot:
        await seen(pilot)
        assert "smash: pause · twice: skip" in picture(pilot)
        await Hands(pilot).strike(*ASDF)
        assert program.session.actions == [Order.HOLD]


async def test_a_changed_setting_turns_it_and_other_settings_leave_it() -> None:
    async with running_app(FakeProgram()) as pilot:
        app = pilot.app
        assert isinstance(app, GlovedApp)
        app.take_glove_setting(Settings(screen=ScreenSettings(glove=True)))
        assert app._gloves.on
        app.action_gloves()
        app.take_glove_setting(Settings(screen=ScreenSettings(glove=True, keep_awake=False)))
        assert not app._gloves.on


async def test_the_words_for_a_smash_keep_their_room() -> None:
    index = next(one.index for one in moment(builtin("strength").preset, 0).segments if one.duration_s is None)
    async with running_app(
        workout((index - 1, 5.0)), start_with="strength", size=(60, 15), gloves=gloves_on()
    ) as pilot:
        next_line, _, smash = line(pilot, "next")
        assert smash == "smash: pause · twice: skip"
        assert smash in picture(pilot)
        assert next_line.startswith("next  ")
        assert "q q q end" in line(pilot, "hints")[0]


@pytest.mark.parametrize(("key", "answers"), [("", "state"), ("h", "said"), ("comma", "echo")])
async def test_the_key_is_answered_on_the_line_of_every_screen_and_covers_nothing(key: str, answers: str) -> None:
    async with running_app(FakeProgram()) as pilot:
        await pilot.press(*([key] if key else []), "g")
        await pilot.pause()
        assert "glove mode on" in line(pilot, answers)
        assert not pilot.app._notifications
        await Hands(pilot).press("g")
        assert "glove mode off" in line(pilot, answers)


async def test_text_is_typed_as_fast_as_one_likes() -> None:
    async with running_app(FakeProgram(), gloves=gloves_on()) as pilot:
        pilot.app.push_screen(EntryDialog("a name", "", UNICODE, lambda _: ""))
        await pilot.pause()
        await Hands(pilot).strike((0.0, "g"), (0.001, "l"), (0.002, "q"), (0.003, "y"))
        assert pilot.app.screen.query_one(Input).value == "glqy"


async def test_where_no_smash_means_anything_it_does_nothing_and_keys_work() -> None:
    choices = [("a", "one"), ("b", "two"), ("c", "three")]
    chosen: list[str | None] = []
    async with running_app(FakeProgram(), gloves=gloves_on()) as pilot:
        pilot.app.push_screen(ChooseDialog("which", choices, UNICODE), chosen.append)
        await pilot.pause()
        hands = Hands(pilot)
        await hands.strike((0.0, "enter"), (0.001, "escape"), (0.002, "q"))
        assert chosen == []
        await hands.press("down", "enter")
        assert chosen == ["b"]


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_pictures(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    program = workout()
    app = NbdApp(program.services(gloves=gloves_on()), builtin("mma-5x5"), glyphs=UNICODE)

    async def pause(pilot: Pilot[int]) -> None:
        await pilot.pause()
        program.session.set(state=EngineState.PAUSED, pause_s=42.0)
        await seen(pilot)

    assert snap_compare(app, terminal_size=size, run_before=pause)
