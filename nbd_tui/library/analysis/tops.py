"""Tops of climbs: drops that a crescendo leads to, with neither gap nor break before them.

A crescendo leaps nowhere. What tells its top from the beats around it is many small things at once: a climb that began
a whole phrase ago, the kick, the crash and the bass that come with the first beat, a sound that changes. Every beat and
every stroke is held against all of them by a logistic model.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nbd_tui.library.analysis.climbs import Climbs, climbs_to
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.levels import Doubles
from nbd_tui.library.analysis.moments import SMEAR_S, Sound
from nbd_tui.library.analysis.refine import is_among, strokes_s
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.library.analysis.spectra import difference_db
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Decibels, Seconds

_FIRST_S: Final[Seconds] = 5.0
_LAST_S: Final[Seconds] = 8.0
_HISTORY_S: Final[Seconds] = 20.0
_LEAST_DB: Final[Decibels] = -7.0
"""Against the loud part: quieter is no top, …"""
_LEAST_HISTORY_DB: Final[Decibels] = -25.0
"""… nor is what near silence comes before."""
_SHORTEST_BAR_S, _LONGEST_BAR_S = 1.1, 3.4
"""Bars beyond are doubled or halved: the octave may be wrong."""
_STRONG_PERCENT: Final = 90.0

EVIDENCE: Final = (
    "bass of the next bars against the loud part, dB",
    "bass against the bars before, dB",
    "kick against the strongest, dB",
    "first stroke against the strongest, dB",
    "high band of the first beat against the next bar, dB",
    "high band against the bar before, dB",
    "change of sound over two beats, dB",
    "change of sound over a bar against the greatest, dB",
    "growth across the bar before, dB",
    "is a downbeat",
    "worth of the climb",
    "fit of its line",
    "its unevenness, dB",
    "worth of its length",
    "next bar against its end, dB",
)
"""What `evidence_of` tells of a moment, in this order."""
KICK, STROKE, DOWNBEAT = 2, 3, 9
"""Columns of the evidence that tell of other drops, too."""
WEIGHTS: Final = np.array((
    0.319,  # bass of the next bars against the loud part, dB
    0.276,  # bass against the bars before, dB
    0.152,  # kick against the strongest, dB
    0.699,  # first stroke against the strongest, dB
    0.159,  # high band of the first beat against the next bar, dB
    -0.258,  # high band against the bar before, dB
    0.411,  # change of sound over two beats, dB
    0.500,  # change of sound over a bar against the greatest, dB
    0.359,  # growth across the bar before, dB
    5.077,  # is a downbeat
    0.484,  # worth of the climb
    2.088,  # fit of its line
    -1.366,  # its unevenness, dB
    1.020,  # worth of its length
    0.481,  # next bar against its end, dB
    -15.953,  # constant
))  # fmt: skip
"""Log odds per unit of the evidence, and the constant; fitted to the tuning set by `python -m tests.accuracy.fit_tops`,
as told there."""
_LEAST_LOG_ODDS: Final = -0.5


@dataclass(frozen=True, slots=True)
class Top:
    """The top of a climb."""

    at_s: Seconds
    rise_db: Decibels
    """Of the climb."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The moments that may be a drop, in the order of time, and what speaks for each to be the top of a climb."""

    at_s: Doubles
    climbs: Climbs
    evidence: Doubles
    """(moments, evidence), in the order of `EVIDENCE`."""


def candidates_of(features: Features, rhythm: Rhythm, sound: Sound) -> Candidates:
    """The candidates of a track with a beat."""
    at_s = candidates_s(features, rhythm, sound)
    climbs = climbs_to(at_s, felt_bar_s(rhythm, sound), sound)
    evidence = evidence_of(at_s, features, rhythm, sound, climbs) if len(at_s) else np.zeros((0, len(EVIDENCE)))
    return Candidates(at_s, climbs, evidence)


def find_tops(candidates: Candidates) -> list[Top]:
    """The moments likely to be the top of a climb, likeliest first; several may mean the same one."""
    log_odds = candidates.evidence @ WEIGHTS[:-1] + WEIGHTS[-1]
    order = np.argsort(-log_odds, kind="stable")
    likely = order[log_odds[order] >= _LEAST_LOG_ODDS]
    return [Top(float(candidates.at_s[row]), float(candidates.climbs.rise_db[row])) for row in likely]


