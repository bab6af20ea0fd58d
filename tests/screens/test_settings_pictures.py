"""How the settings, their dialogs, the first run and the palette look.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.tui import palette
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens import first_run, folder_picker, settings
from nbd_tui.tui.settings_view import setting_rows
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.fake_session import FakeProgram
from tests.screens.fake_settings import FakeSettings

SIZES = [(60, 15), (80, 24), (120, 40)]
ROWS = (
    *(f"audio.{key}" for key in ("output", "music_volume", "cue_volume", "cue_set", "duck_db", "latency_ms", "fade_s")),
    *("music.folders", "music.pins", "screen.theme", "screen.keep_awake"),
    *(f"keys.workout.{key}" for key in ("pause", "skip", "back", "add_time", "cues_up", "stop")),
    *("keys.home.start", "keys.settings.more", "keys.app.help"),
)
SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def no_files_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same paths in every picture, and the same keys though the settings grow."""
    home = tmp_path / "home"
    for name in ("Calm", "Heavy", "Heavy metal ballads"):
        (home / "Music" / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr(first_run, "_system_folder", lambda: home / "Music")
    monkeypatch.setattr(folder_picker, "_first_path", lambda: "~/Music/")
    rows = {".".join(row.key): row for row in setting_rows()}
    monkeypatch.setattr(settings, "setting_rows", lambda: tuple(map(rows.__getitem__, ROWS)))
    monkeypatch.setattr(palette, "setting_rows", lambda: tuple(map(rows.__getitem__, ROWS)))


def app(*, glyphs: Glyphs = UNICODE, first: bool = False, theme: str = "ring") -> NbdApp:
    port = FakeSettings(Path.home() / ".config" / "nbd-tui" / "settings.toml")
    given = FakeProgram().services(settings=port, keys=port.keys, first_run=first, theme=theme)
    return NbdApp(given, glyphs=glyphs)


def typed(*keys: str) -> Callable[[Pilot[int]], object]:
    async def press(pilot: Pilot[int]) -> None:
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.05)
        for field in pilot.app.screen.query("Input"):
            field.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause(0.1)

    return press


def size_id(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_settings(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=typed("comma", "down", "left"))


def test_settings_for_colour_blind_eyes(snap_compare: SnapCompare) -> None:
    shown = app(theme="colour-blind")
    assert snap_compare(shown, terminal_size=(80, 24), run_before=typed("comma", "down", "left"))


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_choosing_a_theme(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    keys = ("comma", *["down"] * 9, "enter", "down")
    assert snap_compare(app(), terminal_size=size, run_before=typed(*keys))


def test_settings_in_ascii(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(glyphs=ASCII), terminal_size=(80, 24), run_before=typed("comma", "t"))


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_folder_picker(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    keys = ("comma", *["down"] * 7, "enter", "h")
    assert snap_compare(app(), terminal_size=size, run_before=typed(*keys))


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_first_run(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(app(first=True), terminal_size=size, run_before=typed())


def test_first_run_sound(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(first=True), terminal_size=(80, 24), run_before=typed("escape"))


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_palette(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=typed("comma", "ctrl+p", *"vol"))


def test_a_number_that_is_wrong(snap_compare: SnapCompare) -> None:
    keys = ("comma", "down", "enter", *"101")
    assert snap_compare(app(), terminal_size=(60, 15), run_before=typed(*keys))


REPORT = (
    "nbd-tui     1.0, Python 3.12.4 x86_64, Linux 6.8",
    "packages    textual 8.0, python-vlc 3.0, pydantic 2.9, platformdirs 4.3, miniaudio 1.61, numpy 2.1, typer 0.15",
    "libVLC      3.0.20 Vetinari",
    "speech      none: the announcer says rounds and phases, but not your labels (espeak-ng would)",
    "settings    ~/.config/nbd-tui/settings.toml",
    "! [/foo].toml: blocks.0.repeat must be at least 1",
    "music       ~/Music: 1,204 tracks",
    "output      vlc",
)


@pytest.mark.parametrize("size", SIZES, ids=size_id)
def test_report_of_the_doctor(
    snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(FakeSettings, "report", lambda _: REPORT)
    assert snap_compare(app(), terminal_size=size, run_before=typed("ctrl+p", *"doctor", "enter"))
