"""What was really trained: the rounds that came to their end."""

from collections.abc import Iterable

from nbd_tui.workout.events import EndReason, Event, SegmentEnded, SessionStarted
from nbd_tui.workout.phase import PhaseKind

FULL = frozenset({EndReason.TIME, EndReason.DONE})
"""Ends of a phase that was carried through."""

UNDOABLE = frozenset({EndReason.SKIPPED, EndReason.DONE})


class Tally:
    """Counts each work phase once, however often one goes back to it; what was skipped, or undone, does not."""

    def __init__(self, done: Iterable[int] = ()) -> None:
        """A tally that begins with the rounds `done` before an interruption (indices of segments)."""
        self._done: set[int] = set(done)
        self._left: list[int | None] = []
        """What each skip and done that can be undone has added; None for nothing."""

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
            elif isinstance(event, SegmentEnded):
                self._end(event)

    def _end(self, event: SegmentEnded) -> None:
        if event.reason is EndReason.UNDONE:
            self._done -= {self._left.pop()} if self._left else set()
            return
        index = event.segment.index
        counts = event.segment.kind is PhaseKind.WORK and event.reason in FULL and index not in self._done
        if counts:
            self._done.add(index)
        if event.reason in UNDOABLE:
            self._left.append(index if counts else None)
        else:
            self._left.clear()
