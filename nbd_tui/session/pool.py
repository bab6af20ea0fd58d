"""The tracks a session may choose from: growing while folders are still being read."""

import os
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nbd_tui.model.track import Track
from nbd_tui.session.known import as_known, as_song, is_known, known_of, with_known
from nbd_tui.soundtrack.pin import Shelf, album_key, kind_of
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:  # SQLite and numpy come with them
    from nbd_tui.soundtrack.songs import Catalogue, Song
    from nbd_tui.store.hearings import Known


class Pinned(Protocol):
    """The pins of a preset, which may still be being read."""

    version: int
    growing: bool

    def tracks(self, shelf: Shelf) -> Sequence[Track] | None:
        """Those pinned to a kind of phase, or to some phases; None where nothing is pinned."""
        ...

    def album(self, shelf: Shelf) -> str:
        """The album that is pinned there, by its name; empty for none."""
        ...

    def miss(self, shelf: Shelf) -> None:
        """Nothing of the album has been found."""
        ...


class Pool:
    """Tracks by kind of phase; filled by the collector, read (and rid of what breaks) by the conductor.

    Each list is replaced whole, under a lock: a reader needs none. What is known of the tracks beyond their tags
    (`learn`) shows in every track the pool offers; one that is kept out is not offered, pinned or not. The columns that
    choosing reads are made by whoever fills it.
    """

    def __init__(self, pinned: Mapping[PhaseKind, Sequence[Track]] | None = None, tracks: Iterable[Track] = ()) -> None:
        self._lock = threading.Lock()
        self._pinned = {kind: tuple(pins) for kind, pins in (pinned or {}).items()}
        self._tracks = tuple(tracks)
        self._known: Mapping[str, Known] = {}
        self._songs: Mapping[str, Song] = {}
        self._offered = self._tracks
        self._catalogue: Catalogue | None = None
        self._of_pins: dict[PhaseKind, tuple[Sequence[Track], Catalogue]] = {}
        self._by_path = {track.path: track for track in self._tracks}
        self._unread: dict[Path, str] = {}
        self._gone: frozenset[Path] = frozenset()
        self._version = 0
        self.growing = False
        """Folders are still being read."""
        self.learning = False
        """What is known of the tracks beyond their tags is still being read."""

    @property
    def version(self) -> int:
        """Grows whenever tracks come or go."""
        return self._version

    def tracks(self, shelf: Shelf) -> Sequence[Track]:
        """The tracks pinned to a kind of phase, else all; a pin of which nothing can be read is none."""
        pinned = self._pins(kind_of(shelf))
        return self._offered if pinned is None else pinned

    def catalogue(self, shelf: Shelf) -> "Catalogue":
        """The same tracks as columns; some of them may have left since (`gone`)."""
        kind = kind_of(shelf)
        pinned = self._pins(kind)
        if pinned is None:
            if self._catalogue is None:
                self._catalogue = self.catalogue_of(self._offered)
            return self._catalogue
        if self._of_pins.get(kind, (None, None))[0] != pinned:
            self._of_pins[kind] = (pinned, self.catalogue_of(pinned))
        return self._of_pins[kind][1]

    def catalogue_of(self, tracks: Sequence[Track]) -> "Catalogue":
        """Tracks as columns, with all that is known of them."""
        from nbd_tui.soundtrack.songs import Catalogue

        return Catalogue([as_song(track, self._songs.get(str(track.path))) for track in tracks]).prepare()

    @property
    def gone(self) -> Collection[Path]:
        """What could not be played: it is not offered any more."""
        return self._gone

    def _pins(self, kind: PhaseKind) -> Sequence[Track] | None:
        """The tracks pinned to a kind, as far as they hold; None: all tracks may play."""
        pins = self._pinned.get(kind)
        pinned = None if pins is None else self.as_known(pins)
        return pinned if pinned or (pinned is not None and self.growing) else None

    def as_known(self, tracks: Sequence[Track]) -> Sequence[Track]:
        """Tracks with what is known of them, without those that are kept out."""
        return as_known(tracks, self._known)

    def of_album(self, album: str) -> Sequence[Track]:
        """The tracks of an album, by its name."""
        wanted = album_key(album)
        return [track for track in self._offered if album_key(track.album) == wanted]

    def learn(self, known: "Mapping[str, Known]", songs: "Mapping[str, Song] | None" = None) -> None:
        """What is known of tracks, by their paths as text, takes the place of what was known before.

        Args:
            known: what shows in the tracks.
            songs: what choosing goes by besides.
        """
        with self._lock:
            if known != self._known or (songs or {}) != self._songs:
                self._known, self._songs = known, songs or {}
                self._of_pins = {}
                self._offer()

    def learn_of(self, songs: "Iterable[Song]") -> None:
        """The same of a few tracks."""
        with self._lock:
            new = {str(song.path): song for song in songs}
            known = {path: known_of(song) for path, song in new.items() if is_known(song)}
            before = {path: more for path, more in self._known.items() if path not in new}
            self._known, self._songs = {**before, **known}, {**self._songs, **new}
            self._of_pins = {}
            self._offer_anew({song.path for song in new.values()} & self._by_path.keys())

    def song(self, path: Path) -> "Song | None":
        """What is known of a file."""
        return self._songs.get(str(path))

    def end_learning(self) -> None:
        """All is known that there is for now."""
        if self.learning:
            self.learning = False
            self._version += 1

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
            if not broken.keys() <= self._gone:
                self._gone |= broken.keys()
                self._tracks = tuple(track for track in self._tracks if track.path not in broken)
                self._offered = tuple(track for track in self._offered if track.path not in broken)
                self._by_path = {track.path: track for track in self._tracks}
                self._version += 1

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

    def _offer_anew(self, paths: AbstractSet[Path]) -> None:
        """Others stay as they are; those that are kept out now keep their place in the columns, marked."""
        catalogue = self._catalogue
        if catalogue is None or not catalogue.numbers.keys() >= paths:
            self._offer()
            return
        tracks = [track for path in paths if (track := self.track(path))]
        self._catalogue = catalogue.with_songs([as_song(track, self._songs[str(track.path)]) for track in tracks])
        offered = {track.path: track for track in self._offered if track.path not in paths}
        offered |= {track.path: track for track in self.as_known([self._by_path[path] for path in paths])}
        self._offered = tuple(offered[track.path] for track in self._tracks if track.path in offered)
        self._version += 1

    def _offer(self) -> None:
        offered = tuple(self.as_known(self._tracks))
        self._catalogue = self.catalogue_of(offered)
        self._offered = offered
        self._by_path = {track.path: track for track in self._tracks}
        self._gone -= self._by_path.keys()
        self._version += 1


