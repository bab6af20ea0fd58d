"""Where a session stood, as little as is needed to go on from there: what a journal keeps."""

from dataclasses import dataclass

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One moment of a session, in terms of its timeline; skips that could be undone are not part of it."""

    index: int
    """Of the running segment."""
    elapsed_s: Seconds
    """Of the running phase."""
    duration_s: Seconds | None
    """Of the running phase with added time; None in an open one."""
    worked_s: Seconds
    """Time of the workout without the pauses."""
    paused_s: Seconds
    """All pauses, the present one included."""
    done: frozenset[int] = frozenset()
    """Segments that are rounds carried through; the engine does not count them, but their session does."""

    def fits(self, timeline: Timeline) -> bool:
        """Whether a session of this timeline can have stood there: anything may lie in a file."""
        segments = timeline.segments
        if not 0 <= self.index < len(segments) or min(self.elapsed_s, self.worked_s, self.paused_s) < 0:
            return False
        if (self.duration_s is None) != (segments[self.index].duration_s is None):
            return False
        if self.duration_s is not None and self.elapsed_s >= self.duration_s:
            return False
        return all(0 <= one < len(segments) and segments[one].kind is PhaseKind.WORK for one in self.done)
