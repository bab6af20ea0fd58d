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
from nbd_tui.cli.checks import pin_problems, preset_pin_problems
from nbd_tui.cli.preset_pins import usual_pins
from nbd_tui.cli.wiring import Program, clock
from nbd_tui.errors import LibraryError, SettingsError, printable
from nbd_tui.library.walk import require_folder
from nbd_tui.media import libvlc
from nbd_tui.media.speech import find_engine
from nbd_tui.model.units import Seconds
from nbd_tui.paths import Places, places, with_home_as_tilde
from nbd_tui.player.protocol import Mixed
from nbd_tui.session.sound import Sound
from nbd_tui.settings import Settings, load_settings
from nbd_tui.store.database import look_into
from nbd_tui.store.presets import load_presets
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
    """Prints a report, and changes nothing; 0 when there is sound, 1 when it would be silent, 2 when a file is broken.

    Settings that cannot be used are told, and the defaults looked at in their place.
    """
    where = places()
    settings, mistake = _settings(where)
    with ExitStack() as stack:
        program = Program(stack, settings=settings, logs=False)
        tracks, damage = _music(where, settings)
        for line in (*_versions(), *_places(where), *_mistake(mistake), *_presets(where), *tracks, *_pins(settings)):
            print(line)
        heard = _hear(program, bell=bell)
    return 2 if mistake or damage else 0 if heard else 1


def report(where: Places, settings: Settings) -> tuple[str, ...]:
    """The report without the sound, line by line."""
    tracks, _ = _music(where, settings)
    lines = (*_versions(), *_places(where), *_presets(where), *tracks, *_pins(settings))
    return tuple(line for text in lines for line in text.splitlines())


def _settings(where: Places) -> tuple[Settings, SettingsError | None]:
    try:
        return load_settings(where.settings_file), None
    except SettingsError as error:
        return Settings(), error


def _mistake(error: SettingsError | None) -> Iterator[str]:
    if error is not None:
        yield f"! {error}"
        yield "! what follows holds for the default settings"


def _hear(program: Program, *, bell: bool) -> bool:
    """Tells which output there is, and rings; false: it would be silent."""
    sound = program.sound(None)
    output, reason = _await_output(sound)
    print(f"output      {output or 'none'}{f' ({reason})' if reason else ''}")
    heard = output not in {"", "silent"}
    if bell and heard:
        print(f"test bell   {'rung; did you hear it?' if _ring(sound) else 'could not be rung'}")
    return heard


def _versions() -> Iterator[str]:
    system = f"{platform.system()} {platform.release()}"
    yield f"nbd-tui     {__version__}, Python {platform.python_version()} {platform.machine()}, {system}"
    yield "packages    " + ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    yield f"libVLC      {libvlc.version() or libvlc.why_not()}"
    yield f"speech      {_speech()}"


def _speech() -> str:
    """What would say the user's labels."""
    if engine := find_engine():
        return engine.name
    return "none: the announcer says rounds and phases, but not your labels (espeak-ng would)"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _places(where: Places) -> Iterator[str]:
    exists = "" if where.settings_file.exists() else " (not there: the defaults hold)"
    yield f"settings    {with_home_as_tilde(where.settings_file)}{exists}"
    for name, path in (
        ("presets", where.presets),
        ("data", where.data),
        ("logs", where.log.parent),
        ("cache", where.cache),
    ):
        yield f"{name:<12}{with_home_as_tilde(path)}"


def _presets(where: Places) -> Iterator[str]:
    """The presets that cannot be used, and the music of others that is not there."""
    presets = load_presets(where.presets)
    for error in presets.errors:
        yield f"! {error}"
    for preset in presets.loaded:
        yield from (f"! {printable(preset.file.name)}: {problem}" for problem in preset_pin_problems(preset))


def _music(where: Places, settings: Settings) -> tuple[list[str], bool]:
    """What is known of the music folders; whether the database is broken."""
    folders = settings.music.folders
    lines = [] if folders else ["music       no folder is set: the demo tracks play ([music] folders, or --music)"]
    try:
        with ExitStack() as stack:
            connection = look_into(where.database)
            store = TrackStore(stack.enter_context(closing(connection))) if connection else None
            return [*lines, *(f"music       {with_home_as_tilde(one)}: {_count(store, one)}" for one in folders)], False
    except LibraryError as error:
        return [*lines, *(f"music       {with_home_as_tilde(one)}" for one in folders), f"! {error}"], True


def _pins(settings: Settings) -> Iterator[str]:
    yield from (f"! {problem}" for problem in pin_problems(usual_pins(settings.music)))


def _count(store: TrackStore | None, folder: Path) -> str:
    try:
        require_folder(folder)
    except LibraryError:
        return "not there"
    count = store.count_below(folder) if store else 0
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
