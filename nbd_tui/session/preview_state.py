"""What of a track is listened to outside any workout, at one moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbd_tui.model.units import Seconds

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PreviewState:
    """What is listened to right now."""

    path: "Path | None" = None
    """The track; None: nothing was asked for, or it is over."""
    at_s: Seconds = 0.0
    """The second of it that is heard."""
    is_playing: bool = False
    """It sounds; False while it is only being opened."""
    problem: str = ""
    """Why the last one asked for cannot be heard."""