def candidates_s(features: Features, rhythm: Rhythm, sound: Sound) -> Doubles:
    """Every stroke, and every beat without one, where the music is loud and was not silent before."""
    strokes = strokes_s(Span(0.0, features.duration_s), sound.loud)
    at_s = np.sort(np.concatenate((strokes, rhythm.beats_s[~is_among(rhythm.beats_s, strokes)])))
    first_s, last_s = max(_FIRST_S, 4 * sound.beat_s), features.duration_s - _LAST_S
    at_s = at_s[(at_s > first_s) & (at_s < last_s)]
    bar = sound.loud.mean_db(at_s, at_s + 4 * sound.beat_s) - sound.loud_db
    history = sound.loud.mean_db(at_s - _HISTORY_S, at_s - 0.2) - sound.loud_db
    return at_s[(bar > _LEAST_DB) & (history > _LEAST_HISTORY_DB)]


def evidence_of(at_s: Doubles, features: Features, rhythm: Rhythm, sound: Sound, climbs: Climbs) -> Doubles:
    """(moments, evidence): what speaks for each moment, in the order of `WEIGHTS`."""
    columns = (
        *_levels(at_s, sound),
        *_changes(at_s, features, sound),
        is_among(at_s, rhythm.downbeats_s),
        climbs.worth,
        climbs.fit,
        climbs.uneven_db,
        climbs.phrase,
        climbs.over_db,
    )
    return np.stack(columns, axis=1).astype(np.float64)


def felt_bar_s(rhythm: Rhythm, sound: Sound) -> Seconds:
    """Length of a bar, in the octave it is likely to have."""
    bar_s = rhythm.bar_s(sound.beat_s)
    while bar_s > _LONGEST_BAR_S:
        bar_s /= 2
    while bar_s < _SHORTEST_BAR_S:
        bar_s *= 2
    return bar_s


def _levels(at_s: Doubles, sound: Sound) -> tuple[Doubles, ...]:
    """Bass from each moment on, its return, kick, stroke, crash, and the rise of the high band."""
    ago_s, beat_s, low, high = at_s - SMEAR_S, sound.beat_s, sound.low, sound.high
    low_after = np.minimum(low.mean_db(at_s, at_s + beat_s), low.mean_db(at_s + 2 * beat_s, at_s + 8 * beat_s))
    low_before = np.maximum(*(low.mean_db(ago_s - beats * beat_s, ago_s) for beats in (3, 5.5)))
    kick = low.mean_db(at_s, at_s + 0.1) - low.mean_db(ago_s - 0.1, ago_s)
    stroke = sound.loud.mean_db(at_s, at_s + 0.15) - sound.loud_db
    crash = high.mean_db(at_s, at_s + beat_s) - high.mean_db(at_s + beat_s, at_s + 5 * beat_s)
    rise_high = high.mean_db(at_s, at_s + 4 * beat_s) - high.mean_db(ago_s - 4 * beat_s, ago_s)
    return (
        np.clip(low_after - sound.low_db, -10.0, 3.0),
        np.clip(low_after - low_before, -3.0, 20.0),
        _against_strong(np.clip(kick, -3.0, 20.0)),
        _against_strong(np.clip(stroke, -15.0, 5.0)),
        np.clip(crash, -6.0, 12.0),
        np.clip(rise_high, -10.0, 15.0),
    )


def _changes(at_s: Doubles, features: Features, sound: Sound) -> tuple[Doubles, ...]:
    """Change of sound over two beats, over four against the greatest, and growth across the bar before."""
    ago_s, beat_s = at_s - SMEAR_S, sound.beat_s
    two, four = (
        np.minimum(np.abs(difference_db(features, (ago_s - length_s, ago_s), (at_s, at_s + length_s))).mean(axis=1), 12)
        for length_s in (2 * beat_s, 4 * beat_s)
    )
    across = difference_db(features, (at_s - 12 * beat_s, at_s - 4 * beat_s), (at_s, at_s + 8 * beat_s))
    return two, _against_strong(four), np.clip(across, -12.0, 12.0).mean(axis=1)


def _against_strong(values: Doubles) -> Doubles:
    """Less what only a tenth of the track's moments exceeds."""
    against: npt.NDArray[np.float64] = np.clip(values - np.percentile(values, _STRONG_PERCENT), -10.0, 15.0)
    return against
