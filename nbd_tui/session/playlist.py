"""Which tracks a session plays: chosen ahead for every stretch, checked by the probe, replaced when they fail."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from nbd_tui.audio.score import SourceRef
from nbd_tui.library.probe import ProbeResult
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Decibels, Frames, Seconds, to_seconds
from nbd_tui.session.arranger import Piece
from nbd_tui.soundtrack.choose import Used, Wish, choose
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.workout.phase import PhaseKind

OPEN_LENGTH_S: Final[Seconds] = 600.0
"""Music kept planned for a stretch of unknown length."""
UNKNOWN_TRACK_S: Final[Seconds] = 180.0
SHORTEST: Final[Frames] = RATE
"""A file shorter than a second is no music."""
LOOKAHEAD: Final = 32
"""Stretches for which music is chosen and decoded ahead: an hour and more of most workouts."""
FIRST_LOOKAHEAD: Final = 4
"""While more tracks are still being found: what is chosen now is likely to be chosen anew."""
TARGET_LUFS: Final = -14.0
REPLAYGAIN_LUFS: Final = -18.0
"""Reference of ReplayGain 2.0, to which tags are moved."""
MOST_BOOST_DB: Final[Decibels] = 6.0
MOST_CUT_DB: Final[Decibels] = -12.0


class MusicPool(Protocol):
    """The user's tracks, as far as they are known by now."""

    @property
    def version(self) -> int:
        """Grows whenever tracks come or go."""
        ...

    @property
    def growing(self) -> bool:
        """More may be found soon."""
        ...

    def tracks(self, kind: PhaseKind) -> Sequence[Track]:
        """Those that may play in phases of this kind."""
        ...


class Prober(Protocol):
    """The worker that decodes a file before the player may."""

    def request(self, paths: Iterable[Path], *, front: bool = False) -> None:
        """Asks for files, those at the front first."""
        ...

    def results(self) -> Sequence[ProbeResult]:
        """What has been found out since the last call."""
        ...


@dataclass(frozen=True, slots=True)
class Pick:
    """A track chosen for a stretch; a track chosen twice makes two picks."""

    number: int
    track: Track


