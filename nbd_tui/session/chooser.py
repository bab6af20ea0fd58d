"""Chooses the tracks of a session by the planner: each stretch begins with the one that is best for the whole."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.track import Track
from nbd_tui.model.units import Decibels
from nbd_tui.session.script import Script
from nbd_tui.soundtrack.artist import artist_key
from nbd_tui.soundtrack.assign import Rules, assign, leanings
from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.level import session_target
from nbd_tui.soundtrack.next_song import PLAYED, Played, Ranked, next_song
from nbd_tui.soundtrack.pin import Shelf, kind_of
from nbd_tui.soundtrack.songs import Catalogue, Flags, Song
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import Want
from nbd_tui.soundtrack.wish import Used

HORIZON: Final = 24
"""Stretches that are planned together, from the one asked for on; costs a millisecond each with 50,000 tracks."""


class ChoicePool(Protocol):
    """What is needed of the pool."""

    @property
    def gone(self) -> Collection[Path]:
        """What could not be played."""
        ...

    @property
    def growing(self) -> bool:
        """More may be found soon."""
        ...

    def catalogue(self, shelf: Shelf) -> Catalogue:
        """The tracks that may play in a place, as columns."""
        ...


class Chooser:
    """Owned by the conductor's thread.

    Args:
        places: of `wants`.
        pool: where tracks come from.
        seed: another one makes another session; or what was decided before, which comes before everything else.
        begun_with: the track that a stretch has been given to begin with, None where it has none yet.
        taste: what is wished for.
    """

    def __init__(
        self,
        places: Sequence[Want],
        pool: ChoicePool,
        seed: int | Script,
        begun_with: Callable[[int], Track | None] = lambda _: None,
        taste: MusicTaste = USUAL_TASTE,
    ) -> None:
        self._places = places
        self._pool = pool
        self._script = seed if isinstance(seed, Script) else Script(seed)
        self._seed = self._script.seed
        self._begun_with = begun_with
        self._taste = taste
        self._shelves: dict[int, _Shelf] = {}
        songs = self._script.songs.values()
        self._target: Decibels | None = session_target(songs, taste.target_lufs) if songs else None

    @property
    def target_lufs(self) -> Decibels:
        """What all tracks are brought to; certain from the first choice on."""
        return self._taste.target_lufs if self._target is None else self._target

    def song(self, shelf: Shelf, path: Path) -> Song | None:
        """What is known of a track of the pool."""
        catalogue = self._pool.catalogue(shelf)
        number = catalogue.numbers.get(path)
        if number is None and shelf is not kind_of(shelf):
            return self.song(kind_of(shelf), path)
        return self._script.songs.get(path) if number is None else catalogue.songs[number]

    def first(self, index: int, used: Used, without: Collection[Path]) -> Track | None:
        """The track a stretch begins with: the planned one, as long as it breaks no rule.

        None also for a second wind inside a round that only a track without a drop is left for, or the round's own.

        Args:
            index: of the stretch.
            used: what was played or is planned before this choice.
            without: what may not play there.
        """
        if scripted := self._known(index, self._script.first(index, used.tracks, {*without, *self._pool.gone})):
            return scripted
        track = self._first(index, used, without)
        return None if track and self._is_inside_round(index) and not self._lifts(index, track) else track

    def _is_inside_round(self, index: int) -> bool:
        """Whether a place is a second wind in the middle of its stretch."""
        return index > 0 and self._places[index].stretch == self._places[index - 1].stretch

    def _lifts(self, index: int, track: Track) -> bool:
        """Whether a track makes a second wind after what plays before it."""
        song, before = self.song(self._places[index].shelf, track.path), self._begun_with(index - 1)
        return bool(song and song.drops) and (before is None or before.path != track.path)

    def _first(self, index: int, used: Used, without: Collection[Path]) -> Track | None:
        without = {*without, *self._pool.gone}
        shelf = self._shelf(index)
        planned = shelf.plan.get(index)
        if planned is None or shelf.is_spent(planned, used, without):
            self._plan(shelf, index, used, without)
            planned = shelf.plan.get(index)
        if planned is None or shelf.is_spent(planned, used, without):
            return self.next(index, used, without)
        track = shelf.catalogue.songs[planned].track
        if used.artists and artist_key(track.artist) == artist_key(used.artists[-1]) != "":
            return self.next(index, used, without)
        return track

    def follower(self, index: int, used: Used, without: Collection[Path]) -> Track | None:
        """The track that goes on in a stretch that has begun; arguments as `first`."""
        scripted = self._script.follower(index, used.tracks, {*without, *self._pool.gone})
        has_one = self._places[index].has_one_track
        return self._known(index, scripted) or self.next(index, used, without, of_kind=has_one)

    def next(
        self,
        index: int,
        used: Used,
        without: Collection[Path],
        among: Collection[Path] | None = None,
        *,
        leaves_planned: bool = True,
        of_kind: bool = False,
    ) -> Track | None:
        """The best track for a stretch by the rules of `soundtrack.next_song`.

        Args:
            index: of the stretch.
            used: what was played or is planned before this choice.
            without: what may not be chosen.
            among: all that may be chosen; None: the whole pool.
            leaves_planned: what is planned for the beginning of another stretch is left to it where something else
                will do.
            of_kind: from what may play in all phases of its kind, whatever is pinned to these.
        """
        shelf = self._shelf(index, of_kind=of_kind)
        allowed = shelf.flags(among) if among is not None else np.ones(len(shelf.catalogue), np.bool_)
        allowed &= ~shelf.flags({*without, *self._pool.gone})
        played = shelf.played(used)
        others = self._planned_elsewhere(shelf, index) if leaves_planned else []
        left = allowed.copy()
        left[others] = False
        found = self._ranked(shelf, index, left, played)
        if found is None or found.rule >= PLAYED or (found.rule >= 2 and others):
            found = self._better(found, self._ranked(shelf, index, allowed, played))
        return None if found is None else shelf.catalogue.songs[found.number].track

    def _planned_elsewhere(self, shelf: "_Shelf", index: int) -> list[int]:
        """The songs that other stretches are to have."""
        scripted = (shelf.catalogue.numbers.get(path) for path in self._elsewhere(index))
        planned = (number for place, number in shelf.plan.items() if place != index)
        return [*planned, *(number for number in scripted if number is not None)]

    def _elsewhere(self, index: int) -> set[Path]:
        """The tracks that were decided on or chosen by the user for other places."""
        own = self._places[index].pin
        pins = {want.pin for want in self._places if want.pin and want.pin.is_track and want.pin != own}
        return {*self._script.others(index), *(pin.path for pin in pins if pin.path)}

    def _known(self, index: int, path: Path | None) -> Track | None:
        """The track of a file that was decided on; None where it is not there any more, or kept out by now."""
        if path is None:
            return None
        shelf = self._places[index].shelf
        is_there = path in self._pool.catalogue(shelf).numbers or self._pool.growing
        song = self.song(shelf, path) if is_there else None
        return song.track if song and song.opinion is not Opinion.BANNED else None

    def _ranked(self, shelf: "_Shelf", index: int, allowed: Flags, played: Played) -> Ranked | None:
        return next_song(self._places[index], shelf.catalogue, shelf.fits, shelf.taste, allowed, played)

    @staticmethod
    def _better(one: Ranked | None, other: Ranked | None) -> Ranked | None:
        if one is None or other is None:
            return one or other
        return other if other.rule < one.rule else one

    def _shelf(self, index: int, *, of_kind: bool = False) -> "_Shelf":
        want = self._places[index]
        catalogue = self._pool.catalogue(want.kind if of_kind else want.shelf)
        shelf = self._shelves.get(id(catalogue))
        if shelf is None:
            wanted = {shelf for want in self._places for shelf in (want.shelf, want.kind)}
            current = {id(self._pool.catalogue(shelf)) for shelf in wanted}
            self._shelves = {name: kept for name, kept in self._shelves.items() if name in current}
            shelf = self._shelves[id(catalogue)] = _Shelf(catalogue, self._seed)
        return shelf

    def _plan(self, shelf: "_Shelf", index: int, used: Used, without: Collection[Path]) -> None:
        """Plans anew, from the stretch before on; what stretches have been given stays."""
        stretches = [i for i in range(max(0, index - 1), len(self._places)) if self._is_of(i, shelf)][:HORIZON]
        begun = {place: self._begun_with(i) for place, i in enumerate(stretches) if i != index}
        numbers = shelf.catalogue.numbers
        fixed = {place: numbers[track.path] for place, track in begun.items() if track and track.path in numbers}
        kept_out = {*without, *self._pool.gone, *self._elsewhere(index)}
        out = {numbers[path] for path in kept_out if path in numbers}
        played = [numbers[path] for path in used.tracks if path in numbers]
        rules = Rules(self._seed, self._taste.outliers, fixed=fixed, played=played, out=out - set(fixed.values()))
        chosen = assign([self._places[i] for i in stretches], shelf.catalogue, rules, shelf.fits)
        shelf.plan = {i: song for i, song in zip(stretches, chosen, strict=True) if song is not None}
        if self._target is None and shelf.plan:
            self._target = session_target(
                (shelf.catalogue.songs[number] for number in shelf.plan.values()), self._taste.target_lufs
            )

    def _is_of(self, index: int, shelf: "_Shelf") -> bool:
        return self._pool.catalogue(self._places[index].shelf) is shelf.catalogue


class _Shelf:
    """What has been reckoned of one catalogue."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue = catalogue
        self.fits = Fits(catalogue)
        self.taste = leanings(catalogue, seed)
        self.plan: dict[int, int] = {}
        """By stretch: the song it is to begin with."""

    def is_spent(self, number: int, used: Used, without: Collection[Path]) -> bool:
        """Whether a song was played already, or may not play."""
        path = self.catalogue.songs[number].path
        return path in without or path in used.tracks

    def flags(self, paths: Collection[Path]) -> Flags:
        """Which songs are among these files."""
        flags = np.zeros(len(self.catalogue), np.bool_)
        flags[[number for path in paths if (number := self.catalogue.numbers.get(path)) is not None]] = True
        return flags

    def played(self, used: Used) -> Played:
        """What was played, in this catalogue's numbers."""
        last_use = np.full(len(self.catalogue), -1, np.int64)
        for use, path in enumerate(used.tracks):
            if (number := self.catalogue.numbers.get(path)) is not None:
                last_use[number] = use
        return Played(last_use, len(used.tracks), self._last_artist(used))

    def _last_artist(self, used: Used) -> int:
        """The number of the artist who was last; -1 for nobody, or for one who is not in the catalogue."""
        return self.catalogue.artist_numbers.get(artist_key(used.artists[-1]), -1) if used.artists else -1
