"""The session as a strip to scale: how many cells each phase gets, and where one is. Pure."""

from collections.abc import Sequence
from itertools import accumulate
from statistics import median
from typing import Final

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

OPEN_S: Final[Seconds] = 60.0
"""Drawn length of an open phase where no other phase gives a measure."""

HEIGHTS: Final[dict[PhaseKind, float]] = {
    PhaseKind.PREPARE: 0.25,
    PhaseKind.WARM_UP: 0.6,
    PhaseKind.WORK: 1.0,
    PhaseKind.REST: 0.375,
    PhaseKind.BREAK: 0.25,
    PhaseKind.COOL_DOWN: 0.5,
}
"""Bar height by kind, as a part of the strip's."""


def drawn_lengths(segments: Sequence[Segment]) -> list[Seconds]:
    """The length each phase is drawn with; an open one gets that of the usual known phase."""
    known = [segment.duration_s for segment in segments if segment.duration_s is not None]
    usual = median(known) if known else OPEN_S
    return [usual if segment.duration_s is None else segment.duration_s for segment in segments]


def cells_of(lengths: Sequence[Seconds], width: int) -> list[int]:
    """Cells for each phase: to scale, together exactly `width`, and at least one each where there is room for all."""
    if not lengths or width <= 0:
        return [0] * len(lengths)
    least = 1 if len(lengths) <= width else 0
    room = width - least * len(lengths)
    ends = [_nearest_cell(room * end) for end in _ends_of(_above_least(lengths, width) if least else lengths)]
    return [least + end - start for start, end in zip([0, *ends], ends, strict=False)]


def _nearest_cell(column: float) -> int:
    """The same for a column half-way between two cells on every Python; since 3.12 `sum` rounds differently."""
    return round(round(column, 6))


def _above_least(lengths: Sequence[Seconds], width: int) -> list[Seconds]:
    """What each phase has above the length one cell stands for."""
    one_cell_s = sum(lengths) / width
    above = [max(0.0, length - one_cell_s) for length in lengths]
    return above if sum(above) > 0 else [1.0] * len(lengths)


def _ends_of(lengths: Sequence[Seconds]) -> list[float]:
    """Where each phase ends, as a part of the whole."""
    total = sum(lengths)
    if total <= 0:
        return [(place + 1) / len(lengths) for place in range(len(lengths))]
    return [end / total for end in accumulate(lengths)]


def marker_column(cells: Sequence[int], index: int, fraction: float) -> int:
    """The column of the point `fraction` (0 to 1) into phase `index`."""
    start, width = sum(cells[:index]), cells[index]
    inside = min(int(fraction * width), max(0, width - 1))
    return min(start + inside, max(0, sum(cells) - 1))


def open_fraction(elapsed_s: Seconds, drawn_s: Seconds) -> float:
    """How far into an open phase the marker stands: on to its end at the drawn length, and there it waits."""
    return min(1.0, elapsed_s / drawn_s) if drawn_s > 0 else 0.0
