"""What listening to one file costs, in a process of its own: `python -m tests.bench.listening FILE TURNS`.

As a worker of the analysis does it, on one thread of numpy (see `measured`). Decoding alone and everything take turns,
so that a machine that is busy with something else slows both.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from nbd_tui.library.probe_child import MEMORY_KEPT, ONE_THREAD_EACH

STATUS = Path("/proc/self/status")


class Cost(NamedTuple):
    """Processor time of the quickest turn, and the memory of it all."""

    seconds: float
    """Length of the music."""
    decoding_cpu_s: float
    everything_cpu_s: float
    peak_mb: float
    """The largest resident memory of the process; not a number where the system keeps none."""

    @property
    def ratio(self) -> float:
        """Everything against the decoding alone."""
        return self.everything_cpu_s / self.decoding_cpu_s


def measured(path: Path, turns: int = 3) -> Cost:
    """The cost of one file; without turns only the memory is of interest."""
    command = [sys.executable, "-m", "tests.bench.listening", str(path), str(turns)]
    environment = os.environ | ONE_THREAD_EACH | MEMORY_KEPT
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return Cost(*json.loads(done.stdout))


def main() -> None:
    """Prints a `Cost`."""
    path, turns = Path(sys.argv[1]), int(sys.argv[2])
    decoding, everything, seconds = [], [], 0.0
    for _ in range(turns):
        decoding.append(_cpu_s(lambda: _decode(path)))
        everything.append(_cpu_s(lambda: _listen(path)))
    seconds = _listen(path)
    lasts = (min(decoding, default=1.0), min(everything, default=1.0))
    print(json.dumps([seconds, *lasts, peak_mb()]))


def _cpu_s(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def _decode(path: Path) -> None:
    from nbd_tui.media.decode import open_stream

    with closing(open_stream(path)) as stream:
        while stream.read(8192) is not None:
            pass


def _listen(path: Path) -> float:
    from nbd_tui.library.analysis import worker  # noqa: F401 - what it imports counts
    from nbd_tui.library.analysis.listen import listen
    from nbd_tui.library.intake import Intake

    with closing(Intake(path, lambda: None)) as intake:
        return listen(intake.chunks()).duration_s


def peak_mb() -> float:
    if not STATUS.exists():
        return float("nan")
    line = next(line for line in STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
