"""Synthesise the cue sounds of `assets/cues/{sharp,soft}`: bells, clappers, beeps, finish.

Needs numpy only and gives the same bytes on each run. From the checkout: `python assets/scripts/make_cues.py`;
`--out FOLDER` writes elsewhere, names as arguments limit the work to these cues.

The set `sharp` puts its energy at 2-4 kHz, where the ear is most sensitive and a rock mix leaves room; `soft` keeps
below that. Every cue begins within a millisecond of its first sample, so a scheduled frame is the heard frame.
"""

import argparse
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

RATE = 44_100
PEAK = 10.0 ** (-3.0 / 20.0)
"""Highest sample of each file, -3 dBFS."""
ATTACK_S = 0.0004
FADE_S = 0.04
SEED = 2008


@dataclass(frozen=True)
class Partial:
    """One mode of a struck body."""

    hz: float
    gain: float
    decay_s: float
    """Time in which the mode falls by 60 dB."""


@dataclass(frozen=True)
class Voicing:
    """What makes a set: the bodies that are struck and the tones that are sounded."""

    bell: tuple[Partial, ...]
    bell_noise: float
    wood: tuple[Partial, ...]
    wood_noise: float
    noise_band_hz: tuple[float, float]
    tone_hz: float
    harmonics: tuple[float, ...]
    """Gain of each harmonic of a tone, the fundamental first."""
    tone_attack_s: float


def _bell(base_hz: float, ratios_gains: tuple[tuple[float, float], ...], ring_s: float) -> tuple[Partial, ...]:
    """The modes of a dome of metal: the higher, the sooner it is gone."""
    return tuple(Partial(base_hz * ratio, gain, ring_s / ratio**0.45) for ratio, gain in ratios_gains)


SHARP = Voicing(
    bell=_bell(
        842.0,
        ((1.0, 0.3), (1.61, 0.22), (2.43, 0.85), (2.86, 1.0), (3.37, 0.75), (4.09, 0.6), (4.62, 0.4), (6.15, 0.16)),
        ring_s=3.4,
    ),
    bell_noise=0.5,
    wood=(Partial(1130, 0.35, 0.09), Partial(2280, 1.0, 0.075), Partial(3120, 0.8, 0.06), Partial(3890, 0.4, 0.045)),
    wood_noise=0.6,
    noise_band_hz=(1_800.0, 5_000.0),
    tone_hz=1_174.66,
    harmonics=(0.45, 1.0, 0.75, 0.1),
    tone_attack_s=ATTACK_S,
)
SOFT = Voicing(
    bell=_bell(523.0, ((1.0, 1.0), (1.58, 0.5), (2.24, 0.5), (2.92, 0.28), (3.68, 0.14), (5.2, 0.07)), ring_s=3.6),
    bell_noise=0.08,
    wood=(Partial(410, 1.0, 0.13), Partial(835, 0.6, 0.1), Partial(1270, 0.25, 0.07)),
    wood_noise=0.08,
    noise_band_hz=(300.0, 1_600.0),
    tone_hz=523.25,
    harmonics=(1.0, 0.16, 0.05),
    tone_attack_s=0.0009,
)
VOICINGS = {"sharp": SHARP, "soft": SOFT}


def seconds(duration_s: float) -> Signal:
    """Sample times of a stretch that long."""
    return np.arange(round(duration_s * RATE)) / RATE


def attack(sound: Signal, attack_s: float = ATTACK_S) -> Signal:
    """A copy of `sound` (frames, 2) that rises from zero without a click."""
    ramp = np.sin(np.minimum(np.arange(len(sound)) / (attack_s * RATE), 1.0) * np.pi / 2)
    return np.asarray(sound * ramp[:, None])


def band_noise(duration_s: float, band_hz: tuple[float, float], rng: np.random.Generator) -> Signal:
    """Mono noise between two frequencies, root mean square 1."""
    spectrum = np.fft.rfft(rng.uniform(-1.0, 1.0, round(duration_s * RATE)))
    hz = np.fft.rfftfreq(round(duration_s * RATE), 1 / RATE)
    noise = np.fft.irfft(spectrum * ((hz >= band_hz[0]) & (hz <= band_hz[1])), round(duration_s * RATE))
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def struck(partials: tuple[Partial, ...], duration_s: float, rng: np.random.Generator) -> Signal:
    """The ringing of a struck body, (frames, 2).

    A real body is never quite round: each mode is a pair a hertz or two apart, which gives the slow beating, and each
    ear hears another mixture of the pair.
    """
    t = seconds(duration_s)
    sound = np.zeros((len(t), 2))
    for partial in partials:
        decay = 0.001 ** (t / partial.decay_s) * partial.gain
        split_hz = rng.uniform(0.4, 1.6)
        pair = [np.sin(2 * np.pi * (partial.hz + side * split_hz) * t) for side in (-1.0, 1.0)]
        lean = rng.uniform(0.35, 0.65)
        sound[:, 0] += decay * (lean * pair[0] + (1 - lean) * pair[1])
        sound[:, 1] += decay * ((1 - lean) * pair[0] + lean * pair[1])
    return sound


def strike_noise(voicing: Voicing, gain: float, decay_s: float, rng: np.random.Generator) -> Signal:
    """The contact of hammer and body, (frames, 2)."""
    t = seconds(0.12)
    burst = band_noise(0.12, voicing.noise_band_hz, rng) * 0.001 ** (t / decay_s) * gain
    return np.repeat(burst[:, None], 2, axis=1)


