"""What was heard against what is true, one track at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.units import RATE, Bpm, Seconds
from tests.accuracy.generator.truth import DropKind, Times, TrueDrop, Truth

TEMPO_TOLERANCE = 0.04
"""As usual in the field (Gouyon 2006)."""
BEAT_WINDOW_S = 0.07
"""As usual in the field (Davies 2009), as are the five seconds left out."""
SKIP_S = 5.0
DROP_WINDOW_S = 0.1
"""Further away, a drop is missed and what was found is false."""


@dataclass(frozen=True, slots=True)
class DropScore:
    """One true drop."""

    kind: DropKind
    error_ms: float | None
    """Found minus true; None where it was missed."""
    build_bars: float | None = None
    """How far off the start of the build-up is; infinite where none was found, None where there is none."""


@dataclass(frozen=True, slots=True)
class Score:
    """One track."""

    name: str
    kind: str
    style: str
    hours: float
    meter: int
    is_steady: bool
    is_constant: bool
    bpm: Bpm | None
    heard_bpm: Bpm | None
    confidence: float
    is_exact: bool = False
    is_octave_free: bool = False
    tempo_error_percent: float | None = None
    """Where right and constant."""
    beat_f: float = 0.0
    downbeat_f: float = 0.0
    drops: tuple[DropScore, ...] = ()
    false_drops_s: tuple[Seconds, ...] = field(default=())


def score(name: str, kind: str, style: str, truth: Truth, hearing: Hearing) -> Score:
    """Scores one track."""
    hours = hearing.frames / RATE / 3600
    drops, false_s = score_drops(truth, hearing)
    if truth.bpm is None:
        return Score(name, kind, style, hours, truth.meter, False, False, None, hearing.bpm, hearing.confidence,
                     false_drops_s=false_s)  # fmt: skip
    right = (truth.bpm, *truth.other_bpms)
    is_exact = _is_tempo(hearing.bpm, right, (1.0,))
    error = 100 * abs((hearing.bpm or 0) / truth.bpm - 1) if is_exact and truth.is_constant else None
    return Score(
        name, kind, style, hours, truth.meter, True, truth.is_constant, truth.bpm, hearing.bpm, hearing.confidence,
        is_exact, _is_tempo(hearing.bpm, right, octaves(truth.meter)), error,
        f_measure(truth.beats_s, hearing.beats_s, truth.unclear),
        f_measure(truth.downbeats_s, hearing.downbeats_s, truth.unclear),
        drops, false_s,
    )  # fmt: skip


def octaves(meter: int) -> tuple[float, ...]:
    """Factors that are another octave of the same pulse: threes only where the bar or the beat has three."""
    return (0.5, 1.0, 2.0, 1 / 3, 3.0) if meter in {2, 3} else (0.5, 1.0, 2.0)


def _is_tempo(heard: Bpm | None, right: Sequence[Bpm], factors: Sequence[float]) -> bool:
    if heard is None:
        return False
    return any(abs(heard / (bpm * factor) - 1) <= TEMPO_TOLERANCE for bpm in right for factor in factors)


def f_measure(truth_s: Times | Sequence[Seconds], heard_s: Sequence[Seconds], unclear: Sequence[Span] = ()) -> float:
    """Harmonic mean of precision and recall of moments, each counted once, within ±`BEAT_WINDOW_S`."""
    truth, heard = _scored(truth_s, unclear), _scored(heard_s, unclear)
    truth, heard = truth[truth >= SKIP_S], heard[(heard >= SKIP_S)]
    if len(truth) and len(heard):
        heard = heard[heard <= truth[-1] + BEAT_WINDOW_S]
    if not len(truth) or not len(heard):
        return 0.0
    return 2 * _matches(truth, heard) / (len(truth) + len(heard))


def _scored(times_s: Times | Sequence[Seconds], unclear: Sequence[Span]) -> npt.NDArray[np.float64]:
    times = np.sort(np.asarray(times_s, float))
    for span in unclear:
        times = times[(times < span.start_s) | (times > span.end_s)]
    return times


def _matches(truth: Times, heard: Times) -> int:
    """Both in the order of time: pairs from the front are a largest matching."""
    i = j = found = 0
    while i < len(truth) and j < len(heard):
        if abs(truth[i] - heard[j]) <= BEAT_WINDOW_S:
            i, j, found = i + 1, j + 1, found + 1
        elif truth[i] < heard[j]:
            i += 1
        else:
            j += 1
    return found


def score_drops(truth: Truth, hearing: Hearing) -> tuple[tuple[DropScore, ...], tuple[Seconds, ...]]:
    """Each true drop, and the moments where a drop was found and none is."""
    left = list(hearing.drops)
    scores = []
    for true in truth.drops:
        near = min(left, key=lambda drop: abs(drop.at_s - true.at_s), default=None)
        if near is None or abs(near.at_s - true.at_s) > DROP_WINDOW_S:
            scores.append(DropScore(true.kind, None))
            continue
        left.remove(near)
        scores.append(DropScore(true.kind, 1000 * (near.at_s - true.at_s), _build_bars(true, near, truth)))
    false_s = tuple(drop.at_s for drop in left if all(abs(drop.at_s - moment) > 0.25 for moment in truth.forgiven_s))
    return tuple(scores), false_s


def _build_bars(true: TrueDrop, found: Drop, truth: Truth) -> float | None:
    if true.build is None:
        return None
    if found.build is None:
        return float("inf")
    bar_s = truth.meter * 60 / (truth.bpm or 120)
    return abs(found.build.start_s - true.build.start_s) / bar_s
