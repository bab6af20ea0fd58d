"""What was done, after a workout; and what it was like."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.model.units import Seconds
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.store.records import SessionRecord
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.messages import LeaveSummary
from nbd_tui.tui.ports import Services
from nbd_tui.tui.record_view import when
from nbd_tui.tui.screens.record import RecordScreen, text_width
from nbd_tui.tui.summary_layout import summary_layout
from nbd_tui.tui.text import Glyphs, clean, clock, spaced
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.workout.phase import PhaseKind

DEAF_S: Final[Seconds] = 0.8
"""A key so soon after the end was meant for the workout."""


class SummaryScreen(Gloved, RecordScreen):
    """Totals of a session that is over, which is filed as soon as this opens."""

    SCOPE = "summary"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "home", "home", show=False),
        Binding("escape", "back", "home", show=False),
    ]

    def __init__(
        self, snapshot: SessionSnapshot, record: SessionRecord | None, services: Services, glyphs: Glyphs
    ) -> None:
        super().__init__(record, services, glyphs)
        self._snapshot = snapshot
        self._outcome = record.outcome.value if record else "completed" if snapshot.completed else "stopped"
        self._opened_at = services.clock()

    def compose(self) -> ComposeResult:
        """The length of the workout, without its pauses, in big digits, and the totals."""
        yield TooSmall(self._glyphs)
        with Vertical(classes="lines"):
            yield SplitLine(self._glyphs, id="name")
        yield SessionStrip(self._glyphs, id="strip")
        yield BigTime(self._glyphs, id="time")
        yield Static(spaced(self._outcome), id="word", markup=False)
        yield Static(self._totals(), id="totals")
        yield from self.compose_record()

    def on_mount(self) -> None:
        """Fills in the numbers."""
        worked = clock(int(self._snapshot.worked_s))
        self.query_one(BigTime).show(worked)
        self.query_one(TooSmall).lines = (worked, self._outcome.upper())
        self.show_record()
        if self._record:
            self.keep(self._record)

    def fit(self, size: Size) -> None:
        """Gives each part its rows."""
        kind_rows = self.show_kinds(text_width(size))
        layout = summary_layout(size.height, len(self._record.heard) if self._record else 0, kind_rows)
        strip = self.query_one(SessionStrip)
        strip.display, strip.styles.height = layout.strip > 0, layout.strip
        strip.segments = self._snapshot.segments
        self.query_one("#time").display = layout.time > 0
        self.query_one("#word").display = layout.word > 0
        began = self._record and when(self._record, text_width(size))
        right = "" if layout.word else self._outcome.upper()
        self.query_one("#name", SplitLine).show(clean(self._snapshot.preset_name), "", right or began or "")
        self.query_one("#tracks").styles.height = layout.tracks
        self._name_keys()
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
        self._name_keys()

    def _name_keys(self) -> None:
        smash = "smash: home  " if self._services.gloves.on else ""
        self.show_hints(text_width(self.size), f"{smash}enter home")

    def action_home(self) -> None:
        """Back to Home, unless the key was still meant for the workout."""
        if self.is_awake:
            self.take_note()
            self.post_message(LeaveSummary())

    @property
    def is_awake(self) -> bool:
        """Not in the first moment."""
        return self._services.clock() - self._opened_at >= DEAF_S

    def _totals(self) -> Content:
        done, all_rounds = self._snapshot.rounds_done, rounds(self._snapshot)
        totals = [
            ("rounds", f"{done} of {all_rounds}" if all_rounds else ""),
            ("workout", clock(int(self._snapshot.worked_s))),
            ("paused", clock(int(self._snapshot.paused_s))),
        ]
        parts = [Content.assemble((f"{name} ", "dim"), (value, "bold")) for name, value in totals if value]
        return Content("   ").join(parts)


def rounds(snapshot: SessionSnapshot) -> int:
    """All work phases there are."""
    return sum(segment.kind is PhaseKind.WORK for segment in snapshot.segments)
