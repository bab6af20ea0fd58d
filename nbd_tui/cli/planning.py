"""`nbd plan`: the soundtrack of a workout, as it would be planned now."""

import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from nbd_tui.cli.plan_music import library as library_of
from nbd_tui.cli.plan_music import where_music_is, whole_path
from nbd_tui.cli.plan_pins import PinnedMusic, pinned_music
from nbd_tui.cli.scanning import ProgressLine
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import LibraryError, UserError
from nbd_tui.model.arc import Arc
from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Hearing
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.session.taste import taste_for
from nbd_tui.settings import Settings
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import clock, in_band, warnings, why
from nbd_tui.soundtrack.wants import Want, wants
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
    """Prints the plan of a preset.

    Args:
        name: of the preset, or its file.
        library: only the tracks below this folder; None: those of the settings' folders.
        seed: another one makes another session; None: any.
        arc: the shape of the session; None: that of preset or settings.
        as_json: one JSON object in place of lines.

    Raises:
        UserError: there is no such preset, arc, or no library yet.
    """
    with ExitStack() as stack:
        program = Program(stack, logs=False)
        preset = find_preset(name, load_presets(program.places.presets))
        line = ProgressLine()
        music, folders = where_music_is(preset, program.settings.music.folders, library, None)
        connection = stack.enter_context(library_of(program, music, line.show))
        line.clear()
        timeline = compile_timeline(preset.preset)
        usual = {} if music else program.settings.music.pins
        pinned = pinned_music(preset, usual, songs_in(connection, folders))
        catalogue = Catalogue(pinned.songs)
        seed = any_seed() if seed is None else seed
        taste = wished(program.settings, preset, arc, pinned)
        soundtrack = make_plan(timeline, catalogue, HearingStore(connection), Brief(taste, Rules(seed)), pinned)
    told = (*pinned.notes, *warnings(soundtrack, catalogue))
    (_tell_json if as_json else _tell_lines)(soundtrack, told, seed)
    return NO_MUSIC if _silent_phases(soundtrack, timeline) else 0


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


def _silent_phases(soundtrack: Soundtrack, timeline: Timeline) -> bool:
    """Whether some stretch has no music at all."""
    with_music = {slot.stretch for slot in soundtrack.slots}
    return bool({want.stretch for want in soundtrack.places} - with_music) and bool(timeline.segments)


def _tell_lines(soundtrack: Soundtrack, warned: Sequence[str], seed: int) -> None:
    for slot in soundtrack.slots:
        want = soundtrack.places[slot.place]
        track = slot.song.track
        artist = f" · {track.artist}" if track.artist else ""
        print(f"{clock(slot.start_s):>6}–{clock(slot.end_s):>6}  {want.kind.value:9}  {track.title}{artist}")
        print(f"{'':26}from {clock(slot.in_s)}, {slot.gain_db:+.1f} dB; {why(slot, want)}")
    for text in warned:
        print(f"! {text}")
    print(f"seed {seed}: the same with --seed {seed}")


def _tell_json(soundtrack: Soundtrack, warned: Sequence[str], seed: int) -> None:
    told = {
        "seed": seed,
        "length_s": soundtrack.length_s,
        "target_lufs": soundtrack.target_lufs,
        "slots": [as_json_object(slot, soundtrack.places[slot.place]) for slot in soundtrack.slots],
        "silences": [{"start_s": s.start_s, "end_s": s.end_s, "reason": s.reason} for s in soundtrack.silences],
        "warnings": list(warned),
    }
    json.dump(told, sys.stdout, indent=1)
    print()


def as_json_object(slot: Slot, want: Want) -> dict[str, Any]:
    """A slot for other programs; times in seconds, session times from its start."""
    tempo = slot.song.tempo
    return {
        "start_s": round(slot.start_s, 6),
        "end_s": round(slot.end_s, 6),
        "kind": want.kind.value,
        "stretch": slot.stretch,
        "path": str(slot.song.path),
        "title": slot.song.track.title,
        "artist": slot.song.track.artist,
        "in_s": round(slot.in_s, 6),
        "out_s": round(slot.out_s, 6),
        "gain_db": round(slot.gain_db, 2),
        "fade_in_s": round(slot.fade_in_s, 3),
        "fade_out_s": round(slot.fade_out_s, 3),
        "lands": slot.landing.on.value if slot.landing else None,
        "landing_s": None if slot.landing_s is None else round(slot.landing_s, 6),
        "bell": slot.bell_segment,
        "second_wind": want.is_second_wind and slot.landing is not None,
        "bpm": tempo.bpm if tempo else None,
        "in_band": tempo is not None and in_band(tempo.bpm, want.intent),
        "energy": slot.song.energy,
        "wanted_energy": round(want.energy, 3),
        "why": why(slot, want),
    }
