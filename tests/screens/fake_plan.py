"""Plans over a library kept in memory: the real desk, without disk and sound."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count as count_from
from pathlib import Path
from random import Random

from nbd_tui.errors import LibraryError
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.track import Track
from nbd_tui.session.pins import Pins
from nbd_tui.session.plan_desk import PlanDesk
from nbd_tui.session.planned import Asked, Planned
from nbd_tui.session.pool import Pool
from nbd_tui.session.script import Script
from nbd_tui.soundtrack.filling import HearingOf
from nbd_tui.soundtrack.songs import Song, heard_song
from nbd_tui.soundtrack.taste import USUAL_TASTE
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.workout.compile import compile_timeline
from tests.screens.fake_library import ARTISTS, WORDS, hearing
from tests.screens.fake_session import FakeProgram, FakeSession

BUG = "a bug"


def songs(
    count: int,
    *,
    heard: bool = True,
    words: Sequence[str] = WORDS,
    artists: Sequence[str] = ARTISTS,
    lengths_s: tuple[float, float] = (200.0, 380.0),
) -> tuple[list[Song], dict[Path, Hearing]]:
    """Tracks of all tempos, half of them with drops; as if nobody had listened to them unless `heard`."""
    chance = Random(7)
    made: list[Song] = []
    known: dict[Path, Hearing] = {}
    for number in range(count):
        title = " ".join(words[(number * step) % len(words)] for step in (1, 5))
        length_s = chance.uniform(*lengths_s)
        track = Track(
            Path(f"/music/{number:03}.mp3"),
            f"{title} {number}" if words is WORDS else title,
            artists[number % 7],
            duration_s=length_s,
        )
        bpm = chance.choice((95.0, 108.0, 118.0, 122.0, 132.0, 138.0, 141.0))
        found = hearing(bpm, length_s, drops=number % 2 * 2)
        found = replace(found, intensity=chance.random(), drops=tuple(replace(d, score=15.0) for d in found.drops[:1]))
        known |= {track.path: found} if heard else {}
        made.append(heard_song(track, found) if heard else Song(track))
    return made, known


@dataclass
class FakePlanner:
    """The real desk; `trouble` is raised in place of every plan, `fixed` has tracks that play in their places."""

    desk: PlanDesk
    asked: list[Asked] = field(default_factory=list)
    trouble: str = ""
    fixed: dict[int, Path] = field(default_factory=dict)
    number: int = 0
    closed: int = 0

    def plan(self, asked: Asked) -> Planned:
        self.asked.append(asked)
        if self.trouble:
            raise LibraryError(self.trouble) if self.trouble != BUG else RuntimeError(BUG)
        fixed = {place: path for place, path in self.fixed.items() if place not in asked.refused}
        return self.desk.plan(replace(asked, fixed={**fixed, **asked.fixed}))

    def version(self) -> int:
        return self.number

    def close(self) -> None:
        self.closed += 1
        self.desk.close()


class FakePlans:
    """Plans with some tracks, and starts the sessions of a program; `scripts` has what they were to play."""

    def __init__(
        self,
        program: FakeProgram,
        count: int = 60,
        *,
        heard: bool = True,
        trouble: str = "",
        made: tuple[list[Song], dict[Path, Hearing]] | None = None,
        fixed: Sequence[int] = (),
    ) -> None:
        """Plans.

        Args:
            program: whose sessions are started.
            count: so many tracks.
            heard: somebody has listened to them.
            trouble: why nothing can be planned.
            made: the tracks, in place of `count` of them.
            fixed: by place, the number of the track that plays there, whatever the planner likes best.
        """
        self._program = program
        self._trouble = trouble
        self._songs, self._hearings = made or songs(count, heard=heard)
        self._fixed = {place: self._songs[number].path for place, number in enumerate(fixed)}
        self.planners: list[FakePlanner] = []
        self.scripts: list[Script] = []
        self._seeds = count_from(1)

    def seed(self) -> int:
        return next(self._seeds)

    def open(self, preset: LoadedPreset) -> FakePlanner:
        pool = pool_of(self._songs)
        desk = PlanDesk(compile_timeline(preset.preset), pool, Pins({}), USUAL_TASTE, self._known)
        self.planners.append(FakePlanner(desk, trouble=self._trouble, fixed=self._fixed))
        return self.planners[-1]

    def start(self, preset: LoadedPreset, script: Script) -> FakeSession:
        self.scripts.append(script)
        return self._program.start(preset)

    @contextmanager
    def _known(self) -> Iterator[HearingOf]:
        yield self._hearings.get


def pool_of(known: Sequence[Song]) -> Pool:
    pool = Pool(None, [song.track for song in known])
    pool.learn({}, {str(song.path): song for song in known})
    return pool
