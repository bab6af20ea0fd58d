"""The part of the library that finds tracks: reading all of them, searching, sorting."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static

from nbd_tui.errors import NbdError
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.taste import bands_for
from nbd_tui.tui.library_order import Listing, Sorting, Tracks, first_sorting
from nbd_tui.tui.library_view import NONE_FOUND, count_words, empty_words
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.prompt_line import PromptLine
from nbd_tui.tui.widgets.track_table import ColumnNames, TrackTable

if TYPE_CHECKING:
    from pathlib import Path

    from nbd_tui.model.library_row import LibraryRow

_AT_MOST: Final = 0.1
"""Of the time goes into reading all tracks anew while they keep changing."""


class TrackListScreen(SizedScreen):
    """Reads the tracks in a thread whenever they have changed; what was chosen and searched for stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "choose", show=False),
        Binding("down", "move(1)", "choose", show=False),
        Binding("pageup", "page(-1)", "a page up or down", show=False),
        Binding("pagedown", "page(1)", "a page up or down", show=False),
    ]

    class Read(Message):
        """All tracks, as they were at some version, or what went wrong."""

        def __init__(self, at: tuple[int, int], tracks: Tracks | None, trouble: str, took_s: Seconds) -> None:
            super().__init__()
            self.at = at
            """Version of the library, and how much was changed here, before it was read."""
            self.tracks = tracks
            self.trouble = trouble
            self.took_s = took_s

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._version: int | None = None
        """Of the tracks that are shown."""
        self._is_reading = False
        self._not_before: Monotonic = float("-inf")
        self._trouble = ""
        self._changes = 0
        """Begun and done here."""

    @property
    def table(self) -> TrackTable:
        """The tracks."""
        return self.query_one(TrackTable)

    @property
    def chosen(self) -> "LibraryRow | None":
        """The track the bar stands on."""
        return self.table.chosen

    def show_chosen(self) -> None:
        """Another track is chosen, or the same has another state."""

    def tracks_renewed(self) -> None:
        """All tracks were read anew."""

    def renew(self) -> None:
        """Reads all tracks where they have changed; not too often, where there are very many."""
        due = self._services.library.version() != self._version and self._services.clock() >= self._not_before
        if due and not self._is_reading:
            self._is_reading = True
            self._read((self._services.library.version(), self._changes), self.table.listing.sorting)

    def note_change(self, *, failed: bool = False) -> None:
        """A change made here is about to be written, or is: what was read meanwhile does not have it.

        Args:
            failed: what is shown does not hold.
        """
        self._changes += 1
        if failed:
            self._version = None

    @work(thread=True, exit_on_error=False, group="read")
    def _read(self, at: tuple[int, int], sorting: Sorting) -> None:
        library, clock = self._services.library, self._services.clock
        began = clock()
        try:
            tracks = Tracks(library.rows(), bands_for(self._services.settings.current.music.bands))
            tracks.order(sorting)
            self.post_message(self.Read(at, tracks, "", clock() - began))
        except NbdError as error:
            self.post_message(self.Read(at, None, str(error), clock() - began))

    @on(Read)
    def take_tracks(self, message: Read) -> None:
        """Shows them; the bar stays on its track, and that in its place."""
        version, changes = message.at
        self._is_reading = False
        if changes != self._changes:
            return
        self._version = version
        self._not_before = self._services.clock() + message.took_s / _AT_MOST
        self._trouble = clean(message.trouble)
        if message.tracks is not None:
            chosen, old = self.chosen, self.table.listing
            self.table.listing = Listing(message.tracks)
            self._arrange(old.query, old.sorting, chosen.path if chosen else None)
            self.tracks_renewed()
        else:
            self.show_listing()

    def show_listing(self) -> None:
        """Names columns and counts, and says what to do where there are no tracks."""
        listing = self.table.listing
        total, found = len(listing.tracks.rows), len(listing.shown)
        count = count_words(found, total, listing.tracks.waiting)
        self.query_one("#title", SplitLine).show("LIBRARY", "", count)
        if self.is_searching:
            self.searching.note(f"{found:,} of {total:,} · esc shows all")
        self.query_one(ColumnNames).show(listing.sorting)
        for part in (self.table, self.query_one(ColumnNames)):
            part.display = bool(found)
        empty = self.query_one("#empty", Static)
        empty.display = not found
        empty.update("" if found else self.plain(self._emptiness(total)))
        self.show_chosen()

    @property
    def is_searching(self) -> bool:
        """The line to search on is open."""
        return bool(self.searching.purpose)

    @property
    def searching(self) -> PromptLine:
        """The line to search on."""
        return self.query_one("#search", PromptLine)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one types, the key of the search is text."""
        typing = isinstance(self.focused, Input)
        return not (typing and action == "search") and super().check_action(action, parameters)

    def action_search(self) -> None:
        """Opens the line to type into."""
        self.query_one("#title").display = False
        self.searching.ask("search", "search", self.table.listing.query)
        self.show_listing()

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Shows what has these words."""
        if self.is_searching and event.input is self.searching.field:
            self._arrange(event.value, self.table.listing.sorting)

    def end_search(self) -> bool:
        """Shows all again, the bar on what was found; false where nothing was searched for."""
        if not self.is_searching:
            return False
        self.searching.end()
        self.query_one("#title").display = True
        self._arrange("", self.table.listing.sorting)
        self.table.focus()
        return True

    def action_sort(self) -> None:
        """By the next column that is shown."""
        columns = self.query_one(ColumnNames).columns
        now = self.table.listing.sorting.column
        after = columns[(columns.index(now) + 1) % len(columns)] if now in columns else columns[0]
        self._sort(first_sorting(after))

    def action_reverse(self) -> None:
        """The other way round."""
        sorting = self.table.listing.sorting
        self._sort(sorting._replace(is_reversed=not sorting.is_reversed))

    @on(ColumnNames.Chosen)
    def sort_by(self, message: ColumnNames.Chosen) -> None:
        """A click on a heading; on the one sorted by, the other way round."""
        if message.column is self.table.listing.sorting.column:
            self.action_reverse()
        else:
            self._sort(first_sorting(message.column))

    @on(TrackTable.Moved)
    def look_at_chosen(self) -> None:
        """The bar was moved."""
        self.show_chosen()

    def action_move(self, lines: int) -> None:
        """Moves in the table while something is typed above it."""
        self.table.action_move(lines)

    def action_page(self, pages: int) -> None:
        """The same by pages."""
        self.table.action_page(pages)

    def replace_row(self, row: "LibraryRow") -> None:
        """Shows another state of a track, where it stands."""
        tracks = self.table.listing.tracks
        if (place := tracks.place_of(row.path)) is not None:
            tracks.replace(place, row)
            self.table.refresh()
            self.show_chosen()

    def plain(self, text: str) -> str:
        """Text as this terminal can show it."""
        return to_ascii(text) if self._glyphs.ascii_only else text

    def _sort(self, sorting: Sorting) -> None:
        self._arrange(self.table.listing.query, sorting)
        way = "down" if sorting.is_reversed else "up"
        self.say(f"sorted by {sorting.column.words}, {way}")

    def _arrange(self, query: str, sorting: Sorting, chosen: "Path | None" = None) -> None:
        """Arranges the tracks with the bar where it was."""
        table = self.table
        place = table.listing.tracks.place_of(chosen) if chosen else table.chosen_place
        table.listing.arrange(query, sorting)
        table.show_listing(place)
        self.show_listing()

    def _emptiness(self, total: int) -> str:
        if total:
            return NONE_FOUND
        if self._trouble:
            return self._trouble
        services = self._services
        has_folder = bool(services.settings.current.music.folders)
        return empty_words(services.keys, has_folder=has_folder, is_reading=self._version is None)
