"""A drum kit of modes, sweeps and noise; three takes of each piece, so that no roll sounds like one stroke copied."""

from collections.abc import Callable, Iterable

import numpy as np

from .dsp import RATE, Curve, Signal, add_at, filtered, frames, panned, seconds, smoothed_noise
from .score import Hit

TAKES = 3
_PLATE = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0, 1133.0, 1478.0, 1911.0, 2467.0, 3170.0, 3928.0, 4791.0, 5860.0)


def _sweep(from_hz: float, to_hz: float, fall_s: float, duration_s: float) -> Signal:
    """A sine that glides down exponentially."""
    t = seconds(duration_s)
    phase = to_hz * t + (from_hz - to_hz) * fall_s * (1 - np.exp(-t / fall_s))
    return np.sin(2 * np.pi * phase)


def _noise(duration_s: float, low_hz: float, high_hz: float, decay_s: float, rng: np.random.Generator) -> Signal:
    return smoothed_noise(frames(duration_s), low_hz, high_hz, rng) * np.exp(-seconds(duration_s) / decay_s)


def kick(rng: np.random.Generator) -> Signal:
    """A tight rock kick: 55 Hz body, beater click."""
    t = seconds(0.42)
    body = _sweep(210, 52, 0.028, 0.42) * np.exp(-t / 0.11)
    knock = _sweep(900, 170, 0.008, 0.42) * np.exp(-t / 0.016) * 0.5
    click = _noise(0.42, 2_200, 6_500, 0.006, rng) * 0.32
    return np.tanh(1.6 * (body + knock + click)) * 0.9


def soft_kick(rng: np.random.Generator) -> Signal:
    """A felt beater: round, hardly any click."""
    t = seconds(0.4)
    return _sweep(120, 50, 0.04, 0.4) * np.exp(-t / 0.13) * 0.8 + _noise(0.4, 300, 1_500, 0.01, rng) * 0.05


def snare(rng: np.random.Generator) -> Signal:
    """Two membrane modes, wires, and a crack."""
    t = seconds(0.5)
    skin = _sweep(260, 192, 0.02, 0.5) * np.exp(-t / 0.075) + 0.55 * np.sin(2 * np.pi * 338 * t) * np.exp(-t / 0.05)
    wires = _noise(0.5, 1_500, 9_500, 0.085, rng) * 0.5
    crack = _noise(0.5, 700, 5_000, 0.012, rng) * 0.7
    return np.tanh(1.4 * (0.75 * skin + wires + crack)) * 0.85


def rim(rng: np.random.Generator) -> Signal:
    """A stick across the rim."""
    t = seconds(0.15)
    wood = np.sin(2 * np.pi * 1_720 * t) * np.exp(-t / 0.012) + 0.6 * np.sin(2 * np.pi * 820 * t) * np.exp(-t / 0.018)
    return wood * 0.6 + _noise(0.15, 1_500, 7_000, 0.006, rng) * 0.25


def clap(rng: np.random.Generator) -> Signal:
    """Hands, four at slightly different times."""
    sound = np.zeros(frames(0.4))
    for at_s, gain in ((0.0, 0.6), (0.011, 0.7), (0.022, 0.8), (0.031, 1.0)):
        add_at(sound, frames(at_s), _noise(0.36, 900, 6_000, 0.012 if at_s < 0.03 else 0.1, rng) * gain * 0.4)
    return sound


def _tom(to_hz: float) -> Callable[[np.random.Generator], Signal]:
    def tom(rng: np.random.Generator) -> Signal:
        t = seconds(0.6)
        body = _sweep(to_hz * 1.7, to_hz, 0.05, 0.6) * np.exp(-t / 0.16)
        return np.tanh(1.3 * (body + _noise(0.6, 600, 4_500, 0.012, rng) * 0.3)) * 0.9

    return tom


def _plate(duration_s: float, decay_s: float, stretch: float, rng: np.random.Generator) -> Signal:
    """The clang of beaten metal: square waves at inharmonic frequencies."""
    t = seconds(duration_s)
    clang = np.zeros(len(t))
    for hz in _PLATE:
        detuned_hz = hz * stretch * rng.uniform(0.985, 1.015)
        clang += np.sign(np.sin(2 * np.pi * detuned_hz * t + rng.uniform(0, 6))) / len(_PLATE)
    return clang * np.exp(-t / decay_s)


