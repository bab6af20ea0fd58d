"""Lays pieces of music over the stretches of a workout, on the player's frame axis.

The arranger remembers what it has placed, so that a voice that already sounds keeps its beginning while everything not
yet rendered follows the clock and the keys. It plays nothing itself: it makes the voices of the next `Score`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, TypeAlias

from nbd_tui.audio.score import Dip, EnvelopePoint, SourceRef, VoiceSpan
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Decibels, Frames
from nbd_tui.workout.phase import PhaseKind

Envelope: TypeAlias = tuple[EnvelopePoint, ...]

ATTACK: Final[Frames] = RATE // 50
"""20 ms: a track that comes with the bell is there at once, without a click."""
KEY_FADE: Final[Frames] = RATE // 4
"""250 ms: a key is answered quickly, without a click."""
PAUSE_FADE: Final[Frames] = RATE // 8
DIP_FADE: Final[Frames] = RATE // 2
DIP_DB: Final[Decibels] = -7.0
LATEST_JOIN: Final[Frames] = RATE // 4
"""Music found later than this after its stretch began starts from its beginning, not in the middle."""
SHORTEST_PIECE: Final[Frames] = 4 * RATE
"""A rest of a track shorter than this is not worth a change of music."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A track that may be played: a worker has decoded it before."""

    track: Track
    source: SourceRef
    frames: Frames
    """From the in-point to the end of the track."""
    gain_db: Decibels = 0.0

    def later(self, frames: Frames) -> "Piece":
        """The same piece begun `frames` further on."""
        source = replace(self.source, in_point=self.source.in_point + frames)
        return replace(self, source=source, frames=self.frames - frames)


@dataclass(frozen=True, slots=True)
class StretchPlan:
    """A stretch of the workout with its music, in frames."""

    index: int
    kind: PhaseKind
    start: Frames
    end: Frames | None
    """None: open."""
    pieces: tuple[Piece, ...]
    """One after the other, until the stretch ends."""
    dips: tuple[tuple[Frames, Frames], ...] = ()
    """Where the music steps back for a short rest."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in its place."""

    span: VoiceSpan
    piece: Piece
    stretch: int

    def position(self, frame: Frames) -> Frames:
        """How far into the piece the voice is at `frame`."""
        return max(0, frame - self.span.start)

    def sounds_at(self, frame: Frames) -> bool:
        """Whether the voice is to be heard at `frame`."""
        return self.span.start <= frame and (self.span.end is None or frame < self.span.end)


