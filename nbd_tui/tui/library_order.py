"""Which of many tracks are shown, and in which order. Pure; made for 50,000 at once.

Whatever takes time for each track is done once, by `Tracks`, which may be made in a thread: folding texts, ordering
all by artist and album. After that a sort orders numbers, and a letter more in the search looks only at what the
letters before have left.
"""

import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.units import Bpm
from nbd_tui.soundtrack.genre import genre_energy
from nbd_tui.soundtrack.intent import USUAL, Bands
from nbd_tui.soundtrack.suits import KINDS, suits
from nbd_tui.workout.phase import PhaseKind


class Column(StrEnum):
    """The columns of the table, in the order in which they stand; the value is the heading."""

    OPINION = "★"
    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    GENRE = "genre"
    LENGTH = "length"
    BPM = "BPM"
    ENERGY = "energy"
    LOUDNESS = "LUFS"
    DROPS = "drops"
    SUITS = "suits"

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        return {Column.OPINION: "what you like", Column.LOUDNESS: "loudness"}.get(self, self.value)


class Sorting(NamedTuple):
    """By what the tracks are sorted."""

    column: Column = Column.ARTIST
    is_reversed: bool = False


BY_ARTIST: Final = Sorting()
"""How tracks stand on shelves."""

LARGEST_FIRST: Final = frozenset({Column.OPINION, Column.ENERGY, Column.LOUDNESS, Column.DROPS})
"""Columns of which one wants to see the upper end."""

_OPINIONS: Final = {Opinion.LIKED: 1.0, Opinion.BANNED: -1.0, None: None}


def first_sorting(column: Column) -> Sorting:
    """The direction one wants first: the liked, the hardest, the loudest, the most drops, else from the lowest up."""
    return Sorting(column, column in LARGEST_FIRST)


