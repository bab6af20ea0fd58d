"""Names of presets, and of their files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.store.preset_names import LONGEST_ID, slug
from tests.unit.store.preset_shelves import a_preset, own


class TestNames:
    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("5 × 3:00 / 1:00", "5-x-3-00-1-00"),
            ("../../etc/passwd", "etc-passwd"),
            ("Über Straße", "uber-strasse"),
            ("con", "preset-con"),
            ("LPT1", "preset-lpt1"),
            ("🔥🔥", "preset"),
            (".hidden", "hidden"),
            ("日本語", "日本語"),
            ("a\u202eb", "a-b"),
            ("C:\\x|y?*", "c-x-y"),
        ],
    )
    def test_a_name_becomes_a_file_name_for_every_system(self, name: str, wanted: str) -> None:
        assert slug(name) == wanted

    @given(st.text(max_size=300))
    def test_any_name_becomes_a_harmless_one(self, name: str) -> None:
        made = slug(name)
        assert 1 <= len(made) <= LONGEST_ID + len("preset-")
        assert len(f"{made}-999.toml".encode()) <= 255
        assert all(sign.isalnum() or sign == "-" for sign in made)
        assert made[0] != "-"
        assert made[-1] != "-"
        assert Path(made).name == made

    @pytest.mark.parametrize("name", ["../x", "con", "🔥", "é" * 60, "[/foo]", 'quo"te', "a/b\\c"])
    def test_hostile_names_are_saved_and_read_back(self, shelf: PresetShelf, folder: Path, name: str) -> None:
        saved = shelf.save(a_preset(name))
        assert saved.preset.name == name
        assert saved.file.parent == folder
        assert own(shelf) == [saved.id]
