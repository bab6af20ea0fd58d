"""Electronic and keyed instruments: pads, basses, leads, arpeggios, electric piano, risers."""

from collections.abc import Callable, Iterable

import numpy as np

from .dsp import RATE, Signal, add_at, filtered, frames, low_pass, midi_hz, panned, seconds, shaped_ends, smoothed_noise
from .score import Hit, Note

_TOP_HZ = 9_000.0
Voice = Callable[[Note, float, float, np.random.Generator], Signal]
"""(note, its pitch, its length in seconds, chance) -> stereo sound."""


def additive(hz: Signal, tilt: float, cut_hz: float, odd: bool = False) -> Signal:
    """A band-limited saw (square when `odd`) of a gliding frequency; partials fall by n ** -tilt and above the cut."""
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    highest = int(_TOP_HZ / float(hz.max()))
    sound = np.zeros(len(hz))
    for n in range(1, max(2, highest + 1), 2 if odd else 1):
        gain = n**-tilt / np.sqrt(1 + (n * float(hz.mean()) / cut_hz) ** 6)
        if gain > 0.0008:
            sound += gain * np.sin(n * phase)
    return sound


def pad(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """Slow, wide, three detuned voices."""
    total = np.zeros((frames(length_s + 0.9), 2))
    for position in (-0.8, 0.0, 0.8):
        t = seconds(length_s + 0.9)
        hz = midi_hz(midi + rng.uniform(-0.07, 0.07)) * (1 + 0.0015 * np.sin(2 * np.pi * rng.uniform(0.2, 0.5) * t))
        total += panned(additive(hz, 1.1, 1_500), position)
    return shaped_ends(total, min(0.5, length_s / 3), 0.85) * 0.055 * note.velocity


def choir(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A wordless voice: a saw through the formants of an open vowel."""
    t = seconds(length_s + 0.35)
    vibrato = 0.05 * np.sin(2 * np.pi * 5.1 * t + rng.uniform(0, 6)) * np.minimum(1, t / 0.5)
    total = np.zeros((len(t), 2))
    for position in (-0.5, 0.5):
        hz = 440.0 * 2 ** ((midi + rng.uniform(-0.08, 0.08) + vibrato - 69) / 12)
        total += panned(additive(hz, 0.9, 4_000), position)
    vowel = filtered(
        total, ((100, -14), (400, -6), (700, 4), (1_150, 3), (1_700, -9), (2_700, -2), (3_400, -8), (5_000, -26))
    )
    return shaped_ends(vowel, 0.11, 0.3) * 0.075 * note.velocity


def synth_bass(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:  # noqa: ARG001
    """A saw whose filter closes, with a sine an octave below its growl."""
    t = seconds(length_s)
    hz = np.full(len(t), midi_hz(midi))
    closing = np.exp(-t / 0.09)
    growl = additive(hz, 0.9, 2_600) * closing + additive(hz, 1.1, 500) * (1 - closing)
    mono = np.tanh(1.5 * (0.5 * growl + 0.7 * np.sin(2 * np.pi * midi_hz(midi) * t)))
    return shaped_ends(panned(mono, 0.0), 0.002, 0.02) * 0.3 * note.velocity


def arp(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A short square pluck that wanders through the image."""
    t = seconds(min(length_s, 0.12) + 0.22)
    hz = np.full(len(t), midi_hz(midi))
    mono = (additive(hz, 1.0, 3_500, odd=True) * np.exp(-t / 0.05) + additive(hz, 1.3, 900) * np.exp(-t / 0.14)) * 0.5
    return shaped_ends(panned(mono, rng.uniform(-0.6, 0.6)), 0.0015, 0.1) * 0.28 * note.velocity


def lead_line(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A sung line before its amplifier: slides in from below, vibrato on what lasts; the same on both sides."""
    t = seconds(length_s + 0.05)
    vibrato = 0.28 * np.sin(2 * np.pi * 5.6 * t) * np.clip((t - 0.22) / 0.3, 0, 1)
    slide = -0.7 * np.exp(-t / 0.025)
    hz = 440.0 * 2 ** ((midi + vibrato + slide + rng.uniform(-0.03, 0.03) - 69) / 12)
    mono = additive(hz, 1.0, 3_800) * (0.75 + 0.25 * np.exp(-t / 0.3))
    return shaped_ends(panned(mono, 0.0), 0.006, 0.045) * note.velocity


def glide_lead(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A synthetic lead, two detuned squares."""
    t = seconds(length_s + 0.08)
    vibrato = 0.12 * np.sin(2 * np.pi * 5.2 * t) * np.clip((t - 0.2) / 0.25, 0, 1)
    total = np.zeros((len(t), 2))
    for position in (-0.35, 0.35):
        hz = 440.0 * 2 ** ((midi + vibrato + rng.uniform(-0.06, 0.06) - 69) / 12)
        total += panned(additive(hz, 1.05, 3_000, odd=position > 0), position)
    return shaped_ends(total, 0.008, 0.07) * 0.16 * note.velocity


def electric_piano(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A struck tine: two operators of frequency modulation, slow tremolo between the sides."""
    t = seconds(length_s + 0.6)
    hz = midi_hz(midi + rng.uniform(-0.015, 0.015))
    index = (0.9 + 0.9 * note.velocity) * np.exp(-t / 0.7)
    body = np.sin(2 * np.pi * hz * t + index * np.sin(2 * np.pi * hz * t))
    tine = 0.2 * np.sin(2 * np.pi * hz * 7.0 * t) * np.exp(-t / 0.12) if hz < 900 else np.zeros(len(t))
    mono = (body + tine) * np.exp(-t / (2.6 - 0.9 * min(1.0, hz / 700)))
    sway = 0.3 * np.sin(2 * np.pi * 1.9 * t)
    sound = np.stack([mono * (1 + sway), mono * (1 - sway)], axis=1)
    return shaped_ends(sound, 0.002, 0.55) * 0.16 * note.velocity


def bells(note: Note, midi: float, length_s: float, rng: np.random.Generator) -> Signal:
    """A small glassy bell, high above the mix."""
    t = seconds(length_s + 1.4)
    hz = midi_hz(midi)
    mono = sum(
        gain * np.sin(2 * np.pi * hz * ratio * t) * np.exp(-t / decay)
        for ratio, gain, decay in ((1.0, 1.0, 0.9), (2.76, 0.35, 0.4), (5.4, 0.12, 0.15))
    )
    return shaped_ends(panned(np.asarray(mono), rng.uniform(-0.5, 0.5)), 0.002, 0.6) * 0.12 * note.velocity


VOICES: dict[str, Voice] = {
    "pad": pad,
    "choir": choir,
    "synthbass": synth_bass,
    "arp": arp,
    "leadline": lead_line,
    "glide": glide_lead,
    "epiano": electric_piano,
    "bells": bells,
}


def played(voice: str, notes: Iterable[Note], beat_s: float, offset_s: float, count: int, seed: int) -> Signal:
    """A part on one of the voices, stereo."""
    rng = np.random.default_rng(seed)
    total = np.zeros((count, 2))
    for note in notes:
        for midi in note.midi:
            sound = VOICES[voice](note, midi, note.beats * beat_s, rng)
            add_at(total, frames(offset_s + note.beat * beat_s), sound)
    return total


def riser(beats_s: float, rng: np.random.Generator) -> Signal:
    """Noise and a tone that climb; ends at its loudest."""
    t = seconds(beats_s)
    share = t / beats_s
    low = smoothed_noise(len(t), 400, 1_800, rng) * (1 - share)
    high = smoothed_noise(len(t), 2_500, 9_000, rng) * share
    tone_hz = 180.0 * 2 ** (2.2 * share)
    tone = additive(tone_hz, 1.2, 2_500) * 0.5
    return shaped_ends(panned((low + high + tone) * share**2 * 0.16, 0.0), 0.02, 0.02)


def impact(rng: np.random.Generator) -> Signal:
    """The blow under a drop: a low sweep and a burst."""
    t = seconds(1.8)
    phase = 34 * t + 70 * 0.09 * (1 - np.exp(-t / 0.09))
    boom = np.sin(2 * np.pi * phase) * np.exp(-t / 0.5) * 0.48
    burst = filtered(smoothed_noise(len(t), 80, 3_000, rng) * np.exp(-t / 0.16), low_pass(2_500)) * 0.2
    return shaped_ends(panned(boom + burst, 0.0), 0.001, 0.4)


def effects(hits: Iterable[Hit], beat_s: float, offset_s: float, count: int, seed: int) -> Signal:
    """Risers (`riser:16` is one of sixteen beats that ends where it is written) and impacts."""
    rng = np.random.default_rng(seed)
    total = np.zeros((count, 2))
    for hit in hits:
        at = frames(offset_s + hit.beat * beat_s)
        if hit.piece.startswith("riser:"):
            sound = riser(float(hit.piece.partition(":")[2]) * beat_s, rng) * hit.velocity
            add_at(total, at - len(sound), sound)
        elif hit.piece == "impact":
            add_at(total, at, impact(rng) * hit.velocity)
    return total
