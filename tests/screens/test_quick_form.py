"""The quick form: typing, what it says of it, saving, and leaving without losing anything unasked."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.quick_form import FieldRow, QuickFormScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.workout.quick_text import QuickField
from tests.screens.driving import line, picture
from tests.screens.shelved import FRIDAY, LEGS, Shelved, burst, chosen, home, press, settled
from tests.screens.test_pictures import SnapCompare


@pytest.fixture
def shelved(tmp_path: Path) -> Shelved:
    made = Shelved(tmp_path / "presets")
    made.write("friday.toml", FRIDAY)
    return made


def row(pilot: Pilot[int], field: QuickField) -> FieldRow:
    return next(found for found in pilot.app.screen.query(FieldRow) if found.field is field)


def note(pilot: Pilot[int], field: QuickField) -> str:
    return str(row(pilot, field).query_one(".note", Static).content)


async def fill(pilot: Pilot[int], field: QuickField, text: str) -> None:
    row(pilot, field).input.value = text
    await settled(pilot)


def answer(pilot: Pilot[int]) -> str:
    return line(pilot, "echo")[0]


async def test_numbers_typed_become_a_preset_on_disk(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "8", "down", *"20s", "enter", *"1", "0", "ctrl+s")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert chosen(pilot) == "8 × 0:20 / 0:10"
        assert line(pilot, "state")[0] == 'saved "8 × 0:20 / 0:10"'
        text = (shelved.folder / "8-x-0-20-0-10.toml").read_text(encoding="utf-8")
        assert "repeat = 8" in text
        assert 'duration = "0:20"' in text


async def test_keys_that_come_all_at_once_reach_the_fields_they_are_meant_for(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n")
        await burst(pilot, "8", "down", *"20s", "enter", *"10s", "tab", "2", "ctrl+s")
        assert chosen(pilot) == "2 × (8 × 0:20 / 0:10)"


async def test_save_and_start_starts_what_was_saved(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "3", "ctrl+r")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert shelved.program.session.preset.name == "3 × 3:00 / 1:00"
        assert "3-x-3-00-1-00.toml" in shelved.files


async def test_every_field_says_at_once_what_it_understood(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "down", "9")
        assert note(pilot, QuickField.WORK) == "→ 0:09 (9m is minutes)"
        await press(pilot, "0")
        assert note(pilot, QuickField.WORK) == "→ 1:30"
        assert line(pilot, "title")[2] == "11:40 · 5 rounds"
        await press(pilot, "x")
        assert note(pilot, QuickField.WORK) == '! "90x" is not a length of time'
        assert line(pilot, "title")[2] == "not a workout yet"
        assert answer(pilot).startswith('! "90x"')
        await press(pilot, "backspace")
        assert answer(pilot).startswith("work: ")


async def test_the_picture_follows_every_key(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n")
        strip = pilot.app.screen.query_one(SessionStrip)
        before = len(strip.segments)
        await press(pilot, "9")
        assert (before, len(strip.segments)) == (10, 18)


async def test_what_is_wrong_is_not_saved_and_the_bar_goes_there(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n")
        await fill(pilot, QuickField.SETS, "many")
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, QuickFormScreen)
        assert answer(pilot) == '! sets: "many" is no whole number'
        assert row(pilot, QuickField.SETS).input.has_focus
        assert shelved.files == ["friday.toml"]


async def test_a_whole_day_is_told_below(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n")
        await fill(pilot, QuickField.WORK, "20h")
        assert answer(pilot) == "! the workout lasts 100:04:10, and 24 hours is the most"


async def test_every_character_is_text(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", *["down"] * 8)
        await press(pilot, "g", "q", "question_mark", "space", "comma", "slash", "n", "left_square_bracket", "plus")
        assert row(pilot, QuickField.NAME).input.value == "gq? ,/n[+"
        await press(pilot, "f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        words = picture(pilot)
        assert "save and start" in words
        assert "ctrl+r" in words
        await press(pilot, "escape", "ctrl+s")
        assert "gq-n.toml" in shelved.files


async def test_up_and_down_move_between_fields_and_stop_at_the_ends(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "up")
        assert row(pilot, QuickField.ROUNDS).input.has_focus
        await press(pilot, "down", "enter", "up")
        assert row(pilot, QuickField.WORK).input.has_focus
        await press(pilot, *["down"] * 20)
        assert row(pilot, QuickField.NAME).input.has_focus


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_leaving_asks_only_where_something_would_be_lost(shelved: Shelved, key: str) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", key)
        assert isinstance(pilot.app.screen, HomeScreen)
        await press(pilot, "n", "7", key)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, QuickFormScreen)
        assert row(pilot, QuickField.ROUNDS).input.value == "7"
        await press(pilot, key, "y")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert shelved.files == ["friday.toml"]


async def test_what_was_typed_and_taken_back_is_nothing_to_lose(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "7", "backspace", "5", "escape")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_editing_keeps_the_file_and_its_comments(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "e")
        assert line(pilot, "title")[0] == "EDIT Friday"
        assert row(pilot, QuickField.WORK).input.value == "0:30"
        await fill(pilot, QuickField.ROUNDS, "4")
        await press(pilot, "ctrl+s")
        assert (shelved.folder / "friday.toml").read_text(encoding="utf-8") == FRIDAY.replace(
            "repeat = 3", "repeat = 4"
        )
        assert "4 rounds" in picture(pilot)


async def test_a_name_made_of_the_numbers_follows_them(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n", "8", "ctrl+s", "e", "9", "ctrl+s")
        assert chosen(pilot) == "9 × 3:00 / 1:00"
        assert shelved.files == ["8-x-3-00-1-00.toml", "friday.toml"]


async def test_a_built_in_preset_is_edited_as_a_copy(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "slash", *"tabata", "tab", "e")
        assert line(pilot, "title")[0] == "COPY OF Tabata (built in)"
        assert row(pilot, QuickField.NAME).input.value == "Tabata copy"
        await press(pilot, "ctrl+s")
        assert chosen(pilot) == "Tabata copy"
        assert shelved.files == ["friday.toml", "tabata-copy.toml"]


async def test_more_than_the_form_can_show_is_left_to_an_editor(shelved: Shelved) -> None:
    shelved.write("legs.toml", LEGS)
    async with home(shelved, (200, 40)) as pilot:
        await press(pilot, "down", "e")
        assert isinstance(pilot.app.screen, HomeScreen)
        said = line(pilot, "state")[0]
        assert said.startswith("more than the form can show · c copies it · edit ")
        assert said.endswith("legs.toml")


async def test_a_file_changed_meanwhile_is_left_alone_and_a_new_one_offered(shelved: Shelved) -> None:
    theirs = FRIDAY.replace("Heavy bag.", "From my editor.")
    async with home(shelved) as pilot:
        await press(pilot, "e", "9")
        shelved.write("friday.toml", theirs)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, QuickFormScreen)
        assert "another program has changed this file" in answer(pilot)
        assert "ctrl+s again saves" in answer(pilot)
        assert (shelved.folder / "friday.toml").read_text(encoding="utf-8") == theirs
        await press(pilot, "ctrl+s")
        assert shelved.files == ["friday-2.toml", "friday.toml"]
        assert "repeat = 9" in (shelved.folder / "friday-2.toml").read_text(encoding="utf-8")


async def test_what_the_disk_refuses_keeps_the_form_open(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "n")
        (shelved.folder / "friday.toml").unlink()
        shelved.folder.rmdir()
        shelved.folder.write_text("in the way", encoding="utf-8")
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, QuickFormScreen)
        assert answer(pilot).startswith("! nothing was changed")


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (80, 24), (200, 60)])
async def test_every_field_can_be_reached_in_any_window(shelved: Shelved, size: tuple[int, int]) -> None:
    async with home(shelved, size) as pilot:
        await press(pilot, "n")
        for _ in QuickField:
            shown = pilot.app.screen.query_one("#fields").region
            focused = pilot.app.focused
            assert focused is not None
            assert shown.contains_region(focused.region)
            await press(pilot, "down")
        assert len(line(pilot, "hints")[0]) <= size[0] - 2


async def _type(pilot: Pilot[int], *keys: str) -> None:
    await settled(pilot)
    await press(pilot, *keys)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_new_preset(snap_compare: SnapCompare, shelved: Shelved, size: tuple[int, int]) -> None:
    async def arrive(pilot: Pilot[int]) -> None:
        await _type(pilot, "n", "6", "down", *"1m30", "down", *"1:75")

    assert snap_compare(NbdApp(shelved.services(), glyphs=UNICODE), terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_home_with_favourites(snap_compare: SnapCompare, shelved: Shelved, glyphs: Glyphs) -> None:
    shelved.favourites = ("circuit",)

    async def arrive(pilot: Pilot[int]) -> None:
        await _type(pilot, "down", "d")

    assert snap_compare(NbdApp(shelved.services(), glyphs=glyphs), terminal_size=(80, 24), run_before=arrive)


def test_searching(snap_compare: SnapCompare, shelved: Shelved) -> None:
    async def arrive(pilot: Pilot[int]) -> None:
        await _type(pilot, "slash", *"rest")

    assert snap_compare(NbdApp(shelved.services(), glyphs=UNICODE), terminal_size=(60, 15), run_before=arrive)
