"""Where sounds are put down: stereo samples, and the loops and envelopes they are made of."""

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Decibels, Seconds
from tests.accuracy.generator.truth import Mono


def gain_of(level_db: Decibels) -> float:
    """Factor for a level in decibels."""
    return float(10 ** (level_db / 20))


class Canvas:
    """Stereo samples to add sounds to. What lies outside is cut off."""

    def __init__(self, duration_s: Seconds) -> None:
        self.samples: Samples = np.zeros((round(duration_s * RATE), 2), np.float32)

    def add(self, sound: Mono, at_s: Seconds, gain: float, pan: float = 0.0) -> None:
        """Adds a sound; `pan` is −1 (left) to 1 (right)."""
        start = round(at_s * RATE)
        sound = sound[max(0, -start) :]
        start = max(0, start)
        target = self.samples[start : start + len(sound)]
        piece = sound[: len(target)]
        target[:, 0] += piece * np.float32(gain * min(1.0, 1 - pan))
        target[:, 1] += piece * np.float32(gain * min(1.0, 1 + pan))

    def fade_out(self, start_s: Seconds, end_s: Seconds, level_db: Decibels, ramp_s: Seconds = 0.02) -> None:
        """Turns everything down between two moments; back at full level exactly at `end_s`."""
        first, last = max(0, round(start_s * RATE)), max(0, round(end_s * RATE))
        span = self.samples[first:last]
        ramp = min(len(span), max(1, round(ramp_s * RATE)))
        envelope = np.full(len(span), gain_of(level_db), np.float32)
        envelope[:ramp] = np.geomspace(1.0, gain_of(level_db), ramp)
        span *= envelope[:, None]

    def filter(self, start_s: Seconds, end_s: Seconds, low_hz: float, high_hz: float, *, opens: bool) -> None:
        """Keeps a band of frequencies between two moments; `opens`: less and less filtered."""
        span = self.samples[max(0, round(start_s * RATE)) : round(end_s * RATE)]
        size = 1 << max(0, len(span) - 1).bit_length()
        frequencies = np.fft.rfftfreq(size, 1 / RATE)
        response = 1 / np.sqrt((1 + (low_hz / np.maximum(frequencies, 1)) ** 4) * (1 + (frequencies / high_hz) ** 4))
        dull = np.fft.irfft(np.fft.rfft(span, size, axis=0) * response[:, None], size, axis=0)[: len(span)]
        part = np.linspace(0, 1, len(span))[:, None] ** 2 if opens else 0.0
        span[:] = part * span + (1 - part) * dull

    def rise_db(self, at_s: Seconds, span_s: Seconds) -> Decibels:
        """How much louder the `span_s` after a moment are than those before it."""
        middle, length = round(at_s * RATE), round(span_s * RATE)
        before, after = self.samples[max(0, middle - length) : middle], self.samples[middle : middle + length]
        powers = [float(np.mean(np.square(part))) if len(part) else 0.0 for part in (before, after)]
        return float(10 * np.log10((powers[1] + 1e-12) / (powers[0] + 1e-12)))


def loop_of(spectrum: Mono, rng: np.random.Generator, length_s: int = 1) -> Mono:
    """A sound that repeats without a seam, RMS 1: `spectrum[i]` is the amplitude at i / length_s Hz, phases by chance.

    A loop of several pitches or of noise has a rhythm of its own, once per `length_s`: make it longer than its notes.
    """
    frames = length_s * RATE
    bins = np.zeros(frames // 2 + 1, np.complex64)
    length = min(len(spectrum), len(bins))
    bins[:length] = spectrum[:length] * np.exp(2j * np.pi * rng.random(length))
    bins[0] = 0
    loop: Mono = np.fft.irfft(bins, frames).astype(np.float32)
    return loop / np.float32(np.sqrt(np.mean(np.square(loop))) + 1e-9)


def shaped(loop: Mono, low_hz: float, high_hz: float, slope: float = 4.0) -> Mono:
    """A loop through a band-pass of soft edges."""
    frequencies = np.arange(RATE // 2 + 1) + 1.0
    response = 1 / np.sqrt((1 + (low_hz / frequencies) ** slope) * (1 + (frequencies / high_hz) ** slope))
    result: Mono = np.fft.irfft(np.fft.rfft(loop) * response, RATE).astype(np.float32)
    return result


def noise_band(
    low_hz: float, high_hz: float, rng: np.random.Generator, *, slope: float = 4.0, length_s: int = 1
) -> Mono:
    """Noise between two frequencies that repeats after `length_s`, RMS 1."""
    frequencies = np.arange(1, length_s * RATE // 2 + 1, dtype=np.float32) / length_s
    shape = 1 / np.sqrt((1 + (low_hz / frequencies) ** slope) * (1 + (frequencies / high_hz) ** slope))
    return loop_of(np.concatenate(([0], shape)).astype(np.float32), rng, length_s)


def time_s(duration_s: Seconds) -> Mono:
    """Seconds from the start of a sound, one value per sample."""
    return np.arange(max(1, round(duration_s * RATE)), dtype=np.float32) / np.float32(RATE)


def envelope_of(duration_s: Seconds, attack_s: Seconds, decay_s: Seconds, release_s: Seconds) -> Mono:
    """Attack, exponential decay (infinite = none), linear release at the end."""
    time = time_s(duration_s)
    envelope: Mono = np.minimum(time / max(attack_s, 1e-4), 1.0)
    if np.isfinite(decay_s):
        envelope *= np.exp(-time / np.float32(decay_s))
    envelope *= np.minimum((time[-1] - time) / max(release_s, 1e-4), 1.0)
    return envelope


def note_of(loop: Mono, envelope: Mono, start: int = 0) -> Mono:
    """A note from a loop, as long as its envelope."""
    repeats = -(-(len(envelope) + start) // len(loop))
    note: Mono = np.tile(loop, repeats)[start : start + len(envelope)] * envelope
    return note
