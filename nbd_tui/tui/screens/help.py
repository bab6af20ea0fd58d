"""Every key of the screen one is on, made from the bindings."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.text import Glyphs, pad, to_ascii


class HelpScreen(Gloved, ModalScreen[None]):
    """A list of keys over the screen, which goes on behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "close", id="app.help", show=False),
        Binding("escape,q,enter,space,ctrl+c,ctrl+q", "close", show=False),
    ]

    def __init__(self, rows: Sequence[tuple[str, str]], glyphs: Glyphs) -> None:
        """A list of keys.

        Args:
            rows: Keys and what they do (`keys.help_rows`).
            glyphs: What to draw with.
        """
        super().__init__()
        self._rows = rows
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The list, and how to close it."""
        with VerticalScroll(id="help") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Escape closes"
            yield Static(self._keys(), id="keys")

    def smash(self, *, second: bool) -> None:
        """Closes it: the workout behind it comes first."""
        if not second:
            self.action_close()

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss(None)

    def _keys(self) -> Content:
        rows = [(to_ascii(keys), words) for keys, words in self._rows] if self._glyphs.ascii_only else self._rows
        width = max(len(keys) for keys, _ in rows) + 2
        lines = [Content.assemble((pad(keys, width), "bold $accent"), words) for keys, words in rows]
        return Content("\n").join(lines)
