"""Fits the weights of `library/analysis/tops.py` to generated tracks: `python -m tests.accuracy.fit_tops`.

A logistic model with a ridge, by Newton's method. Half of the tracks judge what the other half taught, and the other
way round, before everything is fitted once more. Takes about two seconds per track.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.climbs import climbs_to
from nbd_tui.library.analysis.features import features_of
from nbd_tui.library.analysis.moments import sound_of
from nbd_tui.library.analysis.refine import attack_s
from nbd_tui.library.analysis.rhythm import hear_rhythm
from nbd_tui.library.analysis.tops import EVIDENCE, candidates_s, evidence_of, felt_bar_s
from nbd_tui.model.hearing import STEADY
from tests.accuracy.generator.make import make_track
from tests.accuracy.generator.truth import DropKind, Truth

SEEDS = (*range(2000, 2500), *range(3000, 3300))
"""Of the tuning set: what the weights in the code are fitted to."""
Doubles = npt.NDArray[np.float64]
_RIDGE = 5.0
_HIT_S, _NEAR_S, _FORGIVEN_S, _OTHER_S = 0.1, 0.12, 0.3, 0.5
_ROUNDS = 50
_LARGEST_STEP = 1.0


class Example(NamedTuple):
    """What one track teaches."""

    evidence: Doubles
    """(moments, evidence)."""
    is_top: Doubles
    """1 at the drop a crescendo leads to, 0 elsewhere."""


def example_of(seed: int) -> Example:
    """The moments of one track, without those that may be taken for a drop or not."""
    track = make_track(seed)
    features = features_of(track.samples)
    rhythm = hear_rhythm(features)
    empty = Example(np.zeros((0, len(EVIDENCE))), np.zeros(0))
    if rhythm.bpm is None or rhythm.confidence < STEADY:
        return empty
    sound = sound_of(features, rhythm.bpm)
    at_s = candidates_s(features, rhythm, sound)
    if not len(at_s):
        return empty
    evidence = evidence_of(at_s, features, rhythm, sound, climbs_to(at_s, felt_bar_s(rhythm, sound), sound))
    attacks_s = np.array([attack_s(float(moment_s), features.envelope) for moment_s in at_s])
    labels = labels_of(at_s, attacks_s, track.truth)
    return Example(evidence[labels >= 0], labels[labels >= 0])


def labels_of(at_s: Doubles, attacks_s: Doubles, truth: Truth) -> Doubles:
    """1 for the top of a climb, 0 for none, -1 for what counts neither way."""
    labels = np.zeros(len(at_s))
    for forgiven_s in truth.forgiven_s:
        labels[np.abs(attacks_s - forgiven_s) <= _FORGIVEN_S] = -1
    for drop in truth.drops:
        is_top = drop.kind is DropKind.CRESCENDO
        labels[np.abs(at_s - drop.at_s) < (_NEAR_S if is_top else _OTHER_S)] = -1
        if is_top:
            labels[np.abs(attacks_s - drop.at_s) < _HIT_S] = 1
    return labels


def fitted(examples: Sequence[Example]) -> Doubles:
    """The weights, and the constant last, per unit of the evidence."""
    evidence, labels = (np.concatenate(part) for part in zip(*examples, strict=True))
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    columns = np.column_stack(((evidence - mean) / spread, np.ones(len(evidence))))
    ridge = np.diag([_RIDGE] * evidence.shape[1] + [1e-6])
    weights = np.zeros(columns.shape[1])
    weights[-1] = -5.0
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (share - labels) + ridge @ weights
        bend = (columns.T * (share * (1 - share))) @ columns + ridge
        step = np.linalg.solve(bend, slope)
        weights -= step * min(1.0, _LARGEST_STEP / np.abs(step).max())
    raw = weights[:-1] / spread
    return np.append(raw, weights[-1] - raw @ mean)


def log_loss(weights: Doubles, examples: Sequence[Example]) -> float:
    """Sum over all moments."""
    evidence, labels = (np.concatenate(part) for part in zip(*examples, strict=True))
    odds = np.clip(evidence @ weights[:-1] + weights[-1], -30, 30)
    return float((np.logaddexp(0, odds) - labels * odds).sum())


def tell(examples: Sequence[Example], names: Sequence[str]) -> None:
    """Prints the weights of all examples by the names of the evidence, and how those of one half judge the other."""
    even, odd = examples[::2], examples[1::2]
    judged = log_loss(fitted(even), odd) + log_loss(fitted(odd), even)
    weights = fitted(examples)
    sys.stdout.write(f"log loss: fitted {log_loss(weights, examples):.1f}, judged by the other half {judged:.1f}\n")
    for name, weight in zip([*names, "constant"], weights.tolist(), strict=True):
        sys.stdout.write(f"    {weight:.3f},  # {name}\n")


def main() -> None:
    """Prints the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.fit_tops", description=__doc__)
    parser.add_argument("--count", type=int, default=len(SEEDS), help="only so many tracks")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn")) as pool:
        examples = list(pool.map(example_of, SEEDS[: asked.count]))
    tell(examples, EVIDENCE)


if __name__ == "__main__":
    main()
