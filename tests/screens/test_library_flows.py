"""The library, by its keys: finding tracks, listening, saying what one thinks of them, mending their tempo."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import TempoSource
from nbd_tui.tui import library_view
from nbd_tui.tui.library_order import Column, Tracks
from nbd_tui.tui.listening import before_drop
from nbd_tui.tui.ports_settings import NoSettings, SettingsPort
from nbd_tui.tui.screens.chosen_track import Known
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.library import LibraryScreen
from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.screens.track_list import TrackListScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from nbd_tui.tui.widgets.track_table import ColumnNames, TrackTable
from tests.screens.driving import line, picture, running_app
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, many, row, wolf
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings
from tests.screens.shelved import burst, press, settled

WOLF = wolf(path=Path("/music/wolf.flac"), artist="A", tempo=wolf().tempo)
BJORK = row(2, title="Jóga", artist="Björk", path=Path("/music/joga.mp3"), opinion=None)
METAL = row(3, title="Ace of Spades", artist="Motörhead", path=Path("/music/ace.mp3"), opinion=None)
UNHEARD = LibraryRow(Path("/music/new.mp3"), "New", "Zebra")
BROKEN = LibraryRow(Path("/music/broken.mp3"), "Broken", "Zorro", problem="no frame could be decoded")

HEARD = hearing(bpm=138.0, drops=3)


class Opened:
    """The library on the screen, over fakes."""

    def __init__(self, pilot: Pilot[int], library: FakeLibrary, preview: FakePreview, program: FakeProgram) -> None:
        self.pilot, self.library, self.preview, self.program = pilot, library, preview, program

    async def press(self, *keys: str) -> None:
        """Keys, what they set going, and the bar at rest."""
        for key in keys:
            await press(self.pilot, key)
        await self.look()

    async def look(self) -> None:
        """Lets the screen look at what has changed."""
        for _ in range(2):
            screen = self.pilot.app.screen
            if isinstance(screen, LibraryScreen):
                screen._look()
            await settled(self.pilot)

    async def until(self, what: Callable[[], object]) -> None:
        """Waits for something that a thread does."""
        for _ in range(200):
            await self.look()
            if what():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(picture(self.pilot))

    @property
    def table(self) -> TrackTable:
        return self.pilot.app.screen.query_one(TrackTable)

    @property
    def titles(self) -> list[str]:
        listing = self.table.listing
        return [listing.tracks.rows[place].title for place in listing.shown]

    @property
    def chosen(self) -> LibraryRow:
        assert self.table.chosen is not None
        return self.table.chosen

    @property
    def said(self) -> str:
        return line(self.pilot, "said")[0]


@asynccontextmanager
async def opened(
    *rows: LibraryRow,
    library: FakeLibrary | None = None,
    size: tuple[int, int] = (80, 24),
    heard: Hearing = HEARD,
    settings: SettingsPort | None = None,
) -> AsyncIterator[Opened]:
    library = library or FakeLibrary(list(rows), {one.path: heard for one in rows if one.is_heard})
    program, preview = FakeProgram(), FakePreview()
    async with running_app(
        program, size=size, library=library, preview=preview, settings=settings or NoSettings()
    ) as pilot:
        await press(pilot, "l")
        found = Opened(pilot, library, preview, program)
        await found.until(lambda: isinstance(pilot.app.screen, LibraryScreen) and (found.titles or not rows))
        yield found


class TestFinding:
    async def test_all_tracks_by_artist(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            assert screen.titles == ["Wolf Like Me", "Jóga", "Ace of Spades"]
            assert "artist↑" in picture(screen.pilot)
            assert "3 tracks" in picture(screen.pilot)

    async def test_a_search_as_one_types(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            await screen.press("slash", *"joga bj")
            assert screen.titles == ["Jóga"]
            assert "1 of 3" in picture(screen.pilot)
            await screen.press("backspace", "backspace", "backspace", "backspace", "backspace")
            assert screen.titles == ["Jóga"]
            await screen.press("backspace", "backspace")
            assert len(screen.titles) == 3

    async def test_arrows_and_pages_move_in_the_table_while_one_types(self) -> None:
        async with opened(*many(100)) as screen:
            await screen.press("slash", *"e", "down", "down")
            assert screen.table.cursor == 2
            await screen.press("pagedown")
            assert screen.table.cursor > 5
            assert isinstance(screen.pilot.app.focused, Input)

    async def test_escape_shows_all_again_with_the_bar_on_what_was_found(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            await screen.press("slash", *"ace", "escape")
            assert len(screen.titles) == 3
            assert screen.chosen.title == "Ace of Spades"
            assert screen.pilot.app.focused is screen.table
            await screen.press("escape")
            assert isinstance(screen.pilot.app.screen, HomeScreen)

    async def test_tab_leaves_the_field_and_keys_are_keys_again(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            await screen.press("slash", *"ace", "tab", "l")
            assert screen.pilot.app.screen.query_one("#search Input", Input).value == "ace"
            assert screen.titles == ["Ace of Spades"]
            assert screen.library.opinion(METAL.path) is Opinion.LIKED

    async def test_what_is_typed_fast_after_the_key_of_the_search_is_searched_for(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            await burst(screen.pilot, "slash", *"lk/", "backspace")
            await screen.look()
            assert screen.pilot.app.screen.query_one("#search Input", Input).value == "lk"
            assert screen.titles == []
            assert [screen.library.opinion(one.path) for one in (METAL, BJORK, WOLF)] == [None, None, WOLF.opinion]

    async def test_nothing_found(self) -> None:
        async with opened(METAL, BJORK) as screen:
            await screen.press("slash", *"zzz")
            assert "No track has all of these words" in picture(screen.pilot)

    async def test_sorting_by_each_column_and_back(self) -> None:
        async with opened(METAL, BJORK, WOLF, size=(200, 40)) as screen:
            seen = []
            for _ in Column:
                await screen.press("s")
                seen.append(screen.table.listing.sorting.column)
            assert sorted(seen) == sorted(Column)
            assert seen[-1] is Column.ARTIST

    async def test_hardest_first_then_the_other_way_round(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            while screen.table.listing.sorting.column is not Column.ENERGY:
                await screen.press("s")
            assert "energy↓" in picture(screen.pilot)
            first = screen.titles
            await screen.press("S")
            assert "energy↑" in picture(screen.pilot)
            assert screen.titles == first[::-1]
            assert screen.said == "sorted by energy, up"

    async def test_a_click_on_a_heading_sorts_by_it(self) -> None:
        async with opened(METAL, BJORK, WOLF) as screen:
            for way in ("↑", "↓"):
                await screen.pilot.click(ColumnNames, offset=(7, 0))
                await screen.look()
                assert f"title{way}" in picture(screen.pilot)

    async def test_the_bar_stays_on_its_track_and_that_in_its_place(self) -> None:
        async with opened(*many(200)) as screen:
            await screen.press("end", "up", "up")
            track, below_edge = screen.chosen.path, screen.table.cursor - screen.table.scroll_offset.y
            screen.library.set_rows([*many(200), *(row(n, artist="Aaa", path=Path(f"/a/{n}.mp3")) for n in range(50))])
            await screen.until(lambda: len(screen.table.listing.shown) == 250)
            assert screen.chosen.path == track
            assert screen.table.cursor - screen.table.scroll_offset.y == below_edge
            await screen.press("S")
            assert screen.chosen.path == track

    async def test_tracks_that_are_gone_take_the_bar_to_one_that_is_there(self) -> None:
        async with opened(*many(200)) as screen:
            await screen.press("end")
            screen.library.set_rows(many(3))
            await screen.until(lambda: len(screen.table.listing.shown) == 3)
            assert screen.table.cursor == 0

    async def test_a_search_outlives_new_tracks(self) -> None:
        async with opened(METAL, BJORK) as screen:
            await screen.press("slash", *"joga")
            screen.library.set_rows([METAL, BJORK, row(9, title="Joga again", artist="Zz")])
            await screen.until(lambda: len(screen.titles) == 2)
            assert screen.titles == ["Jóga", "Joga again"]


class TestEmptiness:
    async def test_no_folder(self, tmp_path: Path) -> None:
        async with opened(settings=FakeSettings(tmp_path / "settings.toml")) as screen:
            assert "No music yet. , opens the settings" in picture(screen.pilot)
            assert line(screen.pilot, "hints")[0] == ", settings  ? keys  esc back", "no key of a track"
            await screen.press("comma")
            assert isinstance(screen.pilot.app.screen, SettingsScreen)

    async def test_a_folder_without_tracks(self, tmp_path: Path) -> None:
        port = FakeSettings(tmp_path / "settings.toml")
        port.change(("music", "folders"), [str(tmp_path)])
        async with opened(settings=port) as screen:
            assert "No track was found in the music folders yet" in picture(screen.pilot)

    async def test_the_database_cannot_be_read(self) -> None:
        async with opened(library=FakeLibrary(trouble="nbd.sqlite cannot be read")) as screen:
            await screen.until(lambda: "nbd.sqlite cannot be read" in picture(screen.pilot))

    async def test_the_analysis_tells_how_far_it_is(self) -> None:
        async with opened(UNHEARD, WOLF) as screen:
            screen.library.state = "analysing 120 of 1,204 · 12 min left"
            await screen.press("down")
            shown = picture(screen.pilot)
            assert "analysing 120 of 1,204 · 12 min left" in shown
            assert "1 still to hear" in shown
            await screen.until(lambda: "that happens while the program is open" in picture(screen.pilot))

    async def test_a_file_that_cannot_be_heard_says_why(self) -> None:
        async with opened(BROKEN) as screen:
            await screen.until(lambda: "no frame could be decoded" in picture(screen.pilot))


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
            await screen.until(lambda: "276 yours" in picture(screen.pilot))
            assert screen.chosen.opinion is Opinion.LIKED


class TestVeryMany:
    async def test_keys_draw_only_what_is_in_sight(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[Path] = []
        plain = library_view.row_parts

        def counted(one: LibraryRow, *args: object) -> object:
            drawn.append(one.path)
            return plain(one, *args)  # type: ignore[arg-type]

        async with opened(*many(5_000)) as screen:
            monkeypatch.setattr("nbd_tui.tui.widgets.track_table.row_parts", counted)
            in_sight = screen.table.size.height
            for key, most in (("down", 4), ("pagedown", 3), ("end", 3), ("home", 3), ("s", 3), ("S", 3)):
                drawn.clear()
                await screen.press(key)
                assert 0 < len(drawn) <= most * in_sight, key
            await screen.press("slash")
            for key in "wolf":
                drawn.clear()
                await screen.press(key)
                assert len(drawn) <= 3 * in_sight
            assert 0 < len(screen.titles) < 5_000
