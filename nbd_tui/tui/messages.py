"""What screens tell the app."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from nbd_tui.store.presets import LoadedPreset

if TYPE_CHECKING:  # Home is painted without the engine
    from nbd_tui.session.snapshot import SessionSnapshot


@dataclass
class StartWorkout(Message):
    """The user wants this workout now."""

    preset: LoadedPreset


@dataclass
class WorkoutOver(Message):
    """The session on the screen has come to its end, or was ended."""

    snapshot: "SessionSnapshot"


@dataclass
class LeaveSummary(Message):
    """Back to Home."""