def layered(*parts: tuple[float, Signal]) -> Signal:
    """Sounds added together, each from its start in seconds."""
    starts = [round(at_s * RATE) for at_s, _ in parts]
    total = np.zeros((max(start + len(sound) for start, (_, sound) in zip(starts, parts, strict=True)), 2))
    for start, (_, sound) in zip(starts, parts, strict=True):
        total[start : start + len(sound)] += sound
    return total


def bell(voicing: Voicing, duration_s: float, rng: np.random.Generator) -> Signal:
    """One strike of the ring bell."""
    noise = strike_noise(voicing, voicing.bell_noise, 0.02, rng)
    return attack(layered((0.0, struck(voicing.bell, duration_s, rng)), (0.0, noise)))


def knock(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """One stroke of the wood clappers."""
    noise = strike_noise(voicing, voicing.wood_noise, 0.012, rng)
    return attack(layered((0.0, struck(voicing.wood, 0.16, rng)), (0.0, noise)))


def tone(voicing: Voicing, ratio: float, duration_s: float, decay_s: float = 0.0) -> Signal:
    """A tone `ratio` above the set's own, held, or dying away within `decay_s`."""
    t = seconds(duration_s)
    hz = voicing.tone_hz * ratio
    mono = sum(gain * np.sin(2 * np.pi * hz * n * t) for n, gain in enumerate(voicing.harmonics, 1))
    mono = mono * np.minimum(1.0, (duration_s - t) / 0.012)
    if decay_s:
        mono = mono * 0.001 ** (t / decay_s)
    return attack(np.repeat(np.asarray(mono)[:, None], 2, axis=1), voicing.tone_attack_s)


def bell_single(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """Start and end of a round."""
    return bell(voicing, 2.2, rng)


def bell_triple(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """Three strikes; the hammer damps what still rings."""
    strikes = [bell(voicing, 2.2, rng) * gain for gain in (0.95, 0.9, 1.0)]
    damped = [_damped(strike, 0.35) for strike in strikes[:2]]
    return layered((0.0, damped[0]), (0.35, damped[1]), (0.7, strikes[2]))


def _damped(sound: Signal, at_s: float) -> Signal:
    """`sound` that falls by 14 dB where the next strike touches it."""
    t = np.arange(len(sound)) / RATE
    return np.asarray(sound * np.interp(t, (at_s - 0.004, at_s + 0.004), (1.0, 0.2))[:, None])


def clapper(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """Three knocks: ten seconds left."""
    knocks = [knock(voicing, rng) * gain for gain in (0.9, 0.95, 1.0)]
    return layered((0.0, knocks[0]), (0.17, knocks[1]), (0.34, knocks[2]))


def beep(voicing: Voicing, rng: np.random.Generator) -> Signal:  # noqa: ARG001 - every cue is made alike
    """3, 2, 1."""
    return tone(voicing, 1.0, 0.13)


def beep_high(voicing: Voicing, rng: np.random.Generator) -> Signal:  # noqa: ARG001 - every cue is made alike
    """Go."""
    return tone(voicing, 1.335, 0.34)


def phase(voicing: Voicing, rng: np.random.Generator) -> Signal:  # noqa: ARG001 - every cue is made alike
    """A neutral change: two tones a fourth apart."""
    return layered((0.0, tone(voicing, 0.89, 0.5, 0.7)), (0.14, tone(voicing, 1.189, 0.6, 0.8)))


def halfway(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """A knock and two falling tones, like no other cue."""
    return layered(
        (0.0, knock(voicing, rng) * 0.8),
        (0.0, tone(voicing, 1.189, 0.3, 0.5)),
        (0.2, tone(voicing, 1.0, 0.45, 0.7)),
    )


def finish(voicing: Voicing, rng: np.random.Generator) -> Signal:
    """Four quick bells, a rising chord, and a last bell that rings out."""
    parts = [(n * 0.22, _damped(bell(voicing, 1.2, rng), 0.22)) for n in range(4)]
    parts += [(0.95 + n * 0.16, tone(voicing, ratio, 0.6, 1.1) * 0.55) for n, ratio in enumerate((0.75, 0.944, 1.122))]
    parts += [(1.43, tone(voicing, 1.498, 1.2, 2.0) * 0.5), (1.43, bell(voicing, 2.3, rng))]
    return layered(*parts)


CUES: dict[str, Callable[[Voicing, np.random.Generator], Signal]] = {
    "bell-single": bell_single,
    "bell-triple": bell_triple,
    "clapper": clapper,
    "beep": beep,
    "beep-high": beep_high,
    "phase": phase,
    "halfway": halfway,
    "finish": finish,
}


def finished(sound: Signal) -> Signal:
    """`sound` at its peak level, faded to zero at its end."""
    fade_frames = min(round(FADE_S * RATE), len(sound) // 4)
    fade = np.ones(len(sound))
    fade[-fade_frames:] = np.cos(np.linspace(0, np.pi / 2, fade_frames)) ** 2
    shaped = sound * fade[:, None]
    return np.asarray(shaped * (PEAK / np.abs(shaped).max()))


def render(set_name: str, cue: str) -> Signal:
    """The samples of one cue, (frames, 2) in -1..1."""
    rng = np.random.default_rng([SEED, list(VOICINGS).index(set_name), list(CUES).index(cue)])
    return finished(CUES[cue](VOICINGS[set_name], rng))


def write_wave(path: Path, sound: Signal) -> None:
    """16 bits, stereo, 44.1 kHz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(sound * 32767.0).astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("cues", nargs="*", metavar="CUE", help=f"one of {', '.join(CUES)}; none: all")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "cues")
    options = parser.parse_args()
    for set_name in VOICINGS:
        for cue in options.cues or CUES:
            write_wave(options.out / set_name / f"{cue}.wav", render(set_name, cue))


if __name__ == "__main__":
    main()
