"""`nbd`, `nbd run`, `nbd demo`: the program with its screens."""

import gc
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from nbd_tui.cli.checks import check_music
from nbd_tui.cli.interrupted import InterruptedOfProgram
from nbd_tui.cli.live_settings import LiveSettings
from nbd_tui.cli.resuming import newest
from nbd_tui.cli.terminal import require_terminal
from nbd_tui.cli.wiring import Program, clock
from nbd_tui.errors import NbdError
from nbd_tui.paths import Places, asset
from nbd_tui.session.preview import Preview
from nbd_tui.session.studio import Session, Studio
from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.store.presets import DEMO_ID, LoadedPreset, Presets, find_preset, load_preset_file, load_presets
from nbd_tui.tui.ports import Gloves, Services
from nbd_tui.tui.preset_view import broken_line
from nbd_tui.tui.sound_words import output_text


def run_demo(output: str | None) -> int:
    """The demo preset with the demo tracks, whatever the settings say."""
    return _run(DEMO_ID, None, output, demo=True)


def run_screen(name: str | None, music: Path | None, output: str | None) -> int:
    """Home, or a preset at once."""
    return _run(name, music, output, demo=False)


def run_resume(music: Path | None, output: str | None) -> int:
    """The session that was interrupted last, paused where it stopped."""
    with ExitStack() as stack:
        program = Program(stack)
        if music is not None:
            check_music(music)
        found = newest(program)
        require_terminal()
        studio = program.studio(output, music)
        from nbd_tui.tui.app import NbdApp

        live = LiveSettings(program, studio, output=output, music=music, demo=False)
        given = services(program, studio, load_presets(program.places.presets), live, is_home=False)
        return NbdApp(given, resume=found).run_to_end()


def _run(name: str | None, music: Path | None, output: str | None, *, demo: bool) -> int:
    with ExitStack() as stack:
        program = Program(stack)
        presets = load_presets(program.places.presets)
        first = _builtin_demo() if demo else None if name is None else find_preset(name, presets)
        if music is not None:
            check_music(music)
        require_terminal(name or "PRESET")
        studio = program.studio(output, music, demo=demo, collect_now=first is not None)
        from nbd_tui.tui.app import NbdApp

        live = LiveSettings(program, studio, output=output, music=music, demo=demo)
        is_first_run = name is None and music is None and not demo and has_nothing(program.places)
        given = services(program, studio, presets, live, is_home=first is None)
        return NbdApp(replace(given, first_run=is_first_run), first).run_to_end()


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


def services(program: Program, studio: Studio, presets: Presets, live: LiveSettings, *, is_home: bool) -> Services:
    """What the screens are given; before Home stands, nothing is collected."""
    library, ears = program.library(studio, may_analyse=lambda: live.current.music.analyse)

    def start(preset: LoadedPreset) -> Session:
        return program.begin(studio, preset)

    def painted() -> None:
        if is_home:
            studio.library.start()
            studio.warm_up()
        ears.start()
        collect_garbage_again()

    def state_of_sound() -> str:
        live.look_after()
        return sound_line(studio)

    def favourites() -> tuple[str, ...]:
        return live.current.home.favourites

    def keep_favourites(ids: tuple[str, ...]) -> None:
        live.change(("home", "favourites"), list(ids) or None)

    return Services(
        painted=painted,
        presets=presets.loaded,
        broken=tuple(map(broken_line, presets.errors)),
        notices=program.notices,
        start=start,
        clock=clock,
        library_line=lambda: studio.library.state,
        history=program.archive(),
        interrupted=InterruptedOfProgram(program, studio),
        sound_line=state_of_sound,
        keys=live.keys,
        gloves=Gloves(program.settings.screen.glove),
        settings=live,
        library=library,
        preview=Preview(studio),
        shelf=PresetShelf(program.places.presets, favourites, keep_favourites),
        theme=program.settings.screen.theme,
    )


def collect_garbage_again() -> None:
    """Ends the start-up, in which a tenth of the time would go into looking for garbage: what it made stays.

    It is not looked at again either, which makes the pauses of later collections short.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def sound_line(studio: Studio) -> str:
    """Which output is in use, and in short why; over a session the volumes stand beside it."""
    output, reason = studio.idle()
    told = output_text(output, reason)
    return told if output in {"", "silent"} else f"sound: {told}"
