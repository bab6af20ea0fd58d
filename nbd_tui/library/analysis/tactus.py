"""Which pulse is the beat: that found, its off-beat, half or double its tempo.

The tempogram finds a pulse that fits, hardly ever the wrong one but for its octave and its phase. Here every pulse
in question is held against what the band plays on it, between it, and on every second and fourth of it. The beat is
the drummer's: kick on one and three, snare on two and four, all of it again a bar later. A linear score of such
contrasts, of the distances at which the strokes repeat, and of how much of what the band strikes it catches, decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from nbd_tui.library.analysis.attacks import BRIGHT, CRACK, FULL, KICK, MIDDLE, PUNCH, SNAP, Attacks
from nbd_tui.library.analysis.beats import Pulse
from nbd_tui.library.analysis.features import Floats
from nbd_tui.library.analysis.tempo import Doubles, TempoPath
from nbd_tui.model.units import Bpm, Seconds

_FEWEST_BEATS: Final = 8
_PLACES: Final = 4
"""Places looked at from one beat to the next: beat, quarter, off-beat, quarter."""
_CYCLE: Final = 4
"""Beats after which the band is expected to repeat itself."""
_COMPOUND: Final = 2 / 3
_COMPOUND_COST: Final = 3.0
"""Log odds against a compound metre: few pieces have one."""
_SLOWEST_BPM, _FASTEST_BPM = 45.0, 240.0
_USUAL_BPM: Final = 120.0
_SLOW_BPM, _FAST_BPM = 60.0, 195.0
"""Few tap slower or faster."""
_SNARE: Final = [BRIGHT, CRACK, SNAP]
_REPEATS: Final = ((0, 1, 2), (0, 2, 4), (0, 4, 8), (0.5, 1, 2))
"""Place in the beat, and two distances in beats that are held against each other. Of the beat, the snare's strokes
repeat after two and hardly better after four; of a tempo twice as fast, after four and not after two. Unlike a mean
over the track, this needs no bars that are all of the same length."""
_LEAST_REPEATS: Final = 4
_LEAST_SPREAD: Final = 0.1
_EXTREME: Final = 3.0
"""Standard deviations a stroke may stand out by."""
_STRETCH: Final = 32
"""Beats over which a slip to the off-beat is looked for."""
_SLIP_COST: Final = 2.0
"""Log odds against a slip from one such stretch to the next."""
_NEAREST: Final = 0.6
"""Beats nearer than so many periods to the one before, where a slip is mended, are left out."""
_SOFT: Final = 0.2
"""Contrasts of attacks much weaker than this share of the mean count for little."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pulse made from the one found."""

    factor: float
    """Its tempo in tempi of the one found."""
    shift: float
    """Its first beat, in beats of the one found."""

    def of(self, pulse: Pulse, duration_s: Seconds) -> Pulse:
        """The pulse made, within the track."""
        return Pulse(self._beats(pulse.beats_s, duration_s), pulse.bpm * self.factor, pulse.is_constant)

    def _beats(self, pulse_s: Doubles, duration_s: Seconds) -> Doubles:
        index = np.arange(-2, len(pulse_s) + 2)
        first, last = pulse_s[1] - pulse_s[0], pulse_s[-1] - pulse_s[-2]
        before, after = pulse_s[0] - first * np.array([2, 1]), pulse_s[-1] + last * np.array([1, 2])
        beats_s = np.interp(
            np.arange(self.shift - 2, len(pulse_s) + 1, 1 / self.factor),
            index,
            np.concatenate((before, pulse_s, after)),
        )
        within: Doubles = beats_s[(beats_s >= 0) & (beats_s < duration_s)]
        return within

    @property
    def is_compound(self) -> bool:
        """Whether it counts three of the found pulse's halves as a beat, as in 6/8."""
        return self.factor == _COMPOUND


CANDIDATES: Final = tuple(
    Candidate(factor, shift)
    for factor, shift in (
        (1, 0),
        (1, 0.5),
        (0.5, 0),
        (0.5, 1),
        (0.5, 0.5),
        (0.5, 1.5),
        (2, 0),
        (_COMPOUND, 0),
        (_COMPOUND, 0.5),
        (_COMPOUND, 1),
    )
)


def choose_beat(attacks: Attacks, path: TempoPath, pulse: Pulse, duration_s: Seconds) -> Pulse:
    """The pulse, or another made from it, that looks most like the beat."""
    best, best_score = pulse, -np.inf
    for other, cost in candidates_of(pulse, duration_s):
        score = float(evidence(attacks, path, other) @ WEIGHTS) - cost
        if score > best_score:
            best, best_score = other, score
    return best if best.is_constant else _mended(attacks, path, best)


