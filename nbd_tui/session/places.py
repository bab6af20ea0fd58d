"""The places for music of a session, and which it is in: a stretch, or the last round from its second wind on."""

from collections.abc import Callable, Sequence

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.engine import Position
from nbd_tui.workout.timeline import Segment


class Places:
    """Owned by the conductor's thread.

    Args:
        segments: of the timeline.
        stretches: of the same (`plan_stretches`).
        wants: of the same (`wants`).
    """

    def __init__(self, segments: Sequence[Segment], stretches: Sequence[Stretch], wants: Sequence[Want]) -> None:
        self._stretches = stretches
        self._wants = wants
        first = {want.stretch: place for place, want in reversed(list(enumerate(wants)))}
        self._first_of = tuple(
            first[number] for number, s in enumerate(stretches) for _ in range(s.first_index, s.last_index + 1)
        )
        self._left_after_s = tuple(
            sum(segment.duration_s or 0.0 for segment in segments[s.last_index + 1 :]) for s in stretches
        )
        self._since: tuple[int, Seconds] | None = None
        """Where the second wind began: segment, and time in it."""

    def __len__(self) -> int:
        return len(self._wants)

    def of_segment(self, segment: int) -> int:
        """The place that a segment begins in."""
        return self._first_of[segment]

    def want(self, place: int) -> Want:
        """What a place asks of its music."""
        return self._wants[place]

    def stretch(self, place: int) -> Stretch:
        """The stretch a place belongs to."""
        return self._stretches[self._wants[place].stretch]

    def second_wind(self, place: int) -> int | None:
        """The place of the second wind in the stretch that a place begins; None where it has none inside."""
        later = place + 1
        is_inside = later < len(self._wants) and self._wants[later].stretch == self._wants[place].stretch
        return later if is_inside else None

    def at(self, position: Position, is_ready: Callable[[int], bool]) -> int:
        """The place a session is in; once a second wind has begun, it lasts to the end of its stretch.

        Args:
            position: of the session.
            is_ready: whether a second wind has music that comes in with a drop; without, it is left out.
        """
        first = self._first_of[position.segment.index]
        second = self.second_wind(first)
        here = (position.segment.index, position.elapsed_s)
        if second is None or (self._since is not None and here < self._since):
            self._since = None
        if second is None:
            return first
        is_due = self._left_s(first, position) <= self._wants[second].length_s
        if self._since is None and is_due and is_ready(second):
            self._since = here
        return first if self._since is None else second

    def _left_s(self, place: int, position: Position) -> Seconds:
        """Of the stretch that runs."""
        return position.total_remaining_s - self._left_after_s[self._wants[place].stretch]
