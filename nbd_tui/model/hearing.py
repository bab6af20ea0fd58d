"""What the analysis hears in a track: tempo, beats, loudness, energy, drops.

All times count from frame 0 of our own decode.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from nbd_tui.model.units import RATE, Bpm, Decibels, Frames, Seconds

STEADY: Final = 0.25
"""From this confidence on a track has a beat to speak of; below, its tempo and drops mean nothing."""

_USUAL_BEATS: Final = 4
_SAME_S: Final[Seconds] = 0.005
"""A downbeat so near to a beat is that one: what is stored is rounded."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a track."""

    start_s: Seconds
    end_s: Seconds


@dataclass(frozen=True, slots=True)
class Drop:
    """A moment where the music slams back in."""

    at_s: Seconds
    """The attack itself, to a few milliseconds."""
    score: float
    """How strong it is; larger is stronger, comparable between tracks."""
    gap: Span | None = None
    """The lull right before it, where there is one."""
    build: Span | None = None
    """The build-up that leads to it: rising level, brightness or density."""


@dataclass(frozen=True, slots=True)
class EnergyCurve:
    """How much is going on, over the whole track."""

    rate_hz: float = 4.0
    """Values per second; the first one is at 0 s."""
    values: tuple[float, ...] = ()
    """0 (silence, or far below) to 1 (the loud part of this track)."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything found in one track."""

    frames: Frames
    """Length of our own decode."""
    bpm: Bpm | None = None
    """The main tempo, in the octave one would tap; None where nothing can be tapped at all."""
    confidence: float = 0.0
    """How clear the pulse is, 0 to 1; see `STEADY`."""
    is_constant: bool = False
    """One grid of beats fits the whole track."""
    beats_s: tuple[Seconds, ...] = ()
    downbeats_s: tuple[Seconds, ...] = ()
    """The first beat of each bar; a subset of the beats."""
    lufs: Decibels | None = None
    """Integrated loudness (ITU-R BS.1770-4); None for what is silent or too short to be gated."""
    true_peak_db: Decibels | None = None
    """Peak of the signal between the samples, in dBTP; None for silence."""
    intensity: float = 0.0
    """How hard the track as a whole drives, 0 (ambient) to 1 (full band, double bass), whatever its mastering level."""
    energy: EnergyCurve = EnergyCurve()
    drops: tuple[Drop, ...] = ()
    """In the order of time; none where there is no steady beat."""

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return self.frames / RATE

    @property
    def is_steady(self) -> bool:
        """Whether there is a beat to speak of."""
        return self.bpm is not None and self.confidence >= STEADY

    @property
    def bar_places(self) -> tuple[int, ...]:
        """Which beats begin a bar."""
        places = (bisect_left(self.beats_s, at_s - _SAME_S) for at_s in self.downbeats_s)
        return tuple(place for place in places if place < len(self.beats_s))

    @property
    def beats_per_bar(self) -> int:
        """As most bars have it; four where there are too few to tell."""
        steps = sorted(later - place for place, later in pairwise(self.bar_places) if later > place)
        return steps[len(steps) // 2] if steps else _USUAL_BEATS
