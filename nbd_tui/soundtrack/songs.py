"""The library as the planner sees it: one `Song` a track, and a `Catalogue` of many as columns. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, tempo_of
from nbd_tui.model.track import Track
from nbd_tui.model.units import Decibels, Seconds
from nbd_tui.soundtrack.artist import artist_key
from nbd_tui.soundtrack.drop_worth import strength_of
from nbd_tui.soundtrack.genre import genre_energy, genre_family, is_spoken

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]

MOST_DROPS: Final = 4
"""The strongest drops of a track that are considered."""
HARDEST_PERCENT: Final = 95.0
"""From here on a song is one of the hardest of its library."""
MOST_RAISED: Final = 1.6
"""The energy of a library is taken for so many times more at most."""
NEVER: Final = 1_000_000
"""Sessions since a track was heard that never was."""

_OF_ONE: Final = ("bpm", "energy", "liked", "banned", "rested")
"""Columns of what is heard in a song and thought of it."""
_OF_DROPS: Final = frozenset({"with_drops", "drop_at_s", "drop_strength", "_drops"})


@dataclass(frozen=True, slots=True)
class DropMark:
    """A drop as far as choosing needs it."""

    at_s: Seconds
    score: float
    build_s: Seconds
    """Where the build-up before it begins; the drop itself where there is none."""


@dataclass(frozen=True, slots=True)
class Song:
    """One track with everything that choosing asks."""

    track: Track
    tempo: Tempo | None = None
    intensity: float | None = None
    """How hard it drives, 0 to 1; None where it was not analysed."""
    lufs: Decibels | None = None
    true_peak_db: Decibels | None = None
    drops: tuple[DropMark, ...] = ()
    opinion: Opinion | None = None
    rested: int = NEVER
    """Sessions since it was heard last; 0: in the last one."""

    @property
    def path(self) -> Path:
        """The file."""
        return self.track.path

    @property
    def energy(self) -> float | None:
        """How hard it drives: as heard, else as its genre lets expect; None where neither says."""
        return self.intensity if self.intensity is not None else genre_energy(self.track.genre)


def heard_song(track: Track, hearing: Hearing) -> Song:
    """A track in which this was heard, and of which nobody has said anything."""
    tempo = tempo_of(track.bpm, hearing.bpm, hearing.confidence)
    marks = tuple(DropMark(d.at_s, d.score, d.build.start_s if d.build else d.at_s) for d in hearing.drops)
    return Song(track, tempo, hearing.intensity, hearing.lufs, hearing.true_peak_db, marks)


class Catalogue:
    """Many songs, in the order of their paths, with a column for each thing that is compared.

    Made once and used for many plans; everything is read only.
    """

    def __init__(self, songs: Sequence[Song]) -> None:
        paths = [str(song.track.path) for song in songs]
        order = sorted(range(len(paths)), key=paths.__getitem__)
        self.songs: tuple[Song, ...] = tuple([songs[number] for number in order])
        self._paths = [paths[number] for number in order]

    def __len__(self) -> int:
        return len(self.songs)

    def prepare(self) -> "Catalogue":
        """Makes all columns now: a tenth of a second and more for large libraries."""
        columns = (self.bpm, self.drive, self.duration_s, self.liked, self.banned, self.spoken, self.rested)
        others = (self.artist, self.genre, self.key, self.drop_strength, self.drop_at_s, self.numbers)
        del columns, others
        return self

    def with_songs(self, changed: Sequence[Song]) -> "Catalogue":
        """The same with other songs in place of those of the same files, of which tags and length are the same.

        Takes a few milliseconds where their drops are the same too: columns are copied, not made.

        Raises:
            KeyError: a file is not in the catalogue.
        """
        songs, numbers = list(self.songs), self.numbers
        same_drops = all(songs[numbers[song.path]].drops == song.drops for song in changed)
        for song in changed:
            songs[numbers[song.path]] = song
        other = Catalogue(())
        other.songs = tuple(songs)
        kept = {name: column for name, column in vars(self).items() if name not in {"songs", "drive", *_OF_ONE}}
        vars(other).update({name: kept[name] for name in kept if same_drops or name not in _OF_DROPS})
        part = Catalogue(changed)
        order = [numbers[song.path] for song in part.songs]
        for name in _OF_ONE:
            column = getattr(self, name).copy()
            column[order] = getattr(part, name)
            vars(other)[name] = column
        return other.prepare()

    @cached_property
    def numbers(self) -> Mapping[Path, int]:
        """The number of each song by its file."""
        return {song.track.path: number for number, song in enumerate(self.songs)}

    @cached_property
    def bpm(self) -> Floats:
        """Reliable tempo of each; NaN for none."""
        return _floats([s.tempo.bpm if s.tempo and s.tempo.is_reliable else None for s in self.songs])

    @cached_property
    def energy(self) -> Floats:
        """As `Song.energy`; NaN where nothing is known."""
        heard = _floats([song.intensity for song in self.songs])
        rest = np.flatnonzero(np.isnan(heard)).tolist()
        expected = {genre: genre_energy(genre) for genre in {self._genres[number] for number in rest}}
        heard[rest] = _floats([expected[self._genres[number]] for number in rest])
        return heard

    @cached_property
    def drive(self) -> Floats:
        """Energy as this library goes: where little of it drives hard, what drives hardest counts as 1."""
        known = self.energy[~np.isnan(self.energy)]
        hardest = float(np.percentile(known, HARDEST_PERCENT)) if len(known) else 1.0
        return np.asarray(np.minimum(1.0, self.energy * min(MOST_RAISED, 1.0 / max(hardest, 1e-6))))

    @cached_property
    def duration_s(self) -> Floats:
        """NaN where it is not known."""
        return _floats([song.track.duration_s for song in self.songs])

    @cached_property
    def liked(self) -> Flags:
        """Which the user likes."""
        liked = Opinion.LIKED
        return np.array([song.opinion is liked for song in self.songs], np.bool_)

    @cached_property
    def banned(self) -> Flags:
        """Which are never played."""
        banned = Opinion.BANNED
        return np.array([song.opinion is banned for song in self.songs], np.bool_)

    @cached_property
    def spoken(self) -> Flags:
        """Which are talk."""
        by_genre = {genre: is_spoken(genre) for genre in set(self._genres)}
        return np.array([by_genre[genre] for genre in self._genres], np.bool_)

    @cached_property
    def rested(self) -> Ints:
        """Sessions since each was heard."""
        return np.array([song.rested for song in self.songs], np.int64)

    @cached_property
    def artist(self) -> Ints:
        """A number per artist; -1 for songs without one."""
        numbers = self.artist_numbers
        by_name = {name: numbers[key] for name, key in self._artist_keys.items()}
        return np.array([by_name[name] for name in self._artists], np.int64)

    @cached_property
    def artist_numbers(self) -> Mapping[str, int]:
        """The number of each artist by the name without guests (`artist_key`); -1 for none."""
        return _numbered(list(self._artist_keys.values()))

    @cached_property
    def _artist_keys(self) -> Mapping[str, str]:
        """Of each name, in the order of the songs."""
        return {name: artist_key(name) for name in dict.fromkeys(self._artists)}

    @cached_property
    def _artists(self) -> Sequence[str]:
        return [song.track.artist for song in self.songs]

    @cached_property
    def _genres(self) -> Sequence[str]:
        return [song.track.genre for song in self.songs]

    @cached_property
    def genre(self) -> Ints:
        """A number per family of genres (`genre_family`); -1 for songs without one."""
        families = {genre: genre_family(genre) for genre in dict.fromkeys(self._genres)}
        numbers = _numbered(list(families.values()))
        by_genre = {genre: numbers[family] for genre, family in families.items()}
        return np.array([by_genre[genre] for genre in self._genres], np.int64)

    @cached_property
    def key(self) -> npt.NDArray[np.uint64]:
        """A number per path, the same on every machine: chance is drawn from it."""
        return np.array([crc32(path.encode("utf-8", "replace")) for path in self._paths], np.uint64)

    @cached_property
    def with_drops(self) -> Ints:
        """The numbers of the songs that have drops."""
        return np.flatnonzero(np.array([len(song.drops) for song in self.songs], np.int64))

    @cached_property
    def drop_at_s(self) -> Floats:
        """(songs with drops, MOST_DROPS): where their strongest drops are, NaN where one has fewer."""
        return self._drops[:, :, 0]

    @cached_property
    def drop_strength(self) -> Floats:
        """(songs with drops, MOST_DROPS): how strong they are, 0 to 1."""
        return strength_of(self._drops[:, :, 1])

    @cached_property
    def _drops(self) -> Floats:
        best = [
            drops if len(drops) <= MOST_DROPS else _strongest(drops) for song in self.songs if (drops := song.drops)
        ]
        counts = np.array([len(drops) for drops in best], np.int64)
        is_there = np.arange(MOST_DROPS) < counts[:, None]
        marks = list(chain.from_iterable(best))
        table = np.full((len(best), MOST_DROPS, 2), np.nan)
        table[is_there, 0] = [mark.at_s for mark in marks]
        table[is_there, 1] = [mark.score for mark in marks]
        return table


def _strongest(drops: Sequence[DropMark]) -> Sequence[DropMark]:
    return sorted(drops, key=lambda drop: -drop.score)[:MOST_DROPS]


def _floats(values: Sequence[float | None]) -> Floats:
    """None becomes NaN."""
    return np.array(values, dtype=np.float64)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    """Equal names have equal numbers, in the order in which they come; an empty one -1."""
    numbers: dict[str, int] = {"": -1}
    for name in names:
        numbers.setdefault(name, len(numbers) - 1)
    return numbers
