"""Where a track comes in so that its drop is heard with the bell, to the frame. Pure."""

from dataclasses import dataclass
from typing import Final

from nbd_tui.model.units import RATE, Frames
from nbd_tui.session.pieces import Piece, StretchPlan

MARGIN: Final[Frames] = RATE // 20
"""50 ms: what begins so much after the first frame not rendered yet begins on time, whatever the way to the player."""
ONSET: Final[Frames] = RATE // 2000
"""Half a millisecond: a track that begins with its drop is all there with it, and does not click."""
LEAD: Final[Frames] = RATE // 50
"""20 ms: so much before its drop a track begins where it can, to be all there at the bell."""
GOES_ON_FADE: Final[Frames] = RATE * 3 // 20
"""150 ms: a build-up goes on after a pause."""
SAME_PLACE: Final[Frames] = RATE
"""A build-up goes on after a pause if it would be at most so far from where it was left."""


@dataclass(frozen=True, slots=True)
class Coming:
    """How a piece comes in."""

    piece: Piece
    """From the right frame on."""
    start: Frames
    fade_in: Frames
    """At most."""


def come_in(plan: StretchPlan, piece: Piece, unrendered: Frames, left: Piece | None, fade: Frames) -> Coming | None:
    """How a piece comes into the stretch it begins; None where it has nothing that is to land on a bell.

    Args:
        plan: of the stretch.
        piece: its first one.
        unrendered: the first frame a change can still reach.
        left: the same where its build-up was cut off by a pause or a key; None: it was not.
        fade: how long music fades in.
    """
    if plan.bell is None or piece.landing is None:
        return None
    if plan.bell <= unrendered:
        return Coming(piece.at(max(0, piece.landing - ONSET)), plan.bell, ONSET)
    floor = max(unrendered + MARGIN, plan.start - LEAD if plan.earliest is None else plan.earliest)
    if left and (going_on := _goes_on(plan.bell, piece, left, floor)):
        return going_on
    latest = max(plan.start, floor)
    entry = _entry(plan.bell, piece.landing, piece.entries, floor, latest)
    start = plan.bell - (piece.landing - entry)
    return Coming(piece.at(entry), start, max(ONSET, min(fade, (plan.bell - start) // 2 if entry else 0)))


def _goes_on(bell: Frames, piece: Piece, left: Piece, floor: Frames) -> Coming | None:
    """At the exact frame that meets the bell, where that is about where it was left."""
    assert piece.landing is not None  # noqa: S101 - asked by the caller
    entry = piece.landing - (bell - floor)
    if floor > bell or entry < 0 or abs(entry - left.source.in_point) > SAME_PLACE:
        return None
    return Coming(piece.at(entry), floor, GOES_ON_FADE)


def _entry(bell: Frames, landing: Frames, entries: tuple[Frames, ...], floor: Frames, latest: Frames) -> Frames:
    """The frame of the track to begin with: a bar of the build-up, else where the stretch needs it to be.

    Args:
        bell: where the landing is to be heard.
        landing: the frame of the track that is to be heard there.
        entries: those that sound well, the earliest first.
        floor: the track must not begin before.
        latest: nor after, or nothing would be heard.
    """
    room = landing - (bell - floor)
    needed = landing - max(0, bell - latest)
    inside = [entry for entry in (*entries, landing - LEAD) if max(0, room) <= entry <= needed]
    if inside:
        return inside[0]
    return needed if needed >= 0 else min(entries, default=0)
