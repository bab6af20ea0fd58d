"""A library of 200 generated tracks of mixed tempo, of which half have drops, as our own analysis hears them.

What it hears is kept in a file, since that takes minutes: `python -m tests.accuracy.library` writes it anew, after a
change of the analysis.
"""

import gzip
import json
import multiprocessing
from base64 import b64decode, b64encode
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from nbd_tui.library.analysis import VERSION
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.track import Track
from nbd_tui.soundtrack.songs import Song, heard_song
from nbd_tui.store.hearing_blobs import (
    pack_drops,
    pack_energy,
    pack_times,
    unpack_drops,
    unpack_energy,
    unpack_times,
)
from tests.accuracy.generator.make import kind_of, make_track
from tests.accuracy.generator.truth import Track as MadeTrack
from tests.accuracy.listeners import ours
from tests.bench.figures import say

COUNT: Final = 200
FIRST_SEED: Final = 2_000_000
"""Of neither set that the analysis is judged by."""
STORED: Final = Path(__file__).with_name("library.json.gz")
_DROPS: Final = ((0, 1, 2, 3), (0.42, 0.28, 0.2, 0.1))
"""How many drops music with a beat has: as one track in seven has no beat, half of all have drops."""
_GENRES: Final = ("Rock", "Metal", "Electronic", "Pop", "Hip-Hop")


def library_track(number: int) -> MadeTrack:
    """One track of the library; the same number makes the same track."""
    rng = np.random.default_rng([FIRST_SEED, number])
    return make_track(FIRST_SEED + number, kind_of(FIRST_SEED + number), drops=int(rng.choice(_DROPS[0], p=_DROPS[1])))


def heard_tracks(numbers: range, jobs: int) -> list[Hearing]:
    """What is heard in tracks of the library, made and analysed in `jobs` processes, which end with it."""
    heard = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for count, one in enumerate(pool.map(hear, numbers), 1):
            heard.append(one)
            if count % 20 == 0:
                say(f"library: {count} of {len(numbers)}")
    return heard


def hear(number: int) -> Hearing:
    """What is heard in one track of the library."""
    return ours(library_track(number).samples)


def path_of(number: int) -> Path:
    """Where a track of the library would be."""
    return Path(f"/library/{number:03}.wav")


def song_of(number: int, hearing: Hearing) -> Song:
    """A track for the planner, untagged but for its artist and genre."""
    rng = np.random.default_rng([FIRST_SEED, number, 1])
    artist, genre = f"Artist {rng.integers(COUNT // 3)}", _GENRES[int(rng.integers(len(_GENRES)))]
    track = Track(path_of(number), f"Track {number}", artist, genre=genre, duration_s=hearing.duration_s)
    return heard_song(track, hearing)


def store(hearings: Sequence[Hearing]) -> None:
    """Keeps what was heard in the whole library, for the tests that cannot wait for it."""
    told = {"version": VERSION, "tracks": [_told(hearing) for hearing in hearings]}
    STORED.write_bytes(gzip.compress(json.dumps(told).encode(), mtime=0))


def stored() -> list[Hearing]:
    """What `store` has kept."""
    return [_hearing(told) for told in json.loads(gzip.decompress(STORED.read_bytes()))["tracks"]]


def _told(hearing: Hearing) -> list[Any]:
    at = {round(beat, 5): place for place, beat in enumerate(hearing.beats_s)}
    blobs = pack_times(hearing.beats_s), pack_energy(hearing.energy)
    return [
        hearing.frames, hearing.bpm, hearing.confidence, hearing.is_constant, hearing.lufs, hearing.true_peak_db,
        hearing.intensity, hearing.energy.rate_hz, pack_drops(hearing.drops),
        [at[round(bar, 5)] for bar in hearing.downbeats_s], *(b64encode(blob).decode() for blob in blobs),
    ]  # fmt: skip


def _hearing(told: Sequence[Any]) -> Hearing:
    frames, bpm, confidence, is_constant, lufs, true_peak_db, intensity, energy_hz, drops, bars, *blobs = told
    beats, energy = (b64decode(blob) for blob in blobs)
    beats_s = unpack_times(beats)
    return Hearing(
        frames, bpm, confidence, is_constant, beats_s, tuple(beats_s[bar] for bar in bars), lufs, true_peak_db,
        intensity, unpack_energy(energy_hz, energy), unpack_drops(drops),
    )  # fmt: skip


if __name__ == "__main__":
    store(heard_tracks(range(COUNT), jobs=2))
