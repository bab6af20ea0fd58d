"""From where one listens to a track. Pure."""

from bisect import bisect_left
from typing import Final

from nbd_tui.model.hearing import Drop, Hearing
from nbd_tui.model.units import Bpm, Seconds

BARS: Final = 4
"""So much of what leads to a drop is listened to."""
_UNKNOWN_BPM: Final[Bpm] = 120.0
_SAME_S: Final[Seconds] = 0.05


def before_drop(hearing: Hearing, at_s: Seconds, bars: int = BARS) -> Seconds:
    """The second from which `bars` bars lead to a drop: a heard downbeat, else by the tempo, never before the start."""
    first = bisect_left(hearing.downbeats_s, at_s - _SAME_S)
    if first >= bars:
        return hearing.downbeats_s[first - bars]
    return max(0.0, at_s - bars * hearing.beats_per_bar * 60.0 / (hearing.bpm or _UNKNOWN_BPM))


def strongest_drop(hearing: Hearing) -> Drop | None:
    """The drop one would show to somebody; None: there is none."""
    return max(hearing.drops, key=lambda drop: drop.score, default=None)


def next_drop(hearing: Hearing, after_s: Seconds) -> Drop | None:
    """The first drop whose way up is still to come, else the first one of the track; None: there is none."""
    later = (drop for drop in hearing.drops if before_drop(hearing, drop.at_s) > after_s + _SAME_S)
    return next(later, next(iter(hearing.drops), None))
