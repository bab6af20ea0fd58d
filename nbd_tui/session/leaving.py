"""How music leaves: cut with the tail of the bell, faded from a bar on, or joined to the second wind. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from nbd_tui.model.units import RATE, Frames, to_frames
from nbd_tui.session.coming_in import LEAD, Coming
from nbd_tui.session.pieces import Piece, Placed, StretchPlan
from nbd_tui.soundtrack.filling import BELL_TAIL_S, LAST_FADE_S, LONGEST_BAR_S, SAME_TEMPO
from nbd_tui.workout.phase import PhaseKind

CUT: Final[Frames] = RATE // 50
"""20 ms: another track takes over on the bar."""
BELL_TAIL: Final[Frames] = to_frames(BELL_TAIL_S)
LAST_FADE: Final[Frames] = to_frames(LAST_FADE_S)
LONGEST_BAR: Final[Frames] = to_frames(LONGEST_BAR_S)
_BEATS: Final = 16


def way_out(plan: StretchPlan, after: StretchPlan | None, fade: Frames) -> Frames:
    """How long the music of a stretch goes on after its end: a round's is gone within the ring of its last bell.

    Args:
        plan: of the stretch.
        after: what comes next, if that is certain.
        fade: how long music fades elsewhere.
    """
    if after is not None and after.joins:
        return fade if after.is_in_time else CUT
    if after is None and plan.is_last:
        return 0
    return min(BELL_TAIL, fade) if plan.kind is PhaseKind.WORK else fade


def way_in(plan: StretchPlan, chain: Sequence[Placed], after: StretchPlan | None, fade: Frames) -> Frames:
    """How long what comes after a stretch fades in: as its music fades out, but for one that is cut.

    Args:
        plan: of the stretch.
        chain: its music.
        after: what comes next.
        fade: how long music fades elsewhere.
    """
    if plan.end is None or not chain:
        return fade
    overlap = max(0, chain[-1].end - plan.end)
    is_cut = plan.kind is PhaseKind.WORK and not (after and after.joins)
    return fade if is_cut and overlap else overlap


def fade_from(plan: StretchPlan, placed: Placed, stop: Frames) -> Frames:
    """Where the music of a stretch begins to fade: on the last bar before its end, unless it is cut there."""
    room = (stop - placed.span.start) // 3
    if plan.is_last:
        stop -= min(LAST_FADE, room)
    elif plan.kind is PhaseKind.WORK:
        return stop
    bar = bar_before(placed, stop)
    return stop if bar is None or stop - bar > min(room, LONGEST_BAR) else bar


def bar_before(placed: Placed, frame: Frames) -> Frames | None:
    """The last bar of a voice that has a time, at or before a frame."""
    if placed.span.snap:
        return None
    first = placed.span.start - placed.piece.source.in_point
    return next((bar for bar in map(first.__add__, reversed(placed.piece.bars)) if bar <= frame), None)


def on_a_bar(plan: StretchPlan, out: Placed, coming: Callable[[StretchPlan], Coming | None]) -> StretchPlan:
    """A second wind moved to where its track takes over on a bar of the one that plays: up to a bar earlier.

    Args:
        plan: of the second wind.
        out: what plays before it.
        coming: how its track comes in.
    """
    moved = plan
    for _ in range(4):  # an earlier bell may leave room for less of the build-up, and that begin elsewhere
        found = coming(moved)
        if found is None or moved.bell is None or plan.bell is None:
            return plan
        meets = found.start if moved.bell - found.start > LEAD else moved.bell
        bar = bar_before(out, meets)
        if bar is None or plan.bell - moved.bell + meets - bar > LONGEST_BAR:
            return plan
        if bar == meets:
            return replace(moved, is_in_time=is_in_time(out.piece, found.piece))
        moved = replace(plan, start=moved.bell - meets + bar, bell=moved.bell - meets + bar)
    return plan


def is_in_time(one: Piece, other: Piece) -> bool:
    """Whether two tracks have the same tempo, as near as matters while one fades into the other."""
    periods = [_period(piece) for piece in (one, other)]
    return 0.0 not in periods and abs(periods[0] / periods[1] - 1.0) < SAME_TEMPO


def _period(piece: Piece) -> float:
    """Frames from beat to beat, about where a piece begins; 0 where nobody knows."""
    beats = [beat for beat in piece.beats if beat >= piece.source.in_point][: _BEATS + 1]
    return (beats[-1] - beats[0]) / (len(beats) - 1) if len(beats) > 1 else 0.0
