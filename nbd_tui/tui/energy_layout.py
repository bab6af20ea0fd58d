"""A track's energy as columns of cells: how high each is, what is marked under it, which part is shown. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from math import ceil, floor, isfinite
from typing import Final, TypeAlias

from nbd_tui.model.hearing import Drop, EnergyCurve, Span
from nbd_tui.model.units import Bpm, Seconds

CLOSEST_BARS: Final = 8
"""The narrowest window, in bars of four beats."""
CLOSEST_S: Final[Seconds] = 16.0
"""The narrowest window where there is no tempo."""

_LEAD: Final = 1 / 8
"""Part of a window that is left before the playhead when the window is turned like a page."""
_APART: Final = 2.0
"""Columns a bar or a beat must have for itself on average to be marked."""

MeanBetween: TypeAlias = Callable[[Seconds, Seconds], float]


class Level(StrEnum):
    """How much is going on, in three steps: the colour of a column."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class Mark(StrEnum):
    """What stands under a column."""

    NONE = "none"
    BEAT = "beat"
    BAR = "bar"
    BUILD = "build"
    GAP = "gap"
    DROP = "drop"


_STEPS: Final = ((0.4, Level.LOW), (0.7, Level.MID))
"""Values below which a level ends; above the last it is high."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What of a track is marked: its heard beats and drops with the user's corrections in them."""

    drops: Sequence[Drop] = ()
    beats_s: Sequence[Seconds] = ()
    bars_s: Sequence[Seconds] = ()


def level_of(value: float) -> Level:
    """The step of a value between 0 and 1."""
    return next((level for below, level in _STEPS if value < below), Level.HIGH)


def means_of(curve: EnergyCurve) -> MeanBetween:
    """The mean of a curve, straight between its values, over any stretch of time; level before and after its ends."""
    values = [value if isfinite(value) else 0.0 for value in curve.values] or [0.0]
    sums = list(accumulate(((a + b) / 2 for a, b in pairwise(values)), initial=0.0))
    last = len(values) - 1

    def sum_to(place: float) -> float:
        """The area under the curve from 0 to a place, in values."""
        inside = min(max(place, 0.0), float(last))
        whole = min(int(inside), max(0, last - 1))
        part, after = inside - whole, values[min(whole + 1, last)]
        area = sums[whole] + part * values[whole] + part * part * (after - values[whole]) / 2
        return area + min(place, 0.0) * values[0] + max(0.0, place - last) * values[last]

    def mean(start_s: Seconds, end_s: Seconds) -> float:
        start, end = start_s * curve.rate_hz, end_s * curve.rate_hz
        found = (sum_to(end) - sum_to(start)) / (end - start) if end > start else 0.0
        return min(1.0, max(0.0, found))

    return mean


def heights(mean: MeanBetween, window: Span, duration_s: Seconds, width: int) -> list[float | None]:
    """How high each of `width` columns is, 0 to 1; None where the track is over.

    The square of the mean energy, which is near how loud it is to the ear (that is halved by 10 dB, 0.42 of the
    energy): bars of decibels would make a wall of most music.
    """
    ends = [time_of(column, window, width) for column in range(width + 1)]
    return [
        mean(max(0.0, start_s), min(duration_s, end_s)) ** 2 if start_s < duration_s and end_s > 0.0 else None
        for start_s, end_s in pairwise(ends)
    ]


def eighths(value: float | None, rows: int, from_below: int) -> int:
    """How many eighths of one row a column fills; what sounds at all shows in the lowest row."""
    if value is None:
        return 0
    return min(8, max(0, max(1, round(value * rows * 8)) - 8 * from_below))


def time_of(column: float, window: Span, width: int) -> Seconds:
    """When a column begins."""
    return window.start_s + (window.end_s - window.start_s) * column / max(1, width)


