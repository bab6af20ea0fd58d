"""The one thing read from ten metres: the time."""

import math
import re
from collections.abc import Sequence
from typing import Final

from rich.segment import Segment as Cells
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.tui.text import Glyphs
from nbd_tui.tui.widgets.pixel_font import largest_scale, render_digits

_LEAST_WIDTH: Final = 0.66
"""Of the screen; the blank sides of a leading 1 are part of it."""

_LEAST_HEIGHT: Final = 0.4
_RUNS: Final = re.compile(r" +|[^ ]+")


class BigTime(Widget):
    """Digits as large as the widget allows, in the widget's text colour.

    The size follows `widest`, not the time shown, and the time stands at the right end of the room for it: digits keep
    their place when `10:00` becomes `9:59`.
    """

    time: reactive[str] = reactive("", repaint=False)
    widest: reactive[str] = reactive("")

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._drawn: tuple[tuple[str, str, Size, Size], list[str]] | None = None

    def watch_time(self) -> None:
        """Repaints the rows that change: from one second to the next often only some of a digit's."""
        if self._drawn is None or self._drawn[0][1:] != (self.widest, self.size, self.screen.size):
            self.refresh()
        elif changed := changed_rows(self._drawn[1], self._rows(), self.size.width):
            self.refresh(changed)

    def render_line(self, y: int) -> Strip:
        """One row of the drawing."""
        row = (self._rows()[y] if y < self.size.height else "").ljust(self.size.width)
        # Runs of their own keep their place in exported pictures, whatever font those are shown with.
        style = self.rich_style
        return Strip([Cells(run, style) for run in _RUNS.findall(row)], self.size.width)

    def _rows(self) -> list[str]:
        """All rows of the widget, drawn once for each time and size."""
        wanted = (self.time, self.widest, self.size, self.screen.size)
        if self._drawn is None or self._drawn[0] != wanted:
            self._drawn = (wanted, draw_time(*wanted, ascii_only=self._glyphs.ascii_only))
        return self._drawn[1]


def changed_rows(before: Sequence[str], after: Sequence[str], width: int) -> Region | None:
    """The rows between the first and the last in which two drawings of as many rows differ; None where none does."""
    rows = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return Region(0, rows[0], width, rows[-1] + 1 - rows[0]) if rows else None


def draw_time(time: str, widest: str, size: Size, screen: Size, *, ascii_only: bool = False) -> list[str]:
    """`time` in the middle of `size` cells, in place as if it were as long as `widest`; plain text where it must be.

    Where the widget has the room, digits take at least 40 % of the height and 60 % of the width of `screen`.
    """
    room = widest if len(widest) >= len(time) else time
    least = (math.ceil(_LEAST_WIDTH * screen.width), math.ceil(_LEAST_HEIGHT * screen.height))
    scale = largest_scale(room, size.width - 2, size.height, least=least, ascii_only=ascii_only)
    drawing = render_digits(time.rjust(len(room)), scale, ascii_only=ascii_only) if scale and time else [time]
    above = (size.height - len(drawing)) // 2
    left = (size.width - len(drawing[0])) // 2
    rows = [""] * above + [" " * left + row for row in drawing]
    return rows + [""] * (size.height - len(rows))
