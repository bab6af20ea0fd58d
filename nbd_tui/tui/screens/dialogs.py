"""Small questions over a screen: one of a list, a text, a key."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nbd_tui.keynames import key_label
from nbd_tui.tui.text import Glyphs, to_ascii
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.tui.widgets.text_field import TypedLine

_ROOMY: Final = (48, 14)
"""Columns and rows from which on there is room for empty space."""
_SAMPLE_ROWS: Final = 2


class Dialog(ModalScreen[str | None]):
    """A box over the screen; Escape and the keys that leave answer nothing."""

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c,ctrl+q", "cancel", show=False)]

    roomy_rows: int = _ROOMY[1]

    def __init__(self, question: str, glyphs: Glyphs, about: str = "") -> None:
        super().__init__()
        self._question = question
        self._about = about
        self._glyphs = glyphs

    def on_resize(self, event: events.Resize) -> None:
        """Gives up the empty space in a window that needs it for the words."""
        self.set_class(event.size.width < _ROOMY[0] or event.size.height < self.roomy_rows, "-tight")

    def action_cancel(self) -> None:
        """No answer."""
        self.dismiss(None)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text

    def _words(self) -> ComposeResult:
        yield Static(self._plain(self._question), classes="question", markup=False)
        if self._about:
            yield Static(self._plain(self._about), classes="about", markup=False)


class PhaseColours(Horizontal):
    """The words of the phases as a workout shows them, each on its own tint."""

    MOODS: ClassVar = ("prepare", "warm-up", "work", "last", "rest", "break", "cool-down")

    def compose(self) -> ComposeResult:
        """Side by side; what has no room is cut off."""
        for mood in self.MOODS:
            yield Static("last 10" if mood == "last" else mood, classes=f"-{mood}", markup=False)


class ChooseDialog(Dialog):
    """One of a list; answers its id."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def __init__(
        self,
        question: str,
        choices: Sequence[tuple[str, str]],
        glyphs: Glyphs,
        *,
        chosen: str = "",
        about: str = "",
        on_move: Callable[[str], None] = lambda _: None,
        sample: type[Widget] | None = None,
    ) -> None:
        """A list of (id, words).

        Args:
            question: Its title.
            choices: What there is.
            glyphs: What to draw with.
            chosen: Where the bar stands at first.
            about: A sentence below the title.
            on_move: Told what the bar stands on, for a taste of it.
            sample: Shows below the list what a choice does.
        """
        super().__init__(question, glyphs, about)
        self._choices = choices
        self._chosen = chosen
        self._on_move = on_move
        self._sample = sample
        if sample is not None:
            self.roomy_rows += _SAMPLE_ROWS

    def compose(self) -> ComposeResult:
        """Title and list."""
        with Vertical(classes="dialog"):
            yield from self._words()
            options = [Option(self._plain(words), id=choice) for choice, words in self._choices]
            yield ChoiceList(*options, markup=False)
            if self._sample is not None:
                yield self._sample()
            yield Static(self._plain("enter takes it  esc leaves it"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Puts the bar where it belongs."""
        choices = self.query_one(ChoiceList)
        choices.focus()
        choices.action_move("first")
        choices.choose(self._chosen)

    @on(OptionList.OptionHighlighted)
    def moved(self, event: OptionList.OptionHighlighted) -> None:
        """A taste."""
        if event.option.id is not None:
            self._on_move(event.option.id)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes it as well."""
        self.dismiss(event.option.id)

    def action_take(self) -> None:
        """Answers."""
        if (chosen := self.query_one(ChoiceList).chosen) is not None:
            self.dismiss(chosen)


class EntryDialog(Dialog):
    """A text; what is wrong with it is said below, and it is not left before it is right."""

    def __init__(
        self, question: str, text: str, glyphs: Glyphs, problem: Callable[[str], str], *, about: str = ""
    ) -> None:
        super().__init__(question, glyphs, about)
        self._text = text
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Title, field, and what is wrong."""
        with Vertical(classes="dialog"):
            yield from self._words()
            yield TypedLine(self._text, select_on_focus=True)
            yield Static("", classes="problem", markup=False)
            yield Static(self._plain("enter takes it  esc leaves it"), classes="keys", markup=False)

    @on(Input.Changed)
    def look(self, event: Input.Changed) -> None:
        """Says at once what is wrong."""
        self.query_one(".problem", Static).update(self._plain(self._problem(event.value)))

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Answers what is right."""
        if not self._problem(event.value):
            self.dismiss(event.value)


class PressKeyDialog(Dialog):
    """The next key pressed is the answer, by Textual's name; Escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def compose(self) -> ComposeResult:
        """The question."""
        with Vertical(classes="dialog"):
            yield from self._words()
            yield Static(self._plain("press a key…  esc leaves it"), classes="keys", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Takes it."""
        event.stop()
        event.prevent_default()
        self.dismiss(None if event.key in {"escape", "ctrl+c"} else event.key)


def keys_text(keys: Sequence[str]) -> str:
    """Keys as people write them."""
    return "  ".join(map(key_label, keys))
