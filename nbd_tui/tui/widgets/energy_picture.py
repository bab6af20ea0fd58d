"""The picture of a track: its energy over time, with beats, build-ups and drops marked, and where one is in it."""

from typing import ClassVar, Final

from rich.segment import Segment as Cells
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Hearing, Span
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import Seconds
from nbd_tui.tui.energy_layout import (
    Level,
    Mark,
    Marked,
    MeanBetween,
    column_of,
    eighths,
    heights,
    level_of,
    marks,
    means_of,
    whole,
)
from nbd_tui.tui.text import Glyphs

_UNICODE_MARKS: Final = {
    Mark.NONE: " ", Mark.BEAT: "·", Mark.BAR: "╵", Mark.BUILD: "━", Mark.GAP: "┄", Mark.DROP: "▲",
}  # fmt: skip
_ASCII_MARKS: Final = {
    Mark.NONE: " ", Mark.BEAT: ".", Mark.BAR: "'", Mark.BUILD: "-", Mark.GAP: ".", Mark.DROP: "^",
}  # fmt: skip
_HEADS: Final = {False: "┃", True: "|"}

AS_HEARD: Final = Correction()


class EnergyPicture(Widget):
    """Bars over the width there is, in as many rows as the widget has less one for the marks; of one row only drops.

    Nothing of it moves but what was set: a playhead repaints the picture only when it enters another column.
    """

    DEFAULT_CSS = """
    EnergyPicture {
        height: 3;
        & > .energy--drop, & > .energy--chosen { text-style: bold reverse; }
        & > .energy--head { text-style: bold; }
        &.-coloured > .energy--low { color: $phase-cool-down; }
        &.-coloured > .energy--mid { color: $phase-warm-up; }
        &.-coloured > .energy--high { color: $phase-work; }
        &.-coloured > .energy--drop { color: $phase-last; text-style: bold; }
        &.-coloured > .energy--chosen { color: black; background: $phase-last; text-style: bold; }
        &.-coloured > .energy--build { color: $phase-last; }
        &.-coloured > .energy--beat { color: $foreground 60%; }
        &.-coloured > .energy--head { color: $foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"energy--{level}" for level in Level),
        *(f"energy--{part}" for part in ("drop", "chosen", "build", "beat", "head")),
    }

    playhead_s: reactive[Seconds | None] = reactive(None, repaint=False)
    """Where one is; None: nowhere."""
    chosen_s: reactive[Seconds | None] = reactive(None)
    """The drop that stands out."""
    window: reactive[Span | None] = reactive(None)
    """The part shown; None: the whole track."""

    def __init__(
        self,
        glyphs: Glyphs,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        coloured: bool = True,
    ) -> None:
        """A picture, empty at first.

        Args:
            glyphs: what to draw with.
            id: of the widget.
            classes: of style.
            coloured: whether levels and marks have colours of their own, or all are of the text's.
        """
        super().__init__(id=id, classes=classes)
        self.set_class(coloured, "-coloured")
        self._glyphs = glyphs
        self._duration_s: Seconds = 0.0
        self._mean: MeanBetween | None = None
        self._marked = Marked()
        self._drawn: tuple[object, list[float | None], list[Mark]] = (None, [], [])

    def show(self, hearing: Hearing | None, correction: Correction = AS_HEARD) -> None:
        """Pictures a track, with what the user says of it; None: nothing is known of one."""
        found = corrected(hearing, correction) if hearing else None
        self._duration_s = found.duration_s if found else 0.0
        self._mean = means_of(found.energy) if found and found.energy.values else None
        self._marked = Marked(found.drops, found.beats_s, found.downbeats_s) if found else Marked()
        self._drawn = (None, [], [])
        self.refresh()

    @property
    def shown(self) -> Span:
        """The part of the track that is pictured."""
        return self.window or whole(self._duration_s)

    def watch_playhead_s(self, before: Seconds | None, after: Seconds | None) -> None:
        """Repaints where the playhead moves by a column."""
        if self._column(before) != self._column(after):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of bars, or the row of marks."""
        width, height = self.size
        if self._mean is None or not width:
            return Strip.blank(width, self.rich_style)
        row, under = self._columns(width)
        bar_rows = max(1, height - 1)
        if y >= bar_rows:
            cells = [self._mark(under, column) for column in range(width)]
        else:
            cells = [self._bar(value, bar_rows, bar_rows - 1 - y) for value in row]
        self._put_head(cells)
        if y >= bar_rows or height == 1:
            self._put_drops(cells, under)
        return Strip(cells, width).simplify()

    def _columns(self, width: int) -> tuple[list[float | None], list[Mark]]:
        """Worked out anew only for another window or width."""
        wanted = (self.window, width)
        if self._drawn[0] != wanted and self._mean is not None:
            values = heights(self._mean, self.shown, self._duration_s, width)
            self._drawn = (wanted, values, marks(self._marked, self.shown, width))
        return self._drawn[1], self._drawn[2]

    def _bar(self, value: float | None, rows: int, from_below: int) -> Cells:
        style = self._style(f"energy--{level_of(value or 0.0)}")
        return Cells(self._glyphs.bars[eighths(value, rows, from_below)], style)

    def _mark(self, under: list[Mark], column: int) -> Cells:
        mark = under[column]
        part = {Mark.DROP: "drop", Mark.BUILD: "build", Mark.GAP: "build"}.get(mark, "beat")
        if mark is Mark.DROP and column == self._column(self.chosen_s):
            part = "chosen"
        glyph = (_ASCII_MARKS if self._glyphs.ascii_only else _UNICODE_MARKS)[mark]
        return Cells(glyph, self._style(f"energy--{part}"))

    def _put_drops(self, cells: list[Cells], under: list[Mark]) -> None:
        """The drops are seen under the playhead too; where there is no row for marks, they stand in the bars."""
        for column, mark in enumerate(under):
            if mark is Mark.DROP:
                cells[column] = self._mark(under, column)

    def _put_head(self, cells: list[Cells]) -> None:
        column = self._column(self.playhead_s)
        if column is not None:
            cells[column] = Cells(_HEADS[self._glyphs.ascii_only], self._style("energy--head"))

    def _column(self, at_s: Seconds | None) -> int | None:
        return None if at_s is None else column_of(at_s, self.shown, self.size.width)

    def _style(self, part: str) -> Style:
        return self.rich_style + self.get_component_rich_style(part, partial=True)
