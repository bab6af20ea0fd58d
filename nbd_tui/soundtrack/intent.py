"""What the music of a phase should be like: tempo band and energy for each kind of phase.

The bands come from the studies listed in the project's notes (Karageorghis 2018 and 2021, Stork 2015 and 2019): fast
music for work, medium for the rest between (never slow), slow only after all work is done.
"""

from dataclasses import dataclass
from typing import Final

from nbd_tui.model.units import Bpm, Seconds
from nbd_tui.workout.phase import PhaseKind

LONGEST_SHORT_REST_S: Final[Seconds] = 180.0
"""A rest up to this long keeps the body ready for the next round; a longer one may calm down."""

WARM_UP_BPM: Final[tuple[Bpm, Bpm]] = (85.0, 120.0)
"""From the first warm-up phase to the last."""
COOL_DOWN_BPM: Final[tuple[Bpm, Bpm]] = (95.0, 60.0)
WARM_UP_ENERGY: Final = (0.3, 0.6)
COOL_DOWN_ENERGY: Final = (0.3, 0.1)

_HALF_BAND: Final[Bpm] = 15.0
_HALF_BEST: Final[Bpm] = 5.0


@dataclass(frozen=True, slots=True)
class Intent:
    """The music one phase asks for. A wish, never a filter."""

    low_bpm: Bpm
    high_bpm: Bpm
    best_low_bpm: Bpm
    best_high_bpm: Bpm
    energy: float
    """0 (ambient) to 1 (metal), on the scale of `soundtrack.genre`."""
    octave_free: bool
    """Half and double tempo count as the tempo itself: 70 BPM drives a round as well as 140."""


_WORK: Final = Intent(125.0, 142.0, 135.0, 140.0, energy=0.9, octave_free=True)
_SHORT_REST: Final = Intent(115.0, 125.0, 118.0, 122.0, energy=0.55, octave_free=True)
_LONG_REST: Final = Intent(105.0, 120.0, 110.0, 116.0, energy=0.4, octave_free=True)


def intent_for(kind: PhaseKind, duration_s: Seconds | None = None, place: float = 0.5) -> Intent:
    """The intent of a phase.

    Args:
        kind: what the phase is for.
        duration_s: its length; None (open) counts as short in a rest.
        place: 0 (first) to 1 (last) among consecutive phases of this kind; a warm-up rises, a cool-down falls with it.
            Best read at the midpoint of the track.
    """
    match kind:
        case PhaseKind.WORK:
            return _WORK
        case PhaseKind.REST:
            return _LONG_REST if duration_s is not None and duration_s > LONGEST_SHORT_REST_S else _SHORT_REST
        case PhaseKind.BREAK:
            return _LONG_REST
        case PhaseKind.COOL_DOWN:
            return _gliding(COOL_DOWN_BPM, COOL_DOWN_ENERGY, place)
        case PhaseKind.WARM_UP:
            return _gliding(WARM_UP_BPM, WARM_UP_ENERGY, place)
        case PhaseKind.PREPARE:
            return _gliding(WARM_UP_BPM, WARM_UP_ENERGY, 1.0)


def _gliding(bpm: tuple[Bpm, Bpm], energy: tuple[float, float], place: float) -> Intent:
    """A band around the point `place` of the way from the first tempo to the second, cut off at both."""
    place = min(1.0, max(0.0, place))
    low, high = min(bpm), max(bpm)
    centre = bpm[0] + (bpm[1] - bpm[0]) * place
    return Intent(
        max(low, centre - _HALF_BAND),
        min(high, centre + _HALF_BAND),
        max(low, centre - _HALF_BEST),
        min(high, centre + _HALF_BEST),
        energy=energy[0] + (energy[1] - energy[0]) * place,
        octave_free=False,
    )
