"""What processes cost, read from /proc."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.bench.figures import MissingPartError
from tests.e2e.program import children_of, command_of

PROC: Final = Path("/proc/self/stat")


def need_proc() -> None:
    """Refuses where the system does not tell what a process costs.

    Raises:
        MissingPartError: there is no /proc.
    """
    if not PROC.exists():
        raise MissingPartError("needs Linux's /proc")


def family(root: int) -> dict[str, int]:
    """A process and its descendants: role (app, player, probe, other …) to process id."""
    found, todo = {"app": root}, [root]
    while todo:
        for child in children_of(todo.pop()):
            todo.append(child)
            found[_role(child, found)] = child
    return found


def _role(pid: int, taken: Mapping[str, int]) -> str:
    command = command_of(pid)
    role = next(
        (role for role in ("player", "probe") if f"nbd_tui.{role}" in command or f".{role}_" in command), "other"
    )
    return role if role not in taken else f"{role} {pid}"


def cpu_s(pids: Iterable[int]) -> float:
    """Processor time used so far, user and system, with that of children that have ended."""
    return sum(_cpu_s(pid) for pid in pids)


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def first_thread_s(pid: int) -> float:
    """Processor time of the thread a process began with, which in the app draws the screen."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="utf-8").split()[0]) / 1e9
    except OSError:
        return 0.0


def memory_mb(pids: Iterable[int]) -> float:
    """Memory of processes together: what they share counts once (PSS)."""
    return sum(_pss_kb(pid) for pid in pids) / 1000


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
