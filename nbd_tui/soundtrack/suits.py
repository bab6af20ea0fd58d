"""Which phases of a workout a track is made for, by its tempo and its drive. Pure.

This tells people where a track will turn up; choosing weighs much more (`soundtrack.assign`), and takes what is nearest
where nothing suits.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nbd_tui.model.units import Bpm
from nbd_tui.soundtrack.intent import USUAL, Bands, Intent, intent_for
from nbd_tui.soundtrack.tempo_scores import tempo_scores
from nbd_tui.workout.phase import PhaseKind

KINDS: Final = (PhaseKind.WARM_UP, PhaseKind.WORK, PhaseKind.REST, PhaseKind.COOL_DOWN)
"""The kinds told apart: what suits a break suits a rest, and one prepares to the end of a warm-up."""

LEAST_TEMPO: Final = 0.5
"""The tempo score from which on a track suits: about 5 % outside the band."""
MOST_OFF: Final = 0.25
"""The energy may be so far from what a phase asks for: metal suits no rest, whatever its tempo."""
CALM: Final = 0.35
"""What has no beat but is no louder than this suits a cool-down."""

HARD: Final = 0.75
"""What drives so hard suits work also where it is faster than the band, as most metal is."""
_HALF_TIME: Final = 1.5
"""Such a song written at half its tempo is slower than the band by more than this."""

_PLACES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where in a warm-up or a cool-down a track may stand."""

_Floats: TypeAlias = NDArray[np.float64]
_Flags: TypeAlias = NDArray[np.bool_]


def suits(bpm: Sequence[Bpm | None], energy: Sequence[float | None], bands: Bands = USUAL) -> _Flags:
    """Which of `KINDS` each of many tracks suits.

    Args:
        bpm: tempo of each; None: none that one could step to, or not known.
        energy: drive of each, 0 to 1, as `Hearing.intensity`; None: not known, the tempo alone decides.
        bands: tempo and energy of each kind of phase.

    Returns:
        A row for each track, a column for each of `KINDS`.
    """
    tempo, drive = np.array(bpm, dtype=np.float64), np.array(energy, dtype=np.float64)
    tempo[~((tempo > 0) & np.isfinite(tempo))] = np.nan
    columns = [_fits(kind, tempo, drive, bands) for kind in KINDS]
    return np.stack(columns, axis=1) if len(bpm) else np.zeros((0, len(KINDS)), dtype=np.bool_)


def _fits(kind: PhaseKind, bpm: _Floats, energy: _Floats, bands: Bands) -> _Flags:
    intents = {intent_for(kind, place=place, bands=bands) for place in _PLACES}
    if kind is PhaseKind.REST:
        intents.add(intent_for(PhaseKind.BREAK, bands=bands))
    fits: _Flags = np.logical_or.reduce([_fits_one(intent, bpm, energy) for intent in intents])
    if kind is PhaseKind.WORK:
        fits |= _is_fast(intent_for(kind, bands=bands), bpm) & (energy >= HARD)
    if kind is PhaseKind.COOL_DOWN:
        fits |= np.isnan(bpm) & (energy <= CALM)
    return fits


def _is_fast(intent: Intent, bpm: _Floats) -> _Flags:
    """Faster than a band, written as it is or at half of it."""
    written_half = (2 * bpm > intent.high_bpm) & (bpm < intent.high_bpm / _HALF_TIME)
    fast: _Flags = (bpm > intent.high_bpm) | written_half
    return fast


def _fits_one(intent: Intent, bpm: _Floats, energy: _Floats) -> _Flags:
    """In the tempo band, and about as driving as it should be.

    Half and double tempo count where the intent says so, or where the energy is known to be right: then 160 BPM may be
    meant as 80.
    """
    off = np.abs(energy - intent.energy)
    own = tempo_scores(bpm, intent) >= LEAST_TEMPO
    free = tempo_scores(bpm, replace(intent, octave_free=True)) >= LEAST_TEMPO
    known = ~np.isnan(energy) & (off <= MOST_OFF / 2)
    in_band: _Flags = ~np.isnan(bpm) & (own | (free & known)) & ~(off > MOST_OFF)
    return in_band
