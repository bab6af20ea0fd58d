"""The map between the stream's frames and the clock, as the side that schedules sees it."""

from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames, Monotonic


class ClockMap:
    """The newest pair and a nominal rate: good to 0.4 ms 2 s beyond the pair on a card 200 ppm off. One thread's own.

    A card's clock drifts against the system's, so whatever is scheduled by `frame_at` must be scheduled anew once the
    map has moved: call `settle` when scheduling, and schedule again as soon as `moved_since` says so.
    """

    def __init__(self, pair: ClockPair | None = None) -> None:
        self._pair = pair or ClockPair(0, 0.0)
        self._settled = self._pair
        self._rendered: Frames = self._pair.frame
        self._rendered_at: Monotonic = self._pair.at

    @property
    def pair(self) -> ClockPair:
        """The newest pair."""
        return self._pair

    def update(self, pair: ClockPair) -> None:
        """A newer pair."""
        self._pair = pair

    def note_rendered(self, frame: Frames, now: Monotonic) -> None:
        """The player said that at `now` it had rendered everything before `frame`."""
        self._rendered, self._rendered_at = frame, now

    def frame_at(self, at: Monotonic) -> Frames:
        """The frame heard at `at`."""
        return self._pair.frame + round((at - self._pair.at) * RATE)

    def time_of(self, frame: Frames) -> Monotonic:
        """When `frame` is heard."""
        return self._pair.at + (frame - self._pair.frame) / RATE

    def earliest_unrendered(self, now: Monotonic) -> Frames:
        """The first frame that the player, going on at the nominal rate, has not rendered at `now`."""
        return self._rendered + max(0, round((now - self._rendered_at) * RATE))

    def settle(self) -> None:
        """What lies ahead is being scheduled by the map as it is now."""
        self._settled = self._pair

    def moved_since(self, tolerance: Frames) -> bool:
        """Whether frames are now heard more than `tolerance` away from where they were at the last `settle`."""
        return abs(self.frame_at(self._settled.at) - self._settled.frame) > tolerance
