"""What the screen commands give the app."""

import io
import sys
from pathlib import Path

import pytest

from nbd_tui.store.presets import LoadedPreset, load_presets
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import broken_line
from nbd_tui.tui.widgets.preset_list import PresetList
from tests.unit.cli.conftest import Nbd

MINE = 'name = "Mine"\n[[blocks]]\nphases = [{ kind = "work", duration = 5 }]\n'


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[LoadedPreset | None]:
    """What each app was started with; none is run, nothing sounds."""
    started: list[LoadedPreset | None] = []

    def open_app(self: NbdApp, services: Services, start_with: LoadedPreset | None = None, **_options: object) -> None:
        started.append(start_with)

    monkeypatch.setenv("TERM", "xterm")
    for stream in ("__stdin__", "__stderr__"):
        monkeypatch.setattr(sys, stream, Terminal())
    monkeypatch.setattr("nbd_tui.cli.wiring.Program.studio", lambda *_arguments, **_options: None)
    monkeypatch.setattr(NbdApp, "__init__", open_app)
    monkeypatch.setattr(NbdApp, "run_to_end", lambda self: 0)
    return started


def test_the_demo_is_the_built_in_one_whatever_the_users_presets_are_called(
    nbd: Nbd, config: Path, opened: list[LoadedPreset | None]
) -> None:
    (config / "presets" / "demo.toml").write_text(MINE, encoding="utf-8")
    assert nbd("demo").code == 0
    assert nbd("run", "demo").code == 0
    assert nbd().code == 0
    demo, mine, home = opened
    assert demo is not None
    assert demo.builtin
    assert mine is not None
    assert (mine.preset.name, mine.builtin) == ("Mine", False)
    assert home is None


def test_a_broken_demo_of_the_users_is_no_obstacle(nbd: Nbd, config: Path, opened: list[LoadedPreset | None]) -> None:
    (config / "presets" / "demo.toml").write_text("name = 5", encoding="utf-8")
    assert nbd("demo").code == 0
    assert len(opened) == 1


def test_a_broken_preset_is_told_by_its_name_and_its_first_problem(tmp_path: Path) -> None:
    (tmp_path / "legs.toml").write_text('name = "Legs"\n[[blocks]]\nrepeat = 0\nphases = 5\n', encoding="utf-8")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    told = [broken_line(error) for error in load_presets(tmp_path).errors]
    assert told == [
        "empty.toml: this file is empty",
        "legs.toml: line 3: blocks.0.repeat: must be at least 1, not 0",
    ]


def test_the_keys_kept_for_homes_list_are_those_it_takes() -> None:
    from textual.binding import Binding

    from nbd_tui.keymap import LIST_KEYS

    assert {binding.key for binding in PresetList.BINDINGS if isinstance(binding, Binding)} == LIST_KEYS
