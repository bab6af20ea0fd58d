"""`nbd doctor`: what there is, what is missing, and how to get it."""

import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from nbd_tui import __version__
from nbd_tui.audio.score import CueHit, CueSounded, Score
from nbd_tui.cli.wiring import Program, clock
from nbd_tui.errors import NbdError
from nbd_tui.media import libvlc
from nbd_tui.model.units import Seconds
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.player.protocol import Mixed
from nbd_tui.session.sound import Sound
from nbd_tui.store.database import open_database
from nbd_tui.store.tracks import TrackStore

PACKAGES: Final = (
    "textual",
    "python-vlc",
    "pydantic",
    "platformdirs",
    "miniaudio",
    "numpy",
    "tinytag",
    "tomlkit",
    "typer",
    "wakepy",
)
PATIENCE_S: Final[Seconds] = 6.0
BELL_S: Final[Seconds] = 2.5


def run_doctor(*, bell: bool) -> int:
    """Prints a report; 0 when there is sound, 1 when it would be silent."""
    with ExitStack() as stack:
        program = Program(stack)
        for line in (*_versions(), *_places(program), *_music(program)):
            print(line)
        sound = program.sound(None)
        output, reason = _await_output(sound)
        print(f"output      {output or 'none'}{f' ({reason})' if reason else ''}")
        if bell and output not in ("", "silent"):
            print(f"test bell   {'rung; did you hear it?' if _ring(sound) else 'could not be rung'}")
        return 0 if output not in ("", "silent") else 1


def _versions() -> Iterator[str]:
    system = f"{platform.system()} {platform.release()}"
    yield f"nbd-tui     {__version__}, Python {platform.python_version()} {platform.machine()}, {system}"
    yield "packages    " + ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    yield f"libVLC      {libvlc.version() or libvlc.why_not()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _places(program: Program) -> Iterator[str]:
    where = program.places
    exists = "" if where.settings_file.exists() else " (not there: the defaults hold)"
    yield f"settings    {with_home_as_tilde(where.settings_file)}{exists}"
    for name, path in (
        ("presets", where.presets),
        ("data", where.data),
        ("logs", where.log.parent),
        ("cache", where.cache),
    ):
        yield f"{name:<12}{with_home_as_tilde(path)}"


def _music(program: Program) -> Iterator[str]:
    folders = program.settings.music.folders
    if not folders:
        yield "music       no folder is set: the demo tracks play ([music] folders, or --music)"
    try:
        with closing(open_database(program.places.database).connect()) as connection:
            store = TrackStore(connection)
            for folder in folders:
                yield f"music       {with_home_as_tilde(folder)}: {_count(store, folder)}"
    except NbdError as error:
        yield f"music       {error}"


def _count(store: TrackStore, folder: Path) -> str:
    if not folder.is_dir():
        return "not there"
    count = store.count_below(folder)
    return f"{count:,} tracks" if count else "never scanned (nbd scan)"


def _await_output(sound: Sound) -> tuple[str, str]:
    """The output the player settles on."""
    until = clock() + PATIENCE_S
    while not sound.ready and clock() < until:
        sound.poll()
        time.sleep(0.05)
    return sound.output, sound.reason


def _ring(sound: Sound) -> bool:
    """Sounds the bell; whether the player says it did."""
    sound.play(Score(cues=(CueHit("doctor", "bell-single", sound.frame_at(clock()), snap=True),)))
    rung, until = False, clock() + BELL_S
    while clock() < until:
        rung |= any(isinstance(news, Mixed) and isinstance(news.report, CueSounded) for news in sound.poll())
        time.sleep(0.05)
    return rung
