"""What `nbd doctor` says, without leaving the program."""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import fitting, hint
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.too_small import TooSmall


class ReportScreen(SizedScreen):
    """Lines of a report, found out on a thread."""

    SCOPE = "report"
    CSS_PATH = "../styles/report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll('up')", "up and down", show=False),
        Binding("down", "scroll('down')", "up and down", show=False),
        Binding("pageup", "scroll('page_up')", "a page up or down", show=False),
        Binding("pagedown", "scroll('page_down')", "a page up or down", show=False),
        Binding("escape,q,enter", "back", "back", show=False),
    ]

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Title, lines, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        with VerticalScroll(id="lines", can_focus=False):
            yield Static("looking…" if not self._glyphs.ascii_only else "looking...", id="text", markup=False)
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins to find out."""
        self.query_one(TooSmall).lines = ("DOCTOR",)
        self.query_one("#title", SplitLine).show("DOCTOR", "", "nbd doctor")
        in_background(self, self._look, exclusive=True)

    def fit(self, size: Size) -> None:
        """Keys to the width."""
        hints = ["↑ ↓ scroll", "esc back", hint("app.help", "all keys", self._services.keys)]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))

    def say(self, words: str) -> None:
        """Answers a key."""
        self.query_one("#title", SplitLine).show("DOCTOR", "", words)

    def action_scroll(self, how: str) -> None:
        """Moves the lines."""
        getattr(self.query_one("#lines"), f"scroll_{how}")(animate=False)

    def action_back(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Ends the program."""
        self.app.exit(0)

    async def _look(self) -> None:
        lines = "\n".join(map(clean, await asyncio.to_thread(self._services.settings.report)))
        self.query_one("#text", Static).update(to_ascii(lines) if self._glyphs.ascii_only else lines)
