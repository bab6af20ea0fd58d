"""How the rows of the summary are shared. Pure."""

from dataclasses import dataclass
from typing import Final

_LINES: Final = 6
"""Name, totals, effort, note, answer, keys."""
_FEW: Final = 4
"""So many tracks stay in sight before anything is drawn large."""
_LEAST_TIME: Final = 5
_STRIP: Final = 3
_TIME_SHARE: Final = 0.3
"""Of the height, before more tracks are shown."""


@dataclass(frozen=True, slots=True)
class SummaryLayout:
    """Rows of each part; 0 where there is no room. Together with the fixed lines they fill the window."""

    strip: int
    time: int
    word: int
    tracks: int


def summary_layout(height: int, tracks: int, kind_rows: int) -> SummaryLayout:
    """Shares `height` rows: a low window loses the strip first, then the big time.

    Args:
        height: of the window.
        tracks: how many were heard; none of them takes a line as well, to say so.
        kind_rows: lines of the totals by kind.
    """
    free = max(1, height - _LINES - kind_rows)
    wanted = max(1, tracks)
    few = min(wanted, _FEW)
    word = 1 if free > few + 2 else 0
    room = free - word - few
    time = max(_LEAST_TIME, min(room, round(height * _TIME_SHARE))) if room >= _LEAST_TIME else 0
    strip = _STRIP if time and room - time >= _STRIP else 0
    shown = min(wanted, free - word - time - strip)
    left = free - word - time - strip - shown
    return SummaryLayout(strip, time + left if time else 0, word, shown if time else shown + left)
