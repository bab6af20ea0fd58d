"""Which parts the workout screen has room for, and how many rows each gets. Pure."""

import math
from dataclasses import dataclass, replace
from typing import Final

LEAST_WIDTH: Final = 40
LEAST_HEIGHT: Final = 12
"""Under this the screens show only what counts."""

_FIXED_ROWS: Final = 4
"""Progress bar, word, next, echo: always there."""

_DIGITS_SHARE: Final = 0.45
"""Part of the height the digits get before anything else may appear."""


@dataclass(frozen=True, slots=True)
class WorkoutLayout:
    """Rows of each part; 0 is not shown."""

    digits: int
    header: int = 0
    track: int = 0
    hints: int = 0
    energy: int = 0
    strip: int = 0
    space: int = 0
    """Empty rows above and below the digits, each."""
    word_space: int = 0
    """Empty rows under the word."""


_WISHES: Final[tuple[tuple[str, int, int], ...]] = (
    ("header", 1, 1),
    ("track", 1, 1),
    ("hints", 1, 1),
    ("energy", 1, 1),
    ("strip", 3, 3),
    ("space", 1, 2),
    ("word_space", 1, 1),
    ("energy", 3, 2),
    ("strip", 4, 1),
    ("strip", 5, 1),
    ("space", 2, 2),
)
"""Part, rows wanted, rows that costs; the first wish is the last to go."""


def too_small(width: int, height: int) -> bool:
    """No room for a screen."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT


def workout_layout(height: int, *, energy: bool = False) -> WorkoutLayout:
    """The parts a screen of `height` rows has room for, digits first.

    Args:
        height: of the screen.
        energy: whether the energy of a track is known, for which a row is wanted.
    """
    digits_least = math.ceil(_DIGITS_SHARE * height)
    layout = WorkoutLayout(digits=max(1, height - _FIXED_ROWS))
    for part, rows, cost in _WISHES:
        if part == "energy" and not energy:
            continue
        if layout.digits - cost < digits_least:
            break
        layout = replace(layout, digits=layout.digits - cost, **{part: rows})
    return layout
