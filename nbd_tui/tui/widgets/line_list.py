"""A list of lines, each drawn when it is seen: tens of thousands cost no more than those on the screen."""

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from rich.segment import Segment as Cells
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

LineParts: TypeAlias = tuple[tuple[str, str], ...]
"""Texts of one line with the tone of each: one of `TONES`, or nothing."""

TONES = ("dim", "strong", "good", "bad", "warn")

MARGINS = 3
"""Cells of a line that are not given to be drawn on: two for the mark before it, one after it."""


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a cursor. Which key chooses one is the screen's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "choose", show=False),
        Binding("up", "move(-1)", "choose", show=False),
        Binding("home", "first", "the first, the last", show=False),
        Binding("end", "last", "the first, the last", show=False),
        Binding("pagedown", "page(1)", "a page up or down", show=False),
        Binding("pageup", "page(-1)", "a page up or down", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor", *(f"line-list--{tone}" for tone in TONES)}

    count: reactive[int] = reactive(0, repaint=False)
    """How many lines there are."""
    cursor: reactive[int] = reactive(0, repaint=False)
    """The chosen line."""

    class Moved(Message):
        """The cursor stands on another line."""

    def __init__(self, draw: Callable[[int, int], LineParts], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """A list.

        Args:
            draw: gives a line by its number and the cells there are for it.
            id: of the widget.
        """
        super().__init__(id=id)
        self._draw = draw

    def show(self, count: int, cursor: int | None = None) -> None:
        """Draws the lines anew."""
        self.count = count
        self.cursor = self.cursor if cursor is None else cursor
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Keeps it on a line."""
        return max(0, min(cursor, self.count - 1))

    def watch_count(self) -> None:
        """Gives the scroll bar its length."""
        self._measure()
        self.cursor = self.cursor

    def watch_cursor(self, before: int, after: int) -> None:
        """Moves the bar, and the window after it."""
        self.refresh_line(before)
        self.refresh_line(after)
        self._follow()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """The same lines at another size, the chosen one still in sight."""
        self._measure()
        self._follow()

    def on_click(self, event: events.Click) -> None:
        """Chooses the line under the mouse."""
        if event.y + self.scroll_offset.y < self.count:
            self.cursor = event.y + self.scroll_offset.y

    def action_move(self, lines: int) -> None:
        """Up or down."""
        self.cursor += lines

    def action_page(self, pages: int) -> None:
        """Up or down by what is in sight."""
        self.cursor += pages * max(1, self.size.height - 1)

    def action_first(self) -> None:
        """To the top."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the bottom."""
        self.cursor = self.count - 1

    def render_line(self, y: int) -> Strip:
        """One line of those in sight."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= self.count:
            return Strip.blank(width, self.rich_style)
        chosen = index == self.cursor
        plain = self.get_component_rich_style("line-list--cursor") if chosen else self.rich_style
        cells = [Cells("> " if chosen else "  ", plain)]
        for text, tone in self._draw(index, width - MARGINS):
            cells.append(
                Cells(text, self.get_component_rich_style(f"line-list--{tone}") if tone and not chosen else plain)
            )
        return Strip(cells).adjust_cell_length(width, plain)

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.count)

    def _follow(self) -> None:
        """Scrolls just so far that the chosen line is seen."""
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if height and not top <= self.cursor < top + height:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - height + 1, animate=False)
