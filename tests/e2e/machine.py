"""A witness of the machine: when the processor was taken away from all of us, by the host or by a crowd of processes.

Sound through a short buffer cannot outlive that, whoever plays it, so a recording with
such a moment in it is worth taking again. It excuses nothing: what a test asserts is the same.
"""

import threading
import time
from pathlib import Path
from typing import Final, Self

TICK_S: Final = 0.01
LATE_S: Final = 0.03
"""A wake-up so late is a stall; half of the shortest buffer."""
STOLEN_TICKS: Final = 3
"""Of a hundredth of a second, taken from one core between two looks: the host ran something else."""


class Witness:
    """Watches while it is open: a thread, `witness`, that wants to wake up every 10 ms."""

    def __init__(self) -> None:
        self.stalls: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)

    def __enter__(self) -> Self:
        """Begins to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        at, stolen = time.monotonic(), stolen_ticks()
        while not self._over.wait(TICK_S):
            now, stolen_now = time.monotonic(), stolen_ticks()
            was_stolen = any(b - a >= STOLEN_TICKS for a, b in zip(stolen, stolen_now, strict=False))
            if now - at > TICK_S + LATE_S or was_stolen:
                self.stalls.append(now)
            at, stolen = now, stolen_now


def stolen_ticks() -> list[int]:
    """Per core, the hundredths of a second the host has kept from it; empty where that is not told."""
    try:
        lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    return [int(line.split()[8]) for line in lines if line.startswith("cpu") and line[3].isdigit()]
