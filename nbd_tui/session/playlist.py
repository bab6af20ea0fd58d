"""Which tracks a session plays: chosen ahead for every stretch, checked by the probe, replaced when they fail."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

from nbd_tui.audio.score import SourceRef
from nbd_tui.library.probe import ProbeResult
from nbd_tui.model.track import Track
from nbd_tui.model.units import Decibels, Seconds, to_seconds
from nbd_tui.session.arranger import Piece
from nbd_tui.soundtrack.choose import Used, Wish, choose
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.workout.phase import PhaseKind

OPEN_LENGTH_S: Final[Seconds] = 600.0
"""Music kept planned for a stretch of unknown length."""
UNKNOWN_TRACK_S: Final[Seconds] = 180.0
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
        self._on_failed = on_failed
        self._chosen: dict[int, list[Track]] = {}
        self._reserve: dict[PhaseKind, Track] = {}
        self._refused: dict[int, set[Path]] = {}
        self._probed: dict[Path, ProbeResult] = {}
        self._failed: set[Path] = set()
        self._pool_version = -1

    def step(self, running: int) -> bool:
        """Goes one small step on with choosing and checking; true when some stretch's pieces have changed.

        Args:
            running: index of the stretch that plays now; what is past is left alone.
        """
        changed = self._take_results()
        self._notice_growth(running)
        for index in range(running, len(self._stretches)):
            if self._still_short(index) and self._choose_one(index):
                return True
        self._keep_reserve(running)
        return changed

    def pieces(self, index: int) -> tuple[Piece, ...]:
        """The music of a stretch, as far as it may be played yet."""
        return tuple(self._piece(track) for track in self._chosen.get(index, ()) if self._playable(track.path))

    def reserve(self, kind: PhaseKind) -> SourceRef | None:
        """The next best track of a kind, ready to be played."""
        track = self._reserve.get(kind)
        return self._piece(track).source if track and self._playable(track.path) else None

    def another(self, index: int, instead_of: Path | None) -> bool:
        """Takes another track for a stretch; false when there is none. The refused one does not come back to it."""
        kind = self._stretches[index].kind
        if instead_of:
            self._refused.setdefault(index, set()).add(instead_of)
        before = self._chosen.pop(index, [])
        reserve = self._reserve.pop(kind, None)
        if reserve and reserve.path not in self._out(index):
            self._chosen[index] = [reserve]
            return True
        if not self._choose_one(index):
            self._refused.get(index, set()).clear()
            self._chosen[index] = before
            return False
        return True

    def failed(self, path: Path, reason: str) -> None:
        """A file broke: it is not played again in this session, and marked for later ones."""
        self._failed.add(path)
        self._on_failed(path, reason)
        for tracks in self._chosen.values():
            tracks[:] = [track for track in tracks if track.path != path]
        self._reserve = {kind: track for kind, track in self._reserve.items() if track.path != path}

    def lose_source(self, source: str, reason: str) -> Track | None:
        """What plays from `source` (the file or its decoded copy) broke; the track it was."""
        path = next((p for p, result in self._probed.items() if str(result.playable) == source), Path(source))
        track = next((track for tracks in self._chosen.values() for track in tracks if track.path == path), None)
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
        results = self._prober.results()
        for result in results:
            self._probed[result.path] = result
            if result.playable is None:
                self.failed(result.path, result.reason)
        return bool(results)

    def _notice_growth(self, running: int) -> None:
        """More tracks have been found: stretches further on are chosen anew from all of them."""
        if self._pool.version != self._pool_version:
            self._pool_version = self._pool.version
            self._chosen = {index: tracks for index, tracks in self._chosen.items() if index <= running + 1}

    def _still_short(self, index: int) -> bool:
        needed = self._wishes[index].duration_s or OPEN_LENGTH_S
        have = sum(self._length_s(track) for track in self._chosen.get(index, ()))
        return have < needed + 2.0

    def _choose_one(self, index: int) -> bool:
        """One more track for a stretch; false when none is left to choose."""
        stretch = self._stretches[index]
        out = self._out(index)
        pool = [track for track in self._pool.tracks(stretch.kind) if track.path not in out]
        choice = choose(self._wishes[index], pool, self._used(index), self._tie)
        if choice is None:
            return False
        self._chosen.setdefault(index, []).append(choice.track)
        self._ask(choice.track, front=True)
        return True

    def _keep_reserve(self, running: int) -> None:
        """One more track per kind to come is kept ready, for a failure or another wish."""
        for index in range(running, len(self._stretches)):
            kind = self._stretches[index].kind
            if kind not in self._reserve:
                used = self._used(len(self._stretches))
                out = self._failed.union(used.tracks)
                pool = [track for track in self._pool.tracks(kind) if track.path not in out]
                if choice := choose(self._wishes[index], pool, used, self._tie):
                    self._reserve[kind] = choice.track
                    self._ask(choice.track, front=False)
                return

    def _used(self, index: int) -> Used:
        """Everything chosen, in the order of the workout, up to and with this stretch."""
        tracks = [track for i in sorted(self._chosen) if i <= index for track in self._chosen[i]]
        return Used([track.path for track in tracks], [track.artist for track in tracks])

    def _out(self, index: int) -> set[Path]:
        return self._failed | self._refused.get(index, set())

    def _ask(self, track: Track, *, front: bool) -> None:
        if track.path not in self._probed:
            self._prober.request([track.path], front=front)

    def _playable(self, path: Path) -> bool:
        result = self._probed.get(path)
        return result is not None and result.playable is not None and path not in self._failed

    def _length_s(self, track: Track) -> Seconds:
        if result := self._probed.get(track.path):
            return to_seconds(result.frames)
        return track.duration_s or UNKNOWN_TRACK_S

    def _piece(self, track: Track) -> Piece:
        result = self._probed[track.path]
        return Piece(track, SourceRef(str(result.playable)), result.frames, levelling_db(track, result.rms_db))


def levelling_db(track: Track, rms_db: Decibels) -> Decibels:
    """The gain that brings a track near -14 LUFS: by its tag, or by its RMS, which is near its LUFS for full mixes."""
    wanted = TARGET_LUFS - REPLAYGAIN_LUFS + track.gain_db if track.gain_db is not None else TARGET_LUFS - rms_db
    return min(MOST_BOOST_DB, max(MOST_CUT_DB, wanted))
