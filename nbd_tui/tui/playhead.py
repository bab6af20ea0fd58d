"""Where one is in a track, and whether it is being listened to."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.tui.ports_library import PreviewPort

AGAIN_S: Final[Seconds] = 0.2
"""Held keys seek faster than a player can follow: it is sent on only so often."""
AT_END_S: Final[Seconds] = 0.5
"""Who listens from so near the end means the beginning."""


class Playhead:
    """A moment of one track; it moves by itself while the track is heard. Used on the screen's thread."""

    def __init__(self, preview: PreviewPort, path: Path, clock: Callable[[], Monotonic]) -> None:
        self._preview = preview
        self._path = path
        self._clock = clock
        self._played_at: Monotonic | None = None
        self._due = False
        self.at_s: Seconds = 0.0
        self.problem = ""
        """Why it cannot be heard; empty otherwise."""
        state = preview.state()
        self.is_listening = state.path == path
        """It is heard, or will be in a moment."""
        if self.is_listening:
            self.at_s = state.at_s
        self.is_opening = False
        """It is not heard yet."""

    def look(self) -> None:
        """Follows what is heard."""
        state = self._preview.state()
        self.is_opening = self.is_listening and not state.is_playing
        if self._due:
            self._play_when_due()
        elif state.path == self._path:
            self.is_listening = True
            if state.is_playing:
                self.at_s = state.at_s
        elif self.is_listening:
            self.is_listening = self.is_opening = False
            self.problem = state.problem

    def toggle(self, duration_s: Seconds) -> None:
        """Listens from here, or stops."""
        if self.is_listening:
            self.stop()
        else:
            self.listen(self.at_s if self.at_s < duration_s - AT_END_S or not duration_s else 0.0)

    def listen(self, at_s: Seconds) -> None:
        """Listens from a moment on."""
        self.at_s, self.is_listening, self.problem, self._due = at_s, True, "", False
        self._play()

    def seek(self, at_s: Seconds) -> None:
        """Goes to a moment; who listens, listens from there."""
        self.at_s = at_s
        if self.is_listening:
            self._due = True
            self._play_when_due()

    def stop(self) -> None:
        """Stays where it is, in silence."""
        self._due = self.is_listening = self.is_opening = False
        self.problem = ""
        self._preview.stop()

    def _play_when_due(self) -> None:
        if self._played_at is None or self._clock() - self._played_at >= AGAIN_S:
            self._due = False
            self._play()

    def _play(self) -> None:
        self._played_at = self._clock()
        self._preview.play(self._path, self.at_s)
