"""Which song goes where: the most important places choose first, then songs are swapped while that helps. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.songs import Catalogue, Floats, Ints
from nbd_tui.soundtrack.taste import OUTLIERS
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.phase import PhaseKind

_LIKED: Final = 0.08
_CHANCE: Final = 0.06
"""So much better or worse a song may look by chance, that sessions differ."""
_TIRED: Final = (0.3, 0.2, 0.1)
"""What it costs to have been heard in the last session, the one before, and the one before that."""
_SAME_ARTIST: Final = (0.35, 0.15)
"""What the artist of a neighbouring place costs, and of the next but one."""
_GIVEN_UP: Final = 0.3
"""A place leaves the dominant genre only for a song that is not worse by more than this."""
_USED: Final = 3.0
"""What it costs to have been chosen already, each time: more than everything else together."""
_SWAPS: Final = 200
_SWAPPED: Final = 60
"""Places of a kind swap with the next so many: all of a usual workout, and the longest ones are planned in seconds."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What besides the fit decides."""

    seed: int = 0
    outliers: float = OUTLIERS
    """The share of places that the dominant genre leaves to others."""
    pinned: Mapping[int, Ints] = field(default_factory=dict)
    """By place: the only songs that may play there, as numbers in the catalogue."""
    guests: Collection[int] = ()
    """Songs that play only where they are pinned."""
    fixed: Mapping[int, int] = field(default_factory=dict)
    """By place: the song that plays there whatever its fit."""
    barred: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By place: songs that the user has sent away from there."""
    played: Collection[int] = ()
    """Songs that were played before, each as often as it is named here."""
    out: Collection[int] = ()
    """Songs that may not play at all."""


def assign(
    places: Sequence[Want], catalogue: Catalogue, rules: Rules, fits: Fits | None = None
) -> tuple[int | None, ...]:
    """A song for each place, as its number in the catalogue; None where there is none that may play.

    `fits` of the same catalogue, kept from one call to the next, saves the most of the work.
    """
    return _Assignment(places, catalogue, rules, fits or Fits(catalogue)).run()


def chance(catalogue: Catalogue, seed: int) -> Floats:
    """A number from 0 to 1 for each song: the same for the same path and seed, whatever else is in the catalogue.

    Mixed as in SplitMix64 (Steele, Lea and Flood 2014).
    """
    with np.errstate(over="ignore"):
        z = catalogue.key + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))).astype(np.float64) / 2.0**64


class _Assignment:
    """One assignment in the making."""

    def __init__(self, places: Sequence[Want], catalogue: Catalogue, rules: Rules, fits: Fits) -> None:
        self._places = places
        self._fits = fits
        self._catalogue = catalogue
        self._rules = rules
        self._chosen: list[int | None] = [None] * len(places)
        self._fit_of: dict[int, Floats] = {}
        self._leanings = leanings(catalogue, rules.seed)
        self._leanings[list(rules.out)] = -np.inf
        self._used: npt.NDArray[np.float64] = np.zeros(len(catalogue))
        np.add.at(self._used, np.array(list(rules.played), np.int64), 1.0)

    def run(self) -> tuple[int | None, ...]:
        """Chooses for all places."""
        if len(self._catalogue):
            for place in sorted(range(len(self._places)), key=self._rank):
                self._take(place, self._best(place))
            self._leave_room()
            self._swap()
        return tuple(self._chosen)

    def _rank(self, place: int) -> tuple[bool, bool, bool, float, int]:
        want = self._places[place]
        is_work = want.kind is PhaseKind.WORK
        return (
            place not in self._rules.fixed and len(self._rules.pinned.get(place, ())) != 1,
            not want.is_second_wind,
            not is_work,
            -want.energy if is_work else 0.0,
            place,
        )

    def _take(self, place: int, song: int | None) -> None:
        self._chosen[place] = song
        if song is not None:
            self._used[song] += 1

    def _best(self, place: int) -> int | None:
        if (fixed := self._rules.fixed.get(place)) is not None:
            return fixed
        scores = self._scores(place)
        best = int(np.argmax(scores))
        return best if scores[best] > -np.inf else None

    def _scores(self, place: int) -> Floats:
        """How good each song would be here, as things stand."""
        scores = self._fit(place) + self._leanings - _USED * self._used - self._crowded(place)
        scores[list(self._rules.barred.get(place, ()))] = -np.inf
        if (pinned := self._rules.pinned.get(place)) is not None and len(pinned):
            only = np.full(len(scores), -np.inf)
            only[pinned] = scores[pinned]
            return only
        scores[list(self._rules.guests)] = -np.inf
        return scores

    def _fit(self, place: int) -> Floats:
        if place not in self._fit_of:
            self._fit_of[place] = self._fits.of(self._places[place])
        return self._fit_of[place]

    def _crowded(self, place: int) -> Floats:
        """What the choices so far speak against each song here."""
        cost = np.zeros(len(self._catalogue))
        for distance, price in enumerate(_SAME_ARTIST, 1):
            for other in (place - distance, place + distance):
                near = self._chosen[other] if 0 <= other < len(self._chosen) else None
                if near is not None and self._catalogue.artist[near] >= 0:
                    cost += price * (self._catalogue.artist == self._catalogue.artist[near])
        return cost

    def _leave_room(self) -> None:
        """Where one genre has more than its share, it leaves the places that lose least by it to others."""
        genres = Counter(int(self._catalogue.genre[song]) for song in self._chosen if song is not None)
        most = (1.0 - self._rules.outliers) * sum(genres.values())
        for genre, count in genres.items():
            if genre >= 0 and count > most + 1e-9:
                self._open_up(genre, ceil(count - most - 1e-9))

    def _open_up(self, genre: int, count: int) -> None:
        places = [p for p, song in enumerate(self._chosen) if self._is_of(song, genre) and self._is_free(p)]
        others = {place: self._other(place, genre) for place in places}
        for _ in range(min(count, len(places))):
            place = min(others, key=lambda p: (others[p][0], p))
            loss, song = others.pop(place)
            if loss > _GIVEN_UP:
                return
            self._used[self._chosen[place]] -= 1
            self._take(place, song)
            others |= {p: self._other(p, genre) for p, (_, other) in others.items() if other == song}

    def _is_of(self, song: int | None, genre: int) -> bool:
        return song is not None and int(self._catalogue.genre[song]) == genre

    def _other(self, place: int, genre: int) -> tuple[float, int]:
        """The best song of another genre for a place, and how much worse it is than the one that is there."""
        scores, there = self._scores(place), self._chosen[place]
        own = float(scores[there]) + _USED if there is not None else 0.0
        scores[self._catalogue.genre == genre] = -np.inf
        best = int(np.argmax(scores))
        return own - float(scores[best]), best

    def _swap(self) -> None:
        """Two places change songs where both together are better off."""
        free = [p for p, song in enumerate(self._chosen) if song is not None and self._is_free(p)]
        alike = {kind: [p for p in free if self._places[p].kind is kind] for kind in PhaseKind}
        pairs = [
            (a, b)
            for same in alike.values()
            for rank, a in enumerate(same)
            for b in same[rank + 1 : rank + 1 + _SWAPPED]
        ]
        for _ in range(_SWAPS):
            swapped = [self._try_swap(a, b) for a, b in pairs]
            if not any(swapped):
                return

    def _is_free(self, place: int) -> bool:
        """The second wind keeps what it has chosen: it was the first to choose, and needs it most."""
        rules = self._rules
        is_open = place not in rules.fixed and place not in rules.pinned and place not in rules.barred
        return is_open and not self._places[place].is_second_wind

    def _try_swap(self, a: int, b: int) -> bool:
        one, other = self._chosen[a], self._chosen[b]
        if one is None or other is None or one == other:
            return False
        fit_a, fit_b = self._fit(a), self._fit(b)
        if fit_a[other] + fit_b[one] <= fit_a[one] + fit_b[other] + 1e-6 or self._crowds(a, b):
            return False
        self._chosen[a], self._chosen[b] = other, one
        return True

    def _crowds(self, a: int, b: int) -> bool:
        """Whether after a swap an artist would stand beside himself where he did not before."""
        before = self._alike_beside(a, b)
        self._chosen[a], self._chosen[b] = self._chosen[b], self._chosen[a]
        after = self._alike_beside(a, b)
        self._chosen[a], self._chosen[b] = self._chosen[b], self._chosen[a]
        return after > before

    def _alike_beside(self, a: int, b: int) -> int:
        """How often two songs by one artist follow each other where one of the two places has a part in it."""
        firsts = {first for place in (a, b) for first in (place - 1, place)}
        return sum(self._are_alike(first, first + 1) for first in firsts if 0 <= first < len(self._chosen) - 1)

    def _are_alike(self, a: int, b: int) -> bool:
        one, other = self._chosen[a], self._chosen[b]
        if one is None or other is None:
            return False
        artist = self._catalogue.artist[one]
        return bool(artist >= 0 and artist == self._catalogue.artist[other])


def leanings(catalogue: Catalogue, seed: int) -> Floats:
    """What speaks for each song everywhere: the user's likes and bans, rest since it was heard, and chance."""
    tired = np.zeros(len(catalogue))
    for sessions, price in enumerate(_TIRED):
        tired[catalogue.rested == sessions] = price
    wanted = _LIKED * catalogue.liked - tired + _CHANCE * (chance(catalogue, seed) - 0.5)
    return np.where(catalogue.banned, -np.inf, wanted)
