"""`nbd`, `nbd run`, `nbd demo`: the program with its screens."""

import gc
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from nbd_tui.cli.first_picture import keep_home
from nbd_tui.cli.interrupted import InterruptedOfProgram
from nbd_tui.cli.live_settings import LiveSettings
from nbd_tui.cli.once import Once
from nbd_tui.cli.plans import PlansOfProgram
from nbd_tui.cli.stage import Stage, later, look_at, note_look, settings_in
from nbd_tui.cli.terminal import require_terminal
from nbd_tui.cli.wiring import Program, clock, output_choice
from nbd_tui.errors import NbdError
from nbd_tui.paths import Places, asset, places
from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.store.presets import DEMO_ID, LoadedPreset, find_preset, load_preset_file, load_presets
from nbd_tui.store.recall import FirstLook, files_now, recall
from nbd_tui.tui.ports import Gloves, Services
from nbd_tui.tui.ports_interrupted import InterruptedSessions
from nbd_tui.tui.ports_library import LibraryPort, PreviewPort
from nbd_tui.tui.sound_words import output_text

if TYPE_CHECKING:  # Home is painted without them
    from collections.abc import Callable

    from nbd_tui.session.ears import Ears
    from nbd_tui.session.library_desk import LibraryDesk
    from nbd_tui.session.studio import Session, Studio
    from nbd_tui.tui.drawn import DrawnTerminal
    from nbd_tui.tui.ports_history import KeptSessions


def run_demo(output: str | None) -> int:
    """The demo preset with the demo tracks, whatever the settings say."""
    return _run(DEMO_ID, None, output, demo=True)


def run_screen(name: str | None, music: Path | None, output: str | None) -> int:
    """Home, or a preset at once."""
    return run_home(music, output) if name is None else _run(name, music, output, demo=False)


def run_resume(music: Path | None, output: str | None) -> int:
    """The session that was interrupted last, paused where it stopped."""
    from nbd_tui.cli.resuming import newest

    with ExitStack() as stack:
        program = Program(stack)
        _check(music)
        found = newest(program)
        require_terminal()
        stage = Stage(program, output, music, collect_now=True)
        given = services(stage, look_at(program.settings, load_presets(program.places.presets)), is_home=False)
        from nbd_tui.tui.app import NbdApp

        return NbdApp(given, resume=found).run_to_end()


def _run(name: str, music: Path | None, output: str | None, *, demo: bool) -> int:
    with ExitStack() as stack:
        program = Program(stack)
        presets = load_presets(program.places.presets)
        first = _builtin_demo() if demo else find_preset(name, presets)
        _check(music)
        require_terminal(name)
        stage = Stage(program, output, music, demo=demo, collect_now=True)
        given = services(stage, look_at(program.settings, presets), is_home=False)
        from nbd_tui.tui.app import NbdApp

        return NbdApp(given, first).run_to_end()


def run_home(music: Path | None, output: str | None, drawn: "DrawnTerminal | None" = None) -> int:
    """Home: what an earlier start found good is shown first, and everything else is made behind it.

    Args:
        music: a folder, of the command line.
        output: likewise.
        drawn: the terminal, where Home is to be seen on it already.
    """
    with ExitStack() as stack:
        where, files = places(), files_now(places())
        look = recall(where, files)
        stack.callback(note_look, where)
        program = Program(stack, settings_later=partial(settings_in, files, where) if files and look else None)
        if look is None:
            look = look_at(program.settings, load_presets(where.presets))
        _check(music)
        if output is not None:
            output_choice(output, program.settings)
        require_terminal("PRESET")
        from nbd_tui.tui.app import NbdApp

        stage = Stage(program, output, music)
        given = services(stage, look, is_home=True, first_run=music is None and has_nothing(where))
        given = replace(given, keep_picture=partial(keep_home, where, files))
        return NbdApp(given, drawn=drawn).run_to_end()


def _check(music: Path | None) -> None:
    if music is not None:
        from nbd_tui.cli.checks import check_music

        check_music(music)


def _builtin_demo() -> LoadedPreset:
    """The demo that comes with the program, also where the user has a preset of that name."""
    return load_preset_file(asset("presets", f"{DEMO_ID}.toml"), builtin=True)


def has_nothing(where: Places) -> bool:
    """Nothing of the user's is there: no settings, no preset, no track and no session in the database."""
    presets = where.presets.is_dir() and any(where.presets.glob("*.toml"))
    settings = where.settings_file.exists() or where.settings_file.is_symlink()
    return not (presets or settings or _has_rows(where.database))


