"""Home over a folder of presets: finding, starring, copying, renaming, deleting, and files that change underneath."""

from pathlib import Path

import pytest
from textual.widgets import Input, Static

from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.widgets.preset_list import PresetList
from tests.screens.driving import line, picture
from tests.screens.shelved import FRIDAY, LEGS, TODAY, Past, Shelved, burst, chosen, home, listed, press, settled


@pytest.fixture
def shelved(tmp_path: Path) -> Shelved:
    made = Shelved(tmp_path / "presets")
    made.write("friday.toml", FRIDAY)
    return made


def said(pilot: object) -> str:
    return line(pilot, "state")[0]  # type: ignore[arg-type]


async def test_search_filters_as_one_types_and_escape_shows_all(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        everything = listed(pilot)
        await press(pilot, "slash", *"boxi")
        assert [row.strip() for row in listed(pilot)] == ["built in", "Boxing 12 × 3", "Boxing 3 × 2"]
        assert "2 of 10" in picture(pilot)
        assert chosen(pilot) == "Boxing 12 × 3"
        await press(pilot, "down")
        assert chosen(pilot) == "Boxing 3 × 2"
        await press(pilot, "escape")
        assert listed(pilot) == everything
        assert chosen(pilot) == "Boxing 3 × 2"
        assert isinstance(pilot.app.focused, PresetList)


@pytest.mark.parametrize(
    ("words", "found"),
    [("BAG heavy", "Friday"), ("strength OPEN", "Strength 5 sets"), ("break", "Circuit"), ("12x3", "Boxing 12 × 3")],
)
async def test_search_knows_descriptions_and_kinds(shelved: Shelved, words: str, found: str) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "slash")
        pilot.app.screen.query_one(Input).value = words
        await settled(pilot)
        assert chosen(pilot) == found


async def test_enter_starts_what_was_found(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "slash", *"tabata", "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert shelved.program.session.preset.name == "Tabata"


async def test_every_character_can_be_searched_for(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "slash", "g", "q", "question_mark", "slash", "space", "d", "comma")
        assert pilot.app.screen.query_one(Input).value == "gq?/ d,"
        assert isinstance(pilot.app.screen, HomeScreen)
        assert "Nothing found" in picture(pilot)
        assert shelved.files == ["friday.toml"]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, HomeScreen)
        await press(pilot, "escape")
        assert "Friday" in picture(pilot)


async def test_what_is_typed_fast_after_the_key_of_the_search_is_searched_for(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await burst(pilot, "slash", *"demo", "slash", "backspace")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert pilot.app.screen.query_one(Input).value == "demo"
        assert chosen(pilot) == "Two-minute demo"
        assert shelved.files == ["friday.toml"]


async def test_text_is_edited_in_the_order_of_the_keys_however_fast_they_come(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await burst(pilot, "slash", *"1:75", "backspace", "backspace", "3", "0", "left", "left", "2", "home", "x")
        assert pilot.app.screen.query_one(Input).value == "x1:230"


async def test_favourites_come_first_and_the_bar_stays_on_its_preset(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "end", "up")
        name = chosen(pilot)
        await press(pilot, "f")
        assert listed(pilot)[:3] == ["  favourites", f"★ {name}", "  yours"]
        assert chosen(pilot) == name
        starred = shelved.favourites
        assert said(pilot) == f'"{name}" is a favourite'
        await press(pilot, "f")
        assert listed(pilot)[0] == "  yours"
        assert chosen(pilot) == name
        assert (starred, shelved.favourites) == (("strength",), ())


async def test_a_star_that_cannot_be_written_down_is_told_and_not_shown(shelved: Shelved) -> None:
    shelved.stars_refused = True
    async with home(shelved) as pilot:
        await press(pilot, "f")
        assert said(pilot) == "these settings cannot be used"
        assert "★" not in picture(pilot)


async def test_a_copy_becomes_the_users_own_and_is_chosen(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "end", "c")
        assert chosen(pilot) == "Two-minute demo copy"
        assert shelved.files == ["friday.toml", "two-minute-demo-copy.toml"]
        assert said(pilot) == 'made "Two-minute demo copy" · F2 renames, e edits it'


async def test_delete_and_undo_give_back_the_same_file(shelved: Shelved) -> None:
    shelved.favourites = ("friday",)
    async with home(shelved) as pilot:
        await press(pilot, "d")
        assert shelved.files == []
        assert said(pilot) == 'deleted "Friday" · u brings it back'
        assert chosen(pilot) == "Boxing 12 × 3"
        await press(pilot, "u")
        assert said(pilot) == '"Friday" is back'
        assert chosen(pilot) == "Friday"
        assert listed(pilot)[:2] == ["  favourites", "★ Friday"]
        assert (shelved.folder / "friday.toml").read_text(encoding="utf-8") == FRIDAY
        await press(pilot, "u")
        assert said(pilot) == "nothing was deleted"


async def test_a_held_key_deletes_one(shelved: Shelved) -> None:
    shelved.write("legs.toml", LEGS)
    async with home(shelved) as pilot:
        await press(pilot, "d", "d", "d")
        assert shelved.files == ["legs.toml"]
        shelved.program.clock.advance(1)
        await press(pilot, "d")
        assert shelved.files == []
        await press(pilot, "u", "u")
        assert shelved.files == ["friday.toml", "legs.toml"]


@pytest.mark.parametrize(("key", "words"), [("d", "is built in and stays"), ("f2", "is built in and keeps its name")])
async def test_built_in_presets_stay_and_a_copy_is_offered(shelved: Shelved, key: str, words: str) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "end", key)
        assert said(pilot) == f'"Two-minute demo" {words} · c makes a copy of your own'


async def test_rename_changes_name_file_and_star(shelved: Shelved) -> None:
    shelved.favourites = ("friday",)
    async with home(shelved) as pilot:
        await press(pilot, "f2")
        field = pilot.app.screen.query_one(Input)
        assert field.value == "Friday"
        field.value = "Leg day?"
        await press(pilot, "enter")
        assert (shelved.files, shelved.favourites) == (["leg-day.toml"], ("leg-day",))
        assert said(pilot) == '"Friday" is now "Leg day?"'
        assert chosen(pilot) == "Leg day?"


async def test_what_was_done_of_a_preset_goes_with_its_new_name(shelved: Shelved) -> None:
    past = Past({"friday": TODAY})
    async with home(shelved, history=past) as pilot:
        assert "last done today" in picture(pilot)
        await press(pilot, "f2")
        pilot.app.screen.query_one(Input).value = "Leg day"
        await press(pilot, "enter")
        assert past.days == {"leg-day": TODAY}
        assert "last done today" in picture(pilot)


async def test_what_does_not_follow_a_new_name_is_told(shelved: Shelved) -> None:
    shelved.favourites = ("friday",)
    async with home(shelved, history=Past(is_stuck=True), size=(120, 40)) as pilot:
        shelved.stars_refused = True
        await press(pilot, "f2")
        pilot.app.screen.query_one(Input).value = "Leg day"
        await press(pilot, "enter")
        assert said(pilot) == "what was done of it stays under its old name: the disk is full"
        await press(pilot, "d")
        assert shelved.files == []
        shelved.favourites = ("legs",)
        shelved.write("legs.toml", LEGS)
        shelved.program.clock.advance(1)
        screen = pilot.app.screen
        assert isinstance(screen, HomeScreen)
        await screen.reload()
        await press(pilot, "home", "d")
        assert said(pilot).startswith('its star was not kept: these settings cannot be used · deleted "Legs"')


@pytest.mark.parametrize("name", ["", "x" * 61])
async def test_a_name_that_cannot_be_is_refused_in_words(shelved: Shelved, name: str) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "f2")
        pilot.app.screen.query_one(Input).value = name
        await press(pilot, "enter")
        assert said(pilot).startswith("a name ")
        assert shelved.files == ["friday.toml"]


