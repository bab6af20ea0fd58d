"""The tracks a session may choose from: growing while folders are still being read."""

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nbd_tui.model.track import Track
from nbd_tui.session.known import as_known, with_known
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:  # SQLite comes with it
    from nbd_tui.store.hearings import Known


class Pinned(Protocol):
    """The pins of a preset, which may still be being read."""

    version: int
    growing: bool

    def tracks(self, kind: PhaseKind) -> Sequence[Track] | None:
        """Those pinned to a kind of phase; None where nothing is pinned."""
        ...


class Pool:
    """Tracks by kind of phase; filled by the collector, read (and rid of what breaks) by the conductor.

    Each list is replaced whole, under a lock: a reader needs none. What is known of the tracks beyond their tags
    (`learn`) shows in every track the pool offers; one that is kept out is not offered, pinned or not.
    """

    def __init__(self, pinned: Mapping[PhaseKind, Sequence[Track]] | None = None, tracks: Iterable[Track] = ()) -> None:
        self._lock = threading.Lock()
        self._pinned = {kind: tuple(pins) for kind, pins in (pinned or {}).items()}
        self._tracks = tuple(tracks)
        self._known: Mapping[str, Known] = {}
        self._offered = self._tracks
        self._by_path = {track.path: track for track in self._tracks}
        self._unread: dict[Path, str] = {}
        self._version = 0
        self.growing = False
        """Folders are still being read."""

    @property
    def version(self) -> int:
        """Grows whenever tracks come or go."""
        return self._version

    def tracks(self, kind: PhaseKind) -> Sequence[Track]:
        """The tracks pinned to a kind of phase, else all; a pin of which nothing can be read is none."""
        pins = self._pinned.get(kind)
        pinned = None if pins is None else self.as_known(pins)
        if pinned or (pinned is not None and self.growing):
            return pinned
        return self._offered

    def as_known(self, tracks: Sequence[Track]) -> Sequence[Track]:
        """Tracks with what is known of them, without those that are kept out."""
        return as_known(tracks, self._known)

    def learn(self, known: "Mapping[str, Known]") -> None:
        """What is known of tracks, by their paths as text, takes the place of what was known before."""
        with self._lock:
            if known != self._known:
                self._known = known
                self._offer()

    def track(self, path: Path) -> Track | None:
        """The track of a file with what is known of it, also one that is kept out; None where it is not of the pool."""
        track, known = self._by_path.get(path), self._known.get(str(path))
        return with_known(track, known) if track and known else track

    @property
    def unread(self) -> Mapping[Path, str]:
        """What could not be read or played, files and folders, and why."""
        with self._lock:
            return self._unread.copy()

    def __len__(self) -> int:
        return len(self._tracks)

    def add(self, tracks: Iterable[Track]) -> None:
        """Tracks found now; a path known already is not added twice."""
        with self._lock:
            known = {track.path: track for track in self._tracks}
            for track in tracks:
                known.setdefault(track.path, track)
            self._set(tuple(known.values()))

    def renew(self, folder: Path, tracks: Iterable[Track]) -> None:
        """What a scan has found in a folder takes the place of what was known of it."""
        with self._lock:
            below = os.path.join(folder, "")  # noqa: PTH118 (wants the separator at the end)
            renewed = {track.path: track for track in self._tracks if not str(track.path).startswith(below)}
            found = {track.path: track for track in tracks}
            renewed |= found
            self._unread = {path: reason for path, reason in self._unread.items() if path not in found}
            self._set(tuple(renewed.values()))

    def pin(self, kind: PhaseKind, tracks: Sequence[Track]) -> None:
        """The tracks of a pin have been read."""
        with self._lock:
            self._pinned = {**self._pinned, kind: tuple(tracks)}
            self._version += 1

    def without(self, broken: Mapping[Path, str]) -> None:
        """Files that cannot be played leave, each with the reason."""
        self.note_unread(broken)
        with self._lock:
            self._set(tuple(track for track in self._tracks if track.path not in broken))

    def note_unread(self, broken: Mapping[Path, str]) -> None:
        """Files and folders that could not be read, each with the reason."""
        with self._lock:
            self._unread |= broken

    def with_pins(self, pins: Pinned) -> "PinnedPool":
        """The same tracks, with others for some kinds of phase: what a preset asks for."""
        return PinnedPool(self, pins)

    def _set(self, tracks: tuple[Track, ...]) -> None:
        if tracks != self._tracks:
            self._tracks = tracks
            self._offer()

    def _offer(self) -> None:
        self._offered = tuple(self.as_known(self._tracks))
        self._by_path = {track.path: track for track in self._tracks}
        self._version += 1


class PinnedPool:
    """A pool seen by one session: the pins of its preset come before those of the settings."""

    def __init__(self, pool: Pool, pins: Pinned) -> None:
        self._pool = pool
        self._pins = pins

    @property
    def version(self) -> int:
        """Grows whenever tracks of either come or go."""
        return self._pool.version + self._pins.version

    @property
    def growing(self) -> bool:
        """More may be found of either."""
        return self._pool.growing or self._pins.growing

    @property
    def unread(self) -> Mapping[Path, str]:
        """As the pool's."""
        return self._pool.unread

    def tracks(self, kind: PhaseKind) -> Sequence[Track]:
        """The tracks of the preset's pins, else the pool's; a pin of which nothing can be read is none."""
        pins = self._pins.tracks(kind)
        pinned = None if pins is None else self._pool.as_known(pins)
        if pinned or (pinned is not None and self._pins.growing):
            return pinned
        return self._pool.tracks(kind)
