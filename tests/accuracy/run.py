"""Scores many tracks in several processes."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.accuracy.generator.make import kind_of, make_track
from tests.accuracy.listeners import Listener, ours, prototype_of
from tests.accuracy.scoring import Score, score
from tests.bench.figures import say


def chosen_tracks(count: int, first_seed: int, kind: str | None) -> list[tuple[int, str]]:
    """Seed and kind of each track of a set; `kind` leaves out the others."""
    tracks = [(seed, kind_of(seed)) for seed in range(first_seed, first_seed + count)]
    return [track for track in tracks if kind in {None, track[1]}]


def score_track(listener: Listener, track: tuple[int, str]) -> Score:
    """Makes a track, hears it, scores it."""
    made = make_track(*track)
    return score(made.name, made.kind, made.style, made.truth, listener(made.samples))


def score_all(tracks: Sequence[tuple[int, str]], prototype: Path | None, jobs: int) -> list[Score]:
    """Scores all tracks in `jobs` processes, which end with it. Ours, or the prototype in a file."""
    scores = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for number, one in enumerate(pool.map(partial(_score_one, prototype), tracks), 1):
            scores.append(one)
            if number % 20 == 0:
                say(f"{number} of {len(tracks)}")
    return scores


def _score_one(prototype: Path | None, track: tuple[int, str]) -> Score:
    return score_track(prototype_of(prototype) if prototype else ours, track)
