"""Lines to type into: every character is the text's, the keys that leave them are the screen's."""

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input


class TypedLine(Input):
    """An input that takes keys in the order in which they were struck, however fast they come.

    Textual writes a character at once, but has a key that edits, such as backspace, go up to the app first: what is
    typed right behind it would be written before.
    """

    async def _on_key(self, event: events.Key) -> None:
        binding = next(iter(self._bindings.key_to_bindings.get(event.key, ())), None)
        if binding is None or event.is_printable:
            await super()._on_key(event)
        elif await self.app.run_action(binding.action, self):
            event.stop()
            event.prevent_default()


class TextField(TypedLine, inherit_bindings=False):
    """An input of one row, without a blinking cursor; the help of a screen does not list how text is edited."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, description="") for binding in Input.BINDINGS if isinstance(binding, Binding)
    ]

    DEFAULT_CSS = """
    TextField {
        height: 1;
        border: none;
        padding: 0;
        background: $surface;
        color: $foreground;
        &:focus { border: none; background: $panel; background-tint: transparent; }
    }
    """

    def __init__(self, value: str = "", *, id: str | None = None, placeholder: str = "") -> None:  # noqa: A002
        super().__init__(value, id=id, placeholder=placeholder, compact=True)
        self.cursor_blink = False
