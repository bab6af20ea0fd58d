"""Tempo, beats and bars of a track, put together."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from nbd_tui.library.analysis.attacks import FULL, Attacks, attacks_of
from nbd_tui.library.analysis.beats import find_pulse
from nbd_tui.library.analysis.downbeats import find_bars
from nbd_tui.library.analysis.features import Features
from nbd_tui.library.analysis.onsets import Onsets, find_onsets
from nbd_tui.library.analysis.tactus import choose_beat
from nbd_tui.library.analysis.tempo import Doubles, find_tempo
from nbd_tui.model.units import Bpm, Seconds

SHORTEST_S: Final[Seconds] = 4.0
"""Nothing can be said of the tempo of less."""
_SILENT: Final = 1e-9
"""Mean power of what counts as silence throughout, -90 dB."""
_FLAT: Final = 2.0
"""Attacks at the beats, in means over the track, of pads whose voices beat against each other; noise has less, …"""
_STRUCK: Final = 3.5
"""… music with drums more; tuned on the generated set."""


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Tempo, beats and bars of a track."""

    bpm: Bpm | None = None
    """The main tempo, in the octave one would tap; None where nothing can be tapped."""
    confidence: float = 0.0
    """How clear the pulse is, 0 to 1."""
    is_constant: bool = False
    """One grid of beats fits the whole track."""
    beats_s: Doubles = field(default_factory=lambda: np.zeros(0))
    """Increasing, within the track."""
    downbeats_s: Doubles = field(default_factory=lambda: np.zeros(0))
    """The first beat of each bar; a subset of the beats."""
    beats_per_bar: int = 4
    """3, 4, 5 or 7; 4 where nothing tells otherwise. A bar here and there may be cut short."""

    def bar_s(self, beat_s: Seconds) -> Seconds:
        """Length of a bar, as the downbeats have it; as many times `beat_s` where they are too few to tell."""
        enough = len(self.downbeats_s) > 2
        return float(np.median(np.diff(self.downbeats_s))) if enough else self.beats_per_bar * beat_s


def hear_rhythm(features: Features, onsets: Onsets | None = None) -> Rhythm:
    """The rhythm of a track; empty for what is silent or shorter than `SHORTEST_S`."""
    if features.duration_s < SHORTEST_S or float(features.loud.max(initial=0)) < _SILENT:
        return Rhythm()
    onsets = onsets or find_onsets(features)
    path = find_tempo(onsets)
    pulse = find_pulse(onsets, path, features.duration_s)
    if pulse is None:
        return Rhythm()
    attacks = attacks_of(features, onsets)
    beat = choose_beat(attacks, path, pulse, features.duration_s)
    bars = find_bars(features, attacks, beat.beats_s)
    confidence = path.confidence * _standing_out(attacks, beat.beats_s)
    return Rhythm(float(beat.bpm), confidence, beat.is_constant, beat.beats_s, bars.downbeats_s, bars.beats)


def _standing_out(attacks: Attacks, beats_s: Doubles) -> float:
    """0 where hardly more begins at the beats than elsewhere, 1 where they are struck."""
    strength = float(attacks.at(beats_s)[:, FULL].mean())
    return float(np.clip((strength - _FLAT) / (_STRUCK - _FLAT), 0, 1))