def column_of(at_s: Seconds, window: Span, width: int) -> int | None:
    """The column of a moment; None outside the window."""
    length_s = window.end_s - window.start_s
    if width <= 0 or length_s <= 0.0 or not window.start_s <= at_s < window.end_s:
        return None
    return min(width - 1, floor((at_s - window.start_s) / length_s * width + 1e-9))


def marks(marked: Marked, window: Span, width: int) -> list[Mark]:
    """What stands under each column; where several meet, the one that matters most.

    Bars and beats are marked only in windows in which they do not run into each other.
    """
    row = [Mark.NONE] * max(0, width)
    for times, mark in ((marked.beats_s, Mark.BEAT), (marked.bars_s, Mark.BAR)):
        inside = [column for at_s in times if (column := column_of(at_s, window, width)) is not None]
        if len(inside) * _APART <= width:
            _put(row, inside, mark)
    for drop in marked.drops:
        for span, mark in ((drop.build, Mark.BUILD), (drop.gap, Mark.GAP)):
            if span is not None:
                _put(row, _columns_of(span, window, width), mark)
    _put(row, (c for drop in marked.drops if (c := column_of(drop.at_s, window, width)) is not None), Mark.DROP)
    return row


def whole(duration_s: Seconds) -> Span:
    """The window of a whole track."""
    return Span(0.0, max(duration_s, 1e-3))


def closest_s(bpm: Bpm | None) -> Seconds:
    """The length of the narrowest window."""
    return CLOSEST_BARS * 4 * 60 / bpm if bpm else CLOSEST_S


def zoomed(window: Span, duration_s: Seconds, around_s: Seconds, least_s: Seconds, *, closer: bool) -> Span:
    """Half as much of the track, or twice as much, around a moment, which keeps its place as far as the ends let it."""
    length_s = window.end_s - window.start_s
    new_s = max(length_s / 2, least_s) if closer else length_s * 2
    if new_s >= duration_s:
        return whole(duration_s)
    around_s = min(max(around_s, window.start_s), window.end_s)
    share = (around_s - window.start_s) / length_s
    return _within(around_s - share * new_s, new_s, duration_s)


def followed(window: Span, at_s: Seconds, duration_s: Seconds) -> Span:
    """The window with a moment in it: turned like a page when that has left it, else as it is."""
    if window.start_s <= at_s < window.end_s:
        return window
    length_s = window.end_s - window.start_s
    return _within(at_s - length_s * _LEAD, length_s, duration_s)


def ruler(window: Span, width: int, least_apart: int = 12) -> str:
    """Times under the columns at which they stand, each a `least_apart` from the next one."""
    line = ""
    step_s = _step_s((window.end_s - window.start_s) / max(1, width) * least_apart)
    at_s = ceil(window.start_s / step_s - 1e-9) * step_s
    while (column := column_of(at_s, window, width)) is not None:
        text = f"{int(at_s) // 60}:{int(at_s) % 60:02}"
        if column + len(text) <= width:
            line = line.ljust(column) + text
        at_s += step_s
    return line.ljust(width)


def _put(row: list[Mark], columns: Iterable[int], mark: Mark) -> None:
    for column in columns:
        row[column] = mark


def _columns_of(span: Span, window: Span, width: int) -> range:
    """The columns a stretch touches."""
    start_s, end_s = max(span.start_s, window.start_s), min(span.end_s, window.end_s)
    first = column_of(start_s, window, width)
    if first is None or end_s <= start_s:
        return range(0)
    last = column_of(end_s, window, width)
    return range(first, width if last is None else max(last, first + 1))


def _within(start_s: Seconds, length_s: Seconds, duration_s: Seconds) -> Span:
    start_s = max(0.0, min(start_s, duration_s - length_s))
    return Span(start_s, start_s + length_s)


_ROUND_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)


def _step_s(least_s: Seconds) -> int:
    return next((step_s for step_s in _ROUND_S if step_s >= least_s), 3600 * max(1, ceil(least_s / 3600)))
