"""What the engine says has happened, as data; `at` is the clock time at which it was due, not when it was noticed."""

from dataclasses import dataclass
from enum import StrEnum

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.timeline import Cue, Segment


class EndReason(StrEnum):
    """Why a segment was left."""

    TIME = "time"
    DONE = "done"
    SKIPPED = "skipped"
    BACK = "back"
    UNDONE = "undone"
    """The skip that led here was taken back."""
    RESTARTED = "restarted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The workout began (also after a restart)."""

    at: Monotonic


@dataclass(frozen=True, slots=True)
class SessionRestored:
    """A workout that was interrupted is taken up where it stood, paused; the phase it stood in is started next."""

    at: Monotonic
    worked_s: Seconds
    paused_s: Seconds


@dataclass(frozen=True, slots=True)
class SegmentStarted:
    """A phase began; `visit` counts every entering of a phase, from 1 and on through restarts, and so names it."""

    at: Monotonic
    segment: Segment
    visit: int
    elapsed_s: Seconds = 0.0
    """Where in the phase it goes on: more than 0 only after an undone skip, or in a restored session."""


@dataclass(frozen=True, slots=True)
class SegmentEnded:
    """A phase was left."""

    at: Monotonic
    segment: Segment
    visit: int
    reason: EndReason


@dataclass(frozen=True, slots=True)
class CueDue:
    """A cue's time has come. `key` is the one `Engine.upcoming` gave it."""

    at: Monotonic
    segment: Segment
    cue: Cue
    key: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock of the workout stands still, until it is resumed, restarted or finished."""

    at: Monotonic


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on; `paused_s` is the length of this pause."""

    at: Monotonic
    paused_s: Seconds


@dataclass(frozen=True, slots=True)
class TimeAdded:
    """The running phase was made longer (or shorter); `added_s` is what was really added."""

    at: Monotonic
    added_s: Seconds
    remaining_s: Seconds


@dataclass(frozen=True, slots=True)
class SessionFinished:
    """The last phase is over (`completed`), or the session was stopped before."""

    at: Monotonic
    completed: bool


Event = (
    SessionStarted
    | SessionRestored
    | SegmentStarted
    | SegmentEnded
    | CueDue
    | Paused
    | Resumed
    | TimeAdded
    | SessionFinished
)
