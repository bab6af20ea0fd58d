"""Fits the weights of `library/analysis/returns.py` to generated tracks: `python -m tests.accuracy.fit_returns`.

The model of `fit_tops`, taught by the drops after a gap or a break. Stop-start grooves in odd metres are rare, and what
most resembles a drop, so that there are more of them than by chance. Takes about two seconds per track.
"""

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from nbd_tui.library.analysis.features import Features, features_of
from nbd_tui.library.analysis.moments import moments_of, sound_of
from nbd_tui.library.analysis.refine import attack_s
from nbd_tui.library.analysis.returns import EVIDENCE, evidence_of, signs_of
from nbd_tui.library.analysis.rhythm import Rhythm, hear_rhythm
from nbd_tui.library.analysis.tops import candidates_of
from nbd_tui.model.hearing import STEADY
from tests.accuracy.fit_tops import Doubles, Example, tell
from tests.accuracy.generator.make import kind_of, make_track
from tests.accuracy.generator.truth import DropKind, Truth

SEEDS = range(2000, 2400)
"""Of the tuning set, each the kind of track it is by chance. …"""
ODD_SEEDS = (
    2003, 2010, 2016, 2018, 2036, 2040, 2042, 2051, 2052, 2057, 2058, 2060, 2065, 2071, 2075, 2085, 2088, 2093,
    2098, 2109, 2116, 2126, 2127, 2133, 2138, 2141, 2145, 2148, 2150, 2156, 2176, 2177, 2188, 2190, 2218, 2225,
    2231, 2236, 2239, 2243, 2255, 2281, 2283, 2293, 2296, 2300, 2319, 2338, 2347, 2348, 2374, 2378, 2386, 2403,
    2414, 2416, 2417, 2431, 2434, 2438,
)  # fmt: skip
WALTZ_SEEDS = (
    2003, 2009, 2016, 2023, 2049, 2050, 2062, 2078, 2089, 2098, 2103, 2104, 2105, 2106, 2119, 2120,
)  # fmt: skip
"""… And tracks of these kinds, all with stop-start grooves."""
TRACKS = (
    *((seed, kind_of(seed)) for seed in SEEDS),
    *((seed, "odd") for seed in ODD_SEEDS),
    *((seed, "waltz") for seed in WALTZ_SEEDS),
)
_HIT_S, _FORGIVEN_S, _OTHER_S = 0.1, 0.5, 1.6


def example_of(track: tuple[int, str]) -> Example:
    """The moments of one track, without those that may be taken for a drop or not."""
    made = make_track(*track)
    features = features_of(made.samples)
    return taught(features, hear_rhythm(features), made.truth)


def taught(features: Features, rhythm: Rhythm, truth: Truth) -> Example:
    """What is learnt from a track that was heard; nothing where there is no steady beat."""
    empty = Example(np.zeros((0, len(EVIDENCE))), np.zeros(0))
    if rhythm.bpm is None or rhythm.confidence < STEADY:
        return empty
    sound = sound_of(features, rhythm.bpm)
    candidates = candidates_of(features, rhythm, sound)
    if not len(candidates.at_s):
        return empty
    moments = moments_of(sound, features.duration_s)
    evidence = evidence_of(candidates, sound, moments, signs_of(sound, moments))
    attacks_s = np.array([attack_s(float(moment_s), features.envelope) for moment_s in candidates.at_s])
    labels = labels_of(candidates.at_s, attacks_s, truth)
    return Example(evidence[labels >= 0], labels[labels >= 0])


def labels_of(at_s: Doubles, attacks_s: Doubles, truth: Truth) -> Doubles:
    """1 for a drop after a gap or a break, 0 for none, -1 for what counts neither way: drops are placed later."""
    labels = np.zeros(len(at_s))
    for forgiven_s in truth.forgiven_s:
        labels[np.abs(attacks_s - forgiven_s) <= _FORGIVEN_S] = -1
    for drop in truth.drops:
        labels[np.abs(at_s - drop.at_s) < _OTHER_S] = -1
    for drop in truth.drops:
        if drop.kind is not DropKind.CRESCENDO:
            labels[np.abs(attacks_s - drop.at_s) < _HIT_S] = 1
    return labels


def main() -> None:
    """Prints the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.fit_returns", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn")) as pool:
        examples = list(pool.map(example_of, TRACKS))
    tell(examples, EVIDENCE)


if __name__ == "__main__":
    main()
