"""Features drawn by hand: levels in dB, stretch by stretch, with a rhythm to match."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nbd_tui.library.analysis.features import BANDS, ENVELOPE_HZ, FPS, Features, Floats
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.model.units import Bpm, Decibels, Seconds, to_frames


class Part(NamedTuple):
    """A stretch of a track; levels go in a straight line from the first to the last value."""

    duration_s: Seconds
    loud_db: tuple[Decibels, Decibels]
    low_db: tuple[Decibels, Decibels]


VERSE = Part(24.0, (-16.0, -16.0), (-20.0, -20.0))
CHORUS = Part(24.0, (-12.0, -12.0), (-15.0, -15.0))
SILENCE = Part(0.5, (-70.0, -70.0), (-80.0, -80.0))
BREAK = Part(8.0, (-28.0, -28.0), (-60.0, -60.0))
RISE = Part(8.0, (-34.0, -20.0), (-60.0, -60.0))


def draw(parts: Sequence[Part]) -> Features:
    """The features of a track made of `parts`."""
    duration_s = sum(part.duration_s for part in parts)
    rows = int(duration_s * FPS) + 1
    loud = _power([part.loud_db for part in parts], parts, np.arange(rows) / FPS)
    low = _power([part.low_db for part in parts], parts, np.arange(rows) / FPS)
    fine_s = np.arange(int(duration_s * ENVELOPE_HZ)) / ENVELOPE_HZ
    envelope = _power([part.loud_db for part in parts], parts, fine_s)
    bands = np.repeat(loud[:, None], BANDS, axis=1)
    return Features(to_frames(duration_s), FPS, bands, low, _share(loud, 0.5), _share(loud, 0.25), loud, envelope)


def _power(levels: Sequence[tuple[Decibels, Decibels]], parts: Sequence[Part], at_s: np.ndarray) -> Floats:
    ends = np.cumsum([part.duration_s for part in parts])
    corners = np.column_stack((ends - [part.duration_s for part in parts], ends - 1e-9)).ravel()
    power: Floats = (10 ** (np.interp(at_s, corners, np.ravel(levels)) / 10)).astype(np.float32)
    return power


def even_rhythm(duration_s: Seconds, bpm: Bpm = 120.0, confidence: float = 1.0) -> Rhythm:
    """A beat on every 60 / bpm seconds from 0 on, four to the bar."""
    beats_s = np.arange(0.0, duration_s, 60 / bpm)
    return Rhythm(bpm, confidence, True, beats_s, beats_s[::4])


def _share(power: Floats, part: float) -> Floats:
    return power * np.float32(part)
