"""The score: everything the mixer is to play from now on, as data on the stream's frame axis.

A score is declarative: each new one replaces whatever of the last has not been rendered yet. Its parts carry
ids, so that sending the same part again (after a re-timing, or to a new player) never plays it twice.
"""

from dataclasses import dataclass

from nbd_tui.model.units import RATE, Decibels, Frames

CUE_GRACE: Frames = RATE // 4
"""A cue later than this (250 ms) is dropped: a late bell misleads more than a missing one."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A place in a file: what a voice reads from."""

    path: str
    """The file to decode (the original, or its decoded copy in the cache)."""
    in_point: Frames = 0
    """First frame to be heard, in frames of our own decode at `RATE`."""


@dataclass(frozen=True, slots=True)
class EnvelopePoint:
    """One corner of a voice's envelope.

    `level` runs from 0 to 1 and is linear between the points; the gain is sin(level * pi / 2), so that two voices
    whose levels add up to 1 cross-fade at equal power.
    """

    frame: Frames
    level: float


@dataclass(frozen=True, slots=True)
class Dip:
    """A stretch in which a voice steps back: quieter, and without its treble."""

    start: Frames
    end: Frames
    """The voice is all the way back here; the dips of a span do not overlap."""
    gain_db: Decibels = -9.0
    fade: Frames = RATE // 2
    """Length of the way down after `start`."""
    back: Frames = RATE // 50
    """Length of the way back before `end`: 20 ms, so that the music slams back without a click."""


@dataclass(frozen=True, slots=True)
class VoiceSpan:
    """One stretch of one source.

    A span met late (its start is already rendered) joins in at the place in the source where it would be by now;
    with `snap` it begins instead at the first frame not rendered yet, from its in-point.
    """

    id: str
    source: SourceRef
    start: Frames
    end: Frames | None
    """The frame after the last; None: to the end of the source."""
    envelope: tuple[EnvelopePoint, ...] = ()
    """Empty: full level throughout. Before the first point its level holds, after the last one too."""
    gain_db: Decibels = 0.0
    snap: bool = False
    """End, envelope and dips shift by as much as the start; so they do each time the span is sent again with `snap`."""
    dips: tuple[Dip, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A short sound file that is part of what a cue says."""

    path: str
    gap: Frames = 0
    """Silence before it."""


@dataclass(frozen=True, slots=True)
class CueHit:
    """One cue sound at one frame. Late by at most `grace` it sounds at once, later it is dropped and reported."""

    id: str
    sound: str
    """Name of a sound of the cue set, such as `bell-single`; empty where there are `clips`."""
    frame: Frames
    gain_db: Decibels = 0.0
    snap: bool = False
    """Sound at the first frame not rendered yet, however late."""
    grace: Frames = CUE_GRACE
    clips: tuple[Clip, ...] = ()
    """Said one after the other in place of a sound of the set; all of them, or the cue is reported as missed."""


@dataclass(frozen=True, slots=True)
class Score:
    """All that is to be heard from now on."""

    revision: int = 0
    voices: tuple[VoiceSpan, ...] = ()
    cues: tuple[CueHit, ...] = ()
    standby: tuple[SourceRef, ...] = ()
    """Places to keep opened and buffered: the next best tracks, and where a paused track goes on."""

    def is_over(self, frame: Frames) -> bool:
        """Nothing in it begins, or goes on, from `frame` on (but for how a cue before it rings out)."""
        voices = all(span.end is not None and span.end <= frame for span in self.voices)
        return voices and all(cue.frame < frame for cue in self.cues)


@dataclass(frozen=True, slots=True)
class Levels:
    """The user's volumes, as amplitude factors 0..1; changes glide over 20 ms."""

    music: float = 1.0
    cues: float = 1.0
    duck_db: Decibels = -12.0
    """How far the music goes down under a cue."""


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The voice was first rendered at `frame`."""

    id: str
    frame: Frames


@dataclass(frozen=True, slots=True)
class VoiceEnded:
    """The voice is over: at its end (`early` false), or because its source ran out before (`early` true)."""

    id: str
    frame: Frames
    early: bool


@dataclass(frozen=True, slots=True)
class CueSounded:
    """The cue's first sample was rendered at `frame`."""

    id: str
    frame: Frames


@dataclass(frozen=True, slots=True)
class CueMissed:
    """The cue was not sounded: it came later than its grace, or there is no such sound."""

    id: str
    frame: Frames


MixerReport = VoiceStarted | VoiceEnded | CueSounded | CueMissed
