"""A question on one line of a screen, with its answer typed beside it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from nbd_tui.tui.text import Glyphs, to_ascii
from nbd_tui.tui.widgets.text_field import TextField


class PromptLine(Horizontal):
    """Takes the place of another line while something is asked; the screen hears of its text by `Input.Changed`."""

    DEFAULT_CSS = """
    PromptLine {
        height: 1;
        margin: 0 1;
        & > .label { width: auto; color: $accent; text-style: bold; padding-right: 1; }
        & > TextField { width: 1fr; }
        & > .note { width: auto; max-width: 60%; padding-left: 2; color: $foreground 65%; }
    }
    """

    def __init__(self, purpose: str, label: str, text: str, glyphs: Glyphs) -> None:
        """A question.

        Args:
            purpose: What the screen asks it for.
            label: The question.
            text: The answer to begin with.
            glyphs: What to draw with.
        """
        super().__init__()
        self.purpose = purpose
        self._label = label
        self._text = text
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Label, text, what was made of it."""
        yield Static(self._plain(self._label), classes="label", markup=False)
        yield TextField(self._text)
        yield Static(classes="note", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(TextField).focus()

    def note(self, words: str) -> None:
        """What was made of the text so far."""
        self.query_one(".note", Static).update(self._plain(words))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
