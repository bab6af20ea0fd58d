"""The library, by its keys: finding tracks."""

from pathlib import Path

import pytest
from textual.widgets import Input

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.tui import library_view
from nbd_tui.tui.library_order import Column
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.settings import SettingsScreen
from nbd_tui.tui.widgets.track_table import ColumnNames
from tests.screens.driving import line, picture
from tests.screens.fake_library import FakeLibrary, many, row
from tests.screens.fake_settings import FakeSettings
from tests.screens.opened_library import BJORK, BROKEN, METAL, UNHEARD, WOLF, opened
from tests.screens.shelved import burst


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
            await screen.press("slash", *"ace")
            assert line(screen.pilot, "hints")[0] == "enter open  ↑ ↓ choose  tab to the list  esc all tracks"
            await screen.press("tab")
            assert line(screen.pilot, "hints")[0].startswith("space listen")
            await screen.press("l")
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
            assert "No music yet. Press , for the settings" in picture(screen.pilot)
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
