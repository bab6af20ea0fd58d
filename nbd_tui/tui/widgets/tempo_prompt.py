"""The line on which a tempo is typed; hidden until it is asked for."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from nbd_tui.model.units import Bpm
from nbd_tui.tui.tempo_edit import bpm_text, typed
from nbd_tui.tui.text import Glyphs
from nbd_tui.tui.widgets.prompt_line import PromptLine


class TempoPrompt(PromptLine):
    """Says what is made of the text as one types; Enter hands a tempo over, Escape leaves all as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave the tempo as it was", show=False)]

    class Typed(Message):
        """A tempo."""

        def __init__(self, bpm: Bpm) -> None:
            super().__init__()
            self.bpm = bpm

    class Left(Message):
        """None, after all."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._came_from: Widget | None = None
        self._offered = ""

    def ask_for(self, bpm: Bpm | None) -> None:
        """Opens the line, with the present tempo to be typed over."""
        self._came_from = self.screen.focused
        self._offered = bpm_text(bpm) if bpm else ""
        self.ask("tempo", "tempo", self._offered)
        self.field.select_all()
        self.note("enter keeps it, esc leaves it")

    def correct(self, bpm: Bpm | None) -> None:
        """The present tempo is another one; what was typed over it stays."""
        text = bpm_text(bpm) if bpm else ""
        if self.purpose and self.field.value == self._offered != text:
            self._offered = self.field.value = text
            self.field.select_all()

    @on(Input.Changed)
    def explain(self, event: Input.Changed) -> None:
        """Says what the text is."""
        event.stop()
        if self.purpose:
            self.note(typed(event.value).words)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Hands it over, if it is a tempo."""
        event.stop()
        answer = typed(event.value)
        if not event.value.strip():
            self.action_leave()
        elif answer.bpm is None:
            self.note(answer.words)
        elif self.purpose:
            self._close()
            self.post_message(self.Typed(answer.bpm))

    def action_leave(self) -> None:
        """Closes the line."""
        self._close()
        self.post_message(self.Left())

    def _close(self) -> None:
        self.end()
        self.screen.set_focus(self._came_from)
