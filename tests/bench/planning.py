"""What planning the music of an hour from 50,000 tracks costs.

In a process of its own, which has nothing else in its memory: `python -m tests.bench.planning TURNS`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from nbd_tui.library.probe_child import ONE_THREAD_EACH
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.model.units import to_frames
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.plan import Brief, plan
from nbd_tui.soundtrack.songs import Catalogue, DropMark, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.wants import wants
from nbd_tui.soundtrack.wish import Used
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Timeline
from tests.bench.figures import Figure, median
from tests.bench.listening import peak_mb
from tests.bench.place import Place
from tests.bench.processes import need_proc

TRACKS: Final = 50_000
PLAN_MS: Final = 250.0
AGAIN_MS: Final = 50.0
MEMORY_MB: Final = 200.0

GENRES: Final = ("Rock", "Metal", "Electronic", "Pop", "Folk", "Hip-Hop", "")


def planning(place: Place) -> Iterator[Figure]:
    """Everything, with the columns that are made of a library first, and what a key in the workout costs."""
    need_proc()
    command = [sys.executable, "-m", "tests.bench.planning", "3" if place.quick else "9"]
    environment = os.environ | dict(ONE_THREAD_EACH)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    name = f"an hour from {TRACKS:,} tracks"
    yield median(f"plan {name}, columns made first: CPU", found["whole_ms"], "ms", PLAN_MS)
    yield median(f"plan {name} once more", found["again_ms"], "ms", AGAIN_MS)
    yield median(f"workout, {name}: plan the rest without a track", found["rest_ms"], "ms", AGAIN_MS)
    yield Figure(f"plan {name}: memory of the process", found["peak_mb"], "MB", MEMORY_MB)


def main() -> None:
    """Prints the samples."""
    turns, songs, timeline = int(sys.argv[1]), [_song(number) for number in range(TRACKS)], _hour()
    whole = [_cpu_ms(lambda seed=seed: _plan(timeline, Catalogue(songs), seed)) for seed in range(turns)]  # type: ignore[misc]
    mb = peak_mb()
    catalogue = Catalogue(songs).prepare()
    again = [_cpu_ms(lambda seed=seed: _plan(timeline, catalogue, seed)) for seed in range(turns)]  # type: ignore[misc]
    print(
        json.dumps({"whole_ms": whole, "again_ms": again, "rest_ms": _rest_ms(timeline, songs, turns), "peak_mb": mb})
    )


def _rest_ms(timeline: Timeline, songs: list[Song], turns: int) -> list[float]:
    """A session's choice for the next stretch, after the track that was planned for it has turned out broken."""
    pool = Pool(None, [song.track for song in songs])
    pool.learn({}, {str(song.path): song for song in songs})
    chooser = Chooser(wants(timeline.segments, plan_stretches(timeline.segments)), pool, seed=1)
    broken: list[Path] = []

    def choose() -> None:
        track = chooser.first(2, Used(), broken)
        assert track is not None
        broken.append(track.path)

    return [_cpu_ms(choose) for _ in range(turns + 1)][1:]


def _plan_all(timeline: Timeline, songs: Sequence[Song], seed: int) -> None:
    """With the columns, which are made once for a library."""
    _plan(timeline, Catalogue(songs), seed)


def _plan(timeline: Timeline, catalogue: Catalogue, seed: int) -> None:
    hearing_of = cache(_hearing)  # as the program does for each plan
    plan(timeline.segments, plan_stretches(timeline.segments), catalogue, hearing_of, Brief(rules=Rules(seed)))


def _hour() -> Timeline:
    """Ten minutes of warm-up and cool-down, twelve rounds, of four minutes and ten seconds with their rests."""
    rounds = [{"kind": "work", "duration": 190}, {"kind": "rest", "duration": 60}]
    blocks = [
        {"phases": [{"kind": "warm-up", "duration": 300}]},
        {"repeat": 12, "phases": rounds},
        {"phases": [{"kind": "cool-down", "duration": 300}]},
    ]
    return compile_timeline(Preset.model_validate({"name": "An hour", "blocks": blocks}))


def _song(number: int) -> Song:
    """Half of them have drops."""
    chance = Random(number)
    track = Track(
        Path(f"/music/{number // 12}/{number}.mp3"), f"Title {number}", f"Artist {number // 30}",
        genre=chance.choice(GENRES), duration_s=chance.uniform(120, 400),
    )  # fmt: skip
    drops = tuple(DropMark(at_s, chance.uniform(9, 25), at_s - 12) for at_s in _drops_s(number))
    tempo = Tempo(chance.uniform(60, 180), TempoSource.HEARD, 0.9)
    return Song(track, tempo, chance.betavariate(4, 3), chance.uniform(-18, -6), chance.uniform(-3, 1), drops)


def _drops_s(number: int) -> tuple[float, ...]:
    return (30.0 + number % 40, 75.0 + number % 30) if number % 2 else ()


def _hearing(path: Path) -> Hearing:
    """What was heard in a track, as the database would give it."""
    number = int(path.stem)
    song = _song(number)
    length_s, bpm = song.track.duration_s or 200.0, song.tempo.bpm if song.tempo else 120.0
    beats = tuple(place * 60 / bpm for place in range(int(length_s * bpm / 60)))
    drops = tuple(Drop(mark.at_s, mark.score, build=Span(mark.build_s, mark.at_s)) for mark in song.drops)
    return Hearing(
        to_frames(length_s), bpm, 0.9, is_constant=True, beats_s=beats, downbeats_s=beats[::4], lufs=song.lufs,
        true_peak_db=song.true_peak_db, intensity=song.intensity or 0.0,
        energy=EnergyCurve(4.0, (0.8,) * int(4 * length_s)), drops=drops,
    )  # fmt: skip


def _cpu_ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    main()
