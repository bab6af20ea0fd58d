"""What the music of a phase should be like: tempo band and energy for each kind of phase.

The usual bands come from the studies listed in the project's notes (Karageorghis 2018 and 2021, Stork 2015 and 2019):
fast music for work, medium for the rest between (never slow), slow only after all work is done.
"""

from dataclasses import dataclass
from typing import Final

from nbd_tui.model.units import Bpm, Seconds
from nbd_tui.workout.phase import PhaseKind

LONGEST_SHORT_REST_S: Final[Seconds] = 180.0
"""A rest up to this long keeps the body ready for the next round; a longer one may calm down."""

_HALF_BAND: Final[Bpm] = 15.0
_HALF_BEST: Final[Bpm] = 5.0


@dataclass(frozen=True, slots=True)
class Band:
    """The music of one kind of phase: each from the least to the most."""

    bpm: tuple[Bpm, Bpm]
    energy: tuple[float, float]
    """0 (ambient) to 1 (metal), on the scale of `soundtrack.genre`."""


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of all kinds of phase."""

    warm_up: Band = Band((85.0, 120.0), (0.3, 0.6))
    """Rises from the least to the most, over all warm-up phases."""
    work: Band = Band((125.0, 142.0), (0.5, 1.0))
    rest: Band = Band((115.0, 125.0), (0.45, 0.65))
    pause: Band = Band((105.0, 120.0), (0.3, 0.5))
    """Of breaks and of rests longer than `LONGEST_SHORT_REST_S`."""
    cool_down: Band = Band((60.0, 95.0), (0.1, 0.3))
    """Falls from the most to the least, over all cool-down phases."""
    prepare: Band | None = None
    """None: as the warm-up ends."""


USUAL: Final = Bands()


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
    energies: tuple[float, float] = (0.0, 1.0)
    """The energy may be raised and lowered within these."""


@dataclass(frozen=True, slots=True)
class _Best:
    """The best part of a band, and the energy where no arc says which; all are places in the band, 0 to 1."""

    low: float
    high: float
    energy: float = 0.5


_OF_WORK: Final = _Best(10 / 17, 15 / 17, energy=0.8)
_OF_REST: Final = _Best(0.3, 0.7)
_OF_PAUSE: Final = _Best(1 / 3, 11 / 15)
_MIDDLE: Final = _Best(0.3, 0.7)


def intent_for(kind: PhaseKind, duration_s: Seconds | None = None, place: float = 0.5, bands: Bands = USUAL) -> Intent:
    """The intent of a phase.

    Args:
        kind: what the phase is for.
        duration_s: its length; None (open) counts as short in a rest.
        place: 0 (first) to 1 (last) among consecutive phases of this kind; a warm-up rises, a cool-down falls with it.
            Best read at the midpoint of the track.
        bands: of all kinds.
    """
    match kind:
        case PhaseKind.WORK:
            return _steady(bands.work, _OF_WORK)
        case PhaseKind.REST if duration_s is None or duration_s <= LONGEST_SHORT_REST_S:
            return _steady(bands.rest, _OF_REST)
        case PhaseKind.REST | PhaseKind.BREAK:
            return _steady(bands.pause, _OF_PAUSE)
        case PhaseKind.COOL_DOWN:
            return _gliding(bands.cool_down, 1.0 - place)
        case PhaseKind.WARM_UP:
            return _gliding(bands.warm_up, place)
        case PhaseKind.PREPARE:
            own = bands.prepare
            return _gliding(bands.warm_up, 1.0) if own is None else _steady(own, _MIDDLE, octave_free=False)


def _steady(band: Band, best: _Best, *, octave_free: bool = True) -> Intent:
    """All of a band."""
    return Intent(
        *band.bpm, round(_at(band.bpm, best.low), 1), round(_at(band.bpm, best.high), 1),
        energy=_at(band.energy, best.energy), octave_free=octave_free, energies=band.energy,
    )  # fmt: skip


def _gliding(band: Band, height: float) -> Intent:
    """The part of a band around one height in it, cut off at its ends."""
    height = min(1.0, max(0.0, height))
    (low, high), centre = band.bpm, _at(band.bpm, height)
    return Intent(
        max(low, centre - _HALF_BAND),
        min(high, centre + _HALF_BAND),
        max(low, centre - _HALF_BEST),
        min(high, centre + _HALF_BEST),
        energy=_at(band.energy, height),
        octave_free=False,
        energies=band.energy,
    )


def _at(span: tuple[float, float], place: float) -> float:
    """A value so far, 0 to 1, from the first to the second."""
    return span[0] + (span[1] - span[0]) * place
