"""Music and sound without a beat: nothing to tap, nothing that drops."""

from collections.abc import Callable

import numpy as np

from nbd_tui.model.units import RATE, Seconds
from tests.accuracy.generator.canvas import Canvas, envelope_of, noise_band, note_of
from tests.accuracy.generator.tones import Instruments, harmonic_loop, hertz_of

_Random = np.random.Generator
_LOOP_S = 23
"""Longer than any analysis looks at once: a loop is a rhythm."""


def _pads(canvas: Canvas, rng: _Random, end_s: Seconds) -> None:
    instruments = Instruments(rng, _LOOP_S)
    at_s, bar = 0.0, 0
    while at_s < end_s:
        length_s = float(rng.uniform(3, 9))
        for side, pan in ((0, -0.6), (1, 0.6)):
            envelope = envelope_of(length_s + 2, rng.uniform(0.8, 2), np.inf, rng.uniform(1, 2.5))
            note = note_of(instruments.pad_loop(instruments.root(bar), side), envelope)
            canvas.add(note, at_s, 0.1 * float(rng.uniform(0.3, 1)), pan)
        at_s, bar = at_s + length_s, bar + 1


def _noise(canvas: Canvas, rng: _Random, end_s: Seconds) -> None:
    low_hz = float(rng.uniform(30, 2000))
    for pan in (-0.8, 0.8):
        noise = noise_band(low_hz, low_hz * float(rng.uniform(2, 40)), rng, slope=2, length_s=_LOOP_S)
        envelope = _wander(rng, end_s, float(rng.uniform(1, 15)))
        canvas.add(note_of(noise, envelope), 0, 0.08, pan)


def _wander(rng: _Random, end_s: Seconds, depth_db: float) -> np.ndarray:
    knots = rng.uniform(-depth_db, 0, max(2, int(end_s / rng.uniform(2, 8))))
    times = np.sort(rng.uniform(0, end_s, len(knots)))
    levels = np.interp(np.arange(round(end_s * 100)) / 100, times, knots)
    return np.repeat(10 ** (levels / 20), RATE // 100).astype(np.float32)


def _speech(canvas: Canvas, rng: _Random, end_s: Seconds) -> None:
    instruments = Instruments(rng)
    hiss = noise_band(2500, 9000, rng)
    at_s = 0.5
    while at_s < end_s - 2:
        for _ in range(int(rng.integers(2, 14))):
            length_s = float(rng.uniform(0.07, 0.3))
            if rng.random() < 0.4:
                canvas.add(note_of(hiss, envelope_of(0.07, 0.01, np.inf, 0.03)), at_s, 0.04)
                at_s += 0.05
            note = int(rng.integers(45, 53))
            canvas.add(instruments.voice(note, round(length_s, 2)), at_s, 0.1 * float(rng.uniform(0.4, 1)))
            at_s += length_s + float(rng.exponential(0.03))
        at_s += float(rng.uniform(0.25, 1.6))


def _section(note: int, rng: _Random) -> np.ndarray:
    """Violins, each a little out of tune."""
    return harmonic_loop(tuple(hertz_of(note + offset) for offset in rng.normal(0, 0.06, 4)), 1.1, 8000, rng, _LOOP_S)


def _strings(canvas: Canvas, rng: _Random, end_s: Seconds) -> None:
    """Chords of unequal length that swell and fade, now and then a timpani roll under them."""
    at_s = 0.0
    key = int(rng.integers(40, 52))
    low = harmonic_loop((hertz_of(key - 12),), 1.6, 1500, rng)
    while at_s < end_s - 3:
        length_s = float(rng.uniform(2, 8))
        notes = key + rng.choice([0, 3, 5, 7, 8, 10, 12, 15, 19], 4, replace=False)
        for note in notes:
            loop = _section(note, rng)
            envelope = envelope_of(length_s + 1, rng.uniform(0.3, 1.5), np.inf, rng.uniform(0.5, 1.5))
            rise_db = float(rng.choice([0, 6, 15, -12]))
            envelope *= np.geomspace(10 ** (-rise_db / 20), 1, len(envelope)).astype(np.float32) if rise_db > 0 else 1
            envelope *= np.geomspace(1, 10 ** (rise_db / 20), len(envelope)).astype(np.float32) if rise_db < 0 else 1
            canvas.add(
                note_of(loop, envelope), at_s, 0.05 * float(rng.uniform(0.5, 1.2)), float(rng.uniform(-0.7, 0.7))
            )
        if rng.random() < 0.25:
            envelope = envelope_of(length_s, length_s * 0.8, np.inf, 0.4)
            canvas.add(note_of(low, envelope), at_s, 0.12)
        at_s += length_s * float(rng.uniform(0.7, 1.1))


def _rubato(canvas: Canvas, rng: _Random, end_s: Seconds) -> None:
    """A piano that lingers: struck notes at unequal times."""
    at_s = 0.5
    key = int(rng.integers(45, 57))
    loops = {
        step: harmonic_loop((hertz_of(key + step),), 1.5, 6000, rng) for step in (-12, 0, 2, 3, 5, 7, 8, 10, 12, 15)
    }
    while at_s < end_s - 4:
        for step in rng.choice(list(loops), int(rng.integers(1, 5)), replace=False):
            envelope = envelope_of(3.5, 0.003, rng.uniform(0.5, 1.5), 0.3)
            canvas.add(
                note_of(loops[int(step)], envelope), at_s + float(rng.uniform(0, 0.03)), float(rng.uniform(0.02, 0.12))
            )
        at_s += float(rng.lognormal(-0.5, 0.6))


BEATLESS: dict[str, Callable[[Canvas, _Random, Seconds], None]] = {"pads": _pads, "noise": _noise, "speech": _speech}
ORCHESTRAL: dict[str, Callable[[Canvas, _Random, Seconds], None]] = {"strings": _strings, "rubato": _rubato}
