"""Why a track plays where it does, over the plan."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.text import Glyphs, to_ascii


class PlanWhyScreen(Gloved, ModalScreen[None]):
    """Lines about one place of the plan, then what is to be known of all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,w,enter,space,ctrl+c,ctrl+q", "close", show=False)]

    def __init__(self, name: str, lines: Sequence[str], warnings: Sequence[str], glyphs: Glyphs) -> None:
        """Lines.

        Args:
            name: of the place.
            lines: about its music, harmless already.
            warnings: about the whole plan.
            glyphs: what to draw with.
        """
        super().__init__()
        self._place = name
        self._lines = lines
        self._warnings = warnings
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The lines, and how to close them."""
        with VerticalScroll(id="plan-why") as box:
            box.border_title = self._plain(self._place)
            box.border_subtitle = "Escape closes"
            yield Static(Content(self._plain("\n".join(self._lines))))
            yield Static(Content(self._plain("\n".join(f"! {line}" for line in self._warnings))), id="plan-warnings")

    def on_mount(self) -> None:
        """Without warnings there is no room for them."""
        self.query_one("#plan-warnings").display = bool(self._warnings)

    def smash(self, *, second: bool) -> None:
        """Closes it."""
        if not second:
            self.action_close()

    def action_close(self) -> None:
        """Back to the plan."""
        self.dismiss(None)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
