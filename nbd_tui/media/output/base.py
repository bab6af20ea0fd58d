"""What every output promises; `tests/unit/media/test_output_contract.py` holds all of them to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from nbd_tui.model.units import Frames, Monotonic

if TYPE_CHECKING:  # the app knows the outputs' clocks, and would import numpy before its first screen
    from nbd_tui.audio.source import Samples

Render: TypeAlias = "Callable[[Frames], Samples]"
"""Gives the next `frames` frames of the stream: always exactly that many, never blocking, never raising."""


@dataclass(frozen=True, slots=True)
class ClockPair:
    """`frame` (counted from the output's first) leaves the loudspeaker at `at`, as well as the output can tell."""

    frame: Frames
    at: Monotonic


class Output(Protocol):
    """One open way to the ears.

    Life: `open()` once, then `render` is called from a thread of the output's own until `close()`. An output never
    restarts itself: when `failure()` says why it has stopped, its owner closes it and opens a new one.
    """

    name: str

    def open(self, render: Render) -> None:
        """Starts pulling frames.

        Raises:
            OutputError: with the reason; nothing is left running then.
        """
        ...

    def clock(self) -> ClockPair | None:
        """The newest pair, smoothed; None until something was heard."""
        ...

    def failure(self) -> str | None:
        """Why no sound comes any more, or None while all is well. Cheap; called ten times a second."""
        ...

    def close(self) -> None:
        """Stops within 300 ms; afterwards `render` is not called again. May be called twice."""
        ...
