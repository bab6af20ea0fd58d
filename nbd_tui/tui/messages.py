"""What screens tell the app."""

from dataclasses import dataclass

from textual.message import Message

from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.store.presets import LoadedPreset


@dataclass
class StartWorkout(Message):
    """The user wants this workout now."""

    preset: LoadedPreset


@dataclass
class WorkoutOver(Message):
    """The session on the screen has come to its end, or was ended."""

    snapshot: SessionSnapshot


@dataclass
class LeaveSummary(Message):
    """Back to Home."""
