"""Plucked strings (Karplus-Strong) and the amplifiers they go through.

Karplus, K., Strong, A. (1983). Digital Synthesis of Plucked-String and Drum Timbres; the tuning by linear
interpolation and the pick position by a comb are those of Jaffe, D., Smith, J. O. (1983).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .dsp import RATE, Curve, Signal, add_at, convolve, filtered, frames, midi_hz, saturated, shaped_ends
from .score import Note


@dataclass(frozen=True)
class Pluck:
    """How a string is struck and how it rings."""

    decay_s: float
    """Time in which the fundamental falls by 60 dB."""
    damping: float
    """0..0.25: how much faster the high partials die."""
    brightness_hz: float
    pick: float = 0.13
    """Where it is struck, as a share of its length."""


OPEN = Pluck(decay_s=6.0, damping=0.05, brightness_hz=5_500.0)
MUTED = Pluck(decay_s=0.32, damping=0.2, brightness_hz=2_600.0, pick=0.07)
CLEAN = Pluck(decay_s=4.5, damping=0.03, brightness_hz=6_500.0, pick=0.2)
CLEAN_MUTED = Pluck(decay_s=0.28, damping=0.12, brightness_hz=4_500.0, pick=0.1)
BASS = Pluck(decay_s=5.0, damping=0.1, brightness_hz=1_800.0, pick=0.17)
BASS_MUTED = Pluck(decay_s=0.45, damping=0.2, brightness_hz=1_100.0, pick=0.17)


def _excitation(period: float, pluck: Pluck, rng: np.random.Generator) -> Signal:
    """One period of a struck string: noise below the brightness, with the nodes of the pick position."""
    count = int(np.ceil(period)) + 2
    spectrum = np.fft.rfft(rng.uniform(-1.0, 1.0, count))
    hz = np.fft.rfftfreq(count, 1 / RATE)
    # Magnitudes of 1 / f with chance phases: the same loudness for each stroke, another colour.
    spectrum = np.exp(1j * np.angle(spectrum)) / np.maximum(hz, hz[1]) ** 0.9
    spectrum *= np.abs(np.sin(np.pi * pluck.pick * np.arange(len(spectrum))))
    spectrum /= np.sqrt(1 + (hz / pluck.brightness_hz) ** 4)
    burst = np.fft.irfft(spectrum, count)
    return np.asarray(burst / np.sqrt(np.mean(burst**2)))


def plucked(hz: float, duration_s: float, pluck: Pluck, rng: np.random.Generator) -> Signal:
    """One string, mono."""
    period = RATE / hz
    whole = int(period)
    fraction = period - whole
    keep = 0.001 ** (1 / (hz * pluck.decay_s))
    loop = np.convolve([pluck.damping, 1 - 2 * pluck.damping, pluck.damping], [1 - fraction, fraction]) * keep
    start = whole + 3
    string = np.zeros(start + frames(duration_s) + whole)
    burst = _excitation(period, pluck, rng)
    string[start - len(burst) : start] = burst
    step = whole - 1
    for at in range(start, start + frames(duration_s), step):
        taps = [string[at - whole + 1 - n : at - whole + 1 - n + step] for n in range(4)]
        string[at : at + step] = sum(gain * tap for gain, tap in zip(loop, taps, strict=True))
    return string[start : start + frames(duration_s)]


@dataclass(frozen=True)
class Player:
    """A hand on the strings: how loosely it plays, and with what strokes."""

    ringing: Pluck
    muted: Pluck
    late_s: float = 0.004
    """Most that a stroke comes after its beat."""
    strum_s: float = 0.0
    """Time from one string of a chord to the next."""
    release_s: float = 0.03
    detune_cents: float = 3.0


def performed(notes: Iterable[Note], beat_s: float, offset_s: float, count: int, player: Player, seed: int) -> Signal:
    """The notes as they leave the instrument, mono, before any amplifier."""
    rng = np.random.default_rng(seed)
    line = np.zeros(count)
    detune = player.detune_cents * rng.uniform(-1, 1) / 100
    for note in notes:
        at_s = offset_s + note.beat * beat_s + rng.uniform(0, player.late_s)
        length_s = max(0.05, note.beats * beat_s * (0.85 if note.muted else 1.0))
        stroke = player.muted if note.muted else player.ringing
        for string, midi in enumerate(note.midi):
            hz = midi_hz(midi + detune + rng.uniform(-0.02, 0.02))
            sound = plucked(hz, length_s + player.release_s, stroke, rng)
            sound = shaped_ends(sound, 0.0006, player.release_s) * note.velocity * rng.uniform(0.9, 1.0)
            add_at(line, frames(at_s + string * player.strum_s), sound)
    return line


def gate(notes: Iterable[Note], beat_s: float, offset_s: float, count: int, release_s: float = 0.05) -> Signal:
    """1 while a note sounds, else 0, with short ramps: what a noise gate after a loud amplifier does."""
    open_frames = np.zeros(count)
    for note in notes:
        start = frames(offset_s + note.beat * beat_s - 0.004)
        open_frames[max(0, start) : frames(offset_s + (note.beat + note.beats) * beat_s + release_s)] = 1.0
    ramp = np.hanning(frames(0.012))
    return np.clip(convolve(open_frames, ramp / ramp.sum()), 0.0, 1.0)


TIGHT: Curve = ((20, -50), (60, -22), (110, -7), (200, -1), (800, 3), (2_500, 3), (6_000, -6), (12_000, -24))
CABINET: Curve = (
    (20, -50),
    (55, -26),
    (80, -9),
    (115, 0),
    (180, 1),
    (380, -4),
    (700, -4),
    (1_300, -4),
    (2_200, -1.5),
    (3_400, 0),
    (4_600, -4),
    (6_000, -13),
    (9_000, -34),
    (14_000, -60),
)


def driven(line: Signal, drive: float, cabinet: Curve = CABINET) -> Signal:
    """A loud amplifier of two stages and its cabinet, mono; about -14 dBFS rms while it plays."""
    tight = filtered(line, TIGHT)
    first = saturated(tight, drive * 0.5, bias=0.25)
    second = saturated(filtered(first, ((20, -40), (90, -6), (160, 0), (20_000, 0))), 2.2 + drive * 0.1)
    return filtered(second, cabinet) * 0.35


CLEAN_CURVE: Curve = ((20, -50), (70, -12), (140, -1), (400, -2), (1_500, 0), (3_500, 4), (6_000, 1), (11_000, -14))


def clean_amp(line: Signal) -> Signal:
    """A clean amplifier with a little warmth, mono."""
    return filtered(saturated(line * 0.4, 0.8, bias=0.1), CLEAN_CURVE) * 0.35


BASS_CURVE: Curve = ((20, -30), (36, -4), (60, 1), (120, 1), (300, -3), (800, 0), (1_800, 1), (3_500, -8), (7_000, -30))


def bass_amp(line: Signal, drive: float) -> Signal:
    """A bass amplifier: the low end stays clean, the middle growls; mono."""
    low = filtered(line, low_end(220.0)) * 0.30
    growl = filtered(saturated(line, drive, bias=0.15), ((20, -60), (120, -20), (300, 0), (20_000, 0))) * 0.16
    return filtered(low + growl, BASS_CURVE)


def low_end(hz: float) -> Curve:
    """What lies below `hz`."""
    return ((20.0, 0.0), (hz, -2.0), (hz * 2, -14.0), (hz * 8, -60.0))
