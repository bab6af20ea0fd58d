"""How the screens look: one picture each in three sizes, all from scripted moments.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from nbd_tui.session.snapshot import Echo, SoundState
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from nbd_tui.tui.theme import DEFAULT_THEME
from nbd_tui.workout.engine import EngineState
from tests.screens.fake_session import HOSTILE, FakeProgram, FakeSession, builtin

SIZES = [(60, 20), (80, 24), (120, 40)]
SnapCompare = Callable[..., bool]
Change = Callable[[FakeSession], None]


def _nothing(session: FakeSession) -> None:
    """The moment as it is."""


def _echo(session: FakeSession) -> None:
    session.set(echo=Echo("+15 s → 3:44", session.clock()), can_undo_skip=True)


def _pause(session: FakeSession) -> None:
    session.set(state=EngineState.PAUSED, pause_s=42.0)


def _finish(session: FakeSession) -> None:
    session.set(worked_s=2110.0, paused_s=42.0)
    session.finish(completed=True)


def _stop(session: FakeSession) -> None:
    session.set(paused_s=7.0)
    session.finish(completed=False)


def _hostile(session: FakeSession) -> None:
    session.set(track=HOSTILE, preset_name="[/foo] [Remix] \x1b[31m日本語")


def _silent(session: FakeSession) -> None:
    session.set(sound=SoundState(output="silent", reason="no sound device"), track=None, track_note="no music folder")


MOMENTS: dict[str, tuple[str, tuple[int, float], Change]] = {
    "prepare": ("tabata", (0, 3.0), _nothing),
    "warm-up": ("strength", (1, 61.0), _nothing),
    "work": ("mma-5x5", (4, 91.0), _echo),
    "last-ten-seconds": ("mma-5x5", (4, 293.5), _nothing),
    "rest": ("mma-5x5", (3, 10.0), _nothing),
    "break": ("circuit", (13, 12.0), _nothing),
    "open": ("strength", (4, 47.2), _nothing),
    "cool-down": ("boxing-12x3", (25, 20.0), _silent),
    "paused": ("mma-5x5", (4, 91.0), _pause),
    "finished": ("mma-5x5", (11, 180.0), _finish),
    "stopped": ("mma-5x5", (4, 91.0), _stop),
    "hostile": ("mma-5x5", (4, 91.0), _hostile),
}
IN_ALL_SIZES = ("work", "last-ten-seconds", "rest", "open", "paused", "finished")


def picture_app(
    name: str, glyphs: Glyphs = UNICODE, theme: str = DEFAULT_THEME
) -> tuple[NbdApp, Callable[[Pilot[int]], Awaitable[None]]]:
    """An app, and what brings it to the moment called `name`."""
    preset, at, change = MOMENTS[name]
    program = FakeProgram(starts_at=at)

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        change(program.session)
        shown = pilot.app.screen
        assert isinstance(shown, WorkoutScreen)
        shown.look()
        await pilot.pause()

    return NbdApp(program.services(theme=theme), builtin(preset), glyphs=glyphs), arrive


def _named(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("size", SIZES, ids=_named)
@pytest.mark.parametrize("name", IN_ALL_SIZES)
def test_workout(snap_compare: SnapCompare, name: str, size: tuple[int, int]) -> None:
    app, arrive = picture_app(name)
    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("size", [(60, 15), (200, 60)], ids=_named)
@pytest.mark.parametrize("name", ["work", "paused"])
def test_workout_at_the_ends_of_the_range(snap_compare: SnapCompare, name: str, size: tuple[int, int]) -> None:
    app, arrive = picture_app(name)
    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("theme", ["colour-blind", "16-colours", "mono"])
@pytest.mark.parametrize("name", ["work", "last-ten-seconds", "rest", "cool-down"])
def test_workout_in_other_palettes(snap_compare: SnapCompare, name: str, theme: str) -> None:
    app, arrive = picture_app(name, theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=_named)
@pytest.mark.parametrize("name", ["paused", "open"])
def test_workout_in_the_safe_palette(snap_compare: SnapCompare, name: str, size: tuple[int, int]) -> None:
    app, arrive = picture_app(name, theme="colour-blind")
    assert snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("name", [name for name in MOMENTS if name not in IN_ALL_SIZES])
def test_workout_in_one_size(snap_compare: SnapCompare, name: str) -> None:
    app, arrive = picture_app(name)
    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)], ids=_named)
@pytest.mark.parametrize("keys", [("q",), ("question_mark",)], ids=["end", "help"])
def test_over_the_workout(snap_compare: SnapCompare, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app, arrive = picture_app("work")

    async def ask(pilot: Pilot[int]) -> None:
        await arrive(pilot)
        await pilot.press(*keys)

    assert snap_compare(app, terminal_size=size, run_before=ask)


@pytest.mark.parametrize("size", [*SIZES, (60, 15)], ids=_named)
def test_home(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app = NbdApp(FakeProgram().services(), glyphs=UNICODE)
    assert snap_compare(app, terminal_size=size, press=["down"] * 3)


def test_home_with_trouble(snap_compare: SnapCompare) -> None:
    broken = ("legs.toml: line 3: blocks.0.repeat: must be a whole number", "[/foo].toml: not TOML")
    services = FakeProgram().services(broken=broken, notices=("no music folder: the demo tracks play",))
    assert snap_compare(NbdApp(services, glyphs=UNICODE), terminal_size=(80, 24))


def test_workout_in_ascii(snap_compare: SnapCompare) -> None:
    app, arrive = picture_app("work", ASCII)
    assert snap_compare(app, terminal_size=(80, 24), run_before=arrive)


def test_too_small(snap_compare: SnapCompare) -> None:
    app, arrive = picture_app("work")
    assert snap_compare(app, terminal_size=(34, 9), run_before=arrive)


async def test_a_picture_of_a_moment_can_be_made() -> None:
    app, arrive = picture_app("work")
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert "Wolf" in app.export_screenshot(title="nbd")
