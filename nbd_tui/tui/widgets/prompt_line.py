"""A question on one line of a screen, with its answer typed beside it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from nbd_tui.tui.text import Glyphs, to_ascii
from nbd_tui.tui.widgets.text_field import TextField


class PromptLine(Horizontal):
    """Takes the place of another line while something is asked; the screen hears of its text by `Input.Changed`.

    It is there, hidden, before it is needed: from the key that asks on, every character is the answer's.
    """

    DEFAULT_CSS = """
    PromptLine {
        height: 1;
        margin: 0 1;
        display: none;
        & > .label { width: auto; color: $accent; text-style: bold; padding-right: 1; }
        & > TextField { width: 1fr; }
        & > .note { width: auto; max-width: 60%; padding-left: 2; color: $foreground 65%; }
    }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.purpose = ""
        """What it asks for; empty while it asks nothing."""
        self._glyphs = glyphs
        self._label = Static(classes="label", markup=False)
        self._note = Static(classes="note", markup=False)
        self.field = TextField()
        """Where the answer is typed."""

    def compose(self) -> ComposeResult:
        """Label, text, what was made of it."""
        yield self._label
        yield self.field
        yield self._note

    def ask(self, purpose: str, label: str, text: str) -> None:
        """Shows a question, with the answer to begin with."""
        self.purpose = purpose
        self._label.update(self._plain(label))
        self._note.update("")
        self.field.value = text
        self.display = True
        self.screen.set_focus(self.field)

    def end(self) -> None:
        """Nothing is asked any more."""
        self.purpose = ""
        self.display = False

    def note(self, words: str) -> None:
        """What was made of the text so far."""
        self._note.update(self._plain(words))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
