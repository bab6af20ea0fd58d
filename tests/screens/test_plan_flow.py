"""Keys pressed on the plan of a workout."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.tui.messages import PlanWorkout
from nbd_tui.tui.ports import Gloves
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.plan import PlanScreen
from nbd_tui.tui.screens.plan_why import PlanWhyScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.workout.phase import PhaseKind
from tests.screens.driving import line, picture, running_app, workers_done
from tests.screens.fake_library import FakePreview
from tests.screens.fake_plan import BUG, FakePlans
from tests.screens.fake_session import FakeProgram, builtin


async def settled(pilot: Pilot[int]) -> None:
    """Until no plan is being made."""
    await pilot.pause()
    for _ in range(100):
        screen = pilot.app.screen
        if not isinstance(screen, PlanScreen) or not (screen._is_planning or screen._waiting):
            break
        await workers_done(pilot)
        await pilot.pause()
    await pilot.pause()


@asynccontextmanager
async def planning(
    plans: FakePlans | None = None, *, program: FakeProgram | None = None, preset: str = "boxing-3x2",
    size: tuple[int, int] = (80, 24), preview: FakePreview | None = None,
) -> AsyncIterator[Pilot[int]]:  # fmt: skip
    program = program or FakeProgram()
    async with running_app(
        program, size=size, plan=plans or FakePlans(program), preview=preview or FakePreview()
    ) as pilot:
        pilot.app.post_message(PlanWorkout(builtin(preset)))
        await settled(pilot)
        yield pilot


def screen_of(pilot: Pilot[int]) -> PlanScreen:
    screen = pilot.app.screen
    assert isinstance(screen, PlanScreen)
    return screen


def tracks(pilot: Pilot[int]) -> dict[int, str]:
    shown = screen_of(pilot)._table.shown
    return {place: path.stem for place, path in shown.planned.firsts.items()} if shown else {}


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def test_enter_on_home_shows_the_plan_and_enter_there_starts_what_is_shown() -> None:
    program = FakeProgram()
    plans = FakePlans(program)
    async with running_app(program, plan=plans) as pilot:
        await press(pilot, "enter")
        planned = tracks(pilot)
        assert len(planned) > 10
        assert not program.sessions
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert len(pilot.app.screen_stack) == 2, "Home lies under the workout"
        (script,) = plans.scripts
        assert {place: path.stem for place, path in script.tracks.items()} == planned
        assert plans.planners[0].closed == 1


async def test_s_starts_at_once_and_so_do_gloves() -> None:
    for gloves, keys in ((Gloves(), ("s",)), (Gloves(on=True), tuple("asdf"))):
        program = FakeProgram()
        plans = FakePlans(program)
        async with running_app(program, plan=plans, gloves=gloves) as pilot:
            await pilot.press(*keys)
            await settled(pilot)
            assert isinstance(pilot.app.screen, WorkoutScreen)
            assert not plans.planners


async def test_a_second_enter_before_the_plan_stands_starts_all_the_same() -> None:
    program = FakeProgram()
    plans = FakePlans(program)
    async with running_app(program, plan=plans) as pilot:
        home = pilot.app.screen
        assert isinstance(home, HomeScreen)
        home.action_plan()
        home.action_plan()
        await settled(pilot)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert len(program.sessions) == 1


async def test_escape_goes_back_without_a_workout() -> None:
    program = FakeProgram()
    async with planning(program=program) as pilot:
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert not program.sessions


async def test_rolling_changes_all_but_what_is_pinned_or_swapped() -> None:
    async with planning() as pilot:
        first = tracks(pilot)
        await press(pilot, "right", "p", "right", "n")
        swapped = tracks(pilot)
        assert [place for place in first if first[place] != swapped[place]] == [2]
        assert "swapped" in line(pilot, "marked")[2]
        await press(pilot, "r")
        rolled = tracks(pilot)
        assert (rolled[1], rolled[2]) == (first[1], swapped[2])
        assert rolled != swapped
        await press(pilot, "u", "u")
        assert tracks(pilot) == first
        await press(pilot, "left")
        assert "pinned" in line(pilot, "marked")[2]
        await press(pilot, "p")
        assert "pinned" not in line(pilot, "marked")[2]


async def test_keys_pressed_while_a_plan_is_made_wait_for_it() -> None:
    async with planning() as pilot:
        first = tracks(pilot)
        await pilot.press("n", "n", "n")
        await settled(pilot)
        assert len(screen_of(pilot)._table.shown.choices.refused[0]) == 3  # type: ignore[union-attr]
        assert tracks(pilot)[0] != first[0]


async def test_after_the_last_track_the_first_one_comes_again() -> None:
    program = FakeProgram()
    async with planning(FakePlans(program, 3), program=program, preset="tabata") as pilot:
        first = tracks(pilot)[0]
        await press(pilot, "n", "n")
        last = tracks(pilot)[0]
        await press(pilot, "n")
        assert tracks(pilot)[0] == last, "what is shown stays"
        assert "no other track is left" in line(pilot, "said")[0]
        await press(pilot, "n")
        assert tracks(pilot)[0] == first or tracks(pilot)[0] != last


async def test_space_plays_eight_seconds_around_the_bell_with_the_bell() -> None:
    preview = FakePreview()
    async with planning(preview=preview) as pilot:
        screen = screen_of(pilot)
        shown = screen._table.shown
        assert shown is not None
        slot = next(
            slot for slot in shown.planned.soundtrack.slots if slot.landing and slot.landing.at_s - slot.in_s > 4
        )
        assert slot.landing is not None
        await press(pilot, *["right"] * slot.place, "space")
        assert preview.played == [(slot.song.path, slot.landing.at_s - 4.0)]
        assert preview.around == (slot.landing.at_s + 4.0, slot.landing.at_s)
        screen.look()
        assert line(pilot, "said")[0].startswith("listening to")
        await press(pilot, "space")
        assert preview.now.path is None
        await press(pilot, "space", "escape")
        assert preview.now.path is None, "left"


async def test_why_tells_all_of_the_marked_place() -> None:
    async with planning(size=(120, 40)) as pilot:
        await press(pilot, "right", "w")
        assert isinstance(pilot.app.screen, PlanWhyScreen)
        words = picture(pilot)
        assert "BPM for" in words
        assert "dB for -14 LUFS" in words
        await press(pilot, "escape")
        screen_of(pilot)


async def test_the_mark_moves_and_stays_in_the_window() -> None:
    async with planning(size=(60, 15)) as pilot:
        await press(pilot, "left", "end")
        places = len(tracks(pilot))
        assert screen_of(pilot)._marked == places - 1
        assert "cool-down" in picture(pilot)
        await press(pilot, "right", "home")
        assert screen_of(pilot)._marked == 0
        assert "warm-up" in picture(pilot)


async def test_a_window_too_small_shows_nothing_but_that() -> None:
    async with planning(size=(38, 11)) as pilot:
        words = picture(pilot)
        assert "needs" in words
        assert "!" not in words
        assert "energy" not in words
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "energy: wanted" in picture(pilot)


async def test_tracks_found_meanwhile_make_another_plan_once() -> None:
    program = FakeProgram()
    plans = FakePlans(program)
    async with planning(plans, program=program) as pilot:
        planner = plans.planners[0]
        planner.number += 1
        screen_of(pilot).look()
        await settled(pilot)
        screen_of(pilot).look()
        await settled(pilot)
        assert len(planner.asked) == 2
        assert planner.asked[0].seed == planner.asked[1].seed


async def test_an_unheard_and_an_empty_library_say_so_and_can_be_started_with() -> None:
    program = FakeProgram()
    async with planning(FakePlans(program, 5, heard=False), program=program) as pilot:
        assert "! tempo not heard yet: all 5 tracks" in picture(pilot)
        await press(pilot, "space", "n", "p", "r", "w", "escape")
    async with planning(FakePlans(program, 0), program=program) as pilot:
        assert "no music" in picture(pilot)
        await press(pilot, "n", "r", "p", "space", "w", "escape", "right", "u", "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)


async def test_what_cannot_be_planned_is_told_and_can_be_started() -> None:
    program = FakeProgram()
    async with planning(FakePlans(program, trouble="[/foo] the database is locked"), program=program) as pilot:
        assert "[/foo] the database is locked" in picture(pilot)
        await press(pilot, "right", "n", "r", "p", "u", "w", "space", "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)


async def test_a_bug_of_the_planner_keeps_nobody_from_training(caplog: pytest.LogCaptureFixture) -> None:
    program = FakeProgram()
    async with planning(FakePlans(program, trouble=BUG), program=program) as pilot:
        assert "enter starts without" in picture(pilot)
        assert "no plan could be made" in caplog.text
        await press(pilot, "n", "r", "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)


async def test_open_phases_are_drawn() -> None:
    async with planning(preset="strength") as pilot:
        await press(pilot, *["right"] * 3)
        assert "open" in line(pilot, "marked")[0]


async def test_pins_are_kept_in_the_presets_file_of_a_built_in_one_in_that_of_a_copy(tmp_path: Path) -> None:
    program, shelf = FakeProgram(), PresetShelf(tmp_path / "presets")
    async with running_app(program, plan=FakePlans(program), shelf=shelf) as pilot:
        pilot.app.post_message(PlanWorkout(builtin("boxing-3x2")))
        await settled(pilot)
        await press(pilot, "P")
        assert "nothing is pinned" in line(pilot, "said")[0]
        shown = screen_of(pilot)._table.shown
        assert shown is not None
        place = next(place for place, want in enumerate(shown.planned.places) if want.kind is PhaseKind.WORK)
        await press(pilot, *["right"] * place, "p", "P")
        assert 'the pins are kept in "Boxing 3 × 2 copy"' in line(pilot, "said")[0]
        (copy,) = (loaded for loaded in shelf.load().loaded if not loaded.builtin)
        assert [str(pin.path) for pin in copy.pins.phases.values()] == [f"/music/{tracks(pilot)[place]}.mp3"]
        await press(pilot, "right", "p", "P")
        (copy,) = (loaded for loaded in shelf.load().loaded if not loaded.builtin)
        assert len(copy.pins.phases) > 1
        await press(pilot, "u")
        (copy,) = (loaded for loaded in shelf.load().loaded if not loaded.builtin)
        assert len(copy.pins.phases) == 1, "the last step back"


OWN = """
name = "Mine"
[[blocks]]
repeat = 3
round_music = {{ 1 = {{ path = "{path}", from = "0:05", drop = "0:20" }} }}
phases = [{{ kind = "work", duration = 60 }}, {{ kind = "rest", duration = 30 }}]
"""


async def test_keeping_pins_leaves_those_that_stand_and_tells_what_a_preset_cannot_say(tmp_path: Path) -> None:
    program, shelf = FakeProgram(), PresetShelf(tmp_path / "presets")
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "mine.toml").write_text(OWN.format(path="/music/003.mp3"), encoding="utf-8")
    plans = FakePlans(program, fixed=(3, 4, 5, 6, 7))
    async with running_app(program, plan=plans, shelf=shelf) as pilot:
        (mine,) = (loaded for loaded in shelf.load().loaded if not loaded.builtin)
        pilot.app.post_message(PlanWorkout(mine))
        await settled(pilot)
        assert tracks(pilot)[0] == "003"
        await press(pilot, "p", "P")
        assert "the preset has these pins already" in line(pilot, "said")[0]
        await press(pilot, "right", "p", "right", "p", "right", "p", "P")
        assert 'kept in "Mine", but for 1 that a preset cannot tell from others' in line(pilot, "said")[0]
    (mine,) = (loaded for loaded in shelf.load().loaded if not loaded.builtin)
    assert mine.pins.phases[0].drop_s == 20.0
    assert [mine.pins.phases[index].path for index in (1, 2, 3)] == [
        Path(f"/music/{number:03d}.mp3") for number in (6, 5, 6)
    ]


async def test_a_break_between_sets_cannot_be_kept_and_two_keys_make_one_copy(tmp_path: Path) -> None:
    program, shelf = FakeProgram(), PresetShelf(tmp_path / "presets")
    async with running_app(program, plan=FakePlans(program), shelf=shelf) as pilot:
        pilot.app.post_message(PlanWorkout(builtin("circuit")))
        await settled(pilot)
        shown = screen_of(pilot)._table.shown
        assert shown is not None
        place = next(place for place, want in enumerate(shown.planned.places) if want.kind is PhaseKind.BREAK)
        await press(pilot, *["right"] * place, "p", "P")
        assert "a break between sets cannot have a track" in line(pilot, "said")[0]
        assert all(loaded.builtin for loaded in shelf.load().loaded)
        await press(pilot, "left", "p")
        screen_of(pilot).action_keep()
        screen_of(pilot).action_keep()
        await settled(pilot)
        assert sum(not loaded.builtin for loaded in shelf.load().loaded) == 1


async def test_a_copy_that_was_made_to_keep_pins_is_taken_back(tmp_path: Path) -> None:
    program, shelf = FakeProgram(), PresetShelf(tmp_path / "presets")
    async with running_app(program, plan=FakePlans(program), shelf=shelf) as pilot:
        pilot.app.post_message(PlanWorkout(builtin("boxing-3x2")))
        await settled(pilot)
        await press(pilot, "p", "P", "u")
        assert 'undone: "Boxing 3 × 2 copy" is put away' in line(pilot, "said")[0]
        assert all(loaded.builtin for loaded in shelf.load().loaded)
        await press(pilot, "u")
        assert line(pilot, "said")[0] == "undone"
        assert "pinned" not in line(pilot, "marked")[2]
