"""Lays pieces of music over the stretches of a workout, on the player's frame axis.

The arranger remembers what it has placed, so that a voice that already sounds keeps its beginning while everything not
yet rendered follows the clock and the keys. It plays nothing itself: it makes the voices of the next `Score`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from nbd_tui.audio.score import VoiceSpan
from nbd_tui.model.units import RATE, Frames
from nbd_tui.session.coming_in import LEAD, Coming, come_in
from nbd_tui.session.dips import dips_within
from nbd_tui.session.envelopes import faded_out, product, ramp, shifted
from nbd_tui.session.leaving import LONGEST_BAR, fade_from, is_in_time, on_a_bar, way_in, way_out
from nbd_tui.session.pieces import Piece, Placed, StretchPlan
from nbd_tui.workout.phase import PhaseKind

__all__ = ["Arranger", "Piece", "Placed", "StretchPlan"]

ATTACK: Final[Frames] = RATE // 50
"""20 ms: a track that comes with the bell is there at once, without a click. No fade is shorter."""
KEY_FADE: Final[Frames] = RATE // 4
"""250 ms: a key is answered quickly, without a click."""
PAUSE_FADE: Final[Frames] = RATE // 8
LATEST_JOIN: Final[Frames] = RATE // 4
"""Music found later than this after it was wanted starts from its beginning, not in the middle."""
SHORTEST_PIECE: Final[Frames] = 4 * RATE
"""A rest of a track shorter than this is not worth going back to."""
SHORTEST_REST: Final[Frames] = RATE // 2
"""Unless nothing else is there to play."""
OPEN_AHEAD: Final[Frames] = 240 * RATE
"""So much music is wanted ahead in a stretch whose end is unknown."""
MOVED: Final[Frames] = RATE // 20
"""50 ms: a build-up whose drop would miss its bell by more begins anew; by less the bell waits for the drop, as the
output's clock may drift by milliseconds while a build-up plays."""


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
        plans = [self._joined(plan, before, unrendered) for before, plan in zip((None, *plans), plans, strict=False)]
        self._take_back(plans, unrendered)
        short, tail = set(), self._fade
        for place, whole in enumerate(plans):
            after = plans[place + 1] if place + 1 < len(plans) else None
            plan = replace(self._left_to_build_up(whole, after, unrendered), tail=way_out(whole, after, self._fade))
            chain = list(self._chain(plan, unrendered, tail, sudden=self._sudden and place == 0))
            self._placed |= {placed.span.id: placed for placed in chain}
            tail = way_in(plan, chain, after, self._fade)
            if _is_short(plan, chain[-1].natural_end if chain else plan.start, unrendered):
                short.add(plan.index)
            if chain and place == 0:
                self._sudden = False
        self._sudden = self._sudden and bool(plans)
        self.short = frozenset(short)
        return tuple(placed.span for placed in self._placed.values())

    def cut(self, unrendered: Frames, fade: Frames = KEY_FADE, *, for_pause: bool = False) -> None:
        """Ends everything with a short fade; what is arranged next begins at once, on the first frame it can.

        Where each piece was left is kept, so that coming back to its stretch goes on there; after a pause two beats
        earlier, but for a build-up, which has its bell to meet.
        """
        self._keep_begun(unrendered)
        for placed in sorted((*self._gone_under(unrendered), *self._placed.values()), key=lambda p: p.span.start):
            if placed.take == self._take:
                left = placed.piece.later(min(placed.end, unrendered) - placed.span.start)
                rewinds = for_pause and not left.is_before_landing
                self._left_at[placed.place] = left.two_beats_before() if rewinds else left
        ended = {name: replace(p, span=faded_out(p.span, unrendered, fade)) for name, p in self._placed.items()}
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
        first = next(iter(self._with_resumed(stretch, pieces)), None)
        if first is None or first.landing is None or stretch in self._left_at:
            return first
        return first.at(first.landing)

    def started(self, voice: str, frame: Frames) -> None:
        """The player began the voice at `frame`, from here on a fact; what follows it moves when arranged next."""
        placed = self._placed.get(voice)
        if placed is None or not placed.span.snap:
            return
        shift = frame - placed.span.start
        settled = replace(placed, span=replace(shifted(placed.span, shift), snap=False))
        self._placed[voice] = settled
        if placed.place in self._reached and self._reached[placed.place].span.id == voice:
            self._reached[placed.place] = settled

    def placed(self, voice: str) -> Placed | None:
        """What the voice of this id plays."""
        return self._placed.get(voice)

    def sounding(self, frame: Frames) -> Placed | None:
        """The piece to be heard at `frame`: of several, the newest."""
        heard = [placed for placed in self._placed.values() if placed.sounds_at(frame)]
        return max(heard, key=lambda placed: (placed.span.start, placed.take), default=None)

    def following(self, frame: Frames) -> Placed | None:
        """The piece that begins next after `frame`, as last arranged."""
        coming = (placed for placed in self._placed.values() if placed.take == self._take and placed.span.start > frame)
        return min(coming, key=lambda placed: placed.span.start, default=None)

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
                self._reached[placed.place] = placed
        self._placed = {name: placed for name, placed in begun.items() if not placed.is_over(unrendered)}

    def landed(self, stretch: int) -> Frames | None:
        """The frame at which the drop of a stretch's begun voice is heard, whatever the clock says by now."""
        placed = self._reached.get(stretch)
        return placed.lands_at if placed else None

    def _take_back(self, plans: Sequence[StretchPlan], unrendered: Frames) -> None:
        """Music begun for a time that has been moved away fades out, to begin again later.

        That of stretches to come which have been moved, and build-ups whose drop would miss the bell: then what they
        have taken the place of comes back.
        """
        for place, plan in enumerate(plans):
            early = self._reached.get(plan.index)
            if early is None or not _is_moved(plan, early, unrendered, is_running=place == 0):
                continue
            self._give_up(plan.index, early, unrendered)
            if early.lands_at is None:
                continue
            before = self._reached.get(plans[place - 1].index) if place else None
            if before and early.span.start < unrendered:
                self._left_at[before.place] = before.piece.later(min(before.end, unrendered) - before.span.start)
                self._give_up(before.place, before, unrendered)
            self._sudden = self._sudden or place == 0 or (place == 1 and before is not None)

    def _give_up(self, stretch: int, placed: Placed, unrendered: Frames) -> None:
        del self._reached[stretch]
        self._generation += 1
        if not placed.is_over(unrendered):
            ended = replace(placed, span=faded_out(placed.span, unrendered, KEY_FADE), take=self._take - 1)
            self._placed[placed.span.id] = ended

    def _gone_under(self, unrendered: Frames) -> Iterable[Placed]:
        """Pieces that are over already as a build-up that sounds has taken their place."""
        builds = any(p.take == self._take and (p.lands_at or 0) > unrendered for p in self._placed.values())
        return [p for p in self._reached.values() if builds and p.is_over(unrendered) and p.end < p.natural_end]

    def _joined(self, plan: StretchPlan, before: StretchPlan | None, unrendered: Frames) -> StretchPlan:
        """The plan of a second wind where it meets the music before; any other as it is."""
        if not plan.joins or plan.bell is None or before is None:
            return plan
        if begun := self._reached.get(plan.index):
            lands_at = begun.lands_at
            if lands_at is None or not plan.bell - LONGEST_BAR <= lands_at <= plan.bell:
                return plan
            out = self._reached.get(before.index)
            in_time = out is not None and is_in_time(out.piece, begun.piece)
            return replace(plan, start=lands_at, bell=lands_at, is_in_time=in_time)
        out = self._reached.get(before.index)
        return on_a_bar(plan, out, lambda moved: self._coming(moved, unrendered)) if out else plan

    def _left_to_build_up(self, plan: StretchPlan, after: StretchPlan | None, unrendered: Frames) -> StretchPlan:
        """The plan of a stretch without the end that belongs to the build-up of the next one."""
        if after is None or plan.end is None:
            return plan
        begun = self._reached.get(after.index)
        coming = None if begun else self._coming(after, unrendered)
        start = begun.span.start if begun else coming.start if coming else plan.end
        return replace(plan, end=min(plan.end, start))

    def _coming(self, plan: StretchPlan, unrendered: Frames) -> Coming | None:
        """How the music of a stretch comes in that has not begun; None where nothing of it lands on a bell."""
        left = self._left_at.get(plan.index)
        if left is not None and all(piece.pick != left.pick for piece in plan.pieces):
            left = None
        is_past = plan.bell is None or plan.bell <= unrendered
        if left and is_past and not left.is_before_landing:
            return None  # it goes on where it was
        first = next((piece for piece in plan.pieces if left is None or piece.pick == left.pick), None)
        return come_in(plan, first, unrendered, left, self._fade) if first else None

    def _chain(self, plan: StretchPlan, unrendered: Frames, tail: Frames, *, sudden: bool) -> Iterator[Placed]:
        """The voices of one stretch, from the one it has reached on.

        A sudden one begins at once; else the first fades in while the stretch before goes on for `tail`.
        """
        before = self._reached.get(plan.index)
        if before and not before.is_over(unrendered):
            before = self._reached[plan.index] = replace(before, span=self._respanned(plan, before))
            yield before
        elif before is None and (coming := self._coming(plan, unrendered)):
            before = self._land(plan, coming, unrendered, tail, sudden=sudden)
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

    def _land(self, plan: StretchPlan, coming: Coming, unrendered: Frames, tail: Frames, *, sudden: bool) -> Placed:
        """The voice whose drop is heard with the bell: at once where the bell is."""
        is_late = plan.bell is not None and plan.bell <= unrendered
        snap = is_late and (sudden or coming.start + LATEST_JOIN < unrendered)
        fade_in = coming.fade_in if coming.fade_in <= LEAD or sudden else min(coming.fade_in, max(tail, LEAD))
        start = unrendered if snap else coming.start
        return self._begin(plan, coming.piece, start, fade_in, snap=snap, least=1)

    def _follow_up(self, before: Placed) -> tuple[Frames, Frames]:
        """Where the piece after a voice begins, and how long it fades in."""
        overlap = self._overlap(before.piece)
        return min(before.natural_end - overlap, before.end), overlap

    def _begin(
        self, plan: StretchPlan, piece: Piece, start: Frames, fade_in: Frames, *, snap: bool, least: Frames = ATTACK
    ) -> Placed:
        fade_in = max(least, min(fade_in, piece.frames // 2))
        name = f"{plan.index}.{self._generation}.{piece.pick}.{piece.speed.steps}"
        empty = VoiceSpan(name, piece.source, start, None, (), piece.gain_db, snap)
        placed = Placed(empty, piece, plan.index, self._take, fade_in)
        return replace(placed, span=self._respanned(plan, placed))

    def _respanned(self, plan: StretchPlan, placed: Placed) -> VoiceSpan:
        """The span of a voice under the plan as it is now; its beginning stays."""
        start, end = placed.span.start, placed.natural_end
        fade_out = self._overlap(placed.piece)
        if plan.end is not None and end >= plan.end:
            stop = max(plan.end, start + ATTACK)
            tail = self._fade if plan.tail is None else plan.tail
            end = min(end, stop + (max(ATTACK, min(tail, (stop - start) // 3)) if tail else 0))
            fade_out = max(ATTACK, end - fade_from(plan, placed, stop))
        ramps = (ramp(start, start + placed.fade_in, 0.0, 1.0), ramp(max(start, end - fade_out), end, 1.0, 0.0))
        return replace(placed.span, end=end, envelope=product(end, *ramps), dips=dips_within(plan.dips, start))

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


def _is_moved(plan: StretchPlan, begun: Placed, unrendered: Frames, *, is_running: bool) -> bool:
    """Whether a begun voice has nothing to do any more with where its stretch is now."""
    if plan.bell is not None and begun.lands_at is not None:
        return plan.bell > unrendered and abs(begun.lands_at - plan.bell) > MOVED
    return not is_running and begun.span.start + LATEST_JOIN < plan.start


def _is_short(plan: StretchPlan, music_end: Frames, unrendered: Frames) -> bool:
    """Whether more music is needed than there is."""
    if plan.end is None:
        return music_end < max(plan.start, unrendered) + OPEN_AHEAD
    return music_end < plan.end and unrendered < plan.end