class Playlist:
    """The tracks of one session. Owned by the conductor's thread."""

    def __init__(
        self,
        stretches: Sequence[Stretch],
        wishes: Sequence[Wish],
        pool: MusicPool,
        prober: Prober,
        tie: Callable[[Track], float],
        on_failed: Callable[[Path, str], None],
    ) -> None:
        self._stretches = stretches
        self._wishes = wishes
        self._pool = pool
        self._prober = prober
        self._tie = tie
        self._ties: dict[Path, float] = {}
        self._on_failed = on_failed
        self._numbers = count(1)
        self._chosen: dict[int, list[Pick]] = {}
        self._filled: set[int] = set()
        self._dry: dict[int, tuple[int, int]] = {}
        self._spareless: dict[PhaseKind, tuple[int, int]] = {}
        self._spent: list[Track] = []
        self._reserve: dict[PhaseKind, Track] = {}
        self._refused: dict[int, set[Path]] = {}
        self._probed: dict[Path, ProbeResult] = {}
        self._asked: dict[Path, bool] = {}
        self._failed: set[Path] = set()
        self._grown = _Growth()

    def step(self, running: int, short: Collection[int] = ()) -> bool:
        """Goes one small step on with choosing and checking; true when some stretch's pieces have changed.

        Args:
            running: index of the stretch that plays now; what is past is left alone.
            short: stretches that need more than was reckoned, as workouts are paused, prolonged and gone back in.
        """
        if self._take_results():
            return True
        far = FIRST_LOOKAHEAD if self._pool.growing else LOOKAHEAD
        ahead = range(running, min(running + far, len(self._stretches)))
        if self._grown.notice(self._pool, {self._stretches[index].kind for index in ahead}):
            self._choose_later_anew(running)
        self._hurry(running)
        for index in ahead:
            if self._needs_more(index, short) and self._add_one(index, running):
                return self._playable(self._chosen[index][-1].track.path)
        self._keep_reserve(ahead)
        return False

    def pieces(self, index: int) -> tuple[Piece, ...]:
        """The music of a stretch, as far as it may be played yet."""
        return tuple(self._piece(pick) for pick in self._chosen.get(index, ()) if self._playable(pick.track.path))

    def began(self, index: int, number: int) -> None:
        """A piece of a stretch is being heard: those before it are done with."""
        numbers = [pick.number for pick in self._chosen.get(index, ())]
        if number in numbers:
            self._spend(index, numbers.index(number))

    def reserve(self, kind: PhaseKind) -> SourceRef | None:
        """The next best track of a kind, ready to be played."""
        track = self._reserve.get(kind)
        return SourceRef(str(self._probed[track.path].playable)) if track and self._playable(track.path) else None

    def another(self, index: int) -> bool:
        """Takes another track for a stretch, which may not be playable at once; false when there is none.

        A refused one comes back to its stretch only after all others.
        """
        before = self._chosen.pop(index, [])
        refused = self._refused.setdefault(index, set())
        refused |= {pick.track.path for pick in before[:1]}
        if not self._add_one(index, index):
            refused.intersection_update(pick.track.path for pick in before[:1])
            if not self._add_one(index, index):
                refused.clear()
                self._chosen[index] = before
                return False
        self._spent += [pick.track for pick in before[:1]]
        self._filled.discard(index)
        return True

    def failed(self, path: Path, reason: str) -> None:
        """A file broke: it is not played again in this session, and marked for later ones."""
        if path in self._failed:
            return
        self._failed.add(path)
        self._on_failed(path, reason)
        for index, picks in self._chosen.items():
            kept = [pick for pick in picks if pick.track.path != path]
            if len(kept) < len(picks):
                self._chosen[index] = kept
                self._filled.discard(index)
        self._reserve = {kind: track for kind, track in self._reserve.items() if track.path != path}

    def lose_source(self, source: str, reason: str) -> Track | None:
        """What plays from `source` (the file or its decoded copy) broke; the track it was."""
        path = next((p for p, result in self._probed.items() if str(result.playable) == source), Path(source))
        known = (*(pick.track for picks in self._chosen.values() for pick in picks), *self._reserve.values())
        track = next((track for track in known if track.path == path), None)
        self.failed(path, reason)
        return track

    @property
    def hopeful(self) -> bool:
        """Tracks may still be found."""
        return self._pool.growing

    def empty_reason(self, kind: PhaseKind) -> str:
        """Why a phase of this kind has no music; empty while there is hope."""
        tracks = self._pool.tracks(kind)
        if not tracks:
            return "looking for music …" if self._pool.growing else "no music found"
        return "no track can be played" if all(track.path in self._failed for track in tracks) else ""

    def _take_results(self) -> bool:
        wanted = {pick.track.path for picks in self._chosen.values() for pick in picks}
        results = self._prober.results()
        for result in results:
            self._probed[result.path] = result
            if result.playable is None:
                self.failed(result.path, result.reason)
            elif result.frames < SHORTEST:
                self.failed(result.path, "shorter than a second")
        return any(result.path in wanted for result in results)

    def _choose_later_anew(self, running: int) -> None:
        """Many more tracks have been found: stretches further on are chosen anew from all of them."""
        self._chosen = {index: picks for index, picks in self._chosen.items() if index <= running + 1}
        self._filled &= self._chosen.keys()

    def _hurry(self, running: int) -> None:
        """What is to play now is checked before everything else."""
        waiting = [pick.track.path for pick in self._chosen.get(running, ())[:1]]
        for path in waiting:
            if path not in self._probed and not self._asked.get(path):
                self._ask(path, front=True)

    def _needs_more(self, index: int, short: Collection[int]) -> bool:
        picks = self._chosen.get(index, ())
        if index in self._filled:
            return index in short and all(pick.track.path in self._probed for pick in picks)
        needed = self._wishes[index].duration_s or OPEN_LENGTH_S
        if sum(self._length_s(pick.track) for pick in picks) < needed + 2.0:
            return True
        self._filled.add(index)
        return False

    def _add_one(self, index: int, running: int) -> bool:
        """One more track for a stretch; false when none is left to choose."""
        kind = self._stretches[index].kind
        if index == running and not self._chosen.get(index) and (spare := self._take_reserve(kind, index)):
            track = spare
        elif choice := self._choose(index):
            track = choice
        else:
            return False
        self._chosen.setdefault(index, []).append(Pick(next(self._numbers), track))
        self._ask(track.path, front=index == running)
        return True

    def _take_reserve(self, kind: PhaseKind, index: int) -> Track | None:
        track = self._reserve.get(kind)
        if track is None or not self._playable(track.path) or track.path in self._refused.get(index, ()):
            return None
        return self._reserve.pop(kind)

    def _choose(self, index: int) -> Track | None:
        refused = self._refused.get(index, set())
        state = (self._pool.version, len(self._failed) + len(refused))
        if self._dry.get(index) == state:
            return None
        tracks = _without(self._pool.tracks(self._stretches[index].kind), self._failed | refused)
        choice = choose(self._wishes[index], tracks, self._used(index), self._tie_of)
        if choice is None:
            self._dry[index] = state
        return choice.track if choice else None

    def _keep_reserve(self, ahead: Iterable[int]) -> None:
        """One more track per kind to come is kept ready, for a failure or another wish."""
        first = {self._stretches[index].kind: index for index in reversed(list(ahead))}
        used = self._used(len(self._stretches))
        state = (self._pool.version, len(self._failed) + len(used.tracks))
        for kind, index in first.items():
            if kind in self._reserve or self._spareless.get(kind) == state:
                continue
            tracks = _without(self._pool.tracks(kind), self._failed.union(used.tracks))
            if choice := choose(self._wishes[index], tracks, used, self._tie_of):
                self._reserve[kind] = choice.track
                self._ask(choice.track.path, front=False)
                return
            self._spareless[kind] = state

    def _used(self, index: int) -> Used:
        """What was heard or is kept ready, and everything chosen up to and with this stretch, in order."""
        chosen = (pick.track for i in sorted(self._chosen) if i <= index for pick in self._chosen[i])
        tracks = [*self._reserve.values(), *self._spent, *chosen]
        return Used([track.path for track in tracks], [track.artist for track in tracks])

    def _spend(self, index: int, picks: int) -> None:
        """The first picks of a stretch have been heard."""
        self._spent += [pick.track for pick in self._chosen[index][:picks]]
        del self._chosen[index][:picks]

    def _tie_of(self, track: Track) -> float:
        tie = self._ties.get(track.path)
        if tie is None:
            tie = self._ties[track.path] = self._tie(track)
        return tie

    def _ask(self, path: Path, *, front: bool) -> None:
        if path not in self._probed and (front or path not in self._asked):
            self._asked[path] = front
            self._prober.request([path], front=front)

    def _playable(self, path: Path) -> bool:
        result = self._probed.get(path)
        return result is not None and result.playable is not None and path not in self._failed

    def _length_s(self, track: Track) -> Seconds:
        if result := self._probed.get(track.path):
            return to_seconds(result.frames)
        return track.duration_s or UNKNOWN_TRACK_S

    def _piece(self, pick: Pick) -> Piece:
        track, result = pick.track, self._probed[pick.track.path]
        source = SourceRef(str(result.playable))
        return Piece(track, source, result.frames, levelling_db(track, result.rms_db), pick.number)


class _Growth:
    """Tells when a pool has grown so much that what was chosen of it should be chosen anew."""

    def __init__(self) -> None:
        self._version = -1
        self._size = 0
        self._growing = False

    def notice(self, pool: MusicPool, kinds: Iterable[PhaseKind]) -> bool:
        """Whether it has doubled since the last time, or has now been found whole."""
        if pool.version == self._version and pool.growing == self._growing:
            return False
        size = max((len(pool.tracks(kind)) for kind in kinds), default=0)
        complete = not pool.growing and size > self._size
        if not complete and size < 2 * self._size:
            return False
        self._version, self._size, self._growing = pool.version, size, pool.growing
        return True


def _without(tracks: Sequence[Track], paths: Collection[Path]) -> Sequence[Track]:
    return [track for track in tracks if track.path not in paths] if paths else tracks


def levelling_db(track: Track, rms_db: Decibels) -> Decibels:
    """The gain that brings a track near -14 LUFS: by its tag, or by its RMS, which is near its LUFS for full mixes."""
    wanted = TARGET_LUFS - REPLAYGAIN_LUFS + track.gain_db if track.gain_db is not None else TARGET_LUFS - rms_db
    return min(MOST_BOOST_DB, max(MOST_CUT_DB, wanted))