async def test_escape_renames_nothing(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        await press(pilot, "f2", *"abc", "escape")
        assert shelved.files == ["friday.toml"]
        assert not pilot.app.screen.query_one(Input).display or not pilot.app.screen.query_one(Input).has_focus
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, WorkoutScreen)


async def test_files_that_change_are_seen_and_the_bar_stays(shelved: Shelved) -> None:
    async with home(shelved) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, HomeScreen)
        await press(pilot, "end")
        shelved.write("abc.toml", FRIDAY.replace("Friday", "A new one"))
        shelved.write("broken.toml", "name = 5")
        screen._look()
        await settled(pilot)
        assert [row.strip() for row in listed(pilot)][:3] == ["yours", "A new one", "Friday"]
        assert chosen(pilot) == "Two-minute demo"
        assert "! broken.toml" in picture(pilot)
        (shelved.folder / "abc.toml").unlink()
        (shelved.folder / "broken.toml").unlink()
        screen._look()
        await settled(pilot)
        assert "A new one" not in picture(pilot)
        assert "broken" not in picture(pilot)


async def test_the_past_is_told_once_it_is_known(shelved: Shelved) -> None:
    history = Past({"friday": TODAY.replace(day=19)})
    async with home(shelved, history=history) as pilot:
        assert line(pilot, "title")[2] == "85 min this week · 3 days in a row"
        assert str(pilot.app.screen.query_one("#past", Static).content) == "last done 3 days ago"
        await press(pilot, "down")
        assert str(pilot.app.screen.query_one("#past", Static).content) == "not done yet"


async def test_an_empty_shelf_says_what_to_do(tmp_path: Path) -> None:
    shelved = Shelved(tmp_path / "presets")
    async with home(shelved, presets=()) as pilot:
        assert "No presets" in picture(pilot)
        assert "n makes one" in picture(pilot)
        await press(pilot, "c", "d", "e", "f", "f2", "enter")
        assert isinstance(pilot.app.screen, HomeScreen)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_the_keys_named_fit_the_window(shelved: Shelved, size: tuple[int, int]) -> None:
    async with home(shelved, size) as pilot:
        hints = line(pilot, "hints")[0]
        assert len(hints) <= size[0] - 2
        wide = ("l library", ", settings") if size[0] >= 80 else ()
        wider = ("e edit", "/ search", "f favourite", "c copy") if size[0] >= 120 else ()
        for key in ("enter plan", "s start", "n new", "h history", *wide, *wider, "? keys", "q quit"):
            assert key in hints


async def test_hostile_names_are_text(shelved: Shelved) -> None:
    shelved.write("x.toml", FRIDAY.replace("Friday", "[/foo] [bold]x[/]"))
    async with home(shelved) as pilot:
        await press(pilot, "f")
        assert "[/foo] [bold]x[/]" in picture(pilot)
        assert said(pilot) == '"[/foo] [bold]x[/]" is a favourite'
