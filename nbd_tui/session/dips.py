"""How the music steps back for a rest too short for music of its own, in sessions and in renderings. Pure."""

from collections.abc import Iterable

from nbd_tui.audio.score import Dip
from nbd_tui.model.units import RATE, Frames


def dips_within(rests: Iterable[tuple[Frames, Frames]], start: Frames, end: Frames | None = None) -> tuple[Dip, ...]:
    """The dips of a voice, each back at full level with the bell that ends its rest.

    Args:
        rests: from frame to frame.
        start: of the voice; a dip it begins in is there from its first frame.
        end: of the voice; None: unknown.
    """
    return tuple(
        _dip(first, last, is_begun=first <= start)
        for first, last in rests
        if last > start and (end is None or first < end)
    )


def _dip(first: Frames, last: Frames, *, is_begun: bool) -> Dip:
    fade = min(RATE // 2, (last - first) // 3)
    return Dip(first - fade if is_begun else first, last, fade=fade)
