"""A list to choose from, whose keys the help screen can tell."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class ChoiceList(OptionList, inherit_bindings=False):
    """An option list that leaves Enter to its screen, and does nothing at all while it is empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move('cursor_up')", "choose", show=False),
        Binding("down", "move('cursor_down')", "choose", show=False),
        Binding("pageup", "move('page_up')", "a page up or down", show=False),
        Binding("pagedown", "move('page_down')", "a page up or down", show=False),
        Binding("home", "move('first')", "the first, the last", show=False),
        Binding("end", "move('last')", "the first, the last", show=False),
    ]

    def action_move(self, how: str) -> None:
        """One of Textual's moves; some of them fail in an empty list."""
        if any(not option.disabled for option in self.options):
            getattr(self, f"action_{how}")()

    @property
    def chosen(self) -> str | None:
        """Id of the option the bar stands on."""
        option = self.highlighted_option
        return None if option is None else option.id

    def choose(self, option_id: str) -> None:
        """Puts the bar on an option, if there is such a one."""
        for place, option in enumerate(self.options):
            if option.id == option_id:
                self.highlighted = place
