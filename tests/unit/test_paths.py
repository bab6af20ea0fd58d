from pathlib import Path

import pytest

from nbd_tui import paths
from nbd_tui.errors import NbdError


@pytest.fixture
def no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBD_CONFIG_FILE")
    monkeypatch.delenv("NBD_DATA_DIR")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


def test_the_environment_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBD_CONFIG_FILE", str(tmp_path / "c" / "mine.toml"))
    monkeypatch.setenv("NBD_DATA_DIR", str(tmp_path / "d"))
    found = paths.places()
    assert found.settings_file == tmp_path / "c" / "mine.toml"
    assert found.presets == tmp_path / "c" / "presets"
    assert found.database == tmp_path / "d" / "data" / "nbd.sqlite"
    assert found.log == tmp_path / "d" / "state" / "log"
    assert found.pcm_cache == tmp_path / "d" / "cache" / "pcm"
    assert not any(tmp_path.joinpath(name).exists() for name in "cd")


def test_a_tilde_in_the_environment_is_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBD_CONFIG_FILE", "~/s.toml")
    monkeypatch.setenv("NBD_DATA_DIR", "~/d")
    assert paths.places().settings_file == home / "s.toml"
    assert paths.places().data == home / "d" / "data"


def test_relative_places_do_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBD_DATA_DIR", "d")
    assert paths.places().data == tmp_path / "d" / "data"


@pytest.mark.usefixtures("no_overrides", "home")
def test_without_overrides_the_places_are_the_systems_and_named_after_the_program() -> None:
    found = paths.places()
    assert found.settings_file.name == "settings.toml"
    for place in (found.settings_file, found.data, found.state, found.cache):
        assert place.is_absolute()
        assert paths.APP_NAME in place.parts


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("NBD_CONFIG_FILE", "")
    monkeypatch.setenv("NBD_DATA_DIR", "")
    found = paths.places()
    assert found.settings_file.name == "settings.toml"
    assert found.data != Path()


def test_home_is_shown_as_a_tilde(home: Path) -> None:
    assert paths.with_home_as_tilde(home / "Music" / "a.mp3") == str(Path("~/Music/a.mp3"))
    assert paths.with_home_as_tilde(home.parent / "elsewhere") == str(home.parent / "elsewhere")
    assert paths.with_home_as_tilde(Path("relative")) == "relative"


def test_assets_are_found() -> None:
    assert paths.asset("presets", "demo.toml").is_file()
    assert paths.asset("presets").is_dir()
    assert paths.example_settings().is_file()


def test_a_missing_asset_is_named() -> None:
    with pytest.raises(NbdError, match=r"assets/presets/nope\.toml"):
        paths.asset("presets", "nope.toml")