def _has_rows(database: Path) -> bool:
    """Whether a database says something; one that cannot be read does, as far as known."""
    if not database.exists():
        return False
    import sqlite3

    from nbd_tui.store.database import look_into

    try:
        with ExitStack() as stack:
            connection = look_into(database)
            if connection is None:
                return True
            stack.enter_context(closing(connection))
            asked = "SELECT EXISTS (SELECT 1 FROM tracks) OR EXISTS (SELECT 1 FROM sessions)"
            return bool(connection.execute(asked).fetchone()[0])
    except (NbdError, sqlite3.Error):
        return True


def services(stage: Stage, look: FirstLook, *, is_home: bool, first_run: bool = False) -> Services:
    """What the screens are given; before Home stands, nothing sounds and nothing is collected."""
    program = stage.program
    if not is_home:
        stage.set_up()
    live = LiveSettings(stage, look.keys, look.favourites)

    library = Once(lambda: program.library(lambda: stage.studio, may_analyse=lambda: live.current.music.analyse))

    def start(preset: LoadedPreset) -> "Session":
        return program.begin(stage.studio, preset)

    def keep_favourites(ids: tuple[str, ...]) -> None:
        live.change(("home", "favourites"), list(ids) or None)

    shelf = PresetShelf(program.places.presets, lambda: live.favourites, keep_favourites)
    return Services(
        behind=partial(_load_behind, stage) if is_home else None,
        painted=partial(_painted, stage, library, shelf, is_home=is_home),
        leaving=partial(_leaving, stage),
        presets=look.presets,
        broken=look.broken,
        notices=program.notices,
        start=start,
        clock=clock,
        library_line=lambda: stage.studio.library.state_with(library()[0].progress()) if stage.is_up else "",
        history=_history(program),
        interrupted=_interrupted(stage),
        sound_line=partial(_state_of_sound, stage, live),
        keys=live.keys,
        gloves=Gloves(look.gloves),
        settings=live,
        library=_library(library),
        preview=_preview(stage),
        plan=PlansOfProgram(stage),
        shelf=shelf,
        theme=look.theme,
        first_run=first_run,
    )


def _load_behind(stage: Stage) -> None:
    """Imports what is behind Home: parts and screens."""
    from nbd_tui.tui.loading import import_screens

    stage.load()
    import_screens()


def _painted(
    stage: Stage, library: "Callable[[], tuple[LibraryDesk, Ears]]", shelf: PresetShelf, *, is_home: bool
) -> tuple[str, ...]:
    """The first screen stands: everything it could do without begins."""
    if is_home:
        stage.studio.library.start()
        stage.studio.warm_up()
    library()[1].start()
    Thread(target=shelf.empty_trash, args=(time.time(),), name="trash", daemon=True).start()
    collect_garbage_again()
    return stage.program.notices if is_home else ()


def _leaving(stage: Stage) -> None:
    """The player takes as long to end as the screen does: both at once."""
    if stage.is_up:
        stage.studio.sound.retire()


def _state_of_sound(stage: Stage, live: LiveSettings) -> str:
    if not stage.is_up:
        return ""
    live.look_after()
    return sound_line(stage.studio)


def _history(program: Program) -> "KeptSessions":
    def archive() -> "KeptSessions":
        return program.archive()

    return later(archive)


def _interrupted(stage: Stage) -> InterruptedSessions:
    return InterruptedOfProgram(stage)


def _library(parts: "Callable[[], tuple[LibraryDesk, Ears]]") -> LibraryPort:
    def desk() -> LibraryPort:
        return parts()[0]

    return later(desk)


def _preview(stage: Stage) -> PreviewPort:
    def preview() -> PreviewPort:
        from nbd_tui.session.preview import Preview

        return Preview(stage.studio)

    return later(preview)


def collect_garbage_again() -> None:
    """Ends the start-up, in which a tenth of the time would go into looking for garbage: what it made stays.

    It is not looked at again either, which makes the pauses of later collections short. Nor is it looked through now,
    for the fortieth part of it that is garbage: keys would wait for that.
    """
    gc.freeze()
    gc.enable()


def sound_line(studio: "Studio") -> str:
    """Which output is in use, and in short why; over a session the volumes stand beside it."""
    output, reason = studio.idle()
    told = output_text(output, reason)
    return told if output in {"", "silent"} else f"sound: {told}"
