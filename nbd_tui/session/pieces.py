"""The pieces of music a session lays out: a track to be played, a stretch to be filled, a piece in its place."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from nbd_tui.audio.score import SourceRef, VoiceSpan
from nbd_tui.model.speed import AS_RECORDED, Speed
from nbd_tui.model.track import Track
from nbd_tui.model.units import Decibels, Frames, Seconds, to_seconds
from nbd_tui.workout.phase import PhaseKind


@dataclass(frozen=True, slots=True)
class Piece:
    """A track that may be played: a worker has decoded it before."""

    track: Track
    source: SourceRef
    frames: Frames
    """From the in-point to the end of the track."""
    gain_db: Decibels = 0.0
    pick: int = 0
    """Names this choice in the session: a track chosen twice makes two pieces."""
    landing: Frames | None = None
    """The frame of the track that is to be heard with the bell its stretch begins with; None: any."""
    entries: tuple[Frames, ...] = ()
    """Where in the track it may come in to get there, from the build-up's start on, the earliest first."""
    beats: tuple[Frames, ...] = ()
    """Of the track; none where nobody has listened, or there is no steady beat."""
    bars: tuple[Frames, ...] = ()
    """Where its bars begin, or its beats where nobody knows bars."""
    speed: Speed = AS_RECORDED
    """Of the copy that is the source; all frames are its own."""

    def track_s(self, frame: Frames) -> Seconds:
        """The second of the track, as recorded, at a frame of the source."""
        return self.speed.track_s(to_seconds(frame))

    @property
    def is_before_landing(self) -> bool:
        """It begins in the build-up."""
        return self.landing is not None and self.source.in_point < self.landing

    def later(self, frames: Frames) -> "Piece":
        """The same piece begun `frames` further on, at its end at most."""
        return self.at(self.source.in_point + min(frames, self.frames))

    def at(self, in_point: Frames) -> "Piece":
        """The same piece begun at a frame of its track."""
        frames = self.frames + self.source.in_point - in_point
        return replace(self, source=replace(self.source, in_point=in_point), frames=frames)

    def two_beats_before(self) -> "Piece":
        """The same piece begun two beats earlier, for an ear that has to find in again; not before its drop."""
        beat = bisect_right(self.beats, self.source.in_point) - 3
        if beat < 0:
            return self
        least = self.landing if self.landing is not None and not self.is_before_landing else 0
        return self.at(max(least, self.beats[beat]))


@dataclass(frozen=True, slots=True)
class StretchPlan:
    """A stretch of the workout with its music, in frames."""

    index: int
    kind: PhaseKind
    start: Frames
    end: Frames | None
    """None: open."""
    pieces: tuple[Piece, ...]
    """One after the other, until the stretch ends; those played already may be missing."""
    dips: tuple[tuple[Frames, Frames], ...] = ()
    """Where the music steps back for a short rest."""
    bell: Frames | None = None
    """The bell that a drop may land on; None where there is none, or it is past for long."""
    earliest: Frames | None = None
    """From here on a build-up may play under what comes before; None: not before the start."""
    joins: bool = False
    """It is a second wind: no bell rings, so that it may come a little earlier, on a bar of the music before."""
    is_in_time: bool = False
    """And with the beat of that music."""
    is_last: bool = False
    """The session ends with it."""
    tail: Frames | None = None
    """How long its music goes on after its end; None: as music fades."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in its place."""

    span: VoiceSpan
    piece: Piece
    place: int
    """For music, of its session (`session.places`)."""
    take: int
    """Counts the cuts before it; a voice of an earlier take is fading out."""
    fade_in: Frames

    @property
    def natural_end(self) -> Frames:
        """Where its source runs out."""
        return self.span.start + self.piece.frames

    @property
    def end(self) -> Frames:
        """Where it is over."""
        return self.natural_end if self.span.end is None else self.span.end

    @property
    def lands_at(self) -> Frames | None:
        """Where its drop is heard; None where it has none to come from its beginning on, or none yet knows when."""
        if self.span.snap or self.piece.landing is None or self.piece.landing < self.piece.source.in_point:
            return None
        return self.span.start + self.piece.landing - self.piece.source.in_point

    def has_begun(self, unrendered: Frames) -> bool:
        """Whether the player has begun it, as far as known."""
        return self.span.snap or self.span.start <= unrendered

    def position(self, frame: Frames) -> Frames:
        """How far into the piece the voice is at `frame`."""
        return max(0, frame - self.span.start)

    def sounds_at(self, frame: Frames) -> bool:
        """Whether the voice is to be heard at `frame`."""
        return self.span.start <= frame and not self.is_over(frame)

    def is_over(self, frame: Frames) -> bool:
        """Whether the voice ends before `frame`."""
        return self.end <= frame
