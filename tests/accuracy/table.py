"""The figures of many scores, beside their bars."""

from collections.abc import Iterable, Sequence

import numpy as np

from tests.accuracy.generator.truth import DropKind
from tests.accuracy.scoring import DropScore, Score
from tests.bench.figures import Figure

REAL = "real"
"""Kind of the songs nobody generated."""
_METERS = (4, 3)
_ODD_METERS = (5, 7)
_SOUGHT = frozenset({DropKind.GAP, DropKind.BREAK})


def figures_of(scores: Sequence[Score]) -> list[Figure]:
    """One figure per bar of the plan; those nothing was measured for are left out."""
    figures = [*_rhythm(scores), *_beatless(scores), *_drops(scores), *_downbeats(scores)]
    return [figure for figure in figures if not figure.note.endswith("of 0")]


def _share(hits: Iterable[bool]) -> tuple[float, str]:
    values = list(hits)
    return (float(np.mean(values)) if values else float("nan")), f"{sum(values)} of {len(values)}"


def _mean(values: Sequence[float]) -> tuple[float, str]:
    return (float(np.mean(values)) if values else float("nan")), f"mean of {len(values)}"


def _rhythm(scores: Sequence[Score]) -> list[Figure]:
    steady = [score for score in scores if score.is_steady]
    exact, exact_note = _share(score.is_exact for score in steady)
    free, free_note = _share(score.is_octave_free for score in steady)
    beats, beats_note = _mean([score.beat_f for score in steady])
    errors = [score.tempo_error_percent for score in steady if score.tempo_error_percent is not None]
    worst = (
        f"90th percentile; median {np.median(errors):.4f}, worst {max(errors):.3f} of {len(errors)}"
        if errors
        else "of 0"
    )
    known = _share(score.confidence >= 0.25 for score in steady)
    return [
        Figure("tempo within 4 %, exact octave", 100 * exact, "%", least=92, note=exact_note),
        Figure("tempo within 4 %, octave-free", 100 * free, "%", least=99, note=free_note),
        Figure("beat F-measure, 70 ms", beats, "", least=0.95, note=beats_note),
        Figure("tempo error where right, constant", float(np.percentile(errors, 90)) if errors else float("nan"), "%",
               most=0.05, note=worst),
        Figure("tracks with a beat: confidence ≥ .25", 100 * known[0], "%", note=known[1]),
    ]  # fmt: skip


def _beatless(scores: Sequence[Score]) -> list[Figure]:
    silent = [score.confidence for score in scores if score.kind == "beatless"]
    free = [score for score in scores if not score.is_steady]
    found = sum(len(score.false_drops_s) for score in free)
    return [
        Figure("beatless and noise: confidence", max(silent, default=float("nan")), "", most=0.2499,
               note=f"largest of {len(silent)}"),
        Figure("beatless or orchestral: drops", found, "", most=0, note=f"in {len(free)} tracks, of {len(free)}"),
    ]  # fmt: skip


def _drops(scores: Sequence[Score]) -> list[Figure]:
    steady = [score for score in scores if score.is_steady]
    drops = [drop for score in steady for drop in score.drops]
    sought = [drop for drop in drops if drop.kind in _SOUGHT]
    recall, recall_note = _share(drop.error_ms is not None for drop in sought)
    slow, slow_note = _share(drop.error_ms is not None for drop in drops if drop.kind is DropKind.CRESCENDO)
    hours = sum(score.hours for score in steady)
    false = sum(len(score.false_drops_s) for score in steady)
    builds = [drop.build_bars for drop in drops if drop.build_bars is not None]
    build, build_note = _share(bars <= 1.0 for bars in builds)
    return [
        Figure("drops after a gap or break: recall", recall, "", least=0.95, note=recall_note),
        Figure("drops: false per hour", false / hours if hours else float("nan"), "/h", most=0.5,
               note=f"{false} in {hours:.1f} h" if hours else "of 0"),
        Figure("drops: 90 % of errors within", _late(sought), "ms", most=20, note=recall_note),
        Figure("drops after a crescendo: recall", slow, "", least=0.7, note=slow_note),
        Figure("build-up: start within one bar", build, "", least=0.8, note=build_note),
    ]  # fmt: skip


def _late(drops: Sequence[DropScore]) -> float:
    errors = [abs(drop.error_ms) for drop in drops if drop.error_ms is not None]
    return float(np.percentile(errors, 90)) if errors else float("nan")


def _downbeats(scores: Sequence[Score]) -> list[Figure]:
    figures = []
    for meter in _METERS:
        value, note = _mean([score.downbeat_f for score in scores if score.is_steady and score.meter == meter])
        figures.append(Figure(f"downbeat F-measure, {meter}/4", value, "", least=0.85, note=note))
    odd, note = _mean([score.downbeat_f for score in scores if score.is_steady and score.meter in _ODD_METERS])
    return [*figures, Figure("downbeat F-measure, 5/4 and 7/4", odd, "", note=note)]


def worst_of(scores: Sequence[Score], count: int) -> list[str]:
    """The tracks with the most wrong, by name, and what is wrong."""
    ranked = sorted(scores, key=_badness, reverse=True)
    return [_line(score) for score in ranked[:count] if _badness(score) > 0.05]


def _badness(score: Score) -> float:
    """What counts is what has a bar: real songs have no true drops, and odd metres no bar of their own."""
    missed = sum(drop.error_ms is None for drop in score.drops) + len(score.false_drops_s)
    if not score.is_steady:
        return missed + (4 * max(0.0, score.confidence - 0.25) if score.kind == "beatless" else 0)
    rhythm = 1.5 * (not score.is_exact) + 2 * (not score.is_octave_free) + 1 - score.beat_f
    if score.kind == REAL:
        return rhythm
    return missed + rhythm + (0.3 * (1 - score.downbeat_f) if score.meter in _METERS else 0)


def _line(score: Score) -> str:
    bpm = f"{score.bpm:.2f}" if score.bpm else "none"
    heard = f"{score.heard_bpm:.2f}" if score.heard_bpm else "none"
    missed = [drop.kind.value for drop in score.drops if drop.error_ms is None]
    false = [f"{at_s:.1f}" for at_s in score.false_drops_s]
    return (
        f"{score.name:<18} bpm {bpm}→{heard} conf {score.confidence:.2f} F {score.beat_f:.2f}"
        f" one {score.downbeat_f:.2f} missed {missed} false {false}  [{score.style}]"
    )
