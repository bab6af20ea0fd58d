"""What screens tell the app."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from nbd_tui.store.presets import LoadedPreset

if TYPE_CHECKING:  # Home is painted without the engine
    from nbd_tui.session.kept import Interruption
    from nbd_tui.session.script import Script
    from nbd_tui.session.snapshot import SessionSnapshot


@dataclass
class StartWorkout(Message):
    """The user wants this workout now."""

    preset: LoadedPreset
    script: "Script | None" = None
    """The tracks that were decided on; None: the session chooses."""


class Loaded(Message):
    """What is needed behind the first screen is imported."""


@dataclass
class PlanWorkout(Message):
    """The user wants to see the plan of this workout."""

    preset: LoadedPreset


@dataclass
class ResumeWorkout(Message):
    """The user wants to go on with this session."""

    found: "Interruption"


@dataclass
class InterruptedDone(Message):
    """No interrupted session is left to ask about, or the user wants to be asked another time."""


@dataclass
class WorkoutOver(Message):
    """The session on the screen has come to its end, or was ended."""

    snapshot: "SessionSnapshot"


@dataclass
class LeaveSummary(Message):
    """Back to Home."""
