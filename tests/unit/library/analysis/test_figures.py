"""What the analysis hears of a few dozen short generated tracks. The full table, over hundreds: `make accuracy`.

The bars are those of the table less what so few and so short tracks vary by.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tests.accuracy.generator.make import make_track
from tests.accuracy.generator.truth import DropKind
from tests.accuracy.listeners import ours
from tests.accuracy.scoring import DropScore, Score, score

SEEDS: Final = {"song": range(500, 520), "live": range(500, 504), "waltz": range(500, 505), "beatless": range(500, 505),
                "orchestral": range(500, 503)}  # fmt: skip


def test_the_figures_of_a_few_dozen_tracks() -> None:
    """In one test, so that only one of the processes that share the tests makes the tracks."""
    scores = heard()
    steady = [one for one in scores if one.is_steady]
    tempo(steady)
    beats(steady)
    downbeats(steady, 3)
    downbeats(steady, 4)
    drops_after_a_gap_or_a_break(steady)
    drops_after_a_crescendo(steady)
    false_drops(steady)
    build_ups(steady)
    without_a_beat_there_is_no_tempo_to_trust_and_no_drop(scores)


def heard() -> list[Score]:
    tracks = (make_track(seed, kind, is_short=True) for kind, seeds in SEEDS.items() for seed in seeds)
    return [score(one.name, one.kind, one.style, one.truth, ours(one.samples)) for one in tracks]


def share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def drops_of(scores: Sequence[Score], *kinds: DropKind) -> list[DropScore]:
    return [drop for one in scores for drop in one.drops if drop.kind in kinds]


def tempo(steady: list[Score]) -> None:
    assert share([one.is_exact for one in steady]) >= 0.85
    assert share([one.is_octave_free for one in steady]) >= 0.96
    errors = [one.tempo_error_percent for one in steady if one.tempo_error_percent is not None]
    assert np.percentile(errors, 90) <= 0.05
    assert min(one.confidence for one in steady) >= 0.25


def beats(steady: list[Score]) -> None:
    assert np.mean([one.beat_f for one in steady]) >= 0.9


def downbeats(steady: list[Score], meter: int) -> None:
    assert np.mean([one.downbeat_f for one in steady if one.meter == meter]) >= 0.78


def drops_after_a_gap_or_a_break(steady: list[Score]) -> None:
    drops = drops_of(steady, DropKind.GAP, DropKind.BREAK)
    assert share([drop.error_ms is not None for drop in drops]) >= 0.9
    errors = [drop.error_ms for drop in drops if drop.error_ms is not None]
    assert np.percentile(np.abs(errors), 90) <= 20
    assert abs(np.median(errors)) <= 0.5


def drops_after_a_crescendo(steady: list[Score]) -> None:
    assert share([drop.error_ms is not None for drop in drops_of(steady, DropKind.CRESCENDO)]) >= 0.6


def false_drops(steady: list[Score]) -> None:
    assert sum(len(one.false_drops_s) for one in steady) <= 1


def build_ups(steady: list[Score]) -> None:
    bars = [drop.build_bars for drop in drops_of(steady, *DropKind) if drop.build_bars is not None]
    assert share([off <= 1.0 for off in bars]) >= 0.7


def without_a_beat_there_is_no_tempo_to_trust_and_no_drop(scores: list[Score]) -> None:
    free = [one for one in scores if not one.is_steady]
    assert max(one.confidence for one in free if one.kind == "beatless") < 0.25
    assert not [(one.name, one.false_drops_s) for one in free if one.false_drops_s]
