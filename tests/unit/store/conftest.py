"""A shelf of presets."""

from pathlib import Path

import pytest

from nbd_tui.store.preset_files import PresetShelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "presets"


@pytest.fixture
def shelf(folder: Path) -> PresetShelf:
    return PresetShelf(folder)
