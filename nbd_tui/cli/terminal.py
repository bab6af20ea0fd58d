"""Whether there is a terminal to draw on."""

import os
import sys
from typing import Final, TextIO

from nbd_tui.errors import UserError

CANNOT_DRAW: Final = frozenset({"dumb", "unknown"})
"""Values of TERM of terminals that only print lines."""


def require_terminal(preset: str = "PRESET") -> None:
    """Refuses to open a screen where there is none: keys come from stdin, the picture goes to stderr.

    Args:
        preset: what the hint names.

    Raises:
        UserError: one of them is no terminal, or the terminal cannot draw.
    """
    term = os.environ.get("TERM", "")
    if not (_is_terminal(sys.__stdin__) and _is_terminal(sys.__stderr__)):
        problem = "the screen needs a terminal, and stdin or stderr is none"
    elif sys.platform != "win32" and term.lower() in CANNOT_DRAW:
        problem = f"the screen cannot be drawn in a terminal of the type {term!r} (TERM)"
    else:
        return
    raise UserError(problem, hint=f"nbd run {preset} --plain  needs no screen")


def _is_terminal(stream: TextIO | None) -> bool:
    """Without a console (pythonw) there is no stream at all."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
