"""What single parts cost: mixer, engine, scan."""

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import CueHit, EnvelopePoint, Score, SourceRef, VoiceSpan
from nbd_tui.model.units import RATE
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.preset import Preset
from tests.bench.bench_scan import drop_caches, make_library, measure
from tests.bench.figures import Figure, median
from tests.bench.place import Place
from tests.unit.audio.sources import Shelf, noise

BLOCK = RATE // 50
CLIP_S = 30


def mixer(place: Place) -> Iterator[Figure]:
    """Processor time of a block of 20 ms, of which 50 are due a second."""
    blocks = 300 if place.quick else 1000
    one = Score(voices=(_voice("a", 0),))
    fade = Score(voices=(_voice("a", 0, fade=blocks * BLOCK), _voice("b", 0)))
    bells = tuple(CueHit(str(place), "bell", place * RATE) for place in range(CLIP_S))
    for name, score in (("one track", one), ("two tracks and bells", Score(voices=fade.voices, cues=bells))):
        samples = _blocks_ms(score, blocks)
        yield median(f"mixer: 20 ms of {name}", samples, "ms", 1.0, f"{median('', samples, '').value / 0.2:.1f} % core")


def _voice(name: str, start: int, fade: int = 0) -> VoiceSpan:
    envelope = (EnvelopePoint(0, 1.0), EnvelopePoint(fade, 0.0)) if fade else ()
    return VoiceSpan(name, SourceRef(name), start, None, envelope)


def _blocks_ms(score: Score, blocks: int) -> list[float]:
    shelf = Shelf(a=noise(1, CLIP_S * RATE), b=noise(2, CLIP_S * RATE))
    playing = Mixer({"bell": noise(3, RATE)}, shelf)
    playing.set_score(score)
    times = [_cpu_ms(lambda: playing.render(BLOCK)) for _ in range(blocks)]
    playing.close()
    return times


def engine(place: Place) -> Iterator[Figure]:
    """One `advance` and one `position`, as in every turn of the conductor, and the outlook that a key asks for."""
    running = Engine(compile_timeline(_long_preset()))
    running.start(0.0)
    turns = [turn * 0.05 for turn in range(2_000 if place.quick else 20_000)]
    samples = [1000 * _cpu_ms(partial(_turn, running, at)) for at in turns]
    yield median("engine: advance and position", samples, "µs", 100.0)
    again = Engine(compile_timeline(_long_preset()))
    again.start(0.0)
    yield median("engine: outlook over 200 phases", [_cpu_ms(lambda: again.upcoming(1.0)) for _ in range(20)], "ms")


def _turn(running: Engine, at: float) -> None:
    running.advance(at)
    running.position(at)


def _long_preset() -> Preset:
    phases = [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}]
    return Preset.model_validate({"name": "Long", "blocks": [{"repeat": 100, "phases": phases}]})


def scanning(place: Place) -> Iterator[Figure]:
    """A first scan beside the bare tag reader, a second beside the bare walk, and loading what was stored."""
    files = 1_000 if place.quick else 10_000
    with tempfile.TemporaryDirectory(dir=place.scratch) as folder:
        root, data = Path(folder) / "music", Path(folder) / "data"
        data.mkdir()
        make_library(root, files)
        yield from _scan_figures(
            f"{files:,} files, warm", measure(root, data, cold=False, runs=1 if place.quick else 3)
        )
        if not place.quick and drop_caches():
            yield from _scan_figures(f"{files:,} files, cold", measure(root, data, cold=True, runs=1))


def _scan_figures(name: str, seconds: dict[str, float]) -> Iterator[Figure]:
    first, again, load = seconds["first scan"], seconds["second scan"], seconds["load all tracks"]
    tags, walk = seconds["bare tinytag"], seconds["bare stat walk"]
    yield Figure(f"first scan : bare tinytag, {name}", first / tags, "×", 2.0, note=f"{first:.2f} s : {tags:.2f} s")
    yield Figure(f"second scan : bare walk, {name}", again / walk, "×", 3.0, note=f"{again:.3f} s : {walk:.3f} s")
    yield Figure(f"load all tracks, {name}", 1000 * load, "ms")


def _cpu_ms(work: Callable[[], object]) -> float:
    """Processor time of this thread, which a busy machine does not change much."""
    start = time.thread_time()
    work()
    return 1000 * (time.thread_time() - start)
