"""How much faster a track is played than it was recorded, at the same pitch; exact to the frame.

A speed is a whole number of ten-thousandths, so that the length of a stretched copy, and where each frame of the track
is in it, are whole-number arithmetic. A step off is 0.01 %: after four minutes 24 ms.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from nbd_tui.model.units import Frames, Seconds

UNIT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed against the recorded one."""

    steps: int = UNIT
    """In ten-thousandths; 10,600 is 6 % faster."""

    @classmethod
    def of(cls, factor: float) -> "Speed":
        """The nearest to a factor."""
        return cls(round(factor * UNIT))

    @property
    def factor(self) -> float:
        """1.06 is 6 % faster."""
        return self.steps / UNIT

    def frame(self, frame: Frames) -> Frames:
        """The frame of the stretched copy at which a frame of the track is heard."""
        return (frame * UNIT + self.steps // 2) // self.steps

    def played_s(self, track_s: Seconds) -> Seconds:
        """A time of the track, or a length of it, as heard."""
        return track_s * UNIT / self.steps

    def track_s(self, played_s: Seconds) -> Seconds:
        """A time or length heard, in the track."""
        return played_s * self.steps / UNIT


AS_RECORDED: Final = Speed()


class Copy(NamedTuple):
    """A copy of a track at another speed."""

    speed: Speed
    marks: tuple[Frames, ...] = ()
    """Frames of the track whose attacks must be exact in it."""
