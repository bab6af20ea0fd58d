"""Whether the sound server behind an output still answers; libVLC goes on "playing" to one that hangs."""

from typing import Final

from nbd_tui.media import libpulse
from nbd_tui.media.libpulse import Foreign, Line
from nbd_tui.model.units import Monotonic, Seconds

ASK: Final[Seconds] = 1.0
"""How often it is asked."""

PATIENCE: Final[Seconds] = 1.5
"""An answer that takes so long (of the time in which we looked) will not come."""

LOOKING: Final[Seconds] = 0.3
"""A longer pause between two looks counts as so much: then it was us who stood still."""


class ServerWatch:
    """Asks a sound server of PulseAudio's kind a question now and then; watches nothing where there is none."""

    def __init__(self, line: Line | None) -> None:
        """A watch of the server at the end of `line`, which it closes in the end."""
        self._line = line
        self._question: Foreign = None
        self._looked_at: Monotonic | None = None
        self._waited: Seconds = 0.0
        self._mute = False

    def failure(self, now: Monotonic) -> str | None:
        """That it does not answer; called a few times a second, and never waits."""
        if self._line is None:
            return None
        self._waited += min(LOOKING, now - self._looked_at) if self._looked_at is not None else ASK
        self._looked_at = now
        if self._question is None:
            self._ask_if_due(self._line)
        elif self._line.is_answered(self._question):
            self._question, self._waited = None, 0.0
        elif self._waited > PATIENCE:
            self._mute = True
        return libpulse.MUTE if self._mute else None

    def close(self) -> None:
        """Hangs up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _ask_if_due(self, line: Line) -> None:
        if self._waited >= ASK and line.is_up:
            self._question, self._waited = line.ask(), 0.0
