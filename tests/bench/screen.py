"""What the screen of a workout costs: processor, bytes to the terminal; how soon it answers a key."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.bench.figures import Figure, median
from tests.bench.place import Place, let_pass
from tests.bench.processes import first_thread_s, need_proc
from tests.bench.session import PRESET, SETTLED_S, mp3_files
from tests.bench.terminal import LARGE, USUAL, Size, Terminal, opened

CPU_PERCENT: Final = 3.0
KB_PER_S: Final = 4.0
"""At the usual size: what a bad SSH line carries."""

ECHO_MS: Final = 50.0


def screen_cost(place: Place) -> Iterator[Figure]:
    """The thread that draws the screen, and what it writes, over work and rest."""
    need_proc()
    for size in (USUAL, LARGE):
        with _workout(place, size) as terminal:
            let_pass(SETTLED_S)
            before, start = first_thread_s(terminal.pid), time.monotonic()
            let_pass(12.0 if place.quick else 60.0)
            end = time.monotonic()
            share = 100 * (first_thread_s(terminal.pid) - before) / (end - start)
            written = len(terminal.written(start, end)) / (end - start) / 1000
        yield Figure(f"screen CPU, {_shown(size)}", share, "% core", CPU_PERCENT, note="the app's first thread")
        yield Figure(f"to the terminal, {_shown(size)}", written, "kB/s", KB_PER_S if size == USUAL else None)


def key_to_echo(place: Place) -> Iterator[Figure]:
    """From a key to its answer on the screen."""
    need_proc()
    for size in (USUAL,) if place.quick else (USUAL, LARGE):
        with _workout(place, size) as terminal:
            let_pass(3.0)
            samples = [_answered_ms(terminal, number) for number in range(6 if place.quick else 20)]
        yield median(f"key to its echo, {_shown(size)}", samples, "ms", ECHO_MS)


@contextmanager
def _workout(place: Place, size: Size) -> Iterator[Terminal]:
    """A workout on the screen, silent: no sound takes the processor away."""
    gym, music = place.gym(), str(mp3_files(place))
    gym.preset("intervals", PRESET)
    with opened(gym, "run", "intervals", "--music", music, "--output", "silent", size=size) as terminal:
        terminal.await_text("next")
        yield terminal


def _answered_ms(terminal: Terminal, number: int) -> float:
    let_pass(0.7 + 0.03 * (number % 7))
    since = terminal.press("m")
    return 1000 * (terminal.await_text("music off" if number % 2 == 0 else "music 70", since) - since)


def _shown(size: Size) -> str:
    return f"{size[0]}×{size[1]}"