HAT_CURVE: Curve = ((100, -80), (2_500, -30), (5_500, -6), (7_500, 0), (11_000, 0), (15_000, -6), (20_000, -20))
CRASH_CURVE: Curve = ((100, -60), (400, -22), (1_500, -9), (3_500, -2), (6_000, 0), (11_000, -3), (16_000, -12))
RIDE_CURVE: Curve = ((100, -60), (600, -20), (2_500, -6), (4_500, 0), (8_000, -2), (13_000, -8), (20_000, -24))


def _hat(duration_s: float, decay_s: float) -> Callable[[np.random.Generator], Signal]:
    def hat(rng: np.random.Generator) -> Signal:
        metal = _plate(duration_s, decay_s, 2.1, rng) * 1.4 + _noise(duration_s, 5_000, 15_000, decay_s, rng) * 0.35
        return filtered(metal, HAT_CURVE) * 0.75

    return hat


def crash(rng: np.random.Generator) -> Signal:
    """A wash of two seconds."""
    t = seconds(2.6)
    wash = _noise(2.6, 1_500, 13_000, 0.62, rng) * 0.4 + _plate(2.6, 0.5, 1.37, rng) * 0.8
    wash *= 1 + 0.6 * np.exp(-t / 0.03)
    return filtered(wash, CRASH_CURVE) * 0.65


def ride(rng: np.random.Generator) -> Signal:
    """A ping over a quiet wash."""
    t = seconds(1.2)
    pitch = rng.uniform(0.96, 1.04)
    ping = sum(np.sin(2 * np.pi * hz * pitch * t) * np.exp(-t / 0.09) for hz in (2_930, 4_120, 5_640)) * 0.12
    return filtered(ping + _plate(1.2, 0.22, 1.6, rng) * 0.28 + _noise(1.2, 4_000, 11_000, 0.2, rng) * 0.09, RIDE_CURVE)


def shaker(rng: np.random.Generator) -> Signal:
    """Seeds in a tube: a short swell."""
    t = seconds(0.12)
    return np.asarray(smoothed_noise(len(t), 4_500, 11_000, rng) * np.sin(np.pi * np.minimum(t / 0.09, 1)) ** 2 * 0.3)


PIECES: dict[str, tuple[Callable[[np.random.Generator], Signal], float, float]] = {
    "kick": (kick, 0.0, 1.0),
    "softkick": (soft_kick, 0.0, 0.9),
    "snare": (snare, 0.05, 0.8),
    "rim": (rim, 0.12, 0.5),
    "clap": (clap, -0.1, 0.75),
    "tom1": (_tom(165), 0.4, 0.75),
    "tom2": (_tom(122), 0.05, 0.8),
    "tom3": (_tom(84), -0.4, 0.85),
    "hat": (_hat(0.16, 0.038), 0.35, 0.52),
    "openhat": (_hat(0.6, 0.17), 0.35, 0.38),
    "crash": (crash, -0.45, 0.84),
    "crash2": (crash, 0.5, 0.8),
    "ride": (ride, 0.45, 0.5),
    "shaker": (shaker, -0.35, 0.5),
}
"""Recipe, place in the stereo image and level of each piece."""


def struck_kit(hits: Iterable[Hit], beat_s: float, offset_s: float, count: int, seed: int) -> dict[str, Signal]:
    """Each piece's own stereo track; hits stand exactly on their beats."""
    tracks: dict[str, Signal] = {}
    takes: dict[str, list[Signal]] = {}
    rng = np.random.default_rng(seed)
    used = [hit for hit in hits if hit.piece in PIECES]
    for turn, hit in enumerate(sorted(used, key=lambda hit: (hit.beat, hit.piece))):
        recipe, position, level = PIECES[hit.piece]
        if hit.piece not in takes:
            takes[hit.piece] = [panned(recipe(rng), position) * level for _ in range(TAKES)]
            tracks[hit.piece] = np.zeros((count, 2))
        sound = _softened(takes[hit.piece][turn % TAKES], hit.velocity) * rng.uniform(0.95, 1.0)
        add_at(tracks[hit.piece], round((offset_s + hit.beat * beat_s) * RATE), sound)
    return tracks


def _softened(sound: Signal, velocity: float) -> Signal:
    """A quieter stroke is duller too: mixed with its running mean."""
    if velocity > 0.9:
        return sound * velocity
    dull = np.cumsum(sound, axis=0)
    dull = (dull - np.pad(dull, ((6, 0), (0, 0)))[: len(dull)]) / 6
    share = (0.9 - velocity) * 0.7
    return np.asarray((sound * (1 - share) + dull * share) * velocity**1.2)
