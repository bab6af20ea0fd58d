"""A question before something ends."""

from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nbd_tui.tui.gloved import Gloved

ROOMY_WIDTH: Final = 48
ROOMY_HEIGHT: Final = 12

_YES_IN_GLOVES: Final = frozenset({"y", "ctrl+c", "ctrl+q"})


class ConfirmScreen(Gloved, ModalScreen[bool]):
    """Asks; what runs behind goes on running.

    Keys that mean "out of here" answer as well: yes where the question is about leaving, for who presses twice.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "yes", show=False),
        Binding("escape,n", "answer(False)", "no", show=False),
        Binding("ctrl+c,ctrl+q", "leave", show=False),
    ]

    def __init__(self, question: str, yes: str, no: str, *, leaving: bool = True, gloved: bool = False) -> None:
        """A question.

        Args:
            question: What is asked.
            yes: What happens after a yes.
            no: What happens otherwise.
            leaving: Something ends with a yes; in gloves it takes three presses of y.
            gloved: Glove mode is on.
        """
        super().__init__()
        self.stop_keys = _YES_IN_GLOVES if leaving else frozenset()
        self._leaving = leaving
        self._question = question
        enter, escape = ("y y y" if leaving else "y", "a smash") if gloved else ("Enter or y", "Escape")
        self._answers = f"{enter} {yes}, {escape} {no}"

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(id="confirm"):
            yield Static(self._question, id="question", markup=False)
            yield Static(self._answers, id="answers", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Gives up the empty space in a window that needs it for the words."""
        self.set_class(event.size.width < ROOMY_WIDTH or event.size.height < ROOMY_HEIGHT, "-tight")

    def smash(self, *, second: bool) -> None:
        """No: a gloved hand has not read the question."""
        if not second:
            self.action_answer(answer=False)

    def stop_now(self) -> None:
        """Three times yes, or held."""
        self.action_answer(answer=True)

    def action_leave(self) -> None:
        """Answers for a key that leaves every screen."""
        self.dismiss(self._leaving)

    def action_answer(self, answer: bool) -> None:
        """Closes with the answer."""
        self.dismiss(answer)
