"""Sleep is told by two clocks that differ only in suspend, on each system by its own."""

import ctypes
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.session.suspend import SLEPT_S, SleepWatch, difference, in_words, suspend_clock


class Machine:
    """A machine that is awake or asleep, and its clocks; the one on the wall can be set."""

    CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_UPTIME_RAW = range(4)

    def __init__(self) -> None:
        self.awake_s = 1000.0
        self.asleep_s = 50.0
        self.wall_s = 1e9

    def work(self, seconds: float) -> None:
        self.awake_s += seconds
        self.wall_s += seconds

    def sleep(self, seconds: float) -> None:
        self.asleep_s += seconds
        self.wall_s += seconds

    def clock_gettime(self, clock: int) -> float:
        always = clock in {self.CLOCK_BOOTTIME, self.CLOCK_MONOTONIC_RAW}
        return self.awake_s + (self.asleep_s if always else 0.0)

    def library(self, name: str) -> SimpleNamespace:
        if name == "kernelbase":
            return SimpleNamespace(QueryInterruptTime=self._put(self.CLOCK_BOOTTIME))
        return SimpleNamespace(QueryUnbiasedInterruptTime=self._put(self.CLOCK_MONOTONIC))

    def _put(self, clock: int) -> Callable[[object], None]:
        """As Windows does it: a number of 100 ns through a pointer."""

        def query(ticks: object) -> None:
            number = ctypes.c_ulonglong(round(self.clock_gettime(clock) * 10**7))
            ctypes.memmove(ticks, ctypes.byref(number), ctypes.sizeof(number))  # type: ignore[arg-type]

        return query


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_only_sleep_counts(platform: str) -> None:
    machine = Machine()
    watch = SleepWatch(suspend_clock(platform, machine, machine.library))
    machine.work(3600)
    assert watch.slept_s() == 0
    machine.wall_s += 86_400
    machine.work(0.05)
    assert watch.slept_s() == 0, "somebody has set the clock"
    machine.sleep(720)
    assert watch.slept_s() == pytest.approx(720)
    assert watch.slept_s() == 0, "told once"
    machine.sleep(SLEPT_S / 2)
    assert watch.slept_s() == 0


@pytest.mark.parametrize("platform", ["sunos5", "freebsd14", "emscripten"])
def test_where_there_are_no_two_clocks_nothing_ever_slept(platform: str) -> None:
    watch = SleepWatch(suspend_clock(platform, Machine()))
    assert watch.slept_s() == 0


def test_an_old_system_without_the_clocks_never_slept() -> None:
    assert suspend_clock("linux", SimpleNamespace())() == 0.0


def test_a_system_that_names_a_clock_and_has_none_never_slept() -> None:
    def refuse(_: int) -> float:
        raise OSError(22, "Invalid argument")

    clocks = SimpleNamespace(CLOCK_BOOTTIME=7, CLOCK_MONOTONIC=1, clock_gettime=refuse)
    assert suspend_clock("linux", clocks)() == 0.0


def test_a_windows_older_than_the_clock_never_slept() -> None:
    assert suspend_clock("win32", SimpleNamespace(), lambda _: SimpleNamespace())() == 0.0


@given(st.lists(st.tuples(st.sampled_from(["work", "hold", "sleep"]), st.floats(0.0, 100.0)), max_size=30))
def test_a_program_that_is_held_up_between_two_readings_has_not_slept(steps: list[tuple[str, float]]) -> None:
    """As by SIGSTOP, or by a machine with too much to do."""
    machine = Machine()
    held: list[float] = []

    def always() -> float:
        now = machine.awake_s + machine.asleep_s
        machine.work(held.pop() if held else 0.0)
        return now

    watch = SleepWatch(difference(always, lambda: machine.awake_s))
    for what, seconds in steps:
        if what == "hold":
            held.append(seconds)
        else:
            getattr(machine, what)(seconds)
        found = watch.slept_s()
        slept = seconds if what == "sleep" and seconds >= SLEPT_S else 0.0
        assert found == pytest.approx(slept, abs=0.02) or abs(seconds - SLEPT_S) < 0.02


@pytest.mark.skipif(sys.platform not in {"linux", "darwin", "win32"}, reason="no two clocks here")
def test_the_real_clocks_agree_while_nobody_sleeps() -> None:
    clock = suspend_clock()
    assert clock() == pytest.approx(clock(), abs=0.1)


@pytest.mark.parametrize(
    ("slept_s", "words"), [(1.2, "1 s"), (45, "45 s"), (61, "1 min"), (720, "12 min"), (4000, "1 h 07 min")]
)
def test_its_length_in_words(slept_s: float, words: str) -> None:
    assert in_words(slept_s) == words
