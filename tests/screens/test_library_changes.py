"""The library, by its keys: saying what one thinks of tracks, and mending their tempo."""

import asyncio

import pytest
from textual.widgets import Input

from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import TempoSource
from nbd_tui.tui.library_order import Tracks
from nbd_tui.tui.screens.chosen_track import Known
from nbd_tui.tui.screens.library import LibraryScreen
from nbd_tui.tui.screens.track_list import TrackListScreen
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from tests.screens.driving import line, picture
from tests.screens.opened_library import BJORK, HEARD, WOLF, opened
from tests.screens.shelved import burst


class TestOpinions:
    @pytest.mark.parametrize(
        ("key", "opinion", "words"),
        [("l", Opinion.LIKED, "liked"), ("k", Opinion.BANNED, "kept out of workouts")],
    )
    async def test_again_takes_it_back_and_u_undoes(self, key: str, opinion: Opinion, words: str) -> None:
        async with opened(WOLF) as screen:
            await screen.press(key)
            assert screen.library.opinion(WOLF.path) is opinion
            assert screen.said.endswith(words)
            await screen.press(key)
            assert screen.library.opinion(WOLF.path) is None
            await screen.press("u")
            assert screen.library.opinion(WOLF.path) is opinion
            await screen.press("u")
            assert screen.library.opinion(WOLF.path) is None
            await screen.press("u")
            assert screen.said == "nothing to undo"

    async def test_undo_is_for_the_track_that_was_changed_wherever_the_bar_is(self) -> None:
        async with opened(WOLF, BJORK) as screen:
            await screen.press("l", "down", "k", "k", "u", "u", "u")
            assert screen.library.opinion(WOLF.path) is None
            assert screen.library.opinion(BJORK.path) is None

    async def test_what_cannot_be_written_is_told_and_not_shown(self) -> None:
        async with opened(WOLF) as screen:
            refuse, screen.library.refusal = screen.library.refusal, "the disk is full"
            await screen.press("l")
            assert screen.said == "not kept: the disk is full"
            screen.library.refusal = refuse
            await screen.until(lambda: screen.chosen.opinion is None)

    async def test_tracks_read_while_it_is_written_do_not_take_it_back(self) -> None:
        async with opened(WOLF) as screen:
            list_screen = screen.pilot.app.screen
            assert isinstance(list_screen, TrackListScreen)
            stale = TrackListScreen.Read((9, list_screen._changes), Tracks([WOLF]), "", 0.0)
            await screen.pilot.press("l")
            list_screen.take_tracks(stale)
            assert screen.chosen.opinion is Opinion.LIKED


class TestTempo:
    async def test_doubled_halved_undone(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("greater_than_sign")
            assert screen.library.corrections[WOLF.path].bpm == 276.0
            assert screen.chosen.tempo is not None
            assert screen.chosen.tempo.source is TempoSource.USER
            assert "276 / 92" in picture(screen.pilot)
            await screen.press("less_than_sign", "less_than_sign")
            assert screen.library.corrections[WOLF.path].bpm == 69.0
            await screen.press("u", "u", "u")
            assert screen.library.corrections[WOLF.path].bpm is None

    async def test_typed(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("b", *"120", "enter")
            assert line(screen.pilot, "about")[2].startswith("120 by you · 92 in the tag"), "that is told all the same"
            await screen.press("u", "b", *"92.5", "enter")
            assert screen.library.corrections[WOLF.path].bpm == 92.5
            assert screen.pilot.app.focused is screen.table
            await screen.press("b", *"12", "escape", "u")
            assert screen.library.corrections[WOLF.path].bpm is None

    async def test_in_one_burst_the_track_is_chosen_before_its_tempo_is_typed(self) -> None:
        async with opened(WOLF, BJORK) as screen:
            await burst(screen.pilot, "down", "b", *"128", "enter")
            await screen.look()
            assert screen.chosen.path == BJORK.path
            assert {path: said.bpm for path, said in screen.library.corrections.items()} == {BJORK.path: 128.0}
            await burst(screen.pilot, "up", "b")
            await screen.look()
            assert screen.pilot.app.screen.query_one(TempoPrompt).field.value == "138"

    async def test_typed_in_one_burst(self) -> None:
        async with opened(WOLF) as screen:
            await burst(screen.pilot, "b", *"128.5", "enter")
            await screen.look()
            assert screen.library.corrections[WOLF.path].bpm == 128.5
            assert isinstance(screen.pilot.app.screen, LibraryScreen), "enter was the field's"
            await screen.press("slash", *"bj")
            assert screen.pilot.app.screen.query_one("#search Input", Input).value == "bj", "where one types it is text"

    async def test_tapped(self) -> None:
        async with opened(WOLF) as screen:
            for _ in range(5):
                await screen.press("t")
                screen.program.clock.advance(0.5)
            await screen.press("down", "greater_than_sign", "u")
            assert screen.library.corrections[WOLF.path].bpm == pytest.approx(120.0)

    async def test_escape_forgets_taps_before_anything_else(self) -> None:
        async with opened(WOLF) as screen:
            await screen.press("t", "t", "escape")
            assert isinstance(screen.pilot.app.screen, LibraryScreen)
            assert screen.said == "the tempo stays as it was"

    async def test_drops_that_were_moved_stay_moved(self) -> None:
        async with opened(WOLF) as screen:
            screen.library.corrections[WOLF.path] = Correction(drops_s=(10.0,))
            await screen.press("escape", "l")
            await screen.until(lambda: isinstance(screen.pilot.app.screen, LibraryScreen) and screen.titles)
            await screen.press("greater_than_sign")
            assert screen.library.corrections[WOLF.path] == Correction(276.0, (10.0,))

    async def test_leaving_at_once_keeps_it(self) -> None:
        async with opened(WOLF) as screen:
            await screen.pilot.press("greater_than_sign", "escape")
            await screen.until(lambda: WOLF.path in screen.library.corrections)

    async def test_news_of_a_track_while_the_screen_is_taken_down_harms_nothing(self) -> None:
        async with opened(WOLF) as screen:
            left = screen.pilot.app.screen
            assert isinstance(left, LibraryScreen)
            screen.pilot.app.pop_screen()
            while left.is_attached:
                left.take_known(Known(WOLF.path, HEARD, Correction()))
                left.say("kept")
                await asyncio.sleep(0)
