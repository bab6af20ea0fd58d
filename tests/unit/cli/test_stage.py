"""What a run leaves for the next one, and what is made only when it is used."""

from pathlib import Path

import pytest

from nbd_tui.cli.stage import later, note_look, settings_in
from nbd_tui.errors import SettingsError
from nbd_tui.paths import Places, places
from nbd_tui.store.recall import files_now, recall


@pytest.fixture
def where(config: Path) -> Places:
    (config / "settings.toml").write_text('[home]\nfavourites = ["tabata"]\n', encoding="utf-8")
    return places()


def test_a_run_leaves_a_note_of_what_the_files_say(where: Places) -> None:
    note_look(where)
    look = recall(where, files_now(where))
    assert look is not None
    assert look.favourites == ("tabata",)
    assert "tabata" in [loaded.id for loaded in look.presets]


def test_a_note_that_is_true_is_not_written_again(where: Places) -> None:
    note_look(where)
    note = next(where.cache.iterdir())
    before = note.stat()
    note_look(where)
    assert note.stat().st_ino == before.st_ino


def test_nothing_is_noted_of_settings_that_cannot_be_used(where: Places) -> None:
    where.settings_file.write_text("[home]\nfavourites = 5\n", encoding="utf-8")
    note_look(where)
    assert not where.cache.exists()
    files = files_now(where)
    assert files is not None
    with pytest.raises(SettingsError, match="favourites"):
        settings_in(files, where)


def test_a_broken_preset_is_told_from_the_note_as_well(where: Places) -> None:
    (where.presets / "bad.toml").write_text("name = 5", encoding="utf-8")
    note_look(where)
    look = recall(where, files_now(where))
    assert look is not None
    assert look.broken[0].startswith("bad.toml: ")


def test_a_later_port_is_made_once_when_it_is_used() -> None:
    made: list[list[int]] = []

    def make() -> list[int]:
        made.append([])
        return made[-1]

    port = later(make)
    assert made == []
    port.append(5)
    port.append(6)
    assert made == [[5, 6]]
