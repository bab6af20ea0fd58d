"""How well songs fit a place: soft scores over a whole catalogue at once, never a filter. Pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.drop_worth import drop_worth
from nbd_tui.soundtrack.intent import Intent
from nbd_tui.soundtrack.songs import Catalogue, Flags, Floats
from nbd_tui.soundtrack.tempo_scores import EDGE, tempo_scores
from nbd_tui.soundtrack.wants import Want

UNKNOWN_ENERGY: Final = 0.5
"""Score of a song of unknown energy: better than a clear miss, worse than a hit."""
UNKNOWN_LENGTH: Final = 0.7
SHORTEST_S: Final = 30.0
"""Shorter files are jingles and samples."""
LONGEST_S: Final = 900.0
"""Longer files are mixes, podcasts and audio books."""

_ENERGY_WIDTH: Final = 0.18
"""A song this far from the wanted energy scores 0.6."""
_OUTSIDE: Final = 0.6
"""What a tempo score counts for outside the band: a track inside it is worth giving up some energy or a drop."""
_NO_SONG: Final = 5.0
"""Jingles, mixes and talk come after everything else, among themselves by the rest."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much."""

    tempo: float = 0.42
    energy: float = 0.29
    drop: float = 0.23
    length: float = 0.06


SECOND_WIND: Final = Weights(tempo=0.3, energy=0.22, drop=0.43, length=0.05)
NO_BELL: Final = Weights(tempo=0.46, energy=0.42, drop=0.0, length=0.12)


def weights_for(want: Want) -> Weights:
    """The strongest drop of all belongs to the second wind; where no bell waits for one, drops do not count."""
    if want.bell_s is None:
        return NO_BELL
    return SECOND_WIND if want.is_second_wind else Weights()


class Fits:
    """How well the songs of one catalogue fit: what many places ask alike is reckoned once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._tempo: dict[Intent, Floats] = {}
        self._length: dict[Seconds, Floats] = {}
        self._drop: dict[tuple[Seconds, Seconds, bool], Floats] = {}

    def of(self, want: Want) -> Floats:
        """How well each song fits a place, 0 to 1; the caller may change the array."""
        weights = weights_for(want)
        total: Floats = weights.energy * energy_fit(want.energy, self._catalogue)
        total += weights.tempo * self.tempo(want.intent)
        total += weights.length * self.length(want.length_s)
        if weights.drop:
            total += weights.drop * self.drop(want)
        return total

    def plain(self, want: Want) -> Floats:
        """How well each song fits a place, 0 to 1, drops left aside; below 0 for what is no song."""
        weights = weights_for(want)
        total: Floats = weights.energy * energy_fit(want.energy, self._catalogue)
        total += weights.tempo * self.tempo(want.intent) + weights.length * self.length(want.length_s)
        return np.asarray(total / (weights.energy + weights.tempo + weights.length))

    @cached_property
    def no_song(self) -> Flags:
        """Jingles, mixes and talk."""
        return no_song(self._catalogue)

    def tempo(self, intent: Intent) -> Floats:
        """As `tempo_fit`."""
        if intent not in self._tempo:
            self._tempo[intent] = tempo_fit(intent, self._catalogue)
        return self._tempo[intent]

    def length(self, length_s: Seconds) -> Floats:
        """As `length_fit`."""
        if length_s not in self._length:
            self._length[length_s] = length_fit(length_s, self._catalogue)
        return self._length[length_s]

    def drop(self, want: Want) -> Floats:
        """As `drop_fit`."""
        asked = want.bell_s or 0.0, want.after_bell_s, want.is_second_wind
        if asked not in self._drop:
            self._drop[asked] = drop_fit(want, self._catalogue)
        return self._drop[asked]


def tempo_fit(intent: Intent, catalogue: Catalogue) -> Floats:
    """1 in the best part of the tempo band, less towards its edges, a step down and then falling softly outside it."""
    scores = tempo_scores(catalogue.bpm, intent)
    outside = (scores < EDGE) & ~np.isnan(catalogue.bpm)
    return np.where(outside, _OUTSIDE * scores, scores)


def energy_fit(energy: float, catalogue: Catalogue) -> Floats:
    """1 at the wanted energy, as this library goes; a bell curve around it."""
    off = (catalogue.drive - energy) / _ENERGY_WIDTH
    return np.where(np.isnan(off), UNKNOWN_ENERGY, np.exp(-0.5 * np.square(off)))


def length_fit(length_s: Seconds, catalogue: Catalogue) -> Floats:
    """1 for a song that lasts the whole place, else the part of it that it lasts; far below 0 for what is no song."""
    has_s = catalogue.duration_s
    part = np.where(np.isnan(has_s), UNKNOWN_LENGTH, np.minimum(1.0, has_s / max(length_s, 1.0)))
    return np.where(no_song(catalogue), part - _NO_SONG, part)


def no_song(catalogue: Catalogue) -> Flags:
    """Which are jingles, mixes or talk."""
    has_s = catalogue.duration_s
    return np.asarray((has_s < SHORTEST_S) | (has_s > LONGEST_S) | catalogue.spoken)


def drop_fit(want: Want, catalogue: Catalogue) -> Floats:
    """The worth of each song's best drop on the bell of a place; 0 without one that can be had there."""
    rows, at_s = catalogue.with_drops, catalogue.drop_at_s
    left_s = catalogue.duration_s[rows, None] - at_s
    worth = drop_worth(catalogue.drop_strength, left_s, want.after_bell_s, is_second_wind=want.is_second_wind)
    fits = np.zeros(len(catalogue))
    fits[rows] = np.fmax.reduce(np.where(at_s >= (want.bell_s or 0.0), worth, 0.0), axis=1, initial=0.0)
    return fits
