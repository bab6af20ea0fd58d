"""Lays pieces of music over the stretches of a workout, on the player's frame axis.

The arranger remembers what it has placed, so that a voice that already sounds keeps its beginning while everything not
yet rendered follows the clock and the keys. It plays nothing itself: it makes the voices of the next `Score`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, TypeAlias

from nbd_tui.audio.score import Dip, EnvelopePoint, SourceRef, VoiceSpan
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Decibels, Frames
from nbd_tui.workout.phase import PhaseKind

Envelope: TypeAlias = tuple[EnvelopePoint, ...]

ATTACK: Final[Frames] = RATE // 50
"""20 ms: a track that comes with the bell is there at once, without a click. No fade is shorter."""
KEY_FADE: Final[Frames] = RATE // 4
"""250 ms: a key is answered quickly, without a click."""
PAUSE_FADE: Final[Frames] = RATE // 8
DIP_FADE: Final[Frames] = RATE // 2
DIP_DB: Final[Decibels] = -7.0
LATEST_JOIN: Final[Frames] = RATE // 4
"""Music found later than this after it was wanted starts from its beginning, not in the middle."""
SHORTEST_PIECE: Final[Frames] = 4 * RATE
"""A rest of a track shorter than this is not worth going back to."""
SHORTEST_REST: Final[Frames] = RATE // 2
"""Unless nothing else is there to play."""
OPEN_AHEAD: Final[Frames] = 240 * RATE
"""So much music is wanted ahead in a stretch whose end is unknown."""


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

    def later(self, frames: Frames) -> "Piece":
        """The same piece begun `frames` further on, at its end at most."""
        frames = min(frames, self.frames)
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
    """One after the other, until the stretch ends; those played already may be missing."""
    dips: tuple[tuple[Frames, Frames], ...] = ()
    """Where the music steps back for a short rest."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in its place."""

    span: VoiceSpan
    piece: Piece
    stretch: int
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