class PinnedPool:
    """A pool seen by one session: the pins of its preset come before those of the settings.

    Nothing is offered of a pin before it is known what was heard in its tracks.
    """

    def __init__(self, pool: Pool, pins: Pinned) -> None:
        self._pool = pool
        self._pins = pins
        self._found: dict[Shelf, tuple[tuple[int, bool], Sequence[Track] | None]] = {}
        self._made: dict[Shelf, tuple[tuple[int, bool], Catalogue]] = {}

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

    def tracks(self, shelf: Shelf) -> Sequence[Track]:
        """The tracks of the preset's pins, else the pool's; a pin of which nothing can be read is none."""
        pinned = self._pinned(shelf)
        return self._pool.tracks(shelf) if pinned is None else pinned

    def catalogue(self, shelf: Shelf) -> "Catalogue":
        """The same tracks as columns; some of them may have left since (`gone`)."""
        version = (self.version, self.growing)
        made = self._made.get(shelf)
        if made is None or made[0] != version:
            pinned = self._pinned(shelf)
            catalogue = self._pool.catalogue(shelf) if pinned is None else self._pool.catalogue_of(pinned)
            made = self._made[shelf] = (version, catalogue)
        return made[1]

    @property
    def gone(self) -> Collection[Path]:
        """As the pool's."""
        return self._pool.gone

    def _pinned(self, shelf: Shelf) -> Sequence[Track] | None:
        """Those of the place, else those of its kind; looked for anew when tracks have come or gone."""
        version = (self.version, self.growing)
        found = self._found.get(shelf)
        if found is None or found[0] != version:
            pinned = self._pinned_to(shelf)
            if pinned is None and shelf is not kind_of(shelf):
                pinned = self._pinned_to(kind_of(shelf))
            found = self._found[shelf] = (version, pinned)
        return found[1]

    def _pinned_to(self, shelf: Shelf) -> Sequence[Track] | None:
        if album := self._pins.album(shelf):
            return self._of_album(shelf, album)
        pins = self._pins.tracks(shelf)
        if pins is None:
            return None
        if self._pool.learning:
            return ()
        pinned = [track for track in self._pool.as_known(pins) if track.path not in self._pool.gone]
        return pinned if pinned or self._pins.growing else None

    def _of_album(self, shelf: Shelf, album: str) -> Sequence[Track] | None:
        found = self._pool.of_album(album)
        if not found and not self._pool.growing:
            self._pins.miss(shelf)
        return found or ([] if self._pool.growing else None)
