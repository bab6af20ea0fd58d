"""Keys pressed on Home: choosing and starting."""

from dataclasses import replace

from textual.widgets import OptionList

from nbd_tui.errors import UserError
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.ports import RunningSession
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from tests.screens.driving import picture, running_app
from tests.screens.fake_session import FakeProgram, builtin


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
        assert len(pilot.app.screen_stack) == 2


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
        assert "! The workout cannot start: [/foo] boxing-12x3" in picture(pilot)
        assert not pilot.app._notifications, "they would cover other lines"
        await pilot.press("comma")
        await pilot.press("escape")
        await pilot.pause()
        assert "cannot start" not in picture(pilot)


async def test_home_pictures_the_preset_under_the_bar() -> None:
    async with running_app(FakeProgram()) as pilot:
        assert "Boxing 12 × 3" in picture(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert "A whole workout in two minutes" in picture(pilot).replace("\n", " ")


async def test_in_a_narrow_window_the_list_has_all_the_room() -> None:
    async with running_app(FakeProgram(), size=(40, 12)) as pilot:
        await pilot.press("down")
        assert "Boxing 3 × 2" in picture(pilot)
        assert "prepar" not in picture(pilot), "a picture nobody can read"
        await pilot.press("slash", *"no such preset")
        await pilot.pause()
        assert "Nothing found" in picture(pilot)
        await pilot.press("escape")
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        assert "prepare" in picture(pilot)


async def test_home_is_kept_as_it_was_painted_first() -> None:
    kept: list[tuple[str, tuple[int, int]]] = []
    async with running_app(FakeProgram(), keep_picture=lambda *given: kept.append(given), notices=("no music",)):
        pass
    ((painted, size),) = kept
    assert size == (80, 24)
    assert "NEVER BACK DOWN" in painted
    assert "! no music" in painted
    assert "\x1b[24;1H" in painted, "every line where it belongs"
    assert "1,204 tracks" in painted


async def test_home_quits_at_once() -> None:
    told: list[str] = []
    async with running_app(FakeProgram(), leaving=lambda: told.append("leaving")) as pilot:
        assert told == []
        await pilot.press("q")
        assert told == ["leaving"], "the player ends while the screen does"
    assert pilot.app.return_value == 0


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
        assert [option.disabled for option in presets.options] == [True, False, True, False]
        assert presets.highlighted == 1
        assert "built-in" not in picture(pilot)
