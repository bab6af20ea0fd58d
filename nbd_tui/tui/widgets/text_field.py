"""A line to type into: every character is the text's, the keys that leave it are the screen's."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class TextField(Input, inherit_bindings=False):
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
