"""The parent's end of one worker of the analysis: a file in, what was heard in it out."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from nbd_tui.library.fault import Fault
from nbd_tui.library.hearing_message import from_message
from nbd_tui.library.probe_child import STALL_S, ChildFailedError, GaveWayError, ProbeChild
from nbd_tui.media.child import python_command
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.sound import Sound
from nbd_tui.model.units import Frames, Monotonic, Seconds
from nbd_tui.store.hearings import MOST_TRIES

LIMIT_S: Final[Seconds] = 60.0
LIMIT_PER_S: Final = 1.0
"""A file may take so long, and so much longer for each second of it; a thousandth of that is usual."""
_BYTES_PER_S: Final = 4000
"""What files of unknown length are taken to have at least (32 kbit/s)."""

_STARTS: Final = 3
_ENDED_TWICE: Final = 2


class Heard(NamedTuple):
    """A file was decoded to its end."""

    sound: Sound
    hearing: Hearing | None
    """None: the sound was known."""


class Failed(NamedTuple):
    """A file could not be heard."""

    reason: str
    tries: int
    """For how many tries this counts; `MOST_TRIES` says it all."""


class NoWorker(NamedTuple):
    """The worker does not start; no file can be heard."""

    reason: str


Outcome: TypeAlias = Heard | Failed | NoWorker
Known: TypeAlias = Callable[[bytes], Sequence[Frames]]
"""The lengths of the known sounds that begin with a head."""


def analysis_command(cache: Path, scratch: Path) -> list[str]:
    """How to start `analysis.worker`."""
    return python_command("nbd_tui.library.analysis.worker", str(cache), str(scratch))


def limit_s(duration_s: Seconds | None, size: int) -> Seconds:
    """How long a file may take on the clock, by its length, else by its size in bytes."""
    return LIMIT_S + LIMIT_PER_S * (size / _BYTES_PER_S if duration_s is None else duration_s)


class Listener:
    """One worker and what becomes of its files.

    Owned by one thread; only `stop` may be called from another.
    """

    def __init__(
        self, command: Sequence[str], *, stall_s: Seconds = STALL_S, clock: Callable[[], Monotonic] = time.monotonic
    ) -> None:
        self._child = ProbeChild(command, stall_s, clock)
        self._clock = clock
        self._stopped = threading.Event()

    def listen(self, path: Path, limit_s: Seconds, known: Known) -> Outcome | None:
        """Has a file heard.

        A worker that was killed from outside (by a person, or a system short of memory) gets a second chance at the
        file; one that crashes by itself does not.

        Args:
            path: the file.
            limit_s: so long it may take on the clock.
            known: asked once the beginning is decoded.

        Returns:
            None when stopped meanwhile.
        """
        ended = starts = 0
        while not self._stopped.is_set():
            late = self._clock() + limit_s
            try:
                return self._outcome(path, late, known)
            except GaveWayError:
                failed = Failed(f"it took longer than {limit_s:.0f} s", 1)
                return None if self._stopped.is_set() else failed
            except ChildFailedError as error:
                ended += error.was_ended
                starts += error.fault is Fault.WORKER
                if self._stopped.is_set():
                    return None
                if starts == _STARTS:
                    return NoWorker(str(error))
                if error.fault is not Fault.WORKER and (not error.was_ended or ended == _ENDED_TWICE):
                    lasts = error.was_ended or error.fault is Fault.FILE
                    return Failed(str(error), MOST_TRIES if lasts else 1)
        return None

    def stop(self) -> None:
        """Ends the worker at once and for good."""
        self._stopped.set()
        self._child.kill()

    def close(self) -> None:
        """Gives everything back."""
        self.stop()
        self._child.close()

    def _outcome(self, path: Path, late: Monotonic, known: Known) -> Outcome:
        def gives_way() -> bool:
            return self._stopped.is_set() or self._clock() > late

        answer = self._child.ask({"path": str(path)}, gives_way)
        if "head" not in answer:
            return _failed(answer)
        head = bytes.fromhex(answer["head"])
        answer = self._child.ask({"known": list(known(head))}, gives_way)
        if "frames" not in answer:
            return _failed(answer)
        hearing = from_message(answer["hearing"]) if "hearing" in answer else None
        return Heard(Sound(head, answer["frames"]), hearing)


def _failed(answer: dict[str, Any]) -> Failed:
    return Failed(str(answer["reason"]), MOST_TRIES if Fault(answer["fault"]) is Fault.FILE else 0)
