"""Pitched instruments, different for each track: every note is made once and put down many times."""

from functools import lru_cache

import numpy as np

from nbd_tui.model.units import RATE, Seconds
from tests.accuracy.generator.canvas import envelope_of, loop_of, note_of, shaped
from tests.accuracy.generator.truth import Mono

_MINOR = (0, 2, 3, 5, 7, 8, 10)


def hertz_of(note: float) -> float:
    """Pitch of a MIDI note."""
    return float(440 * 2 ** ((note - 69) / 12))


def harmonic_loop(
    pitches_hz: tuple[float, ...], tilt: float, top_hz: float, rng: np.random.Generator, length_s: int = 1
) -> Mono:
    """Harmonics of all pitches, falling with frequency to the power of `-tilt`; pitches fit the length of the loop."""
    spectrum = np.zeros(length_s * RATE // 2, np.float32)
    for pitch_hz in pitches_hz:
        harmonics = np.arange(1, int(top_hz / pitch_hz) + 1)
        places = harmonics * round(pitch_hz * length_s)
        spectrum[places] += harmonics.astype(np.float32) ** -tilt
    return loop_of(spectrum, rng, length_s)


class Instruments:
    """The instruments of one track. Sounds have RMS near 1 while held."""

    def __init__(self, rng: np.random.Generator, pad_loop_s: int = 7) -> None:
        self._pad_loop_s = pad_loop_s
        self._rng = rng
        self._key = int(rng.integers(36, 44))
        self._drive = float(rng.uniform(1.5, 6))
        self._bass_tilt = float(rng.uniform(0.9, 2.0))
        self._pad_tilt = float(rng.uniform(0.8, 1.8))
        self._lead_tilt = float(rng.uniform(0.6, 1.4))
        self._formants = rng.uniform((500, 1000, 2300), (800, 1800, 3000))
        self.progression = tuple(int(step) for step in rng.choice([0, 0, 3, 5, 7, 8, 10], 4))
        self.bass = lru_cache(200)(self._bass)
        self.guitar = lru_cache(200)(self._guitar)
        self.pad = lru_cache(200)(self._pad)
        self.lead = lru_cache(200)(self._lead)
        self.voice = lru_cache(200)(self._voice)
        self._chug_loop = lru_cache(20)(self._distorted)
        self._bass_loop = lru_cache(20)(self._bass_tone)
        self.pad_loop = lru_cache(20)(self._pad_tone)
        self._lead_loop = lru_cache(40)(self._lead_tone)
        self._voice_loop = lru_cache(40)(self._voice_tone)

    def root(self, bar: int) -> int:
        """MIDI note of the bar's chord, in the bass."""
        return self._key + self.progression[bar % 4] - (12 if self.progression[bar % 4] > 7 else 0)

    def scale(self, degree: int) -> int:
        """MIDI note of a degree of the key, two octaves above the bass."""
        return self._key + 24 + _MINOR[degree % 7] + 12 * (degree // 7)

    def _bass_tone(self, note: int) -> Mono:
        return harmonic_loop((hertz_of(note),), self._bass_tilt, 3000, self._rng)

    def _bass(self, note: int, duration_s: Seconds) -> Mono:
        return note_of(self._bass_loop(note), envelope_of(duration_s, 0.004, 1.2, 0.02))

    def _distorted(self, note: int, side: int) -> Mono:
        root = hertz_of(note)
        clean = harmonic_loop((root, root * 1.498, root * 2), 1.0, 6000, self._rng)
        return shaped(np.tanh(np.float32(self._drive) * clean), 90, 5000, 6)

    def _guitar(self, note: int, duration_s: Seconds, side: int, is_muted: bool) -> Mono:
        loop = self._chug_loop(note, side)
        if is_muted:
            return note_of(loop, envelope_of(duration_s, 0.002, 0.05, 0.01))
        return note_of(loop, envelope_of(duration_s, 0.004, 4.0, 0.03))

    def _pad_tone(self, note: int, side: int) -> Mono:
        """Three voices to each note of a minor chord, out of tune: in tune they would beat together, like a drummer."""
        pitches = note + 12 + np.repeat([0, 3, 7, 12], 3) + self._rng.normal(0, 0.06, 12)
        chord = tuple(hertz_of(float(pitch)) for pitch in pitches)
        return harmonic_loop(chord, self._pad_tilt, 7000, self._rng, self._pad_loop_s)

    def _pad(self, note: int, duration_s: Seconds, side: int) -> Mono:
        return note_of(self.pad_loop(note, side), envelope_of(duration_s, 0.15, np.inf, 0.15))

    def _lead_tone(self, note: int) -> Mono:
        return harmonic_loop((hertz_of(note),), self._lead_tilt, 9000, self._rng)

    def _lead(self, note: int, duration_s: Seconds) -> Mono:
        return note_of(self._lead_loop(note), envelope_of(duration_s, 0.008, 0.6, 0.03))

    def _voice_tone(self, note: int) -> Mono:
        time = np.arange(RATE) / RATE
        pitch_hz = round(hertz_of(note))
        phase = pitch_hz * time + 0.012 * pitch_hz / 5 * np.sin(2 * np.pi * 5 * time)
        harmonics = np.arange(1, 41)
        places = harmonics[:, None] * pitch_hz
        formants = np.exp(-np.square((places - self._formants) / 180)).sum(axis=1) + 0.15 / harmonics
        table = formants @ np.sin(2 * np.pi * np.outer(harmonics, np.arange(1024) / 1024) + 1.0 * harmonics[:, None])
        loop: Mono = table[np.floor(phase * 1024).astype(int) % 1024].astype(np.float32)
        return loop / np.float32(np.sqrt(np.square(loop).mean()))

    def _voice(self, note: int, duration_s: Seconds) -> Mono:
        return note_of(self._voice_loop(note), envelope_of(duration_s, 0.04, np.inf, 0.06))