class Arranger:
    """Keeps the voices of one session in step with its plan."""

    def __init__(self, fade: Frames) -> None:
        self._fade = fade
        self._take = 0
        self._placed: dict[str, Placed] = {}
        self._left_at: dict[int, Piece] = {}
        self._sudden = False

    def arrange(self, plans: Sequence[StretchPlan], unrendered: Frames) -> tuple[VoiceSpan, ...]:
        """The voices from now on: those still fading out, those sounding, and those to come.

        Args:
            plans: the running stretch and all after it.
            unrendered: the first frame a change can still reach, as far as known.
        """
        past = {i: p for i, p in self._placed.items() if p.span.start <= unrendered and _unfinished(p, unrendered)}
        coming: dict[str, Placed] = {}
        for place, plan in enumerate(plans):
            coming |= self._place(plan, past, unrendered, sudden=self._sudden and place == 0)
        self._sudden = False
        self._placed = past | coming
        return tuple(placed.span for placed in self._placed.values())

    def cut(self, unrendered: Frames, fade: Frames = KEY_FADE) -> None:
        """Ends everything with a short fade; what is arranged next begins at once, on the first frame it can.

        Where each piece was left is kept, so that coming back to its stretch goes on there.
        """
        kept = {}
        for name, placed in sorted(self._placed.items(), key=lambda item: item[1].span.start):
            if placed.span.start <= unrendered and _unfinished(placed, unrendered):
                self._left_at[placed.stretch] = placed.piece.later(placed.position(unrendered))
                kept[name] = replace(placed, span=_ended(placed.span, unrendered, fade))
        self._placed = kept
        self._take += 1
        self._sudden = True

    def forget(self, stretch: int) -> None:
        """Coming back to this stretch begins its music anew."""
        self._left_at.pop(stretch, None)

    def left_at(self, stretch: int) -> Piece | None:
        """Where the music of a stretch was cut, as the piece to go on with."""
        return self._left_at.get(stretch)

    def started(self, voice: str, frame: Frames) -> None:
        """The player began the voice at `frame`; from here on its start is a fact."""
        if placed := self._placed.get(voice):
            shift = frame - placed.span.start if placed.span.snap else 0
            span = replace(_shifted(placed.span, shift), snap=False)
            self._placed[voice] = replace(placed, span=span)

    def placed(self, voice: str) -> Placed | None:
        """What the voice of this id plays."""
        return self._placed.get(voice)

    def sounding(self, frame: Frames) -> Placed | None:
        """The piece to be heard at `frame`: of several, the newest."""
        heard = [placed for placed in self._placed.values() if placed.sounds_at(frame)]
        return max(heard, key=lambda placed: placed.span.start, default=None)

    def _place(
        self, plan: StretchPlan, past: dict[str, Placed], unrendered: Frames, *, sudden: bool
    ) -> dict[str, Placed]:
        """The voices of one stretch. Those already begun keep their start; a sudden one begins at once."""
        made: dict[str, Placed] = {}
        start = unrendered if sudden else plan.start
        for number, piece in enumerate(self._with_resumed(plan)):
            name = f"{plan.index}.{self._take}.{number}"
            begun = past.pop(name, None)
            if begun:
                piece, start, snap = begun.piece, begun.span.start, begun.span.snap  # noqa: PLW2901
            else:
                snap = number == 0 and (sudden or start + LATEST_JOIN < unrendered)
                start = max(start, unrendered) if snap else start
            made[name] = Placed(self._span(name, plan, piece, start, snap=snap), piece, plan.index)
            natural_end = start + piece.frames
            if plan.end is not None and natural_end >= plan.end:
                break
            start = natural_end - min(self._fade, piece.frames // 4)
        return made

    def _with_resumed(self, plan: StretchPlan) -> tuple[Piece, ...]:
        """The pieces of a stretch, from where its music was cut on, if that track still is among them."""
        left = self._left_at.get(plan.index)
        paths = [piece.source.path for piece in plan.pieces]
        if left is None or left.source.path not in paths:
            return plan.pieces
        rest = plan.pieces[paths.index(left.source.path) + 1 :]
        return ((left, *rest) if left.frames >= SHORTEST_PIECE else rest) or plan.pieces

    def _span(self, name: str, plan: StretchPlan, piece: Piece, start: Frames, *, snap: bool) -> VoiceSpan:
        end = start + piece.frames
        if plan.end is not None:
            end = min(end, max(plan.end, start + ATTACK) + self._fade)
        fade = min(self._fade, (end - start) // 3)
        quick = snap or (plan.kind is PhaseKind.WORK and name.endswith(".0"))
        ramps = (_ramp(start, start + (ATTACK if quick else fade), 0.0, 1.0), _ramp(end - fade, end, 1.0, 0.0))
        return VoiceSpan(name, piece.source, start, end, _product(*ramps), piece.gain_db, snap, _dips(plan.dips, start))


def _ramp(start: Frames, end: Frames, level: float, target: float) -> Envelope:
    return (EnvelopePoint(start, level), EnvelopePoint(max(start + 1, end), target))


def _dips(dips: Sequence[tuple[Frames, Frames]], voice_start: Frames) -> tuple[Dip, ...]:
    """The short rests within a voice; one it begins in is there from its first frame."""
    return tuple(
        Dip(start - DIP_FADE if start <= voice_start else start, end, DIP_DB, min(DIP_FADE, (end - start) // 3))
        for start, end in dips
    )


def _product(*envelopes: Envelope) -> Envelope:
    """One envelope with the corners of all, its level the product of theirs."""
    frames = sorted({point.frame for envelope in envelopes for point in envelope})
    return tuple(EnvelopePoint(frame, prod(level_at(envelope, frame) for envelope in envelopes)) for frame in frames)


def _ended(span: VoiceSpan, frame: Frames, fade: Frames) -> VoiceSpan:
    """The span faded out from `frame` on, unless it ends before."""
    end = frame + fade
    if span.end is not None and span.end <= end:
        return span
    level = level_at(span.envelope, frame)
    return replace(span, end=end, envelope=(EnvelopePoint(frame, level), EnvelopePoint(end, 0.0)))


def level_at(envelope: Sequence[EnvelopePoint], frame: Frames) -> float:
    """The level an envelope has at `frame`: linear between its points, held outside them."""
    if not envelope or frame >= envelope[-1].frame:
        return envelope[-1].level if envelope else 1.0
    before = envelope[0]
    for point in envelope:
        if point.frame > frame:
            span = point.frame - before.frame
            return (
                before.level + (point.level - before.level) * (frame - before.frame) / span if span > 0 else point.level
            )
        before = point
    return before.level


def _shifted(span: VoiceSpan, frames: Frames) -> VoiceSpan:
    envelope = tuple(replace(point, frame=point.frame + frames) for point in span.envelope)
    return replace(
        span, start=span.start + frames, end=None if span.end is None else span.end + frames, envelope=envelope
    )


def _unfinished(placed: Placed, frame: Frames) -> bool:
    return placed.span.end is None or placed.span.end > frame
