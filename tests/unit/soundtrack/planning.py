"""Libraries and workouts for the tests of the planner."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.model.units import Bpm, Seconds, to_frames
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.songs import Catalogue, DropMark, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import Block, Phase, Preset
from nbd_tui.workout.timeline import Timeline


def heard(
    duration_s: Seconds = 240.0, bpm: Bpm = 120.0, drops: Sequence[Drop] = (), *, confidence: float = 0.9
) -> Hearing:
    """A track of even beats in bars of four from 0 s on, at full energy."""
    beats = tuple(place * 60 / bpm for place in range(int(duration_s * bpm / 60)))
    energy = EnergyCurve(4.0, (0.8,) * int(duration_s * 4))
    return Hearing(
        to_frames(duration_s), bpm, confidence, is_constant=True, beats_s=beats, downbeats_s=beats[::4], lufs=-9.0,
        true_peak_db=-0.5, intensity=0.8, energy=energy, drops=tuple(drops),
    )  # fmt: skip


def drop(at_s: Seconds, build_s: Seconds | None = None, score: float = 15.0) -> Drop:
    """A drop, with a build-up from `build_s` on."""
    return Drop(at_s, score, build=None if build_s is None else Span(build_s, at_s))


def song(name: str, hearing: Hearing | None, *, energy: float | None = 0.8, artist: str = "", genre: str = "",
         opinion: Opinion | None = None, rested: int = 1000) -> Song:  # fmt: skip
    """What the planner knows of a track in which this was heard."""
    track = Track(
        Path(f"/music/{name}.mp3"), name, artist, genre=genre, duration_s=hearing.duration_s if hearing else None
    )
    if hearing is None or hearing.bpm is None:
        return Song(track, intensity=energy, opinion=opinion, rested=rested)
    tempo = Tempo(hearing.bpm, TempoSource.HEARD, hearing.confidence)
    marks = tuple(DropMark(d.at_s, d.score, d.build.start_s if d.build else d.at_s) for d in hearing.drops)
    return Song(track, tempo, energy, hearing.lufs, hearing.true_peak_db, marks, opinion, rested)


class Library:
    """Songs, and what was heard in them."""

    def __init__(self, songs: Sequence[Song], hearings: Mapping[Path, Hearing]) -> None:
        self.songs = tuple(songs)
        self.catalogue = Catalogue(songs)
        self.hearing: Callable[[Path], Hearing | None] = hearings.get

    @classmethod
    def of(cls, **hearings: Hearing) -> "Library":
        """A song for each hearing, named after it."""
        songs = [song(name, hearing) for name, hearing in hearings.items()]
        return cls(songs, {one.path: hearings[one.track.title] for one in songs})


def random_library(count: int, seed: int = 1) -> Library:
    """Tracks of mixed tempo and drive, of which half have drops."""
    chance = Random(seed)
    songs, hearings = [], {}
    for number in range(count):
        bpm = min(200.0, max(60.0, chance.choice((chance.gauss(120, 25), chance.gauss(90, 12), chance.gauss(138, 8)))))
        duration_s = chance.uniform(150, 300)
        bar_s = 240 / bpm
        bars = sorted(chance.sample(range(12, int(duration_s / bar_s * 0.7)), 2)) if chance.random() < 0.5 else []
        hearing = heard(duration_s, bpm, [drop(bar * bar_s, (bar - 8) * bar_s, chance.uniform(9, 25)) for bar in bars])
        energy = min(1.0, max(0.0, chance.gauss(0.3 + 0.4 * (bpm - 60) / 90, 0.2)))
        genre = chance.choice(("Rock", "Metal", "Pop", "Electronic"))
        one = song(f"{number:05d}", hearing, energy=energy, artist=f"artist {chance.randrange(count)}", genre=genre)
        songs.append(one)
        hearings[one.path] = hearing
    return Library(songs, hearings)


def workout(*phases: tuple[str, Seconds | None], repeat: int = 1) -> Timeline:
    """A workout of one block; a length of None is open."""
    made = [Phase.model_validate({"kind": kind, "duration": "open" if s is None else s}) for kind, s in phases]
    return compile_timeline(Preset(name="test", blocks=(Block(phases=tuple(made), repeat=repeat),)))


def planned(timeline: Timeline, library: Library, brief: Brief | None = None) -> Soundtrack:
    """The plan of a workout with a library."""
    stretches = plan_stretches(timeline.segments)
    return plan(timeline.segments, stretches, library.catalogue, library.hearing, brief or Brief())


def _alike(count: int, hearing: Hearing, opinion: Opinion | None = None) -> Library:
    songs = [song(str(number), hearing, opinion=opinion) for number in range(count)]
    return Library(songs, dict.fromkeys((one.path for one in songs), hearing))


EXTREMES: Mapping[str, Library] = {
    "empty": Library([], {}),
    "one track": _alike(1, heard(200, 138, [drop(60.0, 50.0)])),
    "beatless": _alike(6, heard(200, 138, confidence=0.0)),
    "banned": _alike(6, heard(200, 138, [drop(60.0)]), Opinion.BANNED),
    "two seconds": _alike(6, heard(2.0, 138, [drop(1.0)])),
}

lengths = st.floats(5, 400).map(lambda s: round(s, 1))
phases = st.tuples(st.sampled_from(("prepare", "warm-up", "work", "rest", "break", "cool-down")), st.none() | lengths)
workouts = st.lists(phases, min_size=1, max_size=6).flatmap(
    lambda made: st.integers(1, 4).map(lambda repeat: workout(*made, repeat=repeat))
)


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Also empty, of one track, beatless, banned, two seconds long, and unheard."""
    songs, hearings = [], {}
    for number in range(draw(st.integers(0, 12))):
        duration_s = draw(st.sampled_from((2.0, 8.0, 25.0, 90.0, 200.0, 400.0, 4000.0)))
        bpm = draw(st.floats(60, 200))
        marks = draw(st.lists(st.floats(0, duration_s), max_size=3))
        found = heard(
            duration_s, bpm, [drop(at, max(0.0, at - 10)) for at in sorted(marks)], confidence=draw(st.floats(0, 1))
        )
        opinion = draw(st.sampled_from((None, None, Opinion.LIKED, Opinion.BANNED)))
        is_heard = draw(st.booleans())
        one = song(f"{number}", found if is_heard else None, energy=draw(st.none() | st.floats(0, 1)), opinion=opinion)
        songs.append(one)
        if is_heard:
            hearings[one.path] = found
    return Library(songs, hearings)
