"""Presets put aside and brought back, and favourites."""

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from nbd_tui.errors import PresetError, SettingsError
from nbd_tui.store.preset_files import TRASH, TRASH_DAYS, PresetShelf
from tests.unit.store.preset_shelves import FRIDAY, builtin, files, friday, own


class TestDeleting:
    @pytest.mark.parametrize("text", [FRIDAY, "\ufeff" + FRIDAY.replace("\n", "\r\n")])
    def test_undo_brings_back_every_byte(self, shelf: PresetShelf, folder: Path, text: str) -> None:
        loaded = friday(folder, text)
        loaded.file.chmod(0o600)
        before = files(folder)
        deleted = shelf.delete(loaded)
        assert own(shelf) == []
        assert shelf.restore(deleted).id == "friday"
        assert files(folder) == before
        if os.name != "nt":
            assert stat.S_IMODE(loaded.file.stat().st_mode) == 0o600

    def test_what_was_put_aside_stays_when_the_program_ends(self, shelf: PresetShelf, folder: Path) -> None:
        for _ in range(2):
            shelf.delete(friday(folder))
        assert files(folder) == {f"{TRASH}/friday{end}.toml": FRIDAY.encode() for end in ("", "-2")}

    def test_undo_overwrites_nothing_that_took_the_name_meanwhile(self, shelf: PresetShelf, folder: Path) -> None:
        deleted = shelf.delete(friday(folder))
        friday(folder, FRIDAY.replace("30", "40"))
        assert shelf.restore(deleted).id == "friday-2"
        assert b"40" in files(folder)["friday.toml"]

    def test_undo_of_what_was_thrown_away_by_hand_says_so(self, shelf: PresetShelf, folder: Path) -> None:
        deleted = shelf.delete(friday(folder))
        deleted.aside.unlink()
        with pytest.raises(PresetError, match="No such file"):
            shelf.restore(deleted)

    def test_a_file_gone_meanwhile_is_told(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        loaded.file.unlink()
        with pytest.raises(PresetError, match="No such file"):
            shelf.delete(loaded)

    def test_a_changed_file_is_put_aside_with_its_changes(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        friday(folder, FRIDAY.replace("30", "40"))
        deleted = shelf.delete(loaded)
        assert b"40" in deleted.aside.read_bytes()

    def test_a_built_in_preset_shows_again_when_its_replacement_goes(self, shelf: PresetShelf, folder: Path) -> None:
        shelf.delete(friday(folder, name="tabata.toml"))
        assert builtin(shelf, "tabata").preset.name == "Tabata"


@dataclass
class Stars:
    """Where favourites are kept: like the settings, without a file."""

    ids: tuple[str, ...] = ()
    broken: bool = False

    def read(self) -> tuple[str, ...]:
        return self.ids

    def keep(self, ids: tuple[str, ...]) -> None:
        if self.broken:
            raise SettingsError("these settings cannot be used")
        self.ids = ids


class TestTrash:
    """Deleted presets wait a month, and nothing else is ever removed."""

    def test_what_was_deleted_waits_for_a_month_from_that_day_on(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        os.utime(loaded.file, (0, 0))
        deleted = shelf.delete(loaded)
        shelf.empty_trash(time.time() + (TRASH_DAYS - 1) * 86_400)
        assert deleted.aside.exists()
        shelf.empty_trash(time.time() + (TRASH_DAYS + 1) * 86_400)
        assert not deleted.aside.exists()

    def test_nothing_but_deleted_presets_is_removed(self, shelf: PresetShelf, folder: Path) -> None:
        friday(folder)
        trash = folder / TRASH
        (trash / "folder.toml").mkdir(parents=True)
        (trash / "notes.txt").touch()
        before = sorted(folder.rglob("*"))
        shelf.empty_trash(time.time() + 1e9)
        assert sorted(folder.rglob("*")) == before

    def test_no_trash_is_no_obstacle(self, shelf: PresetShelf) -> None:
        shelf.empty_trash(time.time() + 1e9)


class TestFavourites:
    @pytest.fixture
    def stars(self) -> Stars:
        return Stars(("tabata",))

    @pytest.fixture
    def shelf(self, folder: Path, stars: Stars) -> PresetShelf:
        return PresetShelf(folder, stars.read, stars.keep)

    def test_on_and_off(self, shelf: PresetShelf, stars: Stars) -> None:
        shelf.set_favourite("circuit", wanted=True)
        shelf.set_favourite("circuit", wanted=True)
        both = shelf.favourites
        shelf.set_favourite("tabata", wanted=False)
        assert (both, shelf.favourites) == (("tabata", "circuit"), ("circuit",))

    def test_they_follow_renaming_deleting_and_undo(self, shelf: PresetShelf, stars: Stars, folder: Path) -> None:
        loaded = friday(folder)
        shelf.set_favourite("friday", wanted=True)
        renamed = shelf.rename(loaded, "Saturday")
        after_renaming = stars.ids
        deleted = shelf.delete(renamed)
        after_deleting = stars.ids
        shelf.restore(deleted)
        assert (after_renaming, after_deleting, stars.ids) == (
            ("tabata", "saturday"),
            ("tabata",),
            ("tabata", "saturday"),
        )

    def test_one_that_cannot_be_written_down_is_none(self, shelf: PresetShelf, stars: Stars, folder: Path) -> None:
        stars.ids, stars.broken = ("friday",), True
        with pytest.raises(SettingsError):
            shelf.set_favourite("tabata", wanted=True)
        assert shelf.favourites == ("friday",)
        assert shelf.rename(friday(folder), "Saturday").id == "saturday"

    def test_a_star_that_does_not_follow_a_file_is_told_once(
        self, shelf: PresetShelf, stars: Stars, folder: Path
    ) -> None:
        loaded = friday(folder)
        assert shelf.news() == ""
        stars.ids, stars.broken = ("friday",), True
        renamed = shelf.rename(loaded, "Saturday")
        told = [shelf.news(), shelf.news()]
        stars.ids = ("saturday",)
        deleted = shelf.delete(renamed)
        told += [shelf.news(), shelf.news()]
        shelf.restore(deleted)
        told += [shelf.news(), shelf.news()]
        assert told == ["its star was not kept: these settings cannot be used", ""] * 3
