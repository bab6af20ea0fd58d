"""The whole session as a strip: a coloured bar for each phase, to scale, and a mark where you are."""

from functools import cache

from rich.segment import Segment as Cells
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.tui.strip_layout import HEIGHTS, cells_of, drawn_lengths, marker_column, open_fraction
from nbd_tui.tui.text import Glyphs
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

_OVER = 0.62
"""How far what is over fades into the background."""

_NEIGHBOUR = 0.28
"""How far every second of two like phases fades, so that they can be told apart."""


class SessionStrip(Widget):
    """Bars of a timeline, as high as the widget less a row for the mark (where there is a place to mark)."""

    COMPONENT_CLASSES = {f"strip--{kind.value}" for kind in PhaseKind} | {"strip--marker"}

    segments: reactive[tuple[Segment, ...]] = reactive(())
    index: reactive[int | None] = reactive(None)
    """The running phase; None: only a picture."""
    marker: reactive[int] = reactive(0)
    """Column of the mark."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._cells: tuple[tuple[object, ...], list[int]] = ((), [])

    def show(self, segments: tuple[Segment, ...], index: int, elapsed_s: float, remaining_s: float | None) -> None:
        """Marks a place in a session; repaints only when the mark moves."""
        self.segments = segments
        self.index = index
        drawn_s = drawn_lengths(segments)[index] if remaining_s is None else elapsed_s + remaining_s
        self.marker = marker_column(self.cells, index, open_fraction(elapsed_s, drawn_s))

    @property
    def cells(self) -> list[int]:
        """Width of each phase."""
        wanted = (self.segments, self.size.width)
        if self._cells[0] != wanted:
            self._cells = (wanted, cells_of(drawn_lengths(self.segments), self.size.width))
        return self._cells[1]

    def render_line(self, y: int) -> Strip:
        """One row of bars, or the row of the mark."""
        width, height = self.size
        if not self.segments:
            return Strip.blank(width, self.rich_style)
        bar_rows = height if self.index is None or height < 2 else height - 1
        if y >= bar_rows:
            return self._marker_row()
        return Strip(self._bar_row(bar_rows, bar_rows - 1 - y), width)

    def _marker_row(self) -> Strip:
        before = " " * self.marker
        after = " " * (self.size.width - self.marker - 1)
        marker = Cells(self._glyphs.marker, self.get_component_rich_style("strip--marker"))
        return Strip([Cells(before, self.rich_style), marker, Cells(after, self.rich_style)], self.size.width)

    def _bar_row(self, bar_rows: int, from_below: int) -> list[Cells]:
        row, paint = [], cache(self._style)
        column = 0
        for place, (segment, width) in enumerate(zip(self.segments, self.cells, strict=True)):
            glyph = self._glyphs.bars[_eighths(segment.kind, bar_rows, from_below)]
            over = self._columns_over(place, column, width)
            faded = self._is_faded(place)
            row.append(Cells(glyph * over, paint(segment.kind, faded=faded, over=True)))
            row.append(Cells(glyph * (width - over), paint(segment.kind, faded=faded, over=False)))
            column += width
        return row

    def _columns_over(self, place: int, start: int, width: int) -> int:
        """How many columns of a phase lie before the mark."""
        if self.index is None or place > self.index:
            return 0
        return width if place < self.index else min(width, max(0, self.marker - start))

    def _is_faded(self, place: int) -> bool:
        """Every second of two neighbours of a kind."""
        return place % 2 == 1 and self.segments[place - 1].kind is self.segments[place].kind

    def _style(self, kind: PhaseKind, *, faded: bool, over: bool) -> Style:
        background = self.background_colors[1]
        colour = self.get_component_styles(f"strip--{kind.value}").color
        if faded:
            colour = colour.blend(background, _NEIGHBOUR)
        if over:
            colour = colour.blend(background, _OVER)
        return Style(color=colour.rich_color, bgcolor=background.rich_color)


def _eighths(kind: PhaseKind, bar_rows: int, from_below: int) -> int:
    """How much of one row a bar fills; every bar shows at least an eighth of the lowest row."""
    whole = max(1, round(HEIGHTS[kind] * bar_rows * 8))
    return min(8, max(0, whole - 8 * from_below))
