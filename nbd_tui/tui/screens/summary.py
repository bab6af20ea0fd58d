"""What was done, after a workout."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.model.units import Seconds
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.key_guard import KeyGuard
from nbd_tui.tui.keys import first_key, screen_bindings
from nbd_tui.tui.messages import LeaveSummary
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, clock, spaced, to_ascii
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.workout.phase import PhaseKind

DEAF_S: Final[Seconds] = 0.8
"""A key so soon after the end was meant for the workout."""


class SummaryScreen(Gloved, SizedScreen):
    """Totals of a session that is over."""

    SCOPE = "summary"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in screen_bindings("home", {"home.quit": "leave"}) if binding.id == "home.quit"),
        Binding("enter,escape", "home", "home", show=False),
    ]

    def __init__(self, snapshot: SessionSnapshot, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._services = services
        self._glyphs = glyphs
        self._guard = KeyGuard(services.clock, DEAF_S)
        self._guard.allows("opened")

    def compose(self) -> ComposeResult:
        """The length of the workout, without its pauses, in big digits, and the totals."""
        snapshot = self._snapshot
        word = "COMPLETED" if snapshot.completed else "STOPPED"
        yield TooSmall(self._glyphs)
        yield Static(self._plain(clean(snapshot.preset_name)), id="name", markup=False)
        yield SessionStrip(self._glyphs, id="strip")
        yield BigTime(self._glyphs, id="time")
        yield Static(spaced(word), id="word", markup=False)
        yield Static(self._totals(), id="totals")
        yield Static(self._hints(), id="hints", markup=False)

    def on_mount(self) -> None:
        """Fills in the numbers."""
        snapshot = self._snapshot
        worked = clock(int(snapshot.worked_s))
        self.query_one(BigTime).show(worked)
        self.query_one(TooSmall).lines = (worked, "COMPLETED" if snapshot.completed else "STOPPED")

    def fit(self, size: Size) -> None:
        """The picture of the session needs some height."""
        strip = self.query_one(SessionStrip)
        strip.display = size.height >= 18
        strip.styles.height = 3
        strip.segments = self._snapshot.segments
        if not self._snapshot.completed:
            self.call_after_refresh(self._mark_end)

    def _mark_end(self) -> None:
        """Where a session that was stopped had come to."""
        snapshot = self._snapshot
        strip = self.query_one(SessionStrip)
        strip.show(snapshot.segments, snapshot.index, snapshot.elapsed_s, snapshot.remaining_s)

    def smash(self, *, second: bool) -> None:
        """Back to Home."""
        if not second:
            self.action_home()

    def show_gloves(self) -> None:
        """Glove mode was turned."""
        self.query_one("#hints", Static).update(self._hints())

    def _hints(self) -> str:
        smash = "smash: home  " if self._services.gloves.on else ""
        return self._plain(f"{smash}enter home  {first_key('home.quit', self._services.keys)} quit")

    def action_home(self) -> None:
        """Back to Home, unless the key was still meant for the workout."""
        if self._is_awake():
            self.post_message(LeaveSummary())

    def action_leave(self) -> None:
        """Ends the program: nothing is lost any more."""
        if self._is_awake():
            self.app.exit(0)

    def _is_awake(self) -> bool:
        return self._guard.allows("opened")

    def _totals(self) -> Content:
        done, all_rounds = self._snapshot.rounds_done, rounds(self._snapshot)
        totals = [
            ("rounds", f"{done} of {all_rounds}" if all_rounds else ""),
            ("workout", clock(int(self._snapshot.worked_s))),
            ("paused", clock(int(self._snapshot.paused_s))),
        ]
        parts = [Content.assemble((f"{name} ", "dim"), (value, "bold")) for name, value in totals if value]
        return Content("   ").join(parts)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def rounds(snapshot: SessionSnapshot) -> int:
    """All work phases there are."""
    return sum(segment.kind is PhaseKind.WORK for segment in snapshot.segments)
