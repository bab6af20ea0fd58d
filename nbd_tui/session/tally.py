"""What was really trained: the rounds that came to their end."""

from collections.abc import Iterable

from nbd_tui.workout.events import EndReason, Event, SegmentEnded, SessionStarted
from nbd_tui.workout.phase import PhaseKind

FULL = frozenset({EndReason.TIME, EndReason.DONE})
"""Ends of a phase that was carried through."""


class Tally:
    """Counts each work phase once, however often one goes back to it; what was skipped does not count."""

    def __init__(self, done: Iterable[int] = ()) -> None:
        """A tally that begins with the rounds `done` before an interruption (indices of segments)."""
        self._done: set[int] = set(done)

    @property
    def rounds_done(self) -> int:
        """Since the start, or the last restart."""
        return len(self._done)

    @property
    def done(self) -> frozenset[int]:
        """Which ones: indices of segments."""
        return frozenset(self._done)

    def take(self, events: Iterable[Event]) -> None:
        """What the engine says has happened."""
        for event in events:
            if isinstance(event, SessionStarted):
                self._done.clear()
            elif isinstance(event, SegmentEnded) and event.segment.kind is PhaseKind.WORK and event.reason in FULL:
                self._done.add(event.segment.index)