def folded(text: str) -> str:
    """Text as it is searched and sorted: without case, accents and such. `Ærø Café` is found by `aero cafe`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    plain = unicodedata.normalize("NFKD", plain.casefold()).translate(_LETTERS)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
"""Letters that Unicode does not take for a letter with a mark, and keyboards lack."""


class Tracks:
    """All tracks, prepared to be searched and sorted. Rows may be replaced; their number and texts stay."""

    def __init__(self, rows: Sequence[LibraryRow], bands: Bands = USUAL) -> None:
        """Prepares rows; takes about half a second for 50,000. `bands` are those that tracks are to suit."""
        self._bands = bands
        fold = lru_cache(maxsize=20_000)(folded)
        keyed = sorted(((fold(r.artist), fold(r.album), os.fspath(r.path), r) for r in rows), key=_artist_first)
        self.rows = [entry[3] for entry in keyed]
        """By artist, album and path: the order of tracks that are alike in whatever they are sorted by."""
        self._texts_of = {
            Column.TITLE: [fold(row.title) for row in self.rows],
            Column.ARTIST: [entry[0] for entry in keyed],
            Column.ALBUM: [entry[1] for entry in keyed],
            Column.GENRE: [fold(row.genre) for row in self.rows],
        }
        self.texts = ["\n".join(texts) for texts in zip(*self._texts_of.values(), strict=True)]
        """What is searched, folded."""
        self._paths = [entry[2] for entry in keyed]
        self._suited = _suited(self.rows, bands)
        self.waiting = sum(not (row.is_heard or row.problem) for row in self.rows)
        """How many are still to be heard."""
        self._orders: dict[Sorting, Sequence[int]] = {BY_ARTIST: range(len(self.rows))}

    def order(self, sorting: Sorting) -> Sequence[int]:
        """The places of all tracks, sorted: what has no value comes last both ways, and what is alike keeps its order.

        Kept until a row is replaced.
        """
        found = self._orders.get(sorting)
        if found is None:
            found = self._orders[sorting] = self._sorted(sorting)
        return found

    def replace(self, place: int, row: LibraryRow) -> None:
        """Another state of the same track."""
        self.rows[place] = row
        self._suited[place] = _suited([row], self._bands)[0]
        for sorting in [one for one in self._orders if one.column in _CHANGEABLE]:
            del self._orders[sorting]

    def place_of(self, path: os.PathLike[str]) -> int | None:
        """Where a track is."""
        try:
            return self._paths.index(os.fspath(path))
        except ValueError:
            return None

    def suited(self, place: int) -> tuple[PhaseKind, ...]:
        """The phases a track is made for."""
        return _KINDS_OF[self._suited[place]]

    def _sorted(self, sorting: Sorting) -> list[int]:
        column, texts = sorting.column, self._texts_of.get(sorting.column)
        if texts is not None:
            return _by_text(texts, sorting.is_reversed)
        if column is Column.SUITS:
            return _by_number([-mask if mask else None for mask in self._suited], sorting.is_reversed)
        return _by_number([*map(_NUMBERS[column], self.rows)], sorting.is_reversed)


@dataclass(slots=True)
class Listing:
    """What is shown of the tracks."""

    tracks: Tracks
    shown: Sequence[int] = ()
    """Places in `tracks.rows`, in the order of the screen."""
    query: str = ""
    sorting: Sorting = BY_ARTIST

    def arrange(self, query: str, sorting: Sorting) -> None:
        """Shows the tracks that have every word somewhere in title, artist, album or genre."""
        words, before = folded(query).split(), folded(self.query).split()
        among = self.tracks.order(sorting)
        if before and sorting == self.sorting and _narrows(words, before):
            words, among = [word for word in words if word not in before], self.shown
        self.shown = narrowed(self.tracks.texts, among, words)
        self.query, self.sorting = query, sorting

    def row_at(self, line: int) -> LibraryRow | None:
        """The track on a line of the screen."""
        return self.tracks.rows[self.shown[line]] if 0 <= line < len(self.shown) else None

    def line_of(self, place: int | None) -> int | None:
        """The line on which a track stands."""
        if place is None:
            return None
        try:
            return self.shown.index(place)
        except ValueError:
            return None


def narrowed(texts: Sequence[str], among: Sequence[int], words: Sequence[str]) -> Sequence[int]:
    """Those of some places whose text has every word; the longest word is looked for first, being the rarest."""
    for word in sorted(words, key=len, reverse=True):
        among = [place for place in among if word in texts[place]]
    return among


def tempo_to_step_to(row: LibraryRow) -> Bpm | None:
    """The tempo of a track, unless it has no steady beat and only the analysis gave it one."""
    tempo = row.tempo
    return tempo.bpm if tempo is not None and tempo.is_reliable else None


def _artist_first(entry: tuple[str, str, str, LibraryRow]) -> tuple[bool, str, str, str]:
    artist, album, path, _ = entry
    return not artist, artist, album, path


def _suited(rows: Sequence[LibraryRow], bands: Bands) -> list[int]:
    """The kinds each track suits, as bits, the first of `KINDS` the highest."""
    energies = lru_cache(maxsize=5_000)(genre_energy)
    drives = [row.intensity if row.is_heard else energies(row.genre) for row in rows]
    masks: list[int] = (suits([tempo_to_step_to(row) for row in rows], drives, bands) @ _BITS).tolist()
    return masks


def _by_text(texts: Sequence[str], is_reversed: bool) -> list[int]:
    known = [place for place, text in enumerate(texts) if text]
    unknown = [place for place, text in enumerate(texts) if not text]
    return [*sorted(known, key=texts.__getitem__, reverse=is_reversed), *unknown]


def _by_number(numbers: Sequence[float | None], is_reversed: bool) -> list[int]:
    """None is unknown."""
    values = np.array(numbers, dtype=np.float64)
    known, unknown = np.flatnonzero(~np.isnan(values)), np.flatnonzero(np.isnan(values))
    order = np.argsort(-values[known] if is_reversed else values[known], kind="stable")
    return [*known[order].tolist(), *unknown.tolist()]


def _narrows(words: Sequence[str], before: Sequence[str]) -> bool:
    """Whatever has all of `words` has all words looked for before."""
    return all(any(old in word for word in words) for old in before)


_BITS: Final = [1 << bit for bit in reversed(range(len(KINDS)))]
_KINDS_OF: Final = [
    tuple(kind for kind, bit in zip(KINDS, _BITS, strict=True) if mask & bit) for mask in range(1 << len(KINDS))
]
_NUMBERS: Final[dict[Column, Callable[[LibraryRow], float | None]]] = {
    Column.OPINION: lambda row: _OPINIONS[row.opinion],
    Column.LENGTH: lambda row: row.duration_s,
    Column.BPM: lambda row: row.tempo.bpm if row.tempo else None,
    Column.ENERGY: lambda row: row.intensity if row.is_heard else None,
    Column.LOUDNESS: lambda row: row.lufs,
    Column.DROPS: lambda row: row.drops if row.is_heard else None,
}
_CHANGEABLE: Final = frozenset({*_NUMBERS, Column.SUITS})
"""What a row that is replaced may have another value of."""
