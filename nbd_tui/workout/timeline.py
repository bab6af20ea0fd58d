"""The timeline: a preset compiled to segments and cues, as data."""

from dataclasses import dataclass
from enum import StrEnum

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind


class CueKind(StrEnum):
    """What a cue tells the person; which sound that is, the session decides."""

    ROUND_START = "round-start"
    """Work begins: the bell."""
    ROUND_END = "round-end"
    """Work is over: the bell."""
    PHASE_START = "phase-start"
    """Another phase begins where no bell marks the change."""
    CLAPPER = "clapper"
    """Ten seconds of work left."""
    COUNTDOWN = "countdown"
    """3, 2, 1 before the next phase, and before the finish."""
    HALFWAY = "halfway"
    """Half of the work is done."""
    FINISH = "finish"
    """The whole workout is over; sounds in place of the last bell."""


class Anchor(StrEnum):
    """What a cue's offset counts from."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue of one segment, `offset_s` after its anchor (negative: before it)."""

    kind: CueKind
    anchor: Anchor
    offset_s: Seconds = 0.0
    number: int = 0
    """3, 2 or 1 of a countdown."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One phase of the workout, in its place."""

    index: int
    kind: PhaseKind
    label: str
    start_s: Seconds
    """Planned, from the start of the workout, open phases before it counted as 0."""
    duration_s: Seconds | None
    """None: open, until the user presses done."""
    round: int | None = None
    """Of `rounds`, 1-based; numbers the work phases of the workout (of the set, where there are sets)."""
    rounds: int | None = None
    set: int | None = None
    sets: int | None = None
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole workout."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def total_s(self) -> Seconds:
        """Length of all phases of known length."""
        return sum(segment.duration_s or 0.0 for segment in self.segments)

    @property
    def has_open(self) -> bool:
        """Some phase lasts until the user ends it."""
        return any(segment.duration_s is None for segment in self.segments)
