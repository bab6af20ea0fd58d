"""A question before something ends."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static


class ConfirmScreen(ModalScreen[bool]):
    """Asks; what runs behind goes on running. Keys that mean "out of here" say yes as well, for who presses twice."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y,ctrl+c,ctrl+q", "answer(True)", "yes", show=False),
        Binding("escape,n", "answer(False)", "no", show=False),
    ]

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question = question
        self._answers = f"Enter or y {yes}, Escape {no}"

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(id="confirm"):
            yield Static(self._question, id="question", markup=False)
            yield Static(self._answers, id="answers", markup=False)

    def action_answer(self, answer: bool) -> None:
        """Closes with the answer."""
        self.dismiss(answer)
