"""What is known of a generated track."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import RATE, Bpm, Seconds

Times = npt.NDArray[np.float64]
Mono = npt.NDArray[np.float32]


class DropKind(StrEnum):
    """What comes before a drop."""

    GAP = "gap"
    BREAK = "break"
    CRESCENDO = "crescendo"


@dataclass(frozen=True, slots=True)
class TrueDrop:
    """A moment where the music slams back in."""

    at_s: Seconds
    kind: DropKind
    build: Span | None = None
    """Where level, brightness or density rise before it, up to the gap; None where they do not."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Everything known of a track."""

    bpm: Bpm | None
    """The tempo that holds for most of the track; None where there is no beat."""
    beats_s: Times
    downbeats_s: Times
    meter: int = 4
    """Beats in a bar."""
    is_constant: bool = True
    """One grid fits the whole track."""
    drops: tuple[TrueDrop, ...] = ()
    forgiven_s: tuple[Seconds, ...] = ()
    """Moments where a drop may be found or not."""
    other_bpms: tuple[Bpm, ...] = ()
    """Tempi just as right: of a track that changes."""
    unclear: tuple[Span, ...] = ()
    """Stretches where nobody could tell the beats: not scored."""

    @property
    def is_steady(self) -> bool:
        """Whether there is a beat to speak of."""
        return self.bpm is not None


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A generated track."""

    kind: str
    seed: int
    style: str
    """What made it, in a few words, for whoever looks into a failure."""
    samples: Samples
    truth: Truth
    form: tuple[str, ...] = ()
    """Its parts and when each begins, in words."""

    @property
    def name(self) -> str:
        """What to call it: give kind and seed to `make_track` to get it again."""
        return f"{self.kind}:{self.seed}"

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return len(self.samples) / RATE
