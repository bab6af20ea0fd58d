"""How well sessions are served by the generated library: the bars of the planner, over built-in presets and seeds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from nbd_tui.audio.score import Levels
from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.loudness import LoudnessMaker
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Decibels, Seconds, to_frames
from nbd_tui.session.rendering import Rendering
from nbd_tui.session.scoring import Playable, score_of
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.songs import Catalogue
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.telling import in_band
from nbd_tui.store.presets import find_preset, load_presets
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline
from tests.accuracy.library import library_track, song_of
from tests.audio_files import write_wav
from tests.bench.figures import Figure

PRESETS: Final = ("boxing-12x3", "boxing-3x2", "mma-5x5", "mma-3x5", "emom-10", "circuit", "strength")
SEEDS: Final = (1, 2, 3)
RENDERED: Final = "mma-3x5"
HEARD_S: Final[Seconds] = 30.0
"""What is heard for a shorter time is a part of its track, which may be softer than the whole."""


@dataclass(frozen=True, slots=True)
class Served:
    """How well one session is served."""

    bells: int
    aligned: int
    """So many of them with a drop."""
    rounds: int
    inside: int
    """So many work phases begin with a track of their band."""
    repeats: int
    correlation: float
    """Of planned and wanted energy over the places."""


def catalogue_of(hearings: Sequence[Hearing]) -> tuple[Catalogue, Callable[[Path], Hearing | None]]:
    """The library for the planner, and what was heard in each file."""
    songs = [song_of(number, hearing) for number, hearing in enumerate(hearings)]
    return Catalogue(songs), {song.path: hearing for song, hearing in zip(songs, hearings, strict=True)}.get


def built_in(name: str) -> Timeline:
    """The workout of a preset that comes with the program."""
    return compile_timeline(find_preset(name, load_presets(Path("/nowhere"))).preset)


def planned(timeline: Timeline, hearings: Sequence[Hearing], seed: int) -> Soundtrack:
    """The plan of a workout with the library."""
    catalogue, hearing_of = catalogue_of(hearings)
    stretches = plan_stretches(timeline.segments)
    return plan(timeline.segments, stretches, catalogue, hearing_of, Brief(rules=Rules(seed)))


def served(soundtrack: Soundtrack) -> Served:
    """What of the wishes is met."""
    places = soundtrack.places
    first = {slot.place: slot for slot in reversed(soundtrack.slots)}
    bells = {want.bell_segment for want in places} - {None}
    landed = {slot.bell_segment for slot in soundtrack.slots if slot.landing and slot.landing.on is On.DROP}
    work = [place for place, want in enumerate(places) if want.kind is PhaseKind.WORK]
    energies = [(first[place].song.energy or 0.0, places[place].energy) for place in first]
    wanted = [want for _, want in energies]
    return Served(
        len(bells), len(bells & landed), len(work), sum(_is_inside(first.get(p), soundtrack) for p in work),
        len(soundtrack.slots) - len({slot.song.path for slot in soundtrack.slots}),
        float(np.corrcoef(np.array(energies).T)[0, 1]) if np.ptp(wanted) > 0.05 else float("nan"),
    )  # fmt: skip


def _is_inside(slot: Slot | None, soundtrack: Soundtrack) -> bool:
    tempo = slot.song.tempo if slot else None
    if slot is None or tempo is None or not tempo.is_reliable:
        return False
    return in_band(tempo.bpm, soundtrack.places[slot.place].intent)


def plan_figures(hearings: Sequence[Hearing]) -> Iterator[Figure]:
    """The planner's figures, over all presets and seeds."""
    found = [served(planned(built_in(name), hearings, seed)) for name in PRESETS for seed in SEEDS]
    bells, aligned = sum(one.bells for one in found), sum(one.aligned for one in found)
    rounds, inside = sum(one.rounds for one in found), sum(one.inside for one in found)
    energies = [one.correlation for one in found if not np.isnan(one.correlation)]
    over = f"{len(PRESETS)} presets, {len(SEEDS)} seeds, {len(hearings)} tracks"
    yield Figure(
        "work phases with a drop on the bell", 100 * aligned / bells, "%", least=90, note=f"{aligned} of {bells}"
    )
    yield Figure("work phases inside their band", 100 * inside / rounds, "%", least=95, note=f"{inside} of {rounds}")
    yield Figure("tracks repeated in a session", sum(one.repeats for one in found), "", most=0, note=over)
    yield Figure("planned against wanted energy: correlation", float(np.mean(energies)), "", least=0.8,
                 note=f"mean of {len(energies)} sessions, {min(energies):.2f} to {max(energies):.2f}")  # fmt: skip


def _share(name: str, part: int, whole: int, least: float) -> Figure:
    return Figure(name, 100 * part / whole, "%", least=least, note=f"{part} of {whole}")


def loudness_figure(hearings: Sequence[Hearing], folder: Path) -> Figure:
    """How even a whole session is: it is rendered, without its bells, from tracks that are made for that."""
    timeline = built_in(RENDERED)
    soundtrack = planned(timeline, hearings, SEEDS[0])

    def playable(slot: Slot) -> Playable:
        path = folder / slot.song.path.name
        samples = library_track(int(path.stem)).samples
        return Playable(write_wav(path, samples), len(samples))

    score = score_of(soundtrack, timeline, plan_stretches(timeline.segments), playable)
    rendering = Rendering(score, {}, Levels(duck_db=0.0), to_frames(timeline.total_s))
    heard = list(alone(soundtrack, np.concatenate(list(rendering.blocks()))))
    spread = max(heard) - min(heard)
    note = f"of {len(heard)} tracks of {RENDERED}, {min(heard):.2f} to {max(heard):.2f} LUFS"
    return Figure("loudness of a session's tracks: largest difference", spread, "LU", most=1.0, note=note)


def alone(soundtrack: Soundtrack, rendered: Samples) -> Iterator[Decibels]:
    """How loud each track is where it is heard alone, for `HEARD_S` at least, in LUFS."""
    slots = soundtrack.slots
    before = [0.0, *(slot.end_s for slot in slots)]
    after = [*(slot.start_s for slot in slots[1:]), soundtrack.length_s]
    for slot, ended_s, begun_s in zip(slots, before, after, strict=False):
        start_s = max(ended_s, slot.start_s + slot.fade_in_s)
        end_s = min(begun_s, slot.end_s - slot.fade_out_s)
        if end_s - start_s >= HEARD_S:
            maker = LoudnessMaker()
            maker.add(rendered[to_frames(start_s) : to_frames(end_s)])
            yield maker.finish() or -np.inf
