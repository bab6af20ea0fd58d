"""What a plan or a rendering is made of: the tracks of the library, or those of a folder that are heard on the spot."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from nbd_tui.cli.checks import check_music
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import DecodeError, LibraryError, UserError, printable
from nbd_tui.library.analyse import Workshop, analyse, progress_words
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.probe import Fitted, ProbeResult, ProbeWorker, Wanted
from nbd_tui.library.scan import scan
from nbd_tui.library.shipped import shipped_hearings
from nbd_tui.media.decode import decodes_directly
from nbd_tui.media.sniff import codec_of
from nbd_tui.media.stretching import HEADROOM_DB
from nbd_tui.paths import Places, asset
from nbd_tui.session.scoring import Playable
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.presets import DEMO_ID, LoadedPreset
from nbd_tui.store.tracks import TrackStore

HEARD: Final = "rendered-music.db"
"""In the cache: what was heard in folders that are not in the library, so that it is heard once."""

Tell = Callable[[str], None]


def where_music_is(
    preset: LoadedPreset, chosen: Sequence[Path], below: Path | None, music: Path | None
) -> tuple[Path | None, tuple[Path, ...]]:
    """The folder to be heard on the spot, if there is one, and those whose tracks are used.

    As in a workout, the demo and whoever has chosen no folder yet have the tracks that come with the program.

    Args:
        preset: what is to be trained.
        chosen: the folders of the settings.
        below: only the tracks of the library below this folder.
        music: a folder to be heard on the spot.

    Raises:
        UserError: two places were given.
    """
    if below and music:
        raise UserError("--library and --music are two places for music: choose one")
    is_demo = preset.id == DEMO_ID and preset.builtin
    music = music.expanduser() if music else None
    if not below and not music and (is_demo or not chosen):
        music = asset("demo")
    if music is not None:
        return music, (music,)
    return None, (below.expanduser(),) if below else tuple(chosen)


def whole_path(folder: Path) -> Path:
    """As the database has it."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 (resolve() would follow links)


@contextmanager
def heard_on_the_spot(folder: Path, where: Places, tell: Tell) -> Iterator[sqlite3.Connection]:
    """A database that knows the tracks of a folder, which are heard now unless they were before.

    Args:
        folder: of music.
        where: the user's places.
        tell: shown how far that is.

    Raises:
        LibraryError: the folder cannot be read, nothing can be heard in it, or what is heard cannot be kept.
    """
    check_music(folder)
    database = open_database(where.cache / HEARD)
    with database.connected() as connection:
        scan([folder], TrackStore(connection))
        hearings = HearingStore(connection)
        _take_shipped(hearings, whole_path(folder))
        files = hearings.pending(VERSION, [whole_path(folder)])
        report = analyse(
            hearings, files, Workshop(where.cache, where.pcm_cache), lambda progress: tell(progress_words(progress))
        )
        if report.trouble:
            raise LibraryError(report.trouble, file=folder)
        yield connection


def _take_shipped(hearings: HearingStore, folder: Path) -> None:
    """What was heard in the demo tracks when the program was made."""
    shipped = shipped_hearings(folder)
    for file in hearings.pending(VERSION, [folder]):
        if known := shipped.get(file.path):
            hearings.save(file, known.sound, known.hearing, VERSION)


@contextmanager
def library(program: Program, music: Path | None, tell: Tell) -> Iterator[sqlite3.Connection]:
    """The user's library, or what is heard in `music`.

    Raises:
        LibraryError: as `heard_on_the_spot`, or the database cannot be used.
    """
    if music is not None:
        with heard_on_the_spot(music, program.places, tell) as connection:
            yield connection
    else:
        with program.database().connected() as connection:
            yield connection


class Checker:
    """Which file of a track is to be opened. What was never decoded as a whole is decoded first, in a worker."""

    def __init__(self, pcm_cache: Path, store: HearingStore, tell: Tell) -> None:
        self._pcm_cache = pcm_cache
        self._store = store
        self._tell = tell
        self._known: dict[Wanted, Playable] = {}

    def playable(self, slot: Slot) -> Playable:
        """Of a track that `check` has found good."""
        return self._known[_wanted(slot)]

    def check(self, slots: Sequence[Slot]) -> dict[Path, str]:
        """The files that cannot be played, with the reason. Copies at another speed are made."""
        asked = dict.fromkeys(map(_wanted, slots))
        unknown = [wanted for wanted in asked if wanted not in self._known and not self._was_heard(wanted)]
        if not unknown:
            return {}
        failed: dict[Path, str] = {}
        for result in self._decoded(unknown):
            if result.playable is None:
                failed[result.path] = result.reason
            else:
                gain_db = HEADROOM_DB if result.fitted else 0.0
                self._known[result.wanted] = Playable(result.playable, result.frames, gain_db)
        return failed

    def _was_heard(self, path: Wanted) -> bool:
        """Whoever has listened to it has decoded it."""
        hearing = self._store.hearing(path) if isinstance(path, Path) else None
        if hearing is None or not isinstance(path, Path):
            return False
        with suppress(DecodeError):
            if decodes_directly(codec_of(path)):
                self._known[path] = Playable(path, hearing.frames)
        return path in self._known

    def _decoded(self, wanted: Sequence[Wanted]) -> Iterator[ProbeResult]:
        with closing(ProbeWorker(self._pcm_cache)) as worker:
            worker.request(wanted)
            left = dict.fromkeys(wanted)
            while left:
                self._tell(_progress(next(iter(left)), len(left)))
                worker.wait(0.5)
                for result in worker.results():
                    left.pop(result.wanted, None)
                    yield result


def _wanted(slot: Slot) -> Wanted:
    """What is played in a slot."""
    return Fitted(slot.song.path, slot.copy) if slot.copy else slot.song.path


def _progress(wanted: Wanted, left: int) -> str:
    doing, path = ("decoding", wanted) if isinstance(wanted, Path) else ("stretching", wanted.path)
    return f"{doing} {printable(path.name, 40)}, {left} left"
