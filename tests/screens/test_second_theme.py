"""How every screen looks in the palette for colour-blind eyes, and in `ring` those no other picture has in all sizes.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.text import UNICODE
from tests.screens import test_interrupted_flows, test_settings_pictures
from tests.screens.driving import finish, seen, workout
from tests.screens.fake_history import FakeHistory, many, program_with, record
from tests.screens.fake_session import FakeProgram, builtin
from tests.screens.fake_settings import FakeSettings
from tests.screens.shelved import FRIDAY, Shelved, press, settled
from tests.screens.test_settings_pictures import SIZES, SnapCompare, size_id, typed

THEME = "colour-blind"
Arrive = Callable[[Pilot[int]], object]
Scene = tuple[NbdApp, Arrive]

no_files_of_this_machine = test_settings_pictures.no_files_of_this_machine


def pressing(*keys: str) -> Arrive:
    """Key after key, each with all that it sets going."""

    async def arrive(pilot: Pilot[int]) -> None:
        await settled(pilot)
        for key in keys:
            await press(pilot, key)

    return arrive


def shelf(*keys: str) -> Callable[[Path, str], Scene]:
    def scene(folder: Path, theme: str) -> Scene:
        shelved = Shelved(folder / "presets", favourites=("circuit",))
        shelved.write("friday.toml", FRIDAY)
        return NbdApp(shelved.services(theme=theme), glyphs=UNICODE), pressing(*keys)

    return scene


def history(*keys: str) -> Callable[[Path, str], Scene]:
    def scene(folder: Path, theme: str) -> Scene:
        kept = FakeHistory({one.id: one for one in many(40)})
        return NbdApp(FakeProgram().services(history=kept, theme=theme), glyphs=UNICODE), pressing("h", *keys)

    return scene


def settings(*keys: str, first_run: bool = False) -> Callable[[Path, str], Scene]:
    def scene(folder: Path, theme: str) -> Scene:
        port = FakeSettings(Path.home() / ".config" / "nbd-tui" / "settings.toml")
        port.change(("screen", "theme"), theme)
        given = FakeProgram().services(settings=port, keys=port.keys, first_run=first_run, theme=theme)
        return NbdApp(given, glyphs=UNICODE), typed(*keys)

    return scene


def round_2(*keys: str) -> Callable[[Path, str], Scene]:
    def scene(folder: Path, theme: str) -> Scene:
        async def arrive(pilot: Pilot[int]) -> None:
            await seen(pilot)
            await pilot.press(*keys)
            await pilot.pause()

        return NbdApp(workout().services(theme=theme), builtin("mma-5x5"), glyphs=UNICODE), arrive

    return scene


def summary(folder: Path, theme: str) -> Scene:
    program = program_with(record(tracks=9, note="strong to the end"))

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        program.session.set(worked_s=2110.0, paused_s=42.0, rounds_done=5)
        await finish(pilot, program.session)
        program.clock.advance(1.0)
        await press(pilot, "s", "x", "7")

    return NbdApp(program.services(history=FakeHistory(), theme=theme), builtin("mma-5x5"), glyphs=UNICODE), arrive


def interrupted(folder: Path, theme: str) -> Scene:
    program = FakeProgram()
    found = [test_interrupted_flows.interruption(folder)]
    journals = test_interrupted_flows.FakeJournals(program, found)
    return NbdApp(program.services(interrupted=journals, theme=theme), glyphs=UNICODE), test_interrupted_flows.arrive


SCENES: dict[str, Callable[[Path, str], Scene]] = {
    "home": shelf("down"),
    "home-undo": shelf("down", "d"),
    "home-searching": shelf("slash", *"rest"),
    "form": shelf("n", "6", "down", *"1m30", "down", *"1:75"),
    "workout": round_2(),
    "confirm": round_2("q"),
    "help": round_2("question_mark"),
    "summary": summary,
    "history": history("down", "down"),
    "session": history("down", "down", "down", "down", "enter", "s", "down", "x", "8"),
    "settings": settings("comma", "down", "left"),
    "folders": settings("comma", *["down"] * 7, "enter", "h"),
    "first-run": settings(first_run=True),
    "first-run-sound": settings("escape", first_run=True),
    "interrupted": interrupted,
    "palette": settings("comma", "ctrl+p", *"vol"),
}
NOT_YET_IN_RING = ("home-undo", "home-searching", "first-run-sound")


@pytest.mark.parametrize("size", SIZES, ids=size_id)
@pytest.mark.parametrize("name", SCENES)
def test_for_colour_blind_eyes(snap_compare: SnapCompare, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    app, arrive = SCENES[name](tmp_path, THEME)
    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("size", SIZES, ids=size_id)
@pytest.mark.parametrize("name", NOT_YET_IN_RING)
def test_in_ring(snap_compare: SnapCompare, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    app, arrive = SCENES[name](tmp_path, "ring")
    assert snap_compare(app, terminal_size=size, run_before=arrive)
