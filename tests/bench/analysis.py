"""What hearing the library costs: processor time against the decoding alone, and a worker's memory."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE
from tests.accuracy.generator.make import make_track
from tests.audio_files import write_flac, write_mp3, write_ogg, write_wav
from tests.bench.figures import Figure
from tests.bench.listening import Cost, measured
from tests.bench.place import Place
from tests.bench.processes import need_proc

SEED: Final = 7
LONG_S: Final = 600
RATIO: Final = 3.0
PEAK_MB: Final = 150.0

WRITERS: Final = {"mp3": write_mp3, "flac": write_flac, "ogg": write_ogg, "wav": write_wav}


def listening_cpu(place: Place) -> Iterator[Figure]:
    """A track of a minute or two in each format; the goal is that of all formats people keep music in."""
    track = make_track(SEED, "song").samples
    costs = dict[str, Cost]()
    for kind, write in WRITERS.items():
        costs[kind] = measured(write(place.scratch / f"listening.{kind}", track), turns=2 if place.quick else 7)
        yield Figure(f"listening, {kind}: CPU, everything ÷ decoding", costs[kind].ratio, "×", note=_note(costs[kind]))
    coded = [costs[kind] for kind in ("mp3", "flac", "ogg")]
    whole = sum(cost.everything_cpu_s for cost in coded) / sum(cost.decoding_cpu_s for cost in coded)
    yield Figure("listening, mp3 + flac + ogg", whole, "×", RATIO)


def listening_memory(place: Place) -> Iterator[Figure]:
    """The largest resident memory of a process that listens to ten minutes."""
    need_proc()
    path = write_flac(place.scratch / "long.flac", _long())
    yield Figure("listening, 10 minutes: peak memory", measured(path, turns=0).peak_mb, "MB", PEAK_MB)


def _long() -> Samples:
    parts = list[Samples]()
    while sum(map(len, parts)) < LONG_S * RATE:
        parts.append(make_track(SEED + len(parts), "song").samples)
    return np.concatenate(parts)[: LONG_S * RATE]


def _note(cost: Cost) -> str:
    minutes = cost.seconds / 60
    return f"{cost.everything_cpu_s / minutes:.3f} of {cost.decoding_cpu_s / minutes:.3f} CPU-s per minute"
