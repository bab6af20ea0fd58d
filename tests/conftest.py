"""Fixtures every test has: no test sees the user's own files."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def isolated_user_dirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, presets, data, state and cache under a folder of the test's own; returns it."""
    home = tmp_path / "user"
    home.mkdir()
    monkeypatch.setenv("NBD_CONFIG_FILE", str(home / "config" / "settings.toml"))
    monkeypatch.setenv("NBD_DATA_DIR", str(home / "data"))
    return home
