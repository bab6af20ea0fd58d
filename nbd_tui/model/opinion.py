"""What the user says of a track: whether it may play, and where the analysis is wrong."""

from dataclasses import dataclass
from enum import StrEnum

from nbd_tui.model.units import Bpm, Seconds


class Opinion(StrEnum):
    """Whether a track is wanted."""

    LIKED = "liked"
    BANNED = "banned"
    """Kept out of every workout."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What holds in place of what was heard; it outlives every new analysis."""

    bpm: Bpm | None = None
    """None: as heard."""
    drops_s: tuple[Seconds, ...] | None = None
    """All drops, in the order of time; None: as heard, while an empty tuple says that there are none."""
