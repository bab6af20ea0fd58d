"""`nbd plan`: the soundtrack of a workout, as it would be planned now."""

import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from nbd_tui.cli.plan_lines import ToldPlan, print_json, print_lines
from nbd_tui.cli.plan_music import library as library_of
from nbd_tui.cli.plan_music import where_music_is, whole_path
from nbd_tui.cli.plan_pins import PinnedMusic, pinned_music
from nbd_tui.cli.preset_pins import usual_pins
from nbd_tui.cli.scanning import ProgressLine
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import LibraryError, UserError
from nbd_tui.library.walk import is_there
from nbd_tui.model.arc import Arc
from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Hearing
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.session.taste import feasible, taste_for
from nbd_tui.settings import Settings
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import warnings
from nbd_tui.soundtrack.wants import wants
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.presets import LoadedPreset, find_preset, load_presets
from nbd_tui.store.songs import songs_below
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.timeline import Timeline

NO_MUSIC: Final = 1
"""Exit code where a phase has no music at all."""
LARGEST_SEED: Final = 9999
"""Seeds are short enough to be read out."""


def print_plan(name: str, library: Path | None, seed: int | None, arc: str | None, *, as_json: bool) -> int:
    """Prints the plan of a preset; where a phase has no music at all, it says so on stderr and returns 1.

    Args:
        name: of the preset, or its file.
        library: only the tracks below this folder; None: those of the settings' folders.
        seed: another one makes another session; None: any.
        arc: the shape of the session; None: that of preset or settings.
        as_json: one JSON object in place of lines.

    Raises:
        UserError: there is no such preset, arc, or no library yet.
    """
    if arc is not None:
        arc_of(arc)
    with ExitStack() as stack:
        program = Program(stack, logs=False)
        preset = find_preset(name, load_presets(program.places.presets))
        line = ProgressLine()
        music, folders = where_music_is(preset, program.settings.music.folders, library, None)
        connection = stack.enter_context(library_of(program, music, line.show))
        line.clear()
        timeline = compile_timeline(preset.preset)
        usual = {} if music else usual_pins(program.settings.music)
        pinned = pinned_music(preset, usual, songs_in(connection, folders))
        catalogue = Catalogue(pinned.songs)
        seed = any_seed() if seed is None else seed
        taste, lacking = feasible(wished(program.settings, preset, arc, pinned))
        soundtrack = make_plan(timeline, catalogue, HearingStore(connection), Brief(taste, Rules(seed)), pinned)
    told = ToldPlan(timeline, soundtrack, taste, seed, (*pinned.notes, *lacking, *warnings(soundtrack, catalogue)))
    (print_json if as_json else print_lines)(told)
    for text in told.silent:
        print(text, file=sys.stderr)
    return NO_MUSIC if told.silent else 0


def any_seed() -> int:
    """A seed that can be read out."""
    return int.from_bytes(os.urandom(4)) % (LARGEST_SEED + 1)


def songs_in(connection: sqlite3.Connection, folders: Sequence[Path]) -> list[Song]:
    """All songs that are known below folders, which may lie in each other.

    Raises:
        LibraryError: there is none.
    """
    songs = {song.path: song for folder in folders for song in songs_below(connection, whole_path(folder))}
    if not songs:
        folder = folders[0]
        if not is_there(whole_path(folder)):
            raise LibraryError("there is no such folder", file=folder, hint="is the drive mounted?")
        raise LibraryError(
            "nothing is known of this folder", file=folder, hint=f"nbd analyse {with_home_as_tilde(folder)}"
        )
    return list(songs.values())


def make_plan(
    timeline: Timeline, catalogue: Catalogue, store: HearingStore, brief: Brief, pinned: PinnedMusic
) -> Soundtrack:
    """The plan of a timeline, with what the store has heard in the tracks it takes."""
    known: dict[Path, Hearing | None] = {}

    def hearing_of(path: Path) -> Hearing | None:
        if path not in known:
            found = store.hearing(path)
            known[path] = corrected(found, store.correction(path)) if found else None
        return known[path]

    stretches = plan_stretches(timeline.segments, brief.taste)
    brief = pinned.brief(brief, catalogue, wants(timeline.segments, stretches, brief.taste))
    return plan(timeline.segments, stretches, catalogue, hearing_of, brief)


def wished(settings: Settings, preset: LoadedPreset, arc: str | None, pinned: PinnedMusic) -> MusicTaste:
    """What is wished of the music of a preset, the arc as the command line says.

    Raises:
        UserError: there is no such arc.
    """
    taste = taste_for(settings.music, preset.preset.music, pinned.pins)
    return taste if arc is None else replace(taste, arc=arc_of(arc))


def arc_of(name: str) -> Arc:
    """The arc of that name.

    Raises:
        UserError: there is no such arc.
    """
    try:
        return Arc(name)
    except ValueError:
        raise UserError(f"there is no arc {name!r}", hint=f"one of {', '.join(Arc)}") from None
