"""What happens when keys are pressed: the real app over scripted sessions."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from nbd_tui.errors import UserError
from nbd_tui.keymap import Action
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.ports import RunningSession
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.summary import SummaryScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import ASCII, UNICODE
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.workout.engine import EngineState
from tests.screens.fake_session import HOSTILE, FakeProgram, FakeSession, builtin, moment

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


def line(pilot: Pilot[int], part: str) -> tuple[str, str, str]:
    return pilot.app.screen.query_one(f"#{part}", SplitLine).parts


def picture(pilot: Pilot[int]) -> str:
    """All text of the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(cells.text for cells in strip) for strip in strips)


async def test_enter_starts_the_chosen_preset_and_its_session_ends_with_the_app() -> None:
    program = FakeProgram()
    async with running_app(program) as pilot:
        assert isinstance(pilot.app.screen, HomeScreen)
        await pilot.press("down", "down", "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        chosen = program.services().presets[2]
        assert program.session.preset is chosen.preset or program.session.preset == chosen.preset
        assert program.session.closed == 0
    assert program.session.closed == 1


async def test_a_double_press_starts_one_session() -> None:
    program = FakeProgram()
    async with running_app(program) as pilot:
        await pilot.press("enter", "enter")
        assert len(program.sessions) == 1
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert len(pilot.app.screen_stack) == 3


async def test_two_starts_before_the_screen_is_up_start_one_session() -> None:
    program = FakeProgram()
    async with running_app(program) as pilot:
        home = pilot.app.screen
        assert isinstance(home, HomeScreen)
        home.action_start()
        home.action_start()
        await pilot.pause()
        assert len(program.sessions) == 1


async def test_a_workout_that_cannot_start_leaves_home_up_and_says_why() -> None:
    def refuse(loaded: LoadedPreset) -> RunningSession:
        raise UserError(f"[/foo] {loaded.id}")

    async with running_app(FakeProgram(), start=refuse) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HomeScreen)
        assert [notice.message for notice in pilot.app._notifications] == ["[/foo] boxing-12x3"]


