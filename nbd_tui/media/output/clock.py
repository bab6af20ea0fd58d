"""Clocks: the one all processes share, and the estimate of a sound card's own."""

import sys
import time
from collections.abc import Callable
from typing import Final, TypeAlias

from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

Clock: TypeAlias = Callable[[], Monotonic]

MONOTONIC: Final[Clock] = time.perf_counter if sys.platform == "win32" else time.monotonic
"""The same clock in every process of the machine. Windows' `time.monotonic` has steps of 15.6 ms before Python 3.13."""

SETTLING: Final[Seconds] = 2.0
"""For so long after the first request the least late one says where the line is; from then on its height is kept."""

MOST_IN_HAND: Final = 4.0
"""Times the usual latency: more between the first request and the line of the others means that the card was asleep."""

LATE: Final[Seconds] = 0.0015
"""Requests are taken to be on the line, or late by chance, up to so far off it (they scatter by 0.2 ms)."""

MOVED_EARLIER: Final = 2
"""So many requests in a row before the line: the card asks earlier now."""

MOVED_LATER: Final[Seconds] = 1.0
"""No request on the line for so long: the card asks later now."""

STEP: Final[Seconds] = 0.025
"""A move by more means that the card has lost (or swallowed) frames; by less, that it asks with more (or less) in hand:
after a stall, PulseAudio was seen to ask up to 20 ms earlier or later for minutes, while nothing of it is heard."""

TRUST: Final = (0.002 / 150e-6) ** 2
"""(Usual error of the line / usual drift of a card)², in s²: until the line is long, the drift counts as 0."""

MAX_DRIFT: Final = 500e-6
"""No sound card is further off."""

EARLIER_GAIN: Final = 0.2
LATER_GAIN: Final = 0.02
"""How far the line follows a request beside it: chance makes requests late, never early."""


class _Slope:
    """The slope of many pieces of line that lie at different heights: least squares with a ridge."""

    def __init__(self) -> None:
        self._xx = TRUST
        self._xy = 0.0
        self.begin()

    def begin(self) -> None:
        """A new piece of line begins."""
        self._count = 0
        self._x = self._y = 0.0

    def add(self, x: Seconds, y: Seconds) -> None:
        """A point of the piece, by its distance from the means so far (Welford)."""
        self._count += 1
        off = x - self._x
        self._x += off / self._count
        self._xx += off * (x - self._x)
        self._xy += (x - self._x) * (y - self._y)
        self._y += (y - self._y) / self._count

    def value(self) -> float:
        """Seconds a second."""
        return max(-MAX_DRIFT, min(MAX_DRIFT, self._xy / self._xx))


class DeviceClock:
    """When a card that asks for frames at its own pace makes them heard.

    Requests lie on a line `arrival - x = height + drift * x` (x: frames as nominal seconds), or late of it. What is
    heard lies on another, `lead` above it, which the first request tells: frame 0 is heard when it is asked for,
    whatever the buffer (within 4 ms with PulseAudio; a card begins when it is filled). After a stall a sound server may
    ask with more or less in hand: the line of the requests moves by some milliseconds, and `lead` by as much the other
    way, since what is heard goes on as before. Only when a chunk came so late that nothing was in hand any more, or the
    line moves far, frames were lost, and what is heard moves too. A card without a server before it asks with the same
    in hand at all times: there the line moves only when frames were lost (`step` 0).
    """

    def __init__(
        self, latency: Seconds = 0.0, in_hand: Seconds | None = None, rate: int = RATE, step: Seconds = STEP
    ) -> None:
        """A clock of a stream that has not begun.

        Args:
            latency: From the (least late) request of a frame to its being heard, where the start does not tell it.
            in_hand: How late a request may be before frames are missing; None: as late as its frame is heard.
            rate: Frames a second.
            step: So far the requests may move while what is heard goes on as before.
        """
        self._step = step
        self._latency = self._lead = latency
        self._in_hand = in_hand
        self._taken: Seconds = 0.0
        self._started: Monotonic | None = None
        self._rate = rate
        self._slope = _Slope()
        self._drift = 0.0
        self._frame: Frames = 0
        self._first: Seconds | None = None
        self._x: Seconds = 0.0
        self._height: Seconds = 0.0
        self._on_line: Seconds = 0.0
        self._off_line: list[Seconds] = []
        self._since: Seconds = 0.0
        self._assumed = False
        self.dry = 0
        """How often sound came when nothing was in hand any more, and the requests after it say so too."""

    def start(self, at: Monotonic) -> None:
        """The card asked for frame 0."""
        self._started = at

    def update(self, frame: Frames, arrival: Monotonic) -> None:
        """The card asked, at `arrival`, for a chunk that begins with `frame` (rising from call to call)."""
        x = frame / self._rate
        offset = arrival - x
        if self._first is None:
            self._first = self._on_line = x
            self._height = offset
        else:
            self._height += self._drift * (x - self._x)
        self._frame, self._x = frame, x
        self._follow(offset)
        if self._settling:
            self._lead = self._lead_of_start()
            self._taken = 0.0 if self._in_hand is None else max(0.0, self._lead - self._in_hand)

    def deliver(self, at: Monotonic) -> None:
        """The chunk last asked for was handed over at `at`; too late, when all that was in hand had been heard."""
        lost = at - self._x - self._height - (self._lead - self._taken)
        if self._first is not None and not self._settling and lost > 0.0:
            self._height += lost
            self._assumed = True
            self._begin_line()

    def pair(self) -> ClockPair | None:
        """The newest chunk's first frame and when it is heard; None before the first chunk."""
        return None if self._first is None else ClockPair(self._frame, self._x + self._height + self._lead)

    @property
    def _settling(self) -> bool:
        return self._first is not None and self._x - self._first < SETTLING

    def _lead_of_start(self) -> Seconds:
        lead = self._latency if self._started is None else self._started - self._height
        return lead if 0.0 < lead <= self._latency * MOST_IN_HAND else self._latency

    def _follow(self, offset: Seconds) -> None:
        late = offset - self._height
        if abs(late) <= LATE:
            self._height += late * (EARLIER_GAIN if late < 0 else LATER_GAIN)
            self._slope.add(self._x, offset)
            self._drift = self._slope.value()
            self._on_line = self._x
            self._off_line.clear()
            if self._assumed and self._x - self._since > MOVED_LATER:
                self._assumed = False
                self.dry += 1
            return
        self._off_line.append(late)
        if all(late < 0 for late in self._off_line[-MOVED_EARLIER:]) and len(self._off_line) >= MOVED_EARLIER:
            self._move(max(self._off_line[-MOVED_EARLIER:]))
        elif self._x - self._on_line > MOVED_LATER:
            self._move(min(self._off_line[len(self._off_line) // 2 :]))

    def _move(self, by: Seconds) -> None:
        """The line of the requests goes on elsewhere."""
        self._height += by
        if abs(by) <= self._step:
            self._lead -= by
        self._assumed = False
        self._begin_line()

    def _begin_line(self) -> None:
        self._slope.begin()
        self._on_line = self._since = self._x
        self._off_line.clear()
