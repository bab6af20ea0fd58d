"""Returns: drops where the music comes back from a lull, or from a break without its bass.

Every beat and every stroke is held against what tells such a moment by a logistic model. The lull of all that sounds
and the bass say it best, but a crowd or a loud master fills the one, and not all music has the other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.levels import Doubles
from nbd_tui.library.analysis.lulls import bass_lull_sign, lull_sign
from nbd_tui.library.analysis.moments import GRID_S, Moments, Sound, rise_db
from nbd_tui.library.analysis.tops import DOWNBEAT, KICK, STROKE, Candidates
from nbd_tui.model.units import Seconds

_BREAK_S: Final[Seconds] = 2.2
_STEP_WEIGHT: Final = 0.7
"""Where the whole music returns with the bass, less bass will do."""
_MOST_BASS_DB: Final = 16.0
_BASS_LULL_BEATS: Final = 0.9
_NEAR_ROWS: Final = 2
"""A candidate may lie so many moments of the grid beside the attack."""

EVIDENCE: Final = (
    "kick against the strongest, dB",
    "first stroke against the strongest, dB",
    "is a downbeat",
    "unusual lull or return of the bass, the clearer of the two, dB",
    "level against a bar before, dB",
    "level against four bars before, dB",
    "level against the loud part, dB",
    "bass against the loud part, dB",
    "unusual lull of the bass, dB",
    "unusual lull of the bass for a beat, dB",
)
"""What `evidence_of` tells of a moment, in this order. Bars are four beats long."""
WEIGHTS: Final = np.array((
    0.139,  # kick against the strongest, dB
    0.451,  # first stroke against the strongest, dB
    1.622,  # is a downbeat
    0.702,  # unusual lull or return of the bass, the clearer of the two, dB
    0.158,  # level against a bar before, dB
    0.301,  # level against four bars before, dB
    0.370,  # level against the loud part, dB
    0.118,  # bass against the loud part, dB
    0.355,  # unusual lull of the bass, dB
    0.181,  # unusual lull of the bass for a beat, dB
    -12.081,  # constant
))  # fmt: skip
"""Log odds per unit of the evidence, and the constant; fitted to the tuning set by
`python -m tests.accuracy.fit_returns`, as told there."""
_LEAST_LOG_ODDS: Final = 1.0
"""More than even: one that is none does more harm than one that is missed."""


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What a return is told by, in dB, at every moment of the grid."""

    lull: Doubles
    """How deep and unusual the lull right before it is."""
    bass: Doubles
    """How much more bass there is than in the beats before, if it was gone for a while."""
    step: Doubles
    """How much louder the music is than for a bar before, …"""
    long_step: Doubles
    """… and than for four bars."""


def signs_of(sound: Sound, moments: Moments) -> Signs:
    """The signs of a track."""
    beat_s = sound.beat_s
    gone_s = 3 * beat_s, max(3.5 * beat_s, min(5.5 * beat_s, _BREAK_S))
    bass: Doubles = np.minimum(*(rise_db(sound.low, moments.after_low, moments, length_s) for length_s in gone_s))
    step, long_step = (rise_db(sound.loud, moments.after, moments, beats * beat_s) for beats in (4, 16))
    return Signs(lull_sign(sound, moments), bass, step, long_step)


def find_returns(candidates: Candidates, sound: Sound, moments: Moments, signs: Signs) -> list[Seconds]:
    """The moments likely to be a return, likeliest first; several may mean the same one."""
    if not len(candidates.at_s):
        return []
    log_odds = evidence_of(candidates, sound, moments, signs) @ WEIGHTS[:-1] + WEIGHTS[-1]
    order = np.argsort(-log_odds, kind="stable")
    likely: list[Seconds] = candidates.at_s[order[log_odds[order] >= _LEAST_LOG_ODDS]].tolist()
    return likely


def evidence_of(candidates: Candidates, sound: Sound, moments: Moments, signs: Signs) -> Doubles:
    """(candidates, evidence): what speaks for each to be a return, in the order of `EVIDENCE`."""
    bass = np.clip(signs.bass + _STEP_WEIGHT * np.clip(signs.step, 0.0, 5.0), 0.0, _MOST_BASS_DB)
    evidence = (
        np.maximum(signs.lull, bass),
        np.clip(signs.step, -3.0, 8.0),
        np.clip(signs.long_step, -3.0, 12.0),
        np.clip(moments.after - sound.loud_db, -8.0, 3.0),
        np.clip(moments.after_low - sound.low_db, -10.0, 3.0),
        bass_lull_sign(sound, moments),
        bass_lull_sign(sound, moments, _BASS_LULL_BEATS),
    )
    near = np.stack([most_near(values, candidates.at_s) for values in evidence], axis=1)
    return np.hstack((candidates.evidence[:, [KICK, STROKE, DOWNBEAT]], near))


def most_near(values: Doubles, at_s: Doubles) -> Doubles:
    """The largest value of the grid within two rows of each moment."""
    rows = np.round(at_s / GRID_S).astype(np.intp)[:, None] + np.arange(-_NEAR_ROWS, _NEAR_ROWS + 1)
    most: Doubles = values[np.clip(rows, 0, len(values) - 1)].max(axis=1)
    return most