async def test_home_pictures_the_preset_under_the_bar() -> None:
    async with running_app(FakeProgram()) as pilot:
        assert "Boxing 12 × 3" in picture(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert "A whole workout in two minutes" in picture(pilot).replace("\n", " ")


async def test_home_quits_at_once() -> None:
    async with running_app(FakeProgram()) as pilot:
        await pilot.press("q")
    assert pilot.app.return_value == 0


KEYS = (
    ("space", Action.PAUSE),
    ("enter", Action.DONE),
    ("right", Action.SKIP),
    ("left", Action.BACK),
    ("u", Action.UNDO_SKIP),
    ("plus", Action.ADD_TIME),
    ("equals_sign", Action.ADD_TIME),
    ("minus", Action.REMOVE_TIME),
    ("up", Action.MUSIC_UP),
    ("down", Action.MUSIC_DOWN),
    ("pageup", Action.CUES_UP),
    ("right_square_bracket", Action.CUES_UP),
    ("pagedown", Action.CUES_DOWN),
    ("left_square_bracket", Action.CUES_DOWN),
    ("n", Action.OTHER_TRACK),
    ("m", Action.MUTE),
)


async def test_every_key_reaches_the_session() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press(*(key for key, _ in KEYS))
        assert program.session.actions == [action for _, action in KEYS]
        assert {action for _, action in KEYS} | {Action.STOP, Action.RESTART} == set(Action)


async def test_pause_and_go_on() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("space")
        program.session.set(pause_s=42.0)
        await seen(pilot)
        assert pilot.app.screen.has_class("-paused")
        assert "PAUSED 0:42  ·  space to go on" in picture(pilot)
        await pilot.press("space")
        await seen(pilot)
        assert pilot.app.screen.has_class("-work")
        assert "W O R K" in picture(pilot)


async def test_the_answer_to_a_key_stands_two_seconds() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("plus")
        await seen(pilot)
        assert line(pilot, "echo")[0] == "+15 s → 3:44"
        assert pilot.app.screen.query_one(BigTime).time == "3:44"
        program.clock.advance(2.0)
        await seen(pilot)
        assert line(pilot, "echo")[0] == ""


async def test_skip_counts_once_in_400_ms_and_back_is_not_held_up() -> None:
    program = workout((REST_1, 5.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("right", "right", "left")
        assert program.session.actions == [Action.SKIP, Action.BACK]
        program.clock.advance(0.5)
        await pilot.press("right")
        assert program.session.actions[-1] is Action.SKIP
        assert program.session.now.index == 5


async def test_the_colour_follows_the_phase() -> None:
    program = workout((ROUND_2, 100.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        for at, mood in [
            ((ROUND_2, 295.0), "-last"),
            ((5, 1.0), "-rest"),
            ((0, 1.0), "-prepare"),
            ((11, 0.0), "-cool-down"),
        ]:
            program.session.go_to(*at)
            await seen(pilot)
            assert pilot.app.screen.has_class(mood)
            assert len([name for name in pilot.app.screen.classes if name.startswith("-")]) == 1


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


async def finish(pilot: Pilot[int], session: FakeSession) -> None:
    session.finish(completed=True)
    shown = next(screen for screen in pilot.app.screen_stack if isinstance(screen, WorkoutScreen))
    shown.look()
    await pilot.pause()


@pytest.mark.parametrize("before", [(), ("q",), ("question_mark",)])
async def test_the_end_shows_the_summary_whatever_stands_before_it(before: tuple[str, ...]) -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press(*before)
        await finish(pilot, program.session)
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert len(pilot.app.screen_stack) == 3
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


async def test_an_open_phase_says_how_it_ends() -> None:
    index = next(one.index for one in moment(builtin("strength").preset, 0).segments if one.duration_s is None)
    program = workout((index, 47.2))
    async with running_app(program, start_with="strength") as pilot:
        assert "enter when done" in picture(pilot)
        assert pilot.app.screen.query_one(BigTime).time == "0:47"
        await pilot.press("enter")
        assert program.session.actions == [Action.DONE]


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


@pytest.mark.parametrize("key", ["ctrl+p", "pagedown", "tab", "f5"])
async def test_no_palette_opens_over_a_workout(key: str) -> None:
    async with running_app(workout(), start_with="mma-5x5") as pilot:
        await pilot.press(key)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert pilot.app.focused is None


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


async def test_broken_presets_and_notices_are_told_on_home() -> None:
    broken = ("[/foo].toml: line 3: repeat: must be a number",)
    async with running_app(FakeProgram(), broken=broken, notices=("no music folder yet",)) as pilot:
        words = picture(pilot)
        assert "! no music folder yet" in words
        assert "! [/foo].toml: line 3: repeat: must be a number (see nbd presets)" in words


async def test_home_without_presets_says_so() -> None:
    async with running_app(FakeProgram(), presets=()) as pilot:
        assert "No presets" in picture(pilot)
        await pilot.press("down", "enter")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_own_presets_come_first_and_built_in_ones_are_marked() -> None:
    own = replace(builtin("tabata"), id="mine", builtin=False)
    async with running_app(FakeProgram(), presets=(own, builtin("demo"))) as pilot:
        presets = pilot.app.screen.query_one(OptionList)
        assert [option.id for option in presets.options] == [None, "0", None, "1"]
        assert presets.highlighted == 1
        assert "built-in" not in picture(pilot)


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


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signal on this system")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
async def test_a_signal_ends_the_app_and_the_session(name: str) -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        signal.raise_signal(getattr(signal, name))
        await pilot._wait_for_screen()
    assert pilot.app.return_value == 128 + getattr(signal, name)
    assert program.session.closed == 1


async def test_the_screen_reads_the_session_ten_times_a_second_and_repaints_only_changes() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await seen(pilot)
        big = pilot.app.screen.query_one(BigTime)
        painted: list[str] = []

        def note(time: str) -> None:
            painted.append(time)

        big.watch(big, "time", note, init=False)
        for tenth in range(11):
            program.session.go_to(ROUND_2, 91.0 + tenth / 10)
            await seen(pilot)
        assert painted == ["3:28"]


async def test_the_summary_counts_rounds_that_were_trained_not_those_skipped() -> None:
    program = workout((11, 170.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        program.session.set(rounds_done=3, worked_s=754.0, paused_s=61.0)
        await finish(pilot, program.session)
        assert "rounds 3 of 5   workout 12:34   paused 1:01" in picture(pilot)


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


@pytest.mark.parametrize("preset", ["mma-5x5", "strength"])
async def test_the_footer_always_tells_how_to_end_and_to_see_all_keys(preset: str) -> None:
    program = workout()
    async with running_app(program, start_with=preset) as pilot:
        for changes in ({}, {"can_undo_skip": True}, {"state": EngineState.PAUSED, "can_undo_skip": True}):
            program.session.set(**changes)
            await seen(pilot)
            assert line(pilot, "hints")[0].endswith("  q end  ? all keys")
            assert "q end  ? all keys" in picture(pilot)
