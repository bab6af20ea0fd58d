"""The sessions kept, as a table, the newest first."""

from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input, Static

from nbd_tui.errors import HistoryError
from nbd_tui.store.records import SessionRecord, SessionRow, WeekStats
from nbd_tui.tui.keys import fitting, hint, quit_bindings, screen_bindings
from nbd_tui.tui.ports import Services
from nbd_tui.tui.record_view import Parts, heading, row_parts
from nbd_tui.tui.screens.record import text_width
from nbd_tui.tui.screens.session import SessionScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.line_list import MARGINS, LineList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.text_field import TypedLine
from nbd_tui.tui.widgets.too_small import TooSmall

CHUNK: Final = 500
"""Sessions read at once."""

EMPTY: Final = "Nothing here yet: every workout you end is kept, with its tracks. Escape, then enter starts one."
NONE_FOUND: Final = "No session of such a preset. Escape shows all again."


class HistoryScreen(SizedScreen):
    """Reads the table in chunks in a thread; shows what has come so far."""

    SCOPE = "history"
    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("history", {"history.open": "open", "history.search": "search"}),
        *quit_bindings(),
        Binding("escape,left", "back", "home", show=False),
    ]

    class Read(Message):
        """Some more sessions."""

        def __init__(self, rows: tuple[SessionRow, ...]) -> None:
            super().__init__()
            self.rows = rows

    class AllRead(Message):
        """All of them, or what went wrong."""

        def __init__(self, week: WeekStats | None = None, trouble: str = "") -> None:
            super().__init__()
            self.week = week
            self.trouble = trouble

    class Found(Message):
        """A whole session."""

        def __init__(self, record: SessionRecord) -> None:
            super().__init__()
            self.record = record

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._rows: list[SessionRow] = []
        self._shown: list[SessionRow] = []
        self._reading = True
        self._week: WeekStats | None = None

    def compose(self) -> ComposeResult:
        """Title, names of the columns, table, search, keys."""
        yield TooSmall(self._glyphs)
        with Vertical(id="table", classes="lines"):
            yield SplitLine(self._glyphs, id="title")
            yield Static(id="columns", markup=False)
            yield LineList(self._draw, id="sessions")
            yield Static(id="empty", markup=False)
            yield TypedLine(id="search", placeholder="part of a preset's name", compact=True)
            yield SplitLine(self._glyphs, id="said", left_style="bold $error")
            yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins to read."""
        self.query_one("#search").display = False
        self.query_one(TooSmall).lines = ("HISTORY",)
        self._show_rows()
        self.read()

    def fit(self, size: Size) -> None:
        """The columns that have room."""
        keys = self._services.keys
        width = text_width(size)
        hints = [hint("history.open", "show", keys), hint("history.search", "search", keys), "esc home"]
        self.call_after_refresh(self._name_columns)
        self.query_one("#hints", SplitLine).show(fitting([*hints, hint("app.help", "all keys", keys)], width))

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def read(self) -> None:
        """Reads everything, chunk by chunk."""
        history = self._services.history
        try:
            chunk = history.rows(CHUNK)
            while chunk and self.is_attached:
                self.post_message(self.Read(chunk))
                chunk = history.rows(CHUNK, before=chunk[-1])
            self.post_message(self.AllRead(history.week()))
        except HistoryError as error:
            self.post_message(self.AllRead(trouble=error.message))

    @on(Read)
    def take_rows(self, message: Read) -> None:
        """Shows some more."""
        self._rows += message.rows
        self._shown += self._matching(message.rows)
        self._show_rows()

    @on(AllRead)
    def show_week(self, message: AllRead) -> None:
        """There is no more to come."""
        self._reading = False
        self._week = message.week
        if trouble := message.trouble or self._services.history.notice():
            self.query_one("#said", SplitLine).show(clean(trouble))
        self._show_rows()

    def action_open(self) -> None:
        """Shows the chosen session."""
        if self._shown:
            self.read_one(self._shown[self.query_one(LineList).cursor].id)

    @work(thread=True, exclusive=True, exit_on_error=False, group="one")
    def read_one(self, session_id: str) -> None:
        """Reads one session."""
        try:
            if record := self._services.history.session(session_id):
                self.post_message(self.Found(record))
        except HistoryError as error:
            self.post_message(self.AllRead(self._week, error.message))

    @on(Found)
    def open_session(self, message: Found) -> None:
        """Shows it, unless another key came first."""
        if self.is_current:
            self.app.push_screen(SessionScreen(message.record, self._services, self._glyphs))

    @on(SessionScreen.Closed)
    def take_change(self, message: SessionScreen.Closed) -> None:
        """Shows the effort as it was set there."""
        new = message.record
        for rows in (self._rows, self._shown):
            for place, row in enumerate(rows):
                if row.id == new.id:
                    rows[place] = row._replace(effort=new.effort)
        self.query_one(LineList).refresh()

    def say(self, words: str) -> None:
        """Answers a key, beside what went wrong."""
        said = self.query_one("#said", SplitLine)
        said.show(said.parts[0], "", words)

    def action_search(self) -> None:
        """Opens the line for a part of a name."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    @on(Input.Changed, "#search")
    def search(self) -> None:
        """Shows the sessions of presets so named."""
        self._shown = self._matching(self._rows)
        self.query_one(LineList).cursor = 0
        self._show_rows()

    @on(Input.Submitted, "#search")
    def to_the_table(self) -> None:
        """Leaves the search as it is, for the keys of the table."""
        self.query_one(LineList).focus()

    def action_back(self) -> None:
        """Ends the search, else the screen."""
        search = self.query_one("#search", Input)
        if search.display:
            search.value = ""
            search.display = False
            self.query_one(LineList).focus()
        else:
            self.app.pop_screen()

    def action_leave(self) -> None:
        """Ends the program; there is nothing to lose."""
        self.app.exit(0)

    def _matching(self, rows: "list[SessionRow] | tuple[SessionRow, ...]") -> list[SessionRow]:
        wanted = self.query_one("#search", Input).value.strip().casefold()
        return [row for row in rows if wanted in row.preset_name.casefold()]

    def _show_rows(self) -> None:
        self.query_one(LineList).show(len(self._shown))
        self.call_after_refresh(self._name_columns)
        self.query_one("#title", SplitLine).show("HISTORY", "", self._count())
        for part in ("#columns", "#sessions"):
            self.query_one(part).display = bool(self._shown)
        empty = self.query_one("#empty", Static)
        empty.display = not self._shown
        words = NONE_FOUND if self._rows else "reading …" if self._reading else EMPTY
        empty.update(Content(self._plain(words)))

    def _name_columns(self) -> None:
        """The heading, over the columns as the table has them beside its scroll bar."""
        room = self.query_one(LineList).scrollable_content_region.width - MARGINS
        if room > 0:
            self.query_one("#columns", Static).update(f"  {heading(room)}")

    def _count(self) -> str:
        """How many sessions, and how the week goes."""
        count = f"{len(self._shown):,} session{'' if len(self._shown) == 1 else 's'}"
        week = self._week
        return f"{count} {self._glyphs.dot} this week {week.minutes} min" if week and week.days else count

    def _draw(self, index: int, width: int) -> Parts:
        return row_parts(self._shown[index], width, self._glyphs)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
