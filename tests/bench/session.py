"""What a running workout costs, all processes together: processor and memory."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.audio_files import noise, write_mp3
from tests.bench.figures import Figure, MissingPartError
from tests.bench.place import Place, let_pass
from tests.bench.processes import cpu_s, family, memory_mb, need_proc
from tests.bench.terminal import LARGE, USUAL, Size, opened
from tests.e2e.program import Gym

PRESET: Final = """
name = "Intervals"
[[blocks]]
repeat = 40
phases = [{ kind = "work", duration = 40 }, { kind = "rest", duration = 20 }]
"""
SETTLED_S: Final = 8.0
"""From then on start-up, probing of the first tracks and the output's settling are over."""

CPU_PERCENT: Final = 8.0
MEMORY_MB: Final = 200.0


@dataclass
class Cost:
    """What a stretch of a workout cost, by process."""

    seconds: float
    cpu_s: dict[str, float]
    memory_mb: dict[str, float]
    bytes_written: int

    def percent(self, role: str) -> float:
        """Share of a core."""
        return 100 * self.cpu_s.get(role, 0.0) / self.seconds

    @property
    def together_percent(self) -> float:
        """Share of a core of all processes."""
        return 100 * sum(self.cpu_s.values()) / self.seconds

    @property
    def by_role(self) -> str:
        """The share of each."""
        return ", ".join(f"{role} {self.percent(role):.1f}" for role in self.cpu_s)


def session_cost(place: Place) -> Iterator[Figure]:
    """All processes of a workout together, per output and size."""
    need_proc()
    seconds = 12.0 if place.quick else 60.0
    try:
        with place.sound_server() as server:
            for output in place.outputs:
                yield from _figures(place, dict(server.env), output, seconds)
    except MissingPartError:
        yield from _figures(place, None, "silent", seconds)


def _figures(place: Place, env: dict[str, str] | None, output: str, seconds: float) -> Iterator[Figure]:
    for size in (USUAL,) if place.quick else (USUAL, LARGE):
        name = f"{output}, {size[0]}×{size[1]}"
        cost = _measure(place.gym(env), mp3_files(place), output, size, seconds)
        yield Figure(f"session CPU, {name}", cost.together_percent, "% core", CPU_PERCENT, note=cost.by_role)
        memory = ", ".join(f"{role} {value:.0f}" for role, value in cost.memory_mb.items())
        yield Figure(f"session memory, {name}", sum(cost.memory_mb.values()), "MB", MEMORY_MB, note=f"PSS: {memory}")
        yield Figure(f"to the terminal, {name}", cost.bytes_written / cost.seconds / 1000, "kB/s")


def _measure(gym: Gym, music: Path, output: str, size: Size, seconds: float) -> Cost:
    gym.preset("intervals", PRESET)
    with opened(gym, "run", "intervals", "--music", str(music), "--output", output, size=size) as terminal:
        terminal.await_text("next")
        let_pass(SETTLED_S)
        processes = family(terminal.pid)
        before, start = {role: cpu_s([pid]) for role, pid in processes.items()}, time.monotonic()
        let_pass(seconds)
        end = time.monotonic()
        return Cost(
            end - start,
            {role: cpu_s([pid]) - before[role] for role, pid in processes.items()},
            {role: memory_mb([pid]) for role, pid in processes.items()},
            len(terminal.written(start, end)),
        )


def mp3_files(place: Place) -> Path:
    """Music as people have it, of the most work for a decoder: noise as MP3. Written once."""
    folder = place.scratch / "mp3"
    if not folder.exists():
        folder.mkdir()
        for number in range(2):
            write_mp3(folder / f"{number}.mp3", noise(60 if place.quick else 120, seed=number))
    return folder
