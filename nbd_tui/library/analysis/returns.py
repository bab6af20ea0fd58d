"""Returns: drops where the music comes back from a lull, or from a break without its bass.

Every beat and every stroke is held against what tells such a moment by a logistic model. The lull of all that sounds
and the bass say it best, but a crowd or a loud master fills the one, and not all music has the other.
"""

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
_MOST_SIGN_DB: Final = 16.0
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
    0.120,  # kick against the strongest, dB
    0.359,  # first stroke against the strongest, dB
    1.579,  # is a downbeat
    0.694,  # unusual lull or return of the bass, the clearer of the two, dB
    0.157,  # level against a bar before, dB
    0.287,  # level against four bars before, dB
    0.315,  # level against the loud part, dB
    0.135,  # bass against the loud part, dB
    0.414,  # unusual lull of the bass, dB
    0.113,  # unusual lull of the bass for a beat, dB
    -11.960,  # constant
))  # fmt: skip
"""Log odds per unit of the evidence, and the constant; fitted to the tuning set by
`python -m tests.accuracy.fit_returns`, as told there."""
_LEAST_LOG_ODDS: Final = 1.0
"""More than even: one that is none does more harm than one that is missed."""


def find_returns(candidates: Candidates, sound: Sound, moments: Moments) -> list[Seconds]:
    """The moments likely to be a return, likeliest first; several may mean the same one."""
    if not len(candidates.at_s):
        return []
    log_odds = evidence_of(candidates, sound, moments) @ WEIGHTS[:-1] + WEIGHTS[-1]
    order = np.argsort(-log_odds, kind="stable")
    likely: list[Seconds] = candidates.at_s[order[log_odds[order] >= _LEAST_LOG_ODDS]].tolist()
    return likely


def evidence_of(candidates: Candidates, sound: Sound, moments: Moments) -> Doubles:
    """(candidates, evidence): what speaks for each to be a return, in the order of `EVIDENCE`."""
    step, long_step = (rise_db(sound.loud, moments.after, moments, beats * sound.beat_s) for beats in (4, 16))
    lull = lull_sign(sound, moments)
    bass = np.clip(bass_return_db(sound, moments) + _STEP_WEIGHT * np.clip(step, 0.0, 5.0), 0.0, _MOST_SIGN_DB)
    signs = (
        np.maximum(lull, bass),
        np.clip(step, -3.0, 8.0),
        np.clip(long_step, -3.0, 12.0),
        np.clip(moments.after - sound.loud_db, -8.0, 3.0),
        np.clip(moments.after_low - sound.low_db, -10.0, 3.0),
        bass_lull_sign(sound, moments),
        bass_lull_sign(sound, moments, beats=0.9),
    )
    near = np.stack([most_near(sign, candidates.at_s) for sign in signs], axis=1)
    return np.hstack((candidates.evidence[:, [KICK, STROKE, DOWNBEAT]], near))


def bass_return_db(sound: Sound, moments: Moments) -> Doubles:
    """How much more bass there is from each moment on than in the beats before, where it was gone for a while."""
    beat_s = sound.beat_s
    lengths_s = 3 * beat_s, max(3.5 * beat_s, min(5.5 * beat_s, _BREAK_S))
    rises = (rise_db(sound.low, moments.after_low, moments, length_s) for length_s in lengths_s)
    least: Doubles = np.minimum(*rises)
    return least


def most_near(values: Doubles, at_s: Doubles) -> Doubles:
    """The largest value of the grid within two rows of each moment."""
    rows = np.round(at_s / GRID_S).astype(np.intp)[:, None] + np.arange(-_NEAR_ROWS, _NEAR_ROWS + 1)
    most: Doubles = values[np.clip(rows, 0, len(values) - 1)].max(axis=1)
    return most
