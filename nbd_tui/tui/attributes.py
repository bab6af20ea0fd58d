"""Colours told by what a terminal has without them: inverse, dim, bold."""

from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter

_FAINT: Final = 0.65
"""Text nearer to its background in brightness (0 to 1) is dim."""

_LIGHT: Final = 0.5
"""Brightness of a background from which on it is drawn inverse."""


class AttributesOnly(LineFilter):
    """Takes every colour away, as NO_COLOR asks; what is light stays light by being inverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Segments in the terminal's own two colours."""
        return [Segment(text, style and attributes_of(style), control) for text, style, control in segments]


@lru_cache(1024)
def attributes_of(style: Style) -> Style:
    """The style without its colours."""
    front = WHITE if style.color is None else Color.from_rich_color(style.color)
    behind = BLACK if style.bgcolor is None else Color.from_rich_color(style.bgcolor)
    if style.reverse:
        front, behind = behind, front
    inverse = behind.brightness > _LIGHT
    faint = style.dim or abs(front.brightness - behind.brightness) < _FAINT
    return Style(
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        # Dim and inverse, the background would be dim.
        dim=(faint and not inverse and style.color is not None) or None,
        reverse=inverse or None,
    )
