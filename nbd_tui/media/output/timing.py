"""When a sound server that tells how far it is makes frames heard."""

from collections import deque
from typing import Final

from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

KEPT: Final = 9
"""So many of the newest answers are looked at. What they tell is true of the moment in which the server looked, and the
time beside it may be a later one, where it stood still or (PipeWire) looks only once a cycle: so the earliest count."""

ODD: Final = 1
"""Of the earliest so many are left out."""

AGREED: Final = 3
ALIKE: Final[Seconds] = 0.004
"""A stream that has settled is told of within so much."""

ENOUGH: Final = 60
"""After so many answers a device that is never told of alike counts as settled too: better inexact than silent."""


class TimingClock:
    """The line `heard at = height + frame / rate` through what the server says. Pure."""

    def __init__(self, rate: int = RATE) -> None:
        self._rate = rate
        self._heights: deque[Seconds] = deque(maxlen=KEPT)
        self._height: Seconds | None = None
        self._answers = 0

    def note(self, frame: Frames, at: Monotonic) -> None:
        """The server said that `frame` was heard at `at`."""
        self._heights.append(at - frame / self._rate)
        self._answers += 1
        self._height = self._earliest()

    @property
    def is_steady(self) -> bool:
        """The last answers agree: the device runs."""
        last = list(self._heights)[-AGREED:]
        return self._answers >= ENOUGH or (len(last) == AGREED and max(last) - min(last) < ALIKE)

    def begin(self) -> None:
        """What was said so far is of no use: the device was only waking up."""
        last = list(self._heights)[-AGREED:]
        self._heights.clear()
        self._heights.extend(last)
        self._height = self._earliest()

    def heard_at(self, frame: Frames) -> Monotonic | None:
        """When `frame` is heard; None before the first answer."""
        return None if self._height is None else self._height + frame / self._rate

    def pair(self, frame: Frames) -> ClockPair | None:
        """`frame` and when it is heard."""
        at = self.heard_at(frame)
        return None if at is None else ClockPair(frame, at)

    def _earliest(self) -> Seconds | None:
        return sorted(self._heights)[min(ODD, len(self._heights) - 1)] if self._heights else None
