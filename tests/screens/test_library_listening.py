"""The library, by its keys: listening, and where one goes from it."""

from textual.widgets import Input

from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.tui.listening import before_drop
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from tests.screens.driving import picture, running_app
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, many
from tests.screens.fake_session import FakeProgram
from tests.screens.opened_library import BJORK, HEARD, METAL, UNHEARD, WOLF, Opened, opened
from tests.screens.shelved import burst, press, settled


class TestListening:
    async def test_space_listens_and_stops(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("space")
            assert screen.preview.played == [(WOLF.path, 0.0)]
            screen.preview.advance(62.0)
            await screen.look()
            assert screen.said == "♪ Wolf Like Me 1:02"
            assert screen.pilot.app.screen.query_one(EnergyPicture).playhead_s == 62.0
            await screen.press("space")
            assert screen.preview.stops == 1
            assert screen.said == "stopped"

    async def test_where_nothing_can_be_heard_it_says_so(self) -> None:
        program, library, preview = FakeProgram(), FakeLibrary([WOLF], {WOLF.path: HEARD}), FakePreview()
        silent = "silent: no sound device can be opened"
        async with running_app(program, library=library, preview=preview, sound_line=lambda: silent) as pilot:
            await press(pilot, "l")
            screen = Opened(pilot, library, preview, program)
            await screen.until(lambda: bool(screen.titles))
            assert silent not in picture(pilot)
            await screen.press("space")
            assert silent in picture(pilot)
            await screen.press("enter")
            assert silent in picture(pilot)

    async def test_space_on_another_track_plays_that(self) -> None:
        async with opened(WOLF, BJORK) as screen:
            await screen.press("space", "down")
            assert screen.pilot.app.screen.query_one(EnergyPicture).playhead_s is None
            assert screen.said == "♪ Wolf Like Me 0:00"
            await screen.press("space")
            assert [path for path, _ in screen.preview.played] == [WOLF.path, BJORK.path]

    async def test_d_listens_from_four_bars_before_the_strongest_drop_then_the_next(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("d", "d", "d")
            starts = [before_drop(HEARD, drop.at_s) for drop in HEARD.drops]
            assert screen.preview.played == [(WOLF.path, start_s) for start_s in starts]

    async def test_the_drop_is_where_the_user_put_it(self) -> None:
        async with opened(WOLF) as screen:
            screen.library.correct(WOLF.path, Correction(drops_s=(100.0,)))
            await screen.until(lambda: "drop at 1:40" in picture(screen.pilot))
            await screen.press("d")
            assert screen.preview.played == [(WOLF.path, before_drop(HEARD, 100.0))]

    async def test_no_drop_to_listen_to(self) -> None:
        async with opened(WOLF, UNHEARD, heard=hearing(drops=0)) as screen:
            await screen.press("d")
            assert screen.said == "no drop was found in it"
            await screen.press("down", "d")
            assert screen.said == "not heard yet: its drops are not known"
            assert not screen.preview.played

    async def test_why_nothing_is_heard(self) -> None:
        async with opened(WOLF) as screen:
            screen.preview.problem = "the file is gone"
            await screen.press("space")
            assert "the file is gone" in picture(screen.pilot)

    async def test_leaving_is_silence(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("space", "escape")
            assert screen.preview.stops == 1

    async def test_both_tempos_where_they_differ(self) -> None:
        async with opened(WOLF) as screen:
            await screen.until(lambda: "138 heard · 92 in the tag · drops at" in picture(screen.pilot))

    async def test_a_held_arrow_reads_nothing_on_its_way(self) -> None:
        async with opened(*many(50)) as screen:
            asked = screen.library.asked
            asked.clear()
            await burst(screen.pilot, *["down"] * 20)
            await screen.until(lambda: asked and asked[-1] == screen.chosen.path)
            assert screen.table.cursor == 20
            assert len(asked) < 10


class TestWorkout:
    async def test_no_way_leads_there_from_a_workout(self) -> None:
        program = FakeProgram()
        async with running_app(program, library=FakeLibrary(many(5))) as pilot:
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, WorkoutScreen)
            await press(pilot, "l")
            await pilot.app.run_action("library")
            await settled(pilot)
            assert isinstance(pilot.app.screen, WorkoutScreen)
            await press(pilot, "ctrl+p", *"library")
            assert "nothing of that name" in picture(pilot)

    async def test_nothing_of_the_library_has_the_keys_of_a_workout_that_begins_over_it(self) -> None:
        async with opened(*many(5)) as screen:
            await screen.press("slash", *"wolf", "ctrl+p", *"start: tabata", "enter")
            await screen.until(lambda: isinstance(screen.pilot.app.screen, WorkoutScreen))
            assert not isinstance(screen.pilot.app.focused, Input)
            await screen.press("space")
            assert screen.program.session.actions
            assert not screen.preview.played


class TestOpening:
    async def test_enter_opens_the_track_and_escape_comes_back_to_it(self) -> None:
        async with opened(WOLF, BJORK) as screen:
            await screen.press("down", "enter")
            assert isinstance(screen.pilot.app.screen, TrackScreen)
            assert "Jóga" in picture(screen.pilot)
            await screen.press("escape")
            assert screen.chosen.title == "Jóga"

    async def test_enter_opens_what_was_found_while_one_types(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            await screen.press("slash", *"o", "down", "enter")
            assert isinstance(screen.pilot.app.screen, TrackScreen)
            await screen.press("escape")
            assert isinstance(screen.pilot.app.focused, Input)

    async def test_what_was_changed_there_shows_here(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("enter")
            await screen.until(lambda: "drop" in picture(screen.pilot))
            await screen.press("greater_than_sign", "l", "escape")
            await screen.until(lambda: "276 by you" in picture(screen.pilot))
            assert screen.chosen.opinion is Opinion.LIKED
