"""Widgets of one line: text at both ends, a bar."""

from typing import Final

from rich.segment import Segment as Cells
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.tui.text import Glyphs, split_line, to_ascii

_FADED: Final = 0.6
"""How far what is left of a bar fades into the background."""


class SplitLine(Widget):
    """Text at the left, in the middle and at the right of one line; never markup."""

    DEFAULT_CSS = "SplitLine { height: 1; }"

    parts: reactive[tuple[str, str, str]] = reactive(("", "", ""))

    def __init__(
        self,
        glyphs: Glyphs,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        left_style: str = "",
        right_style: str = "dim",
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._glyphs = glyphs
        self._left_style = left_style
        self.right_style = right_style
        """Taken with the next parts that are shown."""

    def show(self, left: str, middle: str = "", right: str = "") -> None:
        """Sets the three parts."""
        self.parts = (left, middle, right)

    def render(self) -> Content:
        """The line at its present width."""
        left, middle, right = map(to_ascii, self.parts) if self._glyphs.ascii_only else self.parts
        left, middle, right = split_line((left, middle, right), self.size.width, self._glyphs.ellipsis)
        return Content.assemble((left, self._left_style), middle, (right, self.right_style))


class PhaseBar(Widget):
    """How much of the phase is over; repaints only when that moves by a cell.

    What is left is a thinner line, so that the bar needs no colours.
    """

    DEFAULT_CSS = "PhaseBar { height: 1; }"

    cells: reactive[int] = reactive(0, repaint=False)
    """How many are over."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._done = 0.0
        self._width = 0

    def show(self, done: float) -> None:
        """Sets the part that is over, 0 to 1."""
        self._done = done
        cells = int(done * self._width)
        if cells != self.cells:
            self.cells = cells

    def watch_cells(self, before: int, after: int) -> None:
        """Repaints what changes."""
        first, last = sorted((before, after))
        self.refresh(Region(max(0, first - 1), 0, last - first + 1, 1))

    def on_resize(self, event: events.Resize) -> None:
        """The same part of another width."""
        self._width = event.size.width
        self.show(self._done)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one
        """The bar."""
        glyphs, width = self._glyphs, self.size.width
        cells = min(self.cells, width)
        done = glyphs.line * (cells - 1) + glyphs.line_end * (cells > 0)
        left = glyphs.line_left * (width - cells)
        _, _, background, colour = self.colors
        faint = Style.from_color(colour.blend(background, _FADED).rich_color, background.rich_color)
        return Strip([Cells(done, self.rich_style), Cells(left, faint)], width)
