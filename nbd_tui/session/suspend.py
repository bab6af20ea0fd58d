"""How long the machine has slept, told by two clocks that differ only in that; the wall clock has no say in it."""

import sys
import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from nbd_tui.model.units import Seconds

SuspendClock: TypeAlias = Callable[[], Seconds]
"""Seconds spent asleep since some fixed moment."""

SLEPT_S: Final[Seconds] = 1.0
"""Less is no sleep."""

TOGETHER_S: Final[Seconds] = 0.005
"""Two clocks count as read at once when the first of them reads no later than this, read again after the second."""

TRIES: Final = 50

_TICKS_PER_S: Final = 10_000_000
"""Windows counts interrupt time in units of 100 ns."""


def suspend_clock(
    platform: str = sys.platform,
    clocks: Any = time,  # noqa: ANN401  a module
    library: Callable[[str], Any] | None = None,
) -> SuspendClock:
    """The clock of this system; one that stands still where there are no two clocks to tell it by.

    Linux: BOOTTIME runs in a suspend, MONOTONIC does not. macOS: MONOTONIC_RAW and UPTIME_RAW. Windows: interrupt time
    and unbiased interrupt time.

    Args:
        platform: as `sys.platform` has it.
        clocks: the module `time`, or what stands in for it.
        library: gives one of Windows' libraries by its name; None: `ctypes.WinDLL`.
    """
    try:
        clock = _clock_of(platform, clocks, library)
        clock()
    except (OSError, AttributeError):  # a kernel, or a Windows, that is older than the clock, or a sandbox
        return lambda: 0.0
    return clock


def _clock_of(platform: str, clocks: Any, library: Callable[[str], Any] | None) -> SuspendClock:  # noqa: ANN401
    if platform == "win32":
        return _windows_clock(library)
    names = {"linux": ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"), "darwin": ("CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW")}
    always, awake = (getattr(clocks, name, None) for name in names.get(platform, ("", "")))
    if always is None or awake is None:
        return lambda: 0.0
    return difference(lambda: clocks.clock_gettime(always), lambda: clocks.clock_gettime(awake))


def difference(always: Callable[[], Seconds], awake: Callable[[], Seconds]) -> SuspendClock:
    """A clock that reads `always` less `awake`.

    Both are read until they are read at once: a program that was held up between the two has not slept.
    """

    def slept_s() -> Seconds:
        before, there, after = awake(), always(), awake()
        for _ in range(TRIES):
            if after - before <= TOGETHER_S:
                break
            before, there, after = awake(), always(), awake()
        return there - (before + after) / 2

    return slept_s


class SleepWatch:
    """Finds out that the machine has slept. Used by one thread."""

    def __init__(self, clock: SuspendClock) -> None:
        self._clock = clock
        self._slept_s = clock()

    def slept_s(self) -> Seconds:
        """How long since the last call; 0 when it has not."""
        before, self._slept_s = self._slept_s, self._clock()
        slept_s = self._slept_s - before
        return slept_s if slept_s >= SLEPT_S else 0.0


def _windows_clock(library: Callable[[str], Any] | None) -> SuspendClock:
    import ctypes

    open_library = library or getattr(ctypes, "WinDLL")  # noqa: B009  other systems' ctypes has none

    def reading(query: Callable[[Any], object]) -> Callable[[], Seconds]:
        def read() -> Seconds:
            ticks = ctypes.c_ulonglong()
            query(ctypes.byref(ticks))
            return ticks.value / _TICKS_PER_S

        return read

    return difference(
        reading(open_library("kernelbase").QueryInterruptTime),
        reading(open_library("kernel32").QueryUnbiasedInterruptTime),
    )


def in_words(slept_s: Seconds) -> str:
    """`12 min`, for people: seconds under a minute, minutes under an hour."""
    if slept_s < 60:
        return f"{slept_s:.0f} s"
    minutes = round(slept_s / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
