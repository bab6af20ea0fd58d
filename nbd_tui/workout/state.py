"""Where a session stands, as one small frozen value: all an engine needs to go on, and all a journal has to keep.

Two time axes meet here. The *clock* is the injected monotonic one. The *workout time* is the clock less the start and
all pauses; phases and cues are anchored to it, so that a pause moves nothing. Both are counted in whole microseconds:
sums are then exact, and it makes no difference in how many steps a time is reached.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.workout.timeline import Cue

Micros: TypeAlias = int
"""A length or a point in microseconds."""


def to_us(seconds: Seconds) -> Micros:
    """The nearest whole number of microseconds."""
    return round(seconds * 1_000_000)


def to_s(micros: Micros) -> Seconds:
    """`micros` in seconds."""
    return micros / 1_000_000


class EngineState(StrEnum):
    """Whether the workout's time runs."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ArmedCue:
    """A cue that has a time but has not come due."""

    due_us: Micros
    """Workout time."""
    slot: int
    """Its place in the segment's cues; one past them for the cue of a phase entered where none is planned."""
    cue: Cue
    key: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A phase that was left by skip or done, as it was; `undo_skip` goes back there."""

    index: int
    elapsed_us: Micros
    duration_us: Micros | None
    pending: frozenset[int]
    """Slots of the cues that were still armed."""
    sounded: frozenset[int]
    before: "Skipped | None"
    """The one before it, where nothing else lies between."""


@dataclass(frozen=True, slots=True)
class EngineData:
    """One moment of a session; every command and every phase change makes a new one."""

    state: EngineState = EngineState.IDLE
    began_us: Micros = 0
    """Clock time of the start."""
    paused_us: Micros = 0
    """Length of all pauses that are over."""
    halted_us: Micros | None = 0
    """Clock time at which the workout time came to stand; None while it runs."""
    visit: int = 0
    index: int = 0
    entered_us: Micros = 0
    """Workout time at which the running phase had its 0:00."""
    duration_us: Micros | None = None
    """Of the running phase, with added time; None in an open one."""
    armed: tuple[ArmedCue, ...] = ()
    """Cues of the running phase still to come, in order."""
    sounded: frozenset[int] = field(default=frozenset())
    """Slots of the cues of this visit that have come due."""
    revision: int = 0
    """Counts the changes that moved cues to come to a later or earlier workout time; part of their keys."""
    skipped: Skipped | None = None
    completed: bool = False

    @property
    def offset_us(self) -> Micros:
        """What to add to a workout time to get the clock time, while it runs."""
        return self.began_us + self.paused_us

    @property
    def end_us(self) -> Micros | None:
        """Workout time at which the running phase ends by itself."""
        return None if self.duration_us is None else self.entered_us + self.duration_us

    def worked_us(self, clock_us: Micros) -> Micros:
        """The workout time at `clock_us`."""
        return (clock_us if self.halted_us is None else self.halted_us) - self.offset_us
