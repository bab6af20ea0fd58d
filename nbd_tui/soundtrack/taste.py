"""What the user wants of the music of a workout, from the settings and the preset; every plan goes by it. Pure."""

from dataclasses import dataclass
from typing import Final

from nbd_tui.model.arc import Arc
from nbd_tui.model.units import Decibels, Seconds
from nbd_tui.soundtrack.intent import USUAL, Bands
from nbd_tui.soundtrack.pin import NO_PINS, WorkoutPins

SECOND_WIND_S: Final[Seconds] = 45.0
SHORT_REST_S: Final[Seconds] = 20.0
OUTLIERS: Final = 0.2
TARGET_LUFS: Final[Decibels] = -14.0
"""What the streaming services play at."""


@dataclass(frozen=True, slots=True)
class MusicTaste:
    """The wishes for one workout."""

    arc: Arc = Arc.MONTAGE
    """How the energy of the rounds goes."""
    second_wind_s: Seconds | None = SECOND_WIND_S
    """The strongest drop comes so long before the end of the last round; None: no second wind."""
    short_rest_s: Seconds = SHORT_REST_S
    """A rest, break or prepare phase shorter than this has no music of its own."""
    outliers: float = OUTLIERS
    """The share of places, 0 to 1, that the dominant genre leaves to others: "not only heavy"."""
    target_lufs: Decibels = TARGET_LUFS
    """The loudness of all tracks."""
    tempo_fit: bool = False
    """Tracks may be stretched to the tempo of the work."""
    bands: Bands = USUAL
    """Tempo and energy by kind of phase."""
    pins: WorkoutPins = NO_PINS
    """Music the user has chosen."""


USUAL_TASTE: Final = MusicTaste()
