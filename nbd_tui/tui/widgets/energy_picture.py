"""The picture of a track: its energy over time, with beats, build-ups and drops marked, and where one is in it."""

from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment as Cells
from rich.style import Style
from textual.geometry import Region
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
_PARTS: Final = {
    Mark.NONE: "beat", Mark.BEAT: "beat", Mark.BAR: "beat", Mark.BUILD: "build", Mark.GAP: "build", Mark.DROP: "drop",
}  # fmt: skip

AS_HEARD: Final = Correction()


class _Drawn(NamedTuple):
    """A picture without its playhead."""

    of: tuple[object, ...]
    """What it depends on."""
    rows: list[Strip]
    under: list[Mark]


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
        self._drawn: _Drawn | None = None

    def show(self, hearing: Hearing | None, correction: Correction = AS_HEARD) -> None:
        """Pictures a track, with what the user says of it; None: nothing is known of one."""
        found = corrected(hearing, correction) if hearing else None
        self._duration_s = found.duration_s if found else 0.0
        self._mean = means_of(found.energy) if found and found.energy.values else None
        self._marked = Marked(found.drops, found.beats_s, found.downbeats_s) if found else Marked()
        self._drawn = None
        self.refresh()

    @property
    def shown(self) -> Span:
        """The part of the track that is pictured."""
        return self.window or whole(self._duration_s)

    def watch_playhead_s(self, before: Seconds | None, after: Seconds | None) -> None:
        """Repaints the columns the playhead leaves and enters."""
        columns = {self._column(before), self._column(after)}
        if len(columns) > 1:
            self.refresh(*(Region(column, 0, 1, self.size.height) for column in columns if column is not None))

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        """One row of bars, or the row of marks, with the playhead over it."""
        width, height = self.size
        if self._mean is None or not width:
            return Strip.blank(width, self.rich_style)
        wanted = (self.window, self.chosen_s, self.size, self.rich_style)
        if self._drawn is None or self._drawn.of != wanted:
            self._drawn = self._draw(wanted, self._mean)
        row, column = self._drawn.rows[y], self._column(self.playhead_s)
        is_marks = height == 1 or y == height - 1
        if column is None or (is_marks and self._drawn.under[column] is Mark.DROP):
            return row
        head = Strip([Cells(_HEADS[self._glyphs.ascii_only], self._style("energy--head"))], 1)
        return Strip.join([row.crop(0, column), head, row.crop(column + 1)])

    def _draw(self, of: tuple[object, ...], mean: MeanBetween) -> _Drawn:
        """All rows; the playhead, which moves, comes on top."""
        width, height = self.size
        under = marks(self._marked, self.shown, width)
        values, marked = heights(mean, self.shown, self._duration_s, width), self._marks(under)
        rows = self._bars(values, max(1, height - 1))
        if height > 1:
            rows.append(marked)
        else:
            rows = [[mark if under[at] is Mark.DROP else rows[0][at] for at, mark in enumerate(marked)]]
        return _Drawn(of, [Strip(row, width).simplify() for row in rows], under)

    def _bars(self, values: list[float | None], rows: int) -> list[list[Cells]]:
        """The rows of bars, from the top."""
        styles = {level: self._style(f"energy--{level}") for level in Level}
        columns = [(value, styles[level_of(value or 0.0)]) for value in values]
        glyphs = self._glyphs.bars
        return [
            [Cells(glyphs[eighths(value, rows, rows - 1 - y)], style) for value, style in columns] for y in range(rows)
        ]

    def _marks(self, under: list[Mark]) -> list[Cells]:
        """The row of marks; of one row only the drops are used, in place of bars."""
        glyphs = _ASCII_MARKS if self._glyphs.ascii_only else _UNICODE_MARKS
        cells = {mark: Cells(glyph, self._style(f"energy--{_PARTS[mark]}")) for mark, glyph in glyphs.items()}
        row = [cells[mark] for mark in under]
        chosen = self._column(self.chosen_s)
        if chosen is not None and under[chosen] is Mark.DROP:
            row[chosen] = Cells(glyphs[Mark.DROP], self._style("energy--chosen"))
        return row

    def _column(self, at_s: Seconds | None) -> int | None:
        return None if at_s is None else column_of(at_s, self.shown, self.size.width)

    def _style(self, part: str) -> Style:
        return self.rich_style + self.get_component_rich_style(part, partial=True)