def candidates_of(pulse: Pulse, duration_s: Seconds) -> Iterator[tuple[Pulse, float]]:
    """The pulses in question, and the log odds against each, whatever the music."""
    for candidate in CANDIDATES:
        other = candidate.of(pulse, duration_s)
        if len(other.beats_s) > _FEWEST_BEATS and _SLOWEST_BPM <= other.bpm <= _FASTEST_BPM:
            yield other, _COMPOUND_COST * candidate.is_compound


def _mended(attacks: Attacks, path: TempoPath, pulse: Pulse) -> Pulse:
    """The pulse without stretches that slipped to the off-beat, as a pulse that follows the music may do."""
    beats_s = pulse.beats_s
    off_s = (beats_s[:-1] + beats_s[1:]) / 2
    starts = range(0, max(1, len(off_s) - _STRETCH // 2), _STRETCH)
    stretches = [slice(start, start + _STRETCH) for start in starts]
    stretches[-1] = slice(stretches[-1].start, len(beats_s))
    if len(stretches) < 2:
        return pulse
    odds = [
        _score(attacks, path, pulse, off_s[each]) - _score(attacks, path, pulse, beats_s[each]) for each in stretches
    ]
    parts = [(off_s if is_off else beats_s)[each] for is_off, each in zip(_slips(odds), stretches, strict=True)]
    mended = np.concatenate(parts)
    is_apart = np.diff(mended, prepend=-np.inf) > _NEAREST * 60 / pulse.bpm
    return Pulse(mended[is_apart], pulse.bpm, is_constant=False)


def _score(attacks: Attacks, path: TempoPath, pulse: Pulse, beats_s: Doubles) -> float:
    return float(evidence(attacks, path, Pulse(beats_s, pulse.bpm, is_constant=False)) @ WEIGHTS)


def _slips(odds: list[float]) -> list[bool]:
    """Which stretches have slipped: the likeliest way (Viterbi) where each change costs `_SLIP_COST`."""
    on, off = 0.0, 0.0
    ways: list[tuple[bool, bool]] = []
    for odd in odds:
        ways.append((off - _SLIP_COST > on, on - _SLIP_COST > off))
        on, off = max(on, off - _SLIP_COST), max(off, on - _SLIP_COST) + odd
    is_off = off > on
    slips = []
    for from_off, from_on in reversed(ways):
        slips.append(is_off)
        is_off = not is_off if (from_on if is_off else from_off) else is_off
    return slips[::-1]


def evidence(attacks: Attacks, path: TempoPath, pulse: Pulse) -> Doubles:
    """What speaks for a pulse, in the order of `EVIDENCE`."""
    profile = _profile(attacks, pulse.beats_s)
    on, between = profile[:, 0], (profile[:, 1] + profile[:, 3]) / 2
    off = profile[:, 2].mean(axis=0)
    octaves = float(np.log2(pulse.bpm / _USUAL_BPM))
    on_off = _contrast(on.mean(axis=0), off)
    on_between = _contrast(on.mean(axis=0), between.mean(axis=0))
    off_between = _contrast(off, between.mean(axis=0))
    backbeat = _backbeat(on)
    off_backbeat = np.abs(_contrast(profile[0::2, 2].mean(axis=0), profile[1::2, 2].mean(axis=0)))
    fourth = np.abs(_contrast(on[:2], on[2:])).max(axis=0)
    return np.concatenate((
        [octaves, octaves**2, *_beyond(pulse.bpm), path.fit(pulse.bpm)],
        on_off[[FULL, PUNCH, SNAP]],
        on_between[[FULL, PUNCH, SNAP]],
        off_between[[FULL, SNAP]],
        backbeat[[KICK, PUNCH, SNAP]],
        off_backbeat[[MIDDLE, SNAP]],
        fourth[[MIDDLE, SNAP]],
        np.log(on.mean(axis=0) + _SOFT),
        _repeats(attacks, pulse.beats_s),
    ))  # fmt: skip


def _profile(attacks: Attacks, beats_s: Doubles) -> Floats:
    """(beats of a cycle, places, ranges): mean attack."""
    beats_s = beats_s[: (len(beats_s) - 1) // _CYCLE * _CYCLE + 1]
    places = beats_s[:-1, None] + np.diff(beats_s)[:, None] * np.arange(_PLACES) / _PLACES
    at_places = attacks.at(places.ravel())
    profile: Floats = at_places.reshape(-1, _CYCLE, _PLACES, at_places.shape[1]).mean(axis=0)
    return profile


def _beyond(bpm: Bpm) -> tuple[float, float]:
    """Octaves under the slowest tempo one taps, and above the fastest."""
    return max(0.0, float(np.log2(_SLOW_BPM / bpm))), max(0.0, float(np.log2(bpm / _FAST_BPM)))


def _repeats(attacks: Attacks, beats_s: Doubles) -> list[float]:
    """How much better the snare's strokes repeat at the second distance of each of `_REPEATS` than at the first."""
    strokes = {place: _strokes(attacks, beats_s[:-1] + place * np.diff(beats_s)) for place in (0, 0.5)}
    return [_likeness(strokes[place], far) - _likeness(strokes[place], near) for place, near, far in _REPEATS]


def _strokes(attacks: Attacks, times_s: Doubles) -> Floats:
    """(times, ranges of the snare): how far each stands out, in standard deviations."""
    strengths = attacks.at(times_s)[:, _SNARE]
    outstanding = (strengths - strengths.mean(axis=0)) / (strengths.std(axis=0) + np.float32(_LEAST_SPREAD))
    strokes: Floats = np.clip(outstanding, -_EXTREME, _EXTREME)
    return strokes


def _likeness(strokes: Floats, lag: int) -> float:
    """Of strokes so many places apart, -1 to 1; 0 where there are too few."""
    return float((strokes[:-lag] * strokes[lag:]).mean()) if len(strokes) >= lag + _LEAST_REPEATS else 0.0


def _contrast(one: Floats, other: Floats) -> Floats:
    return (one - other) / (one + other + np.float32(_SOFT))


def _backbeat(on: Floats) -> Floats:
    """Per range: contrast of every second beat, the side of the snare, to the others; the kick's the other way."""
    even, odd = on[0::2].mean(axis=0), on[1::2].mean(axis=0)
    contrast = _contrast(odd, even)
    kick = contrast[KICK] + contrast[PUNCH]
    snare = contrast[BRIGHT] + contrast[MIDDLE] + contrast[CRACK] + contrast[SNAP]
    contrast = contrast if snare >= kick else -contrast
    contrast[[KICK, PUNCH]] *= -1
    return contrast


EVIDENCE: Final = (
    "tempo in octaves from the usual",
    "its square",
    "tempo in octaves under the slowest one taps",
    "tempo in octaves above the fastest one taps",
    "fit in the tempogram",
    "all: beat against off-beat",
    "punch: beat against off-beat",
    "snap: beat against off-beat",
    "all: beat against quarters",
    "punch: beat against quarters",
    "snap: beat against quarters",
    "all: off-beat against quarters",
    "snap: off-beat against quarters",
    "kick: backbeat",
    "punch: backbeat",
    "snap: backbeat",
    "middle: backbeat of the off-beats",
    "snap: backbeat of the off-beats",
    "middle: every fourth beat",
    "snap: every fourth beat",
    "kick: strength of the beats",
    "body: strength of the beats",
    "middle: strength of the beats",
    "bright: strength of the beats",
    "top: strength of the beats",
    "all: strength of the beats",
    "punch: strength of the beats",
    "crack: strength of the beats",
    "snap: strength of the beats",
    "snare: repeats after two beats rather than one",
    "snare: after four rather than two",
    "snare: after eight rather than four",
    "snare: off-beats repeat after two rather than one",
)
"""What `evidence` tells of a pulse: contrasts are from -1 to 1, strengths logarithms of means over the track."""
WEIGHTS: Final = np.array((
    2.21,  # tempo in octaves from the usual
    -2.54,  # its square
    -9.68,  # tempo in octaves under the slowest one taps
    -46.40,  # tempo in octaves above the fastest one taps
    4.30,  # fit in the tempogram
    -0.43,  # all: beat against off-beat
    2.25,  # punch: beat against off-beat
    1.46,  # snap: beat against off-beat
    0.60,  # all: beat against quarters
    2.55,  # punch: beat against quarters
    2.28,  # snap: beat against quarters
    0.93,  # all: off-beat against quarters
    3.89,  # snap: off-beat against quarters
    2.34,  # kick: backbeat
    4.85,  # punch: backbeat
    5.36,  # snap: backbeat
    -0.26,  # middle: backbeat of the off-beats
    -5.46,  # snap: backbeat of the off-beats
    10.47,  # middle: every fourth beat
    -7.13,  # snap: every fourth beat
    2.16,  # kick: strength of the beats
    -0.09,  # body: strength of the beats
    -1.21,  # middle: strength of the beats
    4.61,  # bright: strength of the beats
    3.41,  # top: strength of the beats
    2.96,  # all: strength of the beats
    3.25,  # punch: strength of the beats
    2.20,  # crack: strength of the beats
    4.78,  # snap: strength of the beats
    2.68,  # snare: repeats after two beats rather than one
    -1.05,  # snare: after four rather than two
    -5.50,  # snare: after eight rather than four
    -3.26,  # snare: off-beats repeat after two rather than one
))  # fmt: skip
"""Log odds per unit of the evidence; fitted by `python -m tests.accuracy.fit_beat`, as told there, to 800 tracks of the
tuning set and eight real metal songs, then once more `--around` that with the distances at which strokes repeat, to 770
tracks of that set, slow ones without a click above all, and the same songs."""
