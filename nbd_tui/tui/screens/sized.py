"""What all screens share: they step back in a window that is too small, and leave by one action."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen

from nbd_tui.tui.workout_layout import too_small


class SizedScreen(Screen[None]):
    """A screen with a `TooSmall` beside its content; the style class `-too-small` swaps them."""

    SCOPE: ClassVar[str] = ""
    """Of the keymap; the help screen shows its bindings."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "leave", show=False)]

    @property
    def is_current(self) -> bool:
        """To be seen: on top, or behind nothing but questions that let it through.

        Textual takes the screen right under the top for visible, also where the top hides it, and paints the top whole
        whenever something changes in the hidden one.
        """
        if not super().is_current:
            return False
        stack = self.app.screen_stack
        return all(above.styles.background.a < 1 for above in stack[stack.index(self) + 1 :])

    @property
    def is_open(self) -> bool:
        """It has not been left. One that is being taken down is attached still, when its parts are gone already."""
        return self.is_attached and self in self.app.screen_stack

    def on_resize(self, event: events.Resize) -> None:
        """Fits the content to the window."""
        self.set_class(too_small(*event.size), "-too-small")
        self.fit(event.size)

    def fit(self, size: Size) -> None:
        """For screens that change with their size."""

    def say(self, words: str) -> None:
        """Answers a key, or tells news, on the line this screen has for that; nothing ever covers its other lines."""

    def action_leave(self) -> None:
        """What ctrl+c and ctrl+q mean here."""
