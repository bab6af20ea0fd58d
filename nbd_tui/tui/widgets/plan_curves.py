"""Two curves over a whole session: the energy that is wished for, and that of the tracks."""

from typing import ClassVar, Final

from rich.segment import Segment as Cells
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.tui.plan_layout import Curves, PlanPicture, columns_of, curves
from nbd_tui.tui.text import Glyphs

_STEPS: Final = 3
"""Heights that can be told from each other in one row."""
PLANNED: Final = {False: "▁━▔", True: '_-"'}
WANTED: Final = {False: ".·˙", True: ".:'"}
_UNDER: Final = {False: "▔", True: "^"}


class PlanCurves(Widget):
    """The first row shows which part of the session is marked, all others have the curves."""

    DEFAULT_CSS = """
    PlanCurves {
        height: 3;
        & > .curve--planned { color: $accent; text-style: bold; }
        & > .curve--wanted { color: $foreground 60%; }
        & > .curve--marked { color: $foreground; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"curve--planned", "curve--wanted", "curve--marked"}

    marked: reactive[int] = reactive(0)
    """The place that stands out."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._picture: PlanPicture | None = None
        self._curves: tuple[tuple[object, ...], Curves] = ((), Curves([], []))

    def show(self, picture: PlanPicture) -> None:
        """Draws another plan."""
        self._picture = picture
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The row of the mark, or one of the curves."""
        width, height = self.size
        if self._picture is None or not self._picture.blocks or not width:
            return Strip.blank(width, self.rich_style)
        if y == 0:
            return self._mark(self._picture, width)
        rows = height - 1
        return self._row(self._drawn(self._picture, width), rows, rows - y)

    def _drawn(self, picture: PlanPicture, width: int) -> Curves:
        wanted = (picture, width)
        if self._curves[0] != wanted:
            self._curves = (wanted, curves(picture, width))
        return self._curves[1]

    def _mark(self, picture: PlanPicture, width: int) -> Strip:
        if self.marked >= len(picture.blocks):
            return Strip.blank(width, self.rich_style)
        columns = columns_of(picture.planned, self.marked, width)
        line = Cells(_UNDER[self._glyphs.ascii_only] * len(columns), self._style("curve--marked"))
        row = Strip([Cells(" " * columns.start, self.rich_style), line])
        return row.adjust_cell_length(width, self.rich_style)

    def _row(self, drawn: Curves, rows: int, from_below: int) -> Strip:
        """The tracks' curve over the wanted one."""
        blank = Cells(" ", self.rich_style)
        row = [blank] * len(drawn.wanted)
        ascii_only = self._glyphs.ascii_only
        for values, glyphs, part in (
            (drawn.wanted, WANTED[ascii_only], "curve--wanted"),
            (drawn.planned, PLANNED[ascii_only], "curve--planned"),
        ):
            style = self._style(part)
            for column, value in enumerate(values):
                if value is not None and (step := step_of(value, rows)) // _STEPS == from_below:
                    row[column] = Cells(glyphs[step % _STEPS], style)
        return Strip(row, len(row)).simplify()

    def _style(self, part: str) -> Style:
        return self.rich_style + self.get_component_rich_style(part, partial=True)


def step_of(value: float, rows: int) -> int:
    """The height of a value between 0 and 1, in steps from below."""
    return min(rows * _STEPS - 1, max(0, int(value * rows * _STEPS)))
