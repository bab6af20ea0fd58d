"""Clocks: the one all processes share, and the estimate of a sound card's own."""

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds

Clock: TypeAlias = Callable[[], Monotonic]

MONOTONIC: Final[Clock] = time.perf_counter if sys.platform == "win32" else time.monotonic
"""The same clock in every process of the machine. Windows' `time.monotonic` has steps of 15.6 ms before Python 3.13."""

BUCKET: Final[Seconds] = 0.5
"""A chunk's request may be late, so of every half second only the earliest counts."""

WINDOW: Final = 240
"""Buckets looked at: two minutes. Where a sound server's blocks are of another size than ours, its requests come up to
20 ms late in a sawtooth of 10 to 60 s (measured with PulseAudio); a shorter window takes that for drift."""

SLOPE_TRUST: Final = (0.010 / 150e-6) ** 2
"""(Usual error of a bucket / usual drift of a card)², in s²: until the buckets know better, the drift counts as 0."""

MAX_DRIFT: Final = 500e-6
"""No sound card is further off."""

STEP: Final[Seconds] = 0.025
"""Two buckets in a row so far off the line mean that the card has lost (or swallowed) frames: a new line begins."""


class _Point(NamedTuple):
    """A chunk's first frame as nominal seconds, and how far its arrival is off that."""

    x: Seconds
    offset: Seconds


class _Window:
    """The last points and the sums over them that a least-squares line needs."""

    def __init__(self) -> None:
        self._points: deque[_Point] = deque()
        self._x = self._y = self._xx = self._xy = 0.0
        self._origin = _Point(0.0, 0.0)

    def __bool__(self) -> bool:
        return bool(self._points)

    def clear(self) -> None:
        self._points.clear()
        self._x = self._y = self._xx = self._xy = 0.0

    def add(self, point: _Point) -> None:
        if not self._points:
            self._origin = point
        self._points.append(point)
        self._count(point, 1)
        if len(self._points) > WINDOW:
            self._count(self._points.popleft(), -1)

    def line(self) -> tuple[float, Seconds]:
        """Slope (by least squares with a ridge) and height at x = 0, such that no point lies below the line."""
        count = len(self._points)
        x, y = self._x / count, self._y / count
        slope = (self._xy - count * x * y) / (self._xx - count * x * x + SLOPE_TRUST)
        slope = max(-MAX_DRIFT, min(MAX_DRIFT, slope))
        return slope, min(point.offset - slope * point.x for point in self._points)

    def _count(self, point: _Point, sign: int) -> None:
        x, y = point.x - self._origin.x, point.offset - self._origin.offset
        self._x += sign * x
        self._y += sign * y
        self._xx += sign * x * x
        self._xy += sign * x * y


class DeviceClock:
    """When a card that asks for frames at its own pace makes them heard.

    A line `arrival - x = height + drift * x` (x: frames as nominal seconds) along the lower edge of the earliest
    requests of each half second, over two minutes, sloped by least squares: a request comes late, never early.
    """

    def __init__(self, latency: Seconds = 0.0, rate: int = RATE) -> None:
        """`latency`: from the (least late) request of a frame to its being heard."""
        self._latency = latency
        self._rate = rate
        self._buckets = _Window()
        self._earliest: _Point | None = None
        self._bucket_end: Seconds = 0.0
        self._frame: Frames = 0
        self._height: Seconds = 0.0
        self._drift = 0.0
        self._strays = 0

    @property
    def drift(self) -> float:
        """How much slower than the clock the card runs: 200e-6 is 200 ppm."""
        return self._drift

    def update(self, frame: Frames, arrival: Monotonic) -> None:
        """The card asked, at `arrival`, for a chunk that begins with `frame` (rising from call to call)."""
        x = frame / self._rate
        point = _Point(x, arrival - x)
        self._frame = frame
        if self._earliest is None or x >= self._bucket_end:
            self._close_bucket()
            self._earliest, self._bucket_end = point, x + BUCKET
        elif point.offset < self._earliest.offset:
            self._earliest = point
        if not self._buckets:
            self._height = self._earliest.offset

    def pair(self) -> ClockPair | None:
        """The newest chunk's first frame and when it is heard; None before the first chunk."""
        if self._earliest is None:
            return None
        x = self._frame / self._rate
        return ClockPair(self._frame, x + self._line(x) + self._latency)

    def _line(self, x: Seconds) -> Seconds:
        return self._height + self._drift * x

    def _close_bucket(self) -> None:
        if (point := self._earliest) is None:
            return
        astray = self._buckets and abs(point.offset - self._line(point.x)) > STEP
        self._strays = self._strays + 1 if astray else 0
        if self._strays == 1:
            return
        if self._strays:
            self._buckets.clear()
            self._strays = 0
        self._buckets.add(point)
        self._drift, self._height = self._buckets.line()
