"""What was interrupted is offered first: go on, keep, drop, or later."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from nbd_tui.errors import HistoryError
from nbd_tui.session.kept import Interruption
from nbd_tui.store.journal import JournalFile
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import HeardTrack
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.messages import ResumeWorkout
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.interrupted import InterruptedScreen
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from tests.screens.driving import workers_done
from tests.screens.fake_session import FakeProgram, FakeSession, builtin, moment
from tests.screens.test_pictures import SIZES, SnapCompare

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STOPPED = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)
ROUNDS = [
    segment.index for segment in compile_timeline(builtin("mma-5x5").preset).segments if segment.kind is PhaseKind.WORK
]
THIRD_ROUND = Checkpoint(ROUNDS[2], 139.0, 300.0, 1399.0, 12.0, frozenset(ROUNDS[:2]))


def interruption(
    folder: Path, preset: LoadedPreset | None = None, at: Checkpoint = THIRD_ROUND, name: str = ""
) -> Interruption:
    preset = preset or builtin("mma-5x5")
    if name:
        preset = replace(preset, recalled=None, model=preset.preset.model_copy(update={"name": name}))
    heard = tuple(HeardTrack(place, Path(f"{place}.mp3"), f"Track {place}", "", 60.0) for place in range(5))
    opening = Opening(preset.id, preset, STOPPED - timedelta(minutes=24), 0)
    file = JournalFile.create(folder, opening.id)
    file.close()
    return Interruption(opening, Mark(STOPPED, at, {}, heard), compile_timeline(preset.preset), file)


@dataclass
class FakeJournals:
    """Interrupted sessions, and what the screen did with them."""

    program: FakeProgram
    found: list[Interruption]
    done: list[tuple[str, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    fails: bool = False
    looked: int = 0
    now: datetime = NOW

    @property
    def is_empty(self) -> bool:
        return not self.found and not self.notes

    def look(self) -> tuple[Interruption, ...]:
        self.looked += 1
        return tuple(self.found)

    def file(self, found: Interruption) -> None:
        if self.fails:
            raise HistoryError("the database [is] locked")
        self.done.append(("file", found.opening.id))

    def drop(self, found: Interruption) -> None:
        self.done.append(("drop", found.opening.id))

    def resume(self, found: Interruption) -> FakeSession:
        self.done.append(("resume", found.opening.id))
        at = found.last.at
        now = replace(moment(found.preset.preset, at.index, at.elapsed_s), state=EngineState.PAUSED)
        session = FakeSession(found.preset.preset, self.program.clock, now)
        self.program.sessions.append(session)
        return session


@pytest.fixture
def journals(tmp_path: Path) -> FakeJournals:
    return FakeJournals(FakeProgram(), [interruption(tmp_path)])


def app_over(journals: FakeJournals, start_with: LoadedPreset | None = None, glyphs: Glyphs | None = None) -> NbdApp:
    services = journals.program.services(interrupted=journals)
    return NbdApp(services, start_with, glyphs=glyphs)


async def arrive(pilot: Pilot[int]) -> None:
    """Until the offer (or what stands in its place) is there."""
    await workers_done(pilot)
    await pilot.pause()
    await pilot.pause()


def shows(app: NbdApp, screen: type[Screen[Any]]) -> bool:
    return isinstance(app.screen, screen)


def text(app: NbdApp, part: str) -> str:
    return str(app.screen.query_one(f"#{part}", Static).content)


@pytest.mark.parametrize(
    ("size", "theme"),
    [*((size, "ring") for size in (*SIZES, (60, 15))), ((80, 24), "colour-blind"), ((80, 24), "mono")],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}x{value[1]}",
)
def test_picture(snap_compare: SnapCompare, journals: FakeJournals, size: tuple[int, int], theme: str) -> None:
    app = NbdApp(journals.program.services(interrupted=journals, theme=theme), glyphs=UNICODE)
    assert snap_compare(app, terminal_size=size, run_before=arrive)


def test_picture_in_ascii(snap_compare: SnapCompare, journals: FakeJournals) -> None:
    assert snap_compare(app_over(journals, glyphs=ASCII), terminal_size=(80, 24), run_before=arrive)


async def test_home_offers_what_was_interrupted(journals: FakeJournals) -> None:
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert shows(app, InterruptedScreen)
        assert text(app, "name") == "MMA 5 × 5"
        assert text(app, "when") == "interrupted yesterday 18:04"
        assert app.screen.query_one(BigTime).time == "2:41"
        assert text(app, "word") == "left in ROUND 3 OF 5"
        assert text(app, "totals") == "rounds 2 of 5   workout 23:19   tracks 5"
        assert journals.done == [], "nothing happens by itself"


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_it_goes_on_paused_where_it_stopped(journals: FakeJournals, key: str) -> None:
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert shows(app, WorkoutScreen)
        assert journals.done == [("resume", "mma-5x5")]
        assert [type(screen) for screen in app.screen_stack] == [HomeScreen, WorkoutScreen]
    assert journals.program.session.closed == 1


async def test_it_is_kept_as_it_is(journals: FakeJournals) -> None:
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("f")
        await arrive(pilot)
        assert shows(app, HomeScreen)
    assert journals.done == [("file", "mma-5x5")]


async def test_what_cannot_be_kept_says_why_and_stays(journals: FakeJournals) -> None:
    journals.fails = True
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("f")
        await arrive(pilot)
        assert shows(app, InterruptedScreen)
        assert text(app, "trouble") == "the database [is] locked"
        journals.fails = False
        await pilot.press("f")
        await arrive(pilot)
        assert shows(app, HomeScreen)


async def test_dropping_asks(journals: FakeJournals) -> None:
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("d")
        assert shows(app, ConfirmScreen)
        await pilot.press("escape")
        assert shows(app, InterruptedScreen)
        assert journals.done == []
        await pilot.press("d", "y")
        await arrive(pilot)
        assert shows(app, HomeScreen)
    assert journals.done == [("drop", "mma-5x5")]


@pytest.mark.parametrize("key", ["escape", "q", "ctrl+c"])
async def test_later_leaves_everything(journals: FakeJournals, key: str) -> None:
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert shows(app, HomeScreen)
    assert journals.done == []


async def test_one_after_the_other(journals: FakeJournals, tmp_path: Path) -> None:
    journals.found.append(interruption(tmp_path, builtin("tabata"), Checkpoint(1, 5.0, 20.0, 15.0, 0.0)))
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert text(app, "when").endswith("(1 more)")
        await pilot.press("f")
        await arrive(pilot)
        assert text(app, "name") == "Tabata"
        assert "more" not in text(app, "when")
        await pilot.press("d", "y")
        await arrive(pilot)
        assert shows(app, HomeScreen)
    assert journals.done == [("file", "mma-5x5"), ("drop", "tabata")]


async def test_a_workout_that_was_asked_for_waits_for_the_answer(journals: FakeJournals) -> None:
    app = app_over(journals, builtin("tabata"))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert journals.program.sessions == []
        await pilot.press("f")
        await arrive(pilot)
        assert shows(app, WorkoutScreen)
        assert journals.program.session.preset.name == "Tabata"


async def test_nothing_is_claimed_while_a_workout_runs_that_was_begun_before_all_was_loaded(
    journals: FakeJournals,
) -> None:
    loaded = Event()
    services = journals.program.services(interrupted=journals, behind=lambda: loaded.wait(20.0))
    app = NbdApp(services)
    async with app.run_test(size=(80, 24)) as pilot:
        app.start_workout(builtin("tabata"))
        loaded.set()
        await loader_done(pilot)
        await arrive(pilot)
        assert shows(app, WorkoutScreen)
        assert journals.looked == 0


async def test_nothing_is_taken_up_while_a_workout_runs(journals: FakeJournals) -> None:
    app = NbdApp(journals.program.services(interrupted=journals))
    async with app.run_test(size=(80, 24)) as pilot:
        app.start_workout(builtin("tabata"))
        app.resume_workout(ResumeWorkout(journals.found[0]))
        await pilot.pause()
        assert journals.done == []
        assert [session.preset.name for session in journals.program.sessions] == ["Tabata"]


async def test_nothing_begins_when_the_app_is_left_before_all_was_loaded(journals: FakeJournals) -> None:
    loaded, begun = Event(), Event()

    def painted() -> tuple[str, ...]:
        begun.set()
        return ()

    services = journals.program.services(behind=lambda: loaded.wait(20.0), painted=painted)
    app = NbdApp(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.exit()
        app._begin_behind()
        loaded.set()
    assert not begun.is_set()


async def loader_done(pilot: Pilot[int]) -> None:
    """Until what is behind the first screen is loaded, and the app was told."""
    while any(thread.name == "loader" for thread in enumerate_threads()):
        await pilot.pause(0.01)
    await pilot.pause()


async def test_going_on_takes_the_place_of_the_workout_that_was_asked_for(journals: FakeJournals) -> None:
    app = app_over(journals, builtin("tabata"))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert shows(app, WorkoutScreen)
        assert [session.preset.name for session in journals.program.sessions] == ["MMA 5 × 5"]


async def test_a_place_that_is_none_cannot_be_gone_on_from(journals: FakeJournals, tmp_path: Path) -> None:
    journals.found[:] = [interruption(tmp_path, builtin("tabata"), Checkpoint(99, 5.0, 20.0, 15.0, 0.0))]
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert "go on" not in text(app, "hints")
        await pilot.press("enter")
        await pilot.pause()
        assert shows(app, InterruptedScreen)


async def test_an_open_phase_shows_how_long_it_went_on(journals: FakeJournals, tmp_path: Path) -> None:
    at = Checkpoint(1, 72.9, None, 82.9, 0.0)
    preset = builtin("strength")
    timeline = compile_timeline(preset.preset)
    at = replace(at, index=next(one.index for one in timeline.segments if one.duration_s is None))
    journals.found[:] = [interruption(tmp_path, preset, at)]
    app = app_over(journals)
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert app.screen.query_one(BigTime).time == "1:12"
        assert text(app, "word").startswith("into ")


async def test_what_was_found_besides_is_told(journals: FakeJournals) -> None:
    journals.found.clear()
    journals.notes = ("the journal of a session was damaged and is now [x].broken",)
    app = app_over(journals, builtin("tabata"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await arrive(pilot)
        assert shows(app, WorkoutScreen)
        assert not app._notifications, "they would cover the workout"
        warnings = app.screen_stack[-2].query_one("#warnings", Static)
        assert "[x].broken" in str(warnings.content)


async def test_ctrl_z_pauses_the_workout_also_where_there_is_no_shell(journals: FakeJournals) -> None:
    journals.found.clear()
    app = app_over(journals, builtin("tabata"))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("ctrl+z")
        assert journals.program.session.now.state is EngineState.PAUSED
        await pilot.press("q")
        assert shows(app, ConfirmScreen)


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (80, 24), (200, 60)])
async def test_hostile_names_and_every_size(journals: FakeJournals, tmp_path: Path, size: tuple[int, int]) -> None:
    journals.found[:] = [interruption(tmp_path / "hostile", name="[/foo] [Remix] …")]
    app = app_over(journals)
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        assert text(app, "name") == "[/foo] [Remix] …"
        assert app.screen.query_one("#hints").region.bottom <= size[1]
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert app.screen.has_class("-too-small")


async def test_a_folder_that_cannot_be_looked_at_keeps_no_workout_from_its_start(journals: FakeJournals) -> None:
    class Broken(FakeJournals):
        def look(self) -> tuple[Interruption, ...]:
            raise ZeroDivisionError

    app = app_over(Broken(journals.program, journals.found), builtin("tabata"))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        assert shows(app, WorkoutScreen)


async def test_an_error_nobody_thought_of_leaves_a_screen_that_can_be_left(journals: FakeJournals) -> None:
    class Broken(FakeJournals):
        def file(self, found: Interruption) -> None:
            raise ZeroDivisionError

    app = app_over(Broken(journals.program, journals.found))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("f")
        await arrive(pilot)
        assert text(app, "trouble") == "an error, see the log"
        await pilot.press("escape")
        await pilot.pause()
        assert shows(app, HomeScreen)
