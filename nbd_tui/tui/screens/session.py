"""One session of the history, whole; verdicts, effort and note can be changed here too."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from nbd_tui.store.records import SessionRecord
from nbd_tui.tui.ports import Services
from nbd_tui.tui.record_view import done_text, drawn_totals, named, when
from nbd_tui.tui.screens.record import RecordScreen, text_width
from nbd_tui.tui.text import Glyphs, clean
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall

_ROOMY: Final = 20
"""Rows from which on there is a picture of the times."""


class SessionScreen(RecordScreen):
    """What is kept of a session."""

    SCOPE = "session"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,left", "back", "back to the history", show=False)]

    class Closed(Message):
        """It was left, with what is said of the session now."""

        def __init__(self, record: SessionRecord) -> None:
            super().__init__()
            self.record = record

    def __init__(self, record: SessionRecord, services: Services, glyphs: Glyphs) -> None:
        super().__init__(record, services, glyphs)
        self._kept = record

    def compose(self) -> ComposeResult:
        """Name and day, what was done, and the parts of every record."""
        yield TooSmall(self._glyphs)
        with Vertical(classes="lines"):
            yield SplitLine(self._glyphs, id="name")
            yield Static(id="done", markup=False)
        yield SessionStrip(self._glyphs, id="strip")
        yield from self.compose_record()

    def on_mount(self) -> None:
        """Fills in what does not change."""
        record = self._kept
        self.query_one("#done", Static).update(self.plain(done_text(record)))
        self.query_one(SessionStrip).segments = drawn_totals(record.totals)
        self.query_one(TooSmall).lines = (clean(record.preset_name), when(record, 0))
        self.show_record()

    def fit(self, size: Size) -> None:
        """The tracks get what is left."""
        name, day = named(self._kept, text_width(size), self._glyphs)
        self.query_one("#name", SplitLine).show(name, "", day)
        self.show_kinds(text_width(size))
        strip = self.query_one(SessionStrip)
        strip.display = size.height >= _ROOMY and bool(self._kept.totals)
        strip.styles.height = 3
        self.query_one("#tracks").styles.height = "1fr"
        self.show_hints(text_width(size), "esc back")

    def action_home(self) -> None:
        """Back to the table."""
        self.take_note()
        self.app.pop_screen()
        if self._record:
            self.app.screen.post_message(self.Closed(self._record))
