"""The tracks a session may choose from: growing while folders are still being read."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nbd_tui.model.track import Track
from nbd_tui.workout.phase import PhaseKind


class Pool:
    """Tracks by kind of phase; written by the collector, read by the conductor, so each list is replaced whole."""

    def __init__(self, pinned: Mapping[PhaseKind, Sequence[Track]] | None = None, tracks: Iterable[Track] = ()) -> None:
        self._pinned = {kind: tuple(pins) for kind, pins in (pinned or {}).items() if pins}
        self._tracks = tuple(tracks)
        self._version = 0
        self.growing = False
        """Folders are still being read."""

    @property
    def version(self) -> int:
        """Grows whenever tracks come or go."""
        return self._version

    def tracks(self, kind: PhaseKind) -> Sequence[Track]:
        """The tracks pinned to a kind of phase, else all."""
        return self._pinned.get(kind) or self._tracks

    def __len__(self) -> int:
        return len(self._tracks)

    def add(self, tracks: Iterable[Track]) -> None:
        """Tracks found now; a path known already is not added twice."""
        known = {track.path for track in self._tracks}
        if new := tuple(track for track in tracks if track.path not in known):
            self._tracks += new
            self._version += 1

    def replace(self, tracks: Iterable[Track]) -> None:
        """Everything anew, after a scan."""
        new = tuple(tracks)
        if new != self._tracks:
            self._tracks = new
            self._version += 1

    def with_pins(self, pinned: Mapping[PhaseKind, Sequence[Track]]) -> "PinnedPool":
        """The same tracks, with others for some kinds of phase: what a preset asks for."""
        return PinnedPool(self, {kind: tuple(pins) for kind, pins in pinned.items() if pins})

    def without(self, paths: Iterable[Path]) -> None:
        """Files that cannot be played leave."""
        out = set(paths)
        self.replace(track for track in self._tracks if track.path not in out)


class PinnedPool:
    """A pool seen by one session: the pins of its preset come before those of the settings."""

    def __init__(self, pool: Pool, pinned: Mapping[PhaseKind, Sequence[Track]]) -> None:
        self._pool = pool
        self._pinned = pinned

    @property
    def version(self) -> int:
        """As the pool's."""
        return self._pool.version

    @property
    def growing(self) -> bool:
        """As the pool's."""
        return self._pool.growing

    def tracks(self, kind: PhaseKind) -> Sequence[Track]:
        """The tracks of the preset's pins, else the pool's."""
        return self._pinned.get(kind) or self._pool.tracks(kind)