class Arranger:
    """Keeps the voices of one session in step with its plan."""

    def __init__(self, fade: Frames) -> None:
        self._fade = max(fade, ATTACK)
        self._take = 0
        self._generation = 0
        self._placed: dict[str, Placed] = {}
        self._reached: dict[int, Placed] = {}
        self._left_at: dict[int, Piece] = {}
        self._sudden = False
        self.short: frozenset[int] = frozenset()
        """Stretches whose music, as last arranged, ends before they do."""

    def arrange(self, plans: Sequence[StretchPlan], unrendered: Frames) -> tuple[VoiceSpan, ...]:
        """The voices from now on: those still fading out, those sounding, and those to come.

        Args:
            plans: the running stretch and all after it.
            unrendered: the first frame a change can still reach, as far as known.
        """
        self._keep_begun(unrendered)
        self._take_back(plans[1:], unrendered)
        short, tail = set(), self._fade
        for place, plan in enumerate(plans):
            chain = list(self._chain(plan, unrendered, tail, sudden=self._sudden and place == 0))
            self._placed |= {placed.span.id: placed for placed in chain}
            tail = max(0, chain[-1].end - plan.end) if chain and plan.end is not None else self._fade
            if _is_short(plan, chain[-1].natural_end if chain else plan.start, unrendered):
                short.add(plan.index)
            if chain and place == 0:
                self._sudden = False
        self._sudden = self._sudden and bool(plans)
        self.short = frozenset(short)
        return tuple(placed.span for placed in self._placed.values())

    def cut(self, unrendered: Frames, fade: Frames = KEY_FADE) -> None:
        """Ends everything with a short fade; what is arranged next begins at once, on the first frame it can.

        Where each piece was left is kept, so that coming back to its stretch goes on there.
        """
        self._keep_begun(unrendered)
        for placed in sorted(self._placed.values(), key=lambda placed: placed.span.start):
            if placed.take == self._take:
                self._left_at[placed.stretch] = placed.piece.later(placed.position(unrendered))
        ended = {name: replace(p, span=_ended(p.span, unrendered, fade)) for name, p in self._placed.items()}
        self._placed = ended
        self._reached = {}
        self._take += 1
        self._generation += 1
        self._sudden = True

    def forget(self, stretch: int) -> None:
        """Coming back to this stretch begins its music anew."""
        self._left_at.pop(stretch, None)

    def next_piece(self, stretch: int, pieces: tuple[Piece, ...]) -> Piece | None:
        """What a stretch of these pieces would go on with after a cut."""
        return next(iter(self._with_resumed(stretch, pieces)), None)

    def started(self, voice: str, frame: Frames) -> None:
        """The player began the voice at `frame`, from here on a fact; what follows it moves when arranged next."""
        placed = self._placed.get(voice)
        if placed is None or not placed.span.snap:
            return
        shift = frame - placed.span.start
        settled = replace(placed, span=replace(_shifted(placed.span, shift), snap=False))
        self._placed[voice] = settled
        if placed.stretch in self._reached and self._reached[placed.stretch].span.id == voice:
            self._reached[placed.stretch] = settled

    def placed(self, voice: str) -> Placed | None:
        """What the voice of this id plays."""
        return self._placed.get(voice)

    def sounding(self, frame: Frames) -> Placed | None:
        """The piece to be heard at `frame`: of several, the newest."""
        heard = [placed for placed in self._placed.values() if placed.sounds_at(frame)]
        return max(heard, key=lambda placed: (placed.span.start, placed.take), default=None)

    def is_playing(self, path: str, unrendered: Frames) -> bool:
        """Whether a voice from this source has begun and goes on, heard already or not."""
        return any(
            placed.piece.source.path == path and placed.has_begun(unrendered) and not placed.is_over(unrendered)
            for placed in self._placed.values()
            if placed.take == self._take
        )

    def _keep_begun(self, unrendered: Frames) -> None:
        """What has begun is a fact; everything else may be placed anew."""
        begun = {name: placed for name, placed in self._placed.items() if placed.has_begun(unrendered)}
        for placed in sorted(begun.values(), key=lambda placed: placed.span.start):
            if placed.take == self._take:
                self._reached[placed.stretch] = placed
        self._placed = {name: placed for name, placed in begun.items() if not placed.is_over(unrendered)}

    def _take_back(self, plans: Sequence[StretchPlan], unrendered: Frames) -> None:
        """Stretches to come that have been moved away just after the player began them begin again later."""
        for plan in plans:
            early = self._reached.get(plan.index)
            if early and early.span.start + LATEST_JOIN < plan.start:
                del self._reached[plan.index]
                self._generation += 1
                ended = replace(early, span=_ended(early.span, unrendered, KEY_FADE), take=self._take - 1)
                self._placed[early.span.id] = ended

    def _chain(self, plan: StretchPlan, unrendered: Frames, tail: Frames, *, sudden: bool) -> Iterator[Placed]:
        """The voices of one stretch, from the one it has reached on.

        A sudden one begins at once; else the first fades in while the stretch before goes on for `tail`.
        """
        before = self._reached.get(plan.index)
        if before and not before.is_over(unrendered):
            before = self._reached[plan.index] = replace(before, span=self._respanned(plan, before))
            yield before
        for piece in _after(before.piece, plan.pieces) if before else self._with_resumed(plan.index, plan.pieces):
            start, fade_in = self._follow_up(before) if before else (unrendered if sudden else plan.start, tail)
            if plan.end is not None and (before.natural_end if before else start) >= plan.end:
                return
            snap = (sudden and not before) or start + LATEST_JOIN < unrendered
            if snap or (before is None and plan.kind is PhaseKind.WORK):
                fade_in = 0
            before = self._begin(plan, piece, max(start, unrendered) if snap else start, fade_in, snap=snap)
            yield before

    def _follow_up(self, before: Placed) -> tuple[Frames, Frames]:
        """Where the piece after a voice begins, and how long it fades in."""
        overlap = self._overlap(before.piece)
        return min(before.natural_end - overlap, before.end), overlap

    def _begin(self, plan: StretchPlan, piece: Piece, start: Frames, fade_in: Frames, *, snap: bool) -> Placed:
        fade_in = max(ATTACK, min(fade_in, piece.frames // 2))
        name = f"{plan.index}.{self._generation}.{piece.pick}"
        empty = VoiceSpan(name, piece.source, start, None, (), piece.gain_db, snap)
        placed = Placed(empty, piece, plan.index, self._take, fade_in)
        return replace(placed, span=self._respanned(plan, placed))

    def _respanned(self, plan: StretchPlan, placed: Placed) -> VoiceSpan:
        """The span of a voice under the plan as it is now; its beginning stays."""
        start, end = placed.span.start, placed.natural_end
        fade_out = self._overlap(placed.piece)
        if plan.end is not None and end >= plan.end:
            stop = max(plan.end, start + ATTACK)
            end = min(end, stop + max(ATTACK, min(self._fade, (stop - start) // 3)))
            fade_out = max(ATTACK, end - stop)
        ramps = (_ramp(start, start + placed.fade_in, 0.0, 1.0), _ramp(max(start, end - fade_out), end, 1.0, 0.0))
        return replace(placed.span, end=end, envelope=_product(end, *ramps), dips=_dips(plan.dips, start))

    def _overlap(self, piece: Piece) -> Frames:
        """How long a piece fades into the next one."""
        return min(self._fade, piece.frames // 4)

    def _with_resumed(self, stretch: int, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The pieces of a stretch, from where its music was cut on, if that piece still is among them."""
        left = self._left_at.get(stretch)
        if left is None or all(piece.pick != left.pick for piece in pieces):
            return pieces
        rest = _after(left, pieces)
        enough = SHORTEST_PIECE if rest else SHORTEST_REST
        return ((left, *rest) if left.frames >= enough else rest) or pieces


def _after(piece: Piece, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces that follow one; all of them when it is not (or no longer) among them."""
    picks = [one.pick for one in pieces]
    return pieces[picks.index(piece.pick) + 1 :] if piece.pick in picks else pieces


def _is_short(plan: StretchPlan, music_end: Frames, unrendered: Frames) -> bool:
    """Whether more music is needed than there is."""
    if plan.end is None:
        return music_end < max(plan.start, unrendered) + OPEN_AHEAD
    return music_end < plan.end and unrendered < plan.end


def _ramp(start: Frames, end: Frames, level: float, target: float) -> Envelope:
    return (EnvelopePoint(start, level), EnvelopePoint(max(start + 1, end), target))


def _dips(dips: Iterable[tuple[Frames, Frames]], voice_start: Frames) -> tuple[Dip, ...]:
    """The short rests within a voice; one it begins in is there from its first frame."""
    return tuple(
        Dip(start - DIP_FADE if start <= voice_start else start, end, DIP_DB, min(DIP_FADE, (end - start) // 3))
        for start, end in dips
        if end > voice_start
    )


def _product(end: Frames, *envelopes: Envelope) -> Envelope:
    """One envelope with the corners of all up to `end`, its level the product of theirs."""
    frames = sorted({min(point.frame, end) for envelope in envelopes for point in envelope})
    return tuple(EnvelopePoint(frame, prod(level_at(envelope, frame) for envelope in envelopes)) for frame in frames)


def _ended(span: VoiceSpan, frame: Frames, fade: Frames) -> VoiceSpan:
    """The span faded out from `frame` on, unless it ends before."""
    frame = max(frame, span.start)
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
