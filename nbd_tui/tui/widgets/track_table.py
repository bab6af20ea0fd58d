"""The table of the library: tens of thousands of tracks, of which only those in sight are ever drawn."""

from rich.segment import Segment as Cells
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.tui.library_order import BY_ARTIST, Column, Listing, Sorting, Tracks
from nbd_tui.tui.library_view import heading, layout_of, row_parts
from nbd_tui.tui.text import Glyphs
from nbd_tui.tui.widgets.line_list import MARGINS, LineList, LineParts

_MARK = 2
"""Cells before a line."""
_SCROLL_BAR = 1


class TrackTable(LineList):
    """Tracks as a `Listing` arranges them; the chosen one stays chosen, and in its place, whatever is arranged."""

    DEFAULT_CSS = "TrackTable { overflow-y: scroll; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(self._draw_track, id=id)
        self._glyphs = glyphs
        self.listing = Listing(Tracks(()))
        """What is shown; `show_listing` after every change of it."""

    @property
    def chosen(self) -> LibraryRow | None:
        """The track the bar stands on."""
        return self.listing.row_at(self.cursor)

    @property
    def chosen_place(self) -> int | None:
        """Its place among all tracks."""
        return self.listing.shown[self.cursor] if self.cursor < len(self.listing.shown) else None

    def show_listing(self, place: int | None) -> None:
        """Draws the listing as it is now, with the bar on a track, else on the first one.

        Args:
            place: of the track among all of them; it stays as far from the upper edge as the bar is now.
        """
        below_edge = self.cursor - self.scroll_offset.y
        line = self.listing.line_of(place)
        self.show(len(self.listing.shown), line or 0)
        self.scroll_to(y=0 if line is None else line - below_edge, animate=False, immediate=True)

    def on_resize(self) -> None:
        """The same tracks in other columns."""
        super().on_resize()
        self.refresh()

    def _draw_track(self, index: int, width: int) -> LineParts:
        row = self.listing.row_at(index)
        if row is None:
            return ()
        suited = self.listing.tracks.suited(self.listing.shown[index])
        return row_parts(row, suited, layout_of(width), self._glyphs)


class ColumnNames(Widget):
    """The headings over a `TrackTable` of the same width; a click sorts by one."""

    DEFAULT_CSS = "ColumnNames { height: 1; }"

    class Chosen(Message):
        """A heading was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._sorting = BY_ARTIST

    def show(self, sorting: Sorting) -> None:
        """Names what the table is sorted by."""
        self._sorting = sorting
        self.refresh()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those there is room for, from left to right."""
        return tuple(layout_of(self._room))

    @property
    def _room(self) -> int:
        return max(0, self.size.width - _SCROLL_BAR - MARGINS)

    def on_click(self, event: events.Click) -> None:
        """Finds the heading under the mouse."""
        left = _MARK
        for column, cells in layout_of(self._room).items():
            if left <= event.x <= left + cells:
                self.post_message(self.Chosen(column))
            left += cells + 1

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one
        """The names."""
        text = " " * _MARK + heading(layout_of(self._room), self._sorting, self._glyphs)
        return Strip([Cells(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)
