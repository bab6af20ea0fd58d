"""The music pinned to phases: read in the background, as a folder of thousands takes seconds."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from nbd_tui.errors import DecodeError, LibraryError, printable
from nbd_tui.library.playlists import pinned_files
from nbd_tui.model.track import Track
from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.pin import Pin, Shelf, kind_of

ShelfT = TypeVar("ShelfT", bound=Shelf)

log = logging.getLogger(__name__)


class Pins:
    """The tracks that the pins of a preset stand for, for one session.

    Its thread, `pins`, is started by `start` and ends when all is read, or with `close`. The other methods may be
    called from any thread. Albums are looked for in the pool, by whoever has it.
    """

    def __init__(self, pins: Mapping[Shelf, Pin]) -> None:
        self._paths = {shelf: pin.path for shelf, pin in pins.items() if pin.path is not None}
        self._albums = {shelf: pin.album for shelf, pin in pins.items() if pin.path is None}
        self._tracks: dict[Shelf, tuple[Track, ...]] = dict.fromkeys(self._paths, ())
        self._news: SimpleQueue[str] = SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pins", daemon=True)
        self.version = 0
        """Grows whenever tracks come."""
        self.growing = bool(self._paths)
        """They are still being read."""

    def start(self) -> None:
        """Begins to read."""
        if self._paths:
            self._thread.start()

    def wait(self, seconds: Seconds) -> None:
        """Until all is read, but not for long."""
        if self._thread.is_alive():
            self._thread.join(timeout=seconds)

    def close(self) -> None:
        """Stops within the file being read."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def tracks(self, shelf: Shelf) -> Sequence[Track] | None:
        """The tracks pinned there, as far as they are read; None where nothing is, or an album."""
        return self._tracks.get(shelf)

    def album(self, shelf: Shelf) -> str:
        """The album that is pinned there; empty for none."""
        return self._albums.get(shelf, "")

    def miss(self, shelf: Shelf) -> None:
        """Nothing of the album has been found: told, and not looked for any more."""
        if album := self._albums.pop(shelf, ""):
            self._news.put(pin_note(shelf, album, "no track of this album is in the library"))
            self.version += 1

    def news(self) -> str:
        """What has been found missing since the last call."""
        said = []
        try:
            while True:
                said.append(self._news.get_nowait())
        except Empty:
            return "; ".join(said)

    def _run(self) -> None:
        try:
            for shelf, path in self._paths.items():
                read_pin(shelf, path, self._publish, self._news.put, self._stop.is_set)
        except Exception:  # the edge of a thread: the workout goes on with what was read
            log.exception("reading the pinned music failed")
        finally:
            self.growing = False
            self.version += 1

    def _publish(self, shelf: Shelf, tracks: Sequence[Track]) -> None:
        self._tracks[shelf] = tuple(tracks)
        self.version += 1


def read_pin(
    shelf: ShelfT,
    path: Path,
    publish: Callable[[ShelfT, Sequence[Track]], None],
    tell: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> None:
    """Reads the tracks of a pin: a track, a folder or a playlist; files whose tags cannot be read are left out.

    Args:
        shelf: what it is pinned to.
        path: of the track, folder or playlist.
        publish: given all tracks so far, at first soon, then whenever they have doubled.
        tell: told what is missing.
        should_stop: asked before each file.
    """
    try:
        files = _files(path, tell)
    except LibraryError as error:
        tell(pin_note(shelf, path.name, error.message))
        return
    tracks: list[Track] = []
    wanted = 1
    for track in _readable(files, should_stop):
        tracks.append(track)
        if len(tracks) == wanted:
            publish(shelf, tracks)
            wanted *= 2
    publish(shelf, tracks)
    if not tracks and not should_stop():
        tell(pin_note(shelf, path.name, "none of its files can be read"))


def pin_note(shelf: Shelf, name: str, reason: str) -> str:
    """For the screen and the line: music that was asked for and cannot be played."""
    return f"{kind_of(shelf)} pin {printable(name)}: {reason}; other music plays"


def _files(path: Path, tell: Callable[[str], None]) -> Sequence[Path]:
    missing: list[str] = []
    files = pinned_files(path, missing.append)
    if missing:
        are = "is" if len(missing) == 1 else "are"
        tell(f"{len(missing)} of {len(files) + len(missing)} files of {printable(path.name)} {are} missing")
        log.warning("%s: missing: %s", path, ", ".join(map(printable, missing[:20])))
    return files


def _readable(files: Sequence[Path], should_stop: Callable[[], bool]) -> Iterator[Track]:
    from nbd_tui.library.tags import read_track

    for file in files:
        if should_stop():
            return
        try:
            yield read_track(file)
        except DecodeError as error:
            log.info("%s: %s", file, error)
