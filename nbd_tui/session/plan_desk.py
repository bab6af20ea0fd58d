"""Plans the soundtrack of a workout before it begins, over the tracks that its session would choose from."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Seconds
from nbd_tui.session.music_pool import Growth
from nbd_tui.session.pins import Pins
from nbd_tui.session.planned import Asked, Planned
from nbd_tui.session.pool import PinnedPool, Pool
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.filling import HearingOf
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.songs import Catalogue, Ints, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import warnings, why
from nbd_tui.soundtrack.wants import Want, wants
from nbd_tui.workout.timeline import Timeline

PINS_WAIT_S: Final[Seconds] = 2.0
"""So long a plan waits at most for pinned folders that are still being read; it is made anew when they are."""

Hearings = Callable[[], AbstractContextManager[HearingOf]]
"""Opens what was heard in the tracks, with the user's corrections."""


class PlanDesk:
    """The plans of one workout, for one screen; see `tui.ports_plan.Planner`.

    `plan` may take its time and is called from any thread, by one at a time; the other methods are quick.
    """

    def __init__(
        self, timeline: Timeline, pool: Pool, pins: Pins, taste: MusicTaste, hearings: Hearings, *, note: str = ""
    ) -> None:
        """A desk.

        Args:
            timeline: of the workout.
            pool: where tracks come from.
            pins: of its preset, yet to be started.
            taste: what is wished for.
            hearings: what was heard in the tracks.
            note: what of the music cannot be had, known already.
        """
        self._timeline = timeline
        self._pool = PinnedPool(pool, pins)
        self._pins = pins
        self._taste = taste
        self._hearings = hearings
        self._known: dict[Path, Hearing | None] = {}
        self._growth = Growth()
        self._version = 0
        self._notes = [note] if note else []
        self._stretches = plan_stretches(timeline.segments, self._taste)
        self._places = wants(timeline.segments, self._stretches, self._taste)
        pins.start()

    def version(self) -> int:
        """Another number when there are so many more tracks that another plan would be better; cheap."""
        if self._growth.notice(self._pool, {want.shelf for want in self._places}):
            self._version += 1
        return self._version

    def plan(self, asked: Asked) -> Planned:
        """A plan; waits for the disk.

        Raises:
            LibraryError: what was heard cannot be read.
        """
        self._pins.wait(PINS_WAIT_S)
        catalogue = _all_of([self._pool.catalogue(want.shelf) for want in self._places])
        taste = self._taste if len(catalogue.with_drops) else replace(self._taste, second_wind_s=None)
        places = wants(self._timeline.segments, self._stretches, taste)
        shelves = [self._pool.catalogue(want.shelf) for want in places]
        brief = Brief(taste, self._rules(asked, shelves, catalogue))
        with self._hearings() as hearing_of:
            self._known = {path: found for path, found in self._known.items() if found}
            soundtrack = plan(
                self._timeline.segments, self._stretches, catalogue, partial(self._hearing, hearing_of), brief
            )
        whys = tuple(why(slot, soundtrack.places[slot.place]) for slot in soundtrack.slots)
        said = (*self._told(), *unheard(catalogue.songs), *warnings(soundtrack, catalogue))
        return Planned(
            asked.seed, self._timeline, self._stretches, soundtrack, whys, said, self._heard_in(soundtrack),
            len(catalogue), self._numbers(places),
        )  # fmt: skip

    def close(self) -> None:
        """Reads no more pins."""
        self._pins.close()

    def _told(self) -> Sequence[str]:
        """What of the pins could not be had."""
        if news := self._pins.news():
            self._notes.append(news)
        return self._notes

    def _numbers(self, places: Sequence[Want]) -> tuple[int, ...]:
        """The numbers of places for a session, which has that of the second wind in any case."""
        first = {want.stretch: number for number, want in reversed(list(enumerate(self._places)))}
        return (
            tuple(range(len(places))) if len(places) == len(self._places) else tuple(first[w.stretch] for w in places)
        )

    def _rules(self, asked: Asked, shelves: Sequence[Catalogue], catalogue: Catalogue) -> Rules:
        numbers = catalogue.numbers
        return Rules(
            asked.seed,
            pinned=dict(_pinned(shelves, catalogue)),
            fixed={place: numbers[path] for place, path in asked.fixed.items() if path in numbers},
            barred={place: frozenset(_those(numbers, paths)) for place, paths in asked.refused.items()},
            out=_those(numbers, self._pool.gone),
        )

    def _hearing(self, hearing_of: HearingOf, path: Path) -> Hearing | None:
        if path not in self._known:
            self._known[path] = hearing_of(path)
        return self._known[path]

    def _heard_in(self, soundtrack: Soundtrack) -> dict[Path, Hearing]:
        found = {slot.song.path: self._known.get(slot.song.path) for slot in soundtrack.slots}
        return {path: hearing for path, hearing in found.items() if hearing}


def unheard(songs: Sequence[Song]) -> Iterator[str]:
    """A warning where tracks are chosen of which too little is known."""
    missing = sum(song.intensity is None for song in songs)
    if not missing:
        return
    whole = f"all {missing:,} tracks" if missing > 1 else "the one track"
    how_many = whole if missing == len(songs) else f"{missing:,} of {len(songs):,} tracks"
    yield f"tempo not heard yet: {how_many}; tags and genre decide"


def _all_of(shelves: Sequence[Catalogue]) -> Catalogue:
    """The songs of several catalogues in one, which is one of them where they are all the same."""
    different = {id(shelf): shelf for shelf in shelves}
    if len(different) == 1:
        return next(iter(different.values()))
    songs = {song.path: song for shelf in different.values() for song in shelf.songs}
    return Catalogue(list(songs.values())).prepare()


def _pinned(shelves: Sequence[Catalogue], catalogue: Catalogue) -> Iterator[tuple[int, Ints]]:
    """By place: the songs that may play there, where not all may."""
    for place, shelf in enumerate(shelves):
        if len(shelf) and len(shelf) < len(catalogue):
            yield place, np.array([catalogue.numbers[path] for path in shelf.numbers], np.int64)


def _those(numbers: Mapping[Path, int], paths: Collection[Path]) -> list[int]:
    """The numbers of files, as far as they are in a catalogue."""
    return [numbers[path] for path in paths if path in numbers]
