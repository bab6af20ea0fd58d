"""The part of the app that has a workout: begins it, shows it, its summary after it, and closes it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on

from nbd_tui.errors import NbdError
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.messages import LeaveSummary, PlanWorkout, StartWorkout, WorkoutOver
from nbd_tui.tui.ports import RunningSession, Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.signalled import SignalledApp
from nbd_tui.tui.text import Glyphs

if TYPE_CHECKING:
    from rich.console import RenderableType

    from nbd_tui.session.script import Script

LATER_STYLES: Final = ("workout", "summary", "interrupted")
"""Sheets that the first screen does not wait for."""


class SessionApp(SignalledApp, inherit_bindings=False):
    """An app with at most one session, which does not outlive it."""

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        """An app over `services` that draws with `glyphs`."""
        super().__init__(services.gloves)
        self._services = services
        self._glyphs = glyphs
        self._session: RunningSession | None = None
        self._is_leaving = False
        """The program ends; what was on its way to the app comes too late."""

    @property
    def in_workout(self) -> bool:
        """A session is open, up to the end of its summary."""
        return self._session is not None

    def on_unmount(self) -> None:
        """No session outlives the app."""
        self.close_session()

    def exit(self, result: int | None = None, return_code: int = 0, message: "RenderableType | None" = None) -> None:
        """Ends the program; a session that still runs ends its sound itself."""
        self._is_leaving = True
        if not self.in_workout:
            self._services.leaving()
        super().exit(result, return_code, message)

    @on(StartWorkout)
    def begin(self, message: StartWorkout) -> None:
        """A screen asks for a workout."""
        self.start_workout(message.preset, message.script)

    def start_workout(self, preset: LoadedPreset, script: "Script | None" = None) -> None:
        """Starts a session and shows it, in place of its plan; does nothing while another one runs."""
        if self._session is None:
            plan, is_planned = self._services.plan, self.front_scope == "plan"
            start = partial(plan.start, preset, script) if plan and script else partial(self._services.start, preset)
            self.begin_session(start, instead=is_planned)

    @on(PlanWorkout)
    def plan_workout(self, message: PlanWorkout) -> None:
        """Home asks for the plan of a workout; asked twice, it begins, with whatever there is of a plan."""
        from nbd_tui.tui.screens.plan import PlanScreen

        if self._services.plan is None:
            self.start_workout(message.preset)
        elif isinstance(self.screen, PlanScreen):
            self.screen.action_start()
        elif self._session is None:
            self.push_screen(PlanScreen(message.preset, self._services.plan, self._services, self._glyphs))

    @property
    def front_scope(self) -> str:
        """Of the keys of the screen in front."""
        return self.screen.SCOPE if isinstance(self.screen, SizedScreen) else ""

    def begin_session(self, start: Callable[[], RunningSession], *, instead: bool = False) -> None:
        """Shows the session that `start` makes, or says why it makes none; `instead` of the screen in front."""
        from nbd_tui.tui.screens.workout import WorkoutScreen

        self.read_later_styles()
        try:
            self._session = start()
        except NbdError as error:
            self.refuse(f"The workout cannot start: {error}")
            return
        show = self.switch_screen if instead else self.push_screen
        show(WorkoutScreen(self._session, self._services, self._glyphs))

    def refuse(self, words: str) -> None:
        """Says why no workout begins."""
        raise NotImplementedError

    @on(WorkoutOver)
    def show_summary(self, message: WorkoutOver) -> None:
        """Puts the summary in place of the workout and of whatever question stands before it."""
        from nbd_tui.tui.screens.summary import SummaryScreen
        from nbd_tui.tui.screens.workout import WorkoutScreen

        while not isinstance(self.screen, WorkoutScreen):
            self.pop_screen()
        record = self._session.record() if self._session else None
        self.switch_screen(SummaryScreen(message.snapshot, record, self._services, self._glyphs))

    @on(LeaveSummary)
    def go_home(self) -> None:
        """Ends the session for good (until now its last sound could ring out); asked twice, once."""
        from nbd_tui.tui.screens.summary import SummaryScreen

        self.close_session()
        if isinstance(self.screen, SummaryScreen):
            self.pop_screen()

    def pause_session(self) -> bool:
        """Pauses the session, if there is one."""
        if self._session is not None:
            self._session.pause()
        return self._session is not None

    def close_session(self) -> None:
        """Closes the session, once."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def read_later_styles(self) -> None:
        """Reads them once; they are parsed when the next screen is styled, and nothing on this one changes by them."""
        folder = Path(__file__).parent / "styles"
        for path in (str(folder / f"{name}.tcss") for name in LATER_STYLES):
            if not self.stylesheet.has_source(path):
                self.stylesheet.read(path)
