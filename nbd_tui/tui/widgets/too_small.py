"""What a window without room for a screen shows."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nbd_tui.tui.text import Glyphs, fit, to_ascii
from nbd_tui.tui.workout_layout import LEAST_HEIGHT, LEAST_WIDTH


class TooSmall(Widget):
    """The lines that count most, and how large the window should be."""

    lines: reactive[tuple[str, ...]] = reactive((), repaint=False)
    """Shown as far as there is room, the first ones first."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs

    def watch_lines(self) -> None:
        """Repaints where it is shown; repainting a hidden widget makes Textual look for it among all others."""
        if self.display:
            self.refresh()

    def render(self) -> Content:
        """As many lines as fit, cut to the width."""
        width, height = self.size
        lines = (*self.lines, f"needs {LEAST_WIDTH}×{LEAST_HEIGHT}")[:height]
        shown = [to_ascii(line) if self._glyphs.ascii_only else line for line in lines]
        return Content("\n".join(fit(line, width, self._glyphs.ellipsis) for line in shown))
