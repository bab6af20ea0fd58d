"""The one thing read from ten metres: the time."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from rich.segment import Segment as Cells
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.tui.text import Glyphs
from nbd_tui.tui.widgets.pixel_font import largest_scale, render_digits, text_columns

_LEAST_WIDTH: Final = 0.66
"""Of the screen; the blank sides of a leading 1 are part of it."""

_LEAST_HEIGHT: Final = 0.4
_MOST_PLACES: Final = len("00:00:00:00")
_RUNS: Final = re.compile(r" +|[^ ]+")


@dataclass(frozen=True, slots=True)
class Drawing:
    """The time at one size."""

    rows: tuple[str, ...]
    """As many, and each as wide, as the widget."""
    places: tuple[int, ...]
    """Columns of each digit with what stands beside it; together the whole width."""


class BigTime(Widget):
    """Digits as large as the widget allows, in the widget's text colour.

    The size follows `widest`, not the time shown, and the time stands at the right end of the room for it: digits keep
    their place when `10:00` becomes `9:59`. Each place is a widget of its own, since Textual writes the whole row of a
    widget of which one cell changes.
    """

    DEFAULT_CSS = "BigTime { layout: horizontal; overflow: hidden; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.time = ""
        self.widest = ""
        self._glyphs = glyphs
        self._places = [Place() for _ in range(_MOST_PLACES)]

    def compose(self) -> ComposeResult:
        """As many places as the longest time has."""
        yield from self._places

    def show(self, time: str, widest: str = "") -> None:
        """Sets the time, and with it the longest one its place must have room for."""
        if (time, widest) != (self.time, self.widest):
            self.time, self.widest = time, widest
            self._draw()

    def on_resize(self) -> None:
        """Another size."""
        self._draw()

    def _draw(self) -> None:
        if not self.size or not self.is_attached:
            return
        drawing = draw_time(self.time, self.widest, self.size, self.screen.size, ascii_only=self._glyphs.ascii_only)
        starts = accumulate(drawing.places, initial=0)
        shown = zip(self._places, starts, drawing.places, strict=False)
        for place, start, width in shown:
            place.show(width, tuple(row[start : start + width] for row in drawing.rows))
        for place in self._places[len(drawing.places) :]:
            place.display = False


class Place(Widget):
    """One digit, over the whole height."""

    DEFAULT_CSS = "Place { width: 0; height: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[str, ...] = ()
        self._width = 0
        self._style: Style | None = None

    def show(self, width: int, rows: tuple[str, ...]) -> None:
        """Repaints the rows that change: from one second to the next often only some of the last digit's."""
        before, self._rows = self._rows, rows
        if width != self._width or len(before) != len(rows):
            self._width = width
            self.styles.width = width
            self.refresh()
        elif changed := changed_rows(before, rows, width):
            self.refresh(changed)
        if not self.display:
            self.display = True

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part; their colour is looked up once for all that must be drawn."""
        self._style = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row of the digit."""
        width, style = self._width, self._style or self.rich_style
        self._style = style
        row = (self._rows[y] if y < len(self._rows) else "")[:width].ljust(width)
        # In exported pictures runs of their own keep their place, whatever font those are shown with.
        runs: Iterable[str] = _RUNS.findall(row) if self.app.is_headless else (row,)
        return Strip([Cells(run, style) for run in runs], width)


def changed_rows(before: Sequence[str], after: Sequence[str], width: int) -> Region | None:
    """The rows between the first and the last in which two drawings of as many rows differ; None where none does."""
    rows = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return Region(0, rows[0], width, rows[-1] + 1 - rows[0]) if rows else None


@lru_cache(16)
def draw_time(time: str, widest: str, size: Size, screen: Size, *, ascii_only: bool = False) -> Drawing:
    """`time` in the middle of `size` cells, in place as if it were as long as `widest`; plain text where it must be.

    Where the widget has the room, digits take at least 40 % of the height and 60 % of the width of `screen`.
    """
    room = widest if len(widest) >= len(time) else time
    least = (math.ceil(_LEAST_WIDTH * screen.width), math.ceil(_LEAST_HEIGHT * screen.height))
    scale = largest_scale(room, size.width - 2, size.height, least=least, ascii_only=ascii_only)
    drawing = render_digits(time.rjust(len(room)), scale, ascii_only=ascii_only) if scale and time else [time]
    above = (size.height - len(drawing)) // 2
    left = max(0, (size.width - len(drawing[0])) // 2)
    rows = [""] * above + [" " * left + row for row in drawing]
    rows += [""] * (size.height - len(rows))
    places = _places(room, scale.columns, left, size.width) if scale and time else (size.width,)
    return Drawing(tuple(row[: size.width].ljust(size.width) for row in rows), places)


def _places(room: str, digit_columns: int, left: int, width: int) -> tuple[int, ...]:
    """The columns of each character, with the gap before it; the outer ones reach to the edges."""
    ends = [left + text_columns(room[:end], digit_columns) for end in range(1, len(room))]
    return tuple(end - start for start, end in zip([0, *ends], [*ends, width], strict=True))
