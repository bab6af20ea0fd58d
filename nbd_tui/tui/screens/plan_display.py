"""How the plan of a workout looks: phases, tracks under them, two curves, the marked place, and what to know."""

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.keys import fitting, hint
from nbd_tui.tui.plan_layout import PlanPicture
from nbd_tui.tui.plan_table import PlanTable
from nbd_tui.tui.plan_words import beside_words, marked_words, totals, why_words
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import warning_lines
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, fit, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.plan_curves import PLANNED, WANTED, PlanCurves
from nbd_tui.tui.widgets.plan_tracks import LEAST_ROWS, PlanTracks
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall

SAID_S: Final[Seconds] = 4.0
"""How long the answer to a key stands."""

_FIXED_ROWS: Final = 5
"""Title, marked place, its reason, answer, keys."""
_ROOMY: Final = 20
_VERY_ROOMY: Final = 34

_HINTS: Final = (
    ("plan.start", "start"), ("plan.listen", "listen"), ("plan.another", "next"), ("plan.pin", "pin"),
    ("plan.roll", "roll"), ("plan.why", "why"), ("plan.undo", "undo"), (("plan.before", "plan.after"), "move"),
    ("plan.keep", "keep pins"), ("plan.back", "back"), ("app.help", "all keys"),
)  # fmt: skip


class PlanDisplay(SizedScreen):
    """Draws a plan and what is decided of it; what keys do is the screen's affair."""

    def __init__(self, preset: LoadedPreset, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._preset = preset
        self._services = services
        self._glyphs = glyphs
        self._table = PlanTable()
        self._marked = 0
        self._picture: PlanPicture | None = None
        self._answer: tuple[str, Monotonic] = ("", 0.0)
        self._trouble = ""
        self._why_rows = 1
        self._timeline = preset.outline.timeline

    def compose(self) -> ComposeResult:
        """From the whole session to the marked place."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title", right_style="bold")
        yield SessionStrip(self._glyphs, id="strip")
        yield PlanCurves(self._glyphs, id="curves")
        yield SplitLine(self._glyphs, id="legend")
        yield PlanTracks(self._glyphs, id="tracks")
        yield SplitLine(self._glyphs, id="marked", left_style="bold", right_style="bold")
        yield Static(id="why", markup=False)
        yield Static(id="warnings", markup=False)
        yield SplitLine(self._glyphs, id="said", left_style="bold")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Shows what is known before any plan: the phases."""
        self.query_one(SessionStrip).segments = self._timeline.segments
        self.query_one(TooSmall).lines = (self._plain(clean(self._preset.outline.name)),)
        self.show_said()

    def fit(self, size: Size) -> None:
        """Shares the rows between pictures and warnings."""
        roomy, very = size.height >= _ROOMY, size.height >= _VERY_ROOMY
        warnings, strip, legend = self._most_warnings(size), 1 + roomy + 2 * very, int(roomy)
        self._why_rows = 1 + roomy
        spare = size.height - _FIXED_ROWS - roomy - warnings - strip - legend - 2 * roomy
        curves = min(12, max(3, spare * 2 // 5))
        heights = {
            "#why": self._why_rows,
            "#legend": legend,
            "#strip": strip,
            "#curves": curves,
            "#tracks": min(24, max(LEAST_ROWS, spare - curves)),
        }
        for part, rows in heights.items():
            self.query_one(part).styles.height = rows
        self.query_one("#strip").styles.margin = self.query_one("#tracks").styles.margin = (roomy, 1, 0, 1)
        wanted, planned = WANTED[self._glyphs.ascii_only][1] * 3, PLANNED[self._glyphs.ascii_only][1] * 3
        self.query_one("#legend", SplitLine).show(f"energy: wanted {wanted}  planned {planned}")
        hints = [hint(ids, words, self._services.keys) for ids, words in _HINTS]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))
        self.call_after_refresh(self.show_plan)

    def say(self, words: str) -> None:
        """Answers a key."""
        self._answer = (words, self._services.clock() + SAID_S)
        if self.is_open:
            self.show_said()

    def show_plan(self) -> None:
        """All that changes with the plan."""
        shown = self._table.shown
        planned = shown.planned if shown else None
        words = totals(self._timeline, planned, self.size.width, self._glyphs)
        self.query_one("#title", SplitLine).show(f"PLAN  {clean(self._preset.outline.name)}", "", words)
        if shown is not None and planned is not None:
            self._picture = PlanPicture(planned, self.query_one(PlanTracks).size.width)
            self._marked = max(0, min(self._marked, len(planned.places) - 1))
            self.query_one(PlanTracks).show(self._picture)
            self.query_one(PlanCurves).show(self._picture)
        self._show_warnings()
        self.show_marked()

    def show_marked(self) -> None:
        """All that changes with the marked place."""
        tracks, shown = self.query_one(PlanTracks), self._table.shown
        tracks.marked = self.query_one(PlanCurves).marked = self._marked
        if shown is not None and shown.planned.places:
            tracks.pinned = shown.choices.pinned
            planned, glyphs = shown.planned, self._glyphs
            beside = beside_words(shown.choices, self._marked)
            room = self.size.width - 4 - len(beside)
            words = fit(marked_words(planned, self._marked, glyphs), room, glyphs.ellipsis)
            self.query_one("#marked", SplitLine).show(words, "", beside)
            why = fit(why_words(planned, self._marked), (self.size.width - 2) * self._why_rows, glyphs.ellipsis)
            self.query_one("#why", Static).update(self._plain(why))
        self.show_said()

    def show_said(self) -> None:
        """The answer to the last key, else what is going on."""
        said, until = self._answer
        left = said if said and self._services.clock() < until else self.state_words()
        self.query_one("#said", SplitLine).show(left, "", clean(self._services.library.progress()))

    def state_words(self) -> str:
        """What is going on."""
        return self._trouble or ("" if self._table.shown else f"planning {self._glyphs.ellipsis}")

    @on(PlanTracks.Pointed)
    def mark_pointed(self, message: PlanTracks.Pointed) -> None:
        """A place was clicked on."""
        self._marked = message.place
        self.show_marked()

    def _show_warnings(self) -> None:
        shown, size = self._table.shown, self.size
        lines = warning_lines((), shown.planned.warnings if shown else (), size.width - 2, 99)
        most = self._most_warnings(size)
        if len(lines) > most:
            lines = [*lines[: most - 1], self._left_out(lines[most - 1], len(lines) - most, size.width - 2)]
        self.query_one("#warnings", Static).update(self._plain("\n".join(lines)))
        self.query_one("#warnings").styles.height = len(lines)

    def _left_out(self, line: str, count: int, width: int) -> str:
        """The last warning there is room for, which says that there are more."""
        more = f" (+{count}: {hint('plan.why', 'tells all', self._services.keys)})"
        return f"{line[: max(0, width - len(more))]}{more}"

    def _most_warnings(self, size: Size) -> int:
        return 1 if size.height < _ROOMY else 3 if size.height < _VERY_ROOMY else 6

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
