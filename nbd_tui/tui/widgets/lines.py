"""Widgets of one line: text at both ends, a bar."""

from typing import Final

from rich.segment import Segment as Cells
from rich.style import Style
from textual.content import Content
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
        self._right_style = right_style

    def show(self, left: str, middle: str = "", right: str = "") -> None:
        """Sets the three parts."""
        self.parts = (left, middle, right)

    def render(self) -> Content:
        """The line at its present width."""
        left, middle, right = map(to_ascii, self.parts) if self._glyphs.ascii_only else self.parts
        left, middle, right = split_line((left, middle, right), self.size.width, self._glyphs.ellipsis)
        return Content.assemble((left, self._left_style), middle, (right, self._right_style))


class PhaseBar(Widget):
    """How much of the phase is over, to half a cell; repaints only when that moves.

    What is left is a thinner line, so that the bar needs no colours.
    """

    DEFAULT_CSS = "PhaseBar { height: 1; }"

    done: reactive[float] = reactive(0.0, repaint=False)
    """0 to 1."""
    half_cells: reactive[int] = reactive(0)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs

    def watch_done(self) -> None:
        """Rounds to what can be drawn."""
        self.half_cells = int(self.done * self.size.width * 2)

    def on_resize(self) -> None:
        """The same part of another width."""
        self.watch_done()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one
        """The bar."""
        glyphs, width = self._glyphs, self.size.width
        full, half = divmod(min(self.half_cells, 2 * width), 2)
        done = glyphs.line * full + glyphs.line_end * half
        left = glyphs.line_left * (width - len(done))
        _, _, background, colour = self.colors
        faint = Style.from_color(colour.blend(background, _FADED).rich_color, background.rich_color)
        return Strip([Cells(done, self.rich_style), Cells(left, faint)], width)
