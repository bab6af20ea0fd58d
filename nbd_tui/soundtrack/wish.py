"""What a stretch of the workout asks for, and what was played before it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.intent import USUAL, Bands, Intent, intent_for
from nbd_tui.workout.phase import PhaseKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What a stretch of the workout asks for."""

    kind: PhaseKind
    duration_s: Seconds | None = None
    """None: open."""
    place: float = 0.5
    """0 to 1 among consecutive stretches of this kind."""
    bands: Bands = USUAL

    @property
    def intent(self) -> Intent:
        """The tempo band and energy wished for."""
        return intent_for(self.kind, self.duration_s, self.place, self.bands)


@dataclass(frozen=True, slots=True)
class Used:
    """What the session has played or planned before this choice, in order."""

    tracks: Sequence[Path] = ()
    artists: Sequence[str] = ()
    """Of the same tracks; where it is empty, the artist of the last track is looked up in the pool."""
