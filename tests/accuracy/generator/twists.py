"""What makes some songs harder than the rest: unusual forms, grooves by chance, poor recordings.

Meant to differ from what the other songs have in common, so that the analysis is not tuned to that.
"""

from dataclasses import dataclass, replace

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Seconds
from tests.accuracy.generator.band import Playing
from tests.accuracy.generator.canvas import Canvas, gain_of, noise_band, note_of
from tests.accuracy.generator.form import BASS, GUITAR, PAD, Section
from tests.accuracy.generator.master import compressed
from tests.accuracy.generator.styles import Groove, Style
from tests.accuracy.generator.truth import DropKind, Mono


@dataclass(frozen=True, slots=True)
class Twists:
    """What is unusual about one song."""

    has_odd_phrases: bool
    """Parts of five, six, seven or nine bars."""
    has_half_time_drops: bool
    """The drums fall into half time at a drop."""
    has_filters: bool
    """A DJ's filter: breaks are the whole band without its low end, crescendos open from dull to bright."""
    has_long_breaks: bool
    has_own_grooves: bool
    """Drums by chance, but for the snare on two and four."""
    is_brickwalled: bool
    """Everything about equally loud."""
    lead_in_s: Seconds
    """Crowd noise before the band begins."""
    crowd_db: float
    """Noise under everything; silent where it is −99."""
    low_hz: float
    """Of the recording's band."""
    high_hz: float
    bits: int

    @property
    def words(self) -> str:
        """For whoever looks into a failure."""
        flags = [name.split("_", 1)[1].replace("_", " ") for name in _CHANCES if getattr(self, name)]
        sound = f"{self.low_hz:.0f}–{self.high_hz:.0f} Hz, {self.bits} bits, crowd {self.crowd_db:.0f} dB"
        return ", ".join([*flags, sound])


_CHANCES = {
    "has_odd_phrases": 0.4,
    "has_half_time_drops": 0.35,
    "has_filters": 0.45,
    "has_long_breaks": 0.2,
    "has_own_grooves": 0.6,
    "is_brickwalled": 0.3,
}
NONE = Twists(False, False, False, False, False, False, 0.0, -99.0, 20.0, 20_000.0, 16)


def choose_twists(rng: np.random.Generator) -> Twists:
    """A few of them by chance."""
    flags = {name: bool(rng.random() < chance) for name, chance in _CHANCES.items()}
    return replace(
        NONE,
        **flags,
        lead_in_s=float(rng.uniform(3, 15)) if rng.random() < 0.3 else 0.0,
        crowd_db=float(rng.uniform(-38, -20)) if rng.random() < 0.3 else -99.0,
        low_hz=float(rng.choice([20.0, 90.0, 160.0], p=[0.7, 0.15, 0.15])),
        high_hz=float(rng.choice([20_000.0, 9000.0, 5000.0], p=[0.6, 0.2, 0.2])),
        bits=int(rng.choice([16, 8], p=[0.85, 0.15])),
    )


def twisted_form(form: tuple[Section, ...], twists: Twists, rng: np.random.Generator) -> tuple[Section, ...]:
    """The form with its unusual lengths and grooves."""
    parts = list(form)
    for place, part in enumerate(form):
        if twists.has_odd_phrases and part.bars >= 4 and not part.has_stops and rng.random() < 0.5:
            parts[place] = replace(parts[place], bars=part.bars + int(rng.choice([-1, 1, 2])))
        if twists.has_long_breaks and part.drop is DropKind.BREAK:
            parts[place] = replace(parts[place], bars=int(rng.choice([12, 16])))
        if twists.has_half_time_drops and place and form[place - 1].drop:
            parts[place] = replace(parts[place], groove="other")
        if twists.has_filters and part.drop is DropKind.BREAK and parts[place].groove == "none":
            levels = dict.fromkeys((*part.levels_db, "drums", BASS, GUITAR, PAD), -3.0)
            parts[place] = replace(parts[place], groove="calm", levels_db=levels, rise_db=0.0)
    return tuple(parts)


def own_grooves(playing: Playing, style: Style, rng: np.random.Generator) -> Playing:
    """Drums nobody has played before."""
    if style.meter != 4 or style.steps != 4:
        return playing
    snare = str(rng.choice(["s", "c"]))
    kicks = [_kick_line(rng) for _ in range(2)]
    calm: Groove = {"k": kicks[0], snare: "....9.......9...", str(rng.choice(list("hrg"))): _hat_line(rng)}
    full: Groove = {
        "k": kicks[1],
        snare: _ghosts("....9.......9...", rng),
        str(rng.choice(list("hor"))): _hat_line(rng),
    }
    return replace(playing, grooves={**playing.grooves, "calm": calm, "full": full})


def _kick_line(rng: np.random.Generator) -> str:
    chances = np.array([1.0, 0.05, 0.25, 0.3, 0.1, 0.1, 0.35, 0.25, 0.8, 0.15, 0.45, 0.2, 0.1, 0.1, 0.3, 0.2])
    return "".join("9" if hit else "." for hit in rng.random(16) < chances)


def _ghosts(line: str, rng: np.random.Generator) -> str:
    return "".join("2" if step == "." and rng.random() < 0.15 else step for step in line)


def _hat_line(rng: np.random.Generator) -> str:
    lines = (
        "7.5.7.5.7.5.7.5.",
        "7353735373537353",
        "..8...8...8...8.",
        "8...8...8...8...",
        "7..77..77..7..7.",
        "7.777.777.777.77",
    )
    return str(rng.choice(lines))


def filter_section(
    canvas: Canvas, section: Section, start_s: Seconds, end_s: Seconds, rng: np.random.Generator
) -> None:
    """The DJ's filter over a part that leads to a drop."""
    if section.drop is DropKind.BREAK and section.groove == "calm":
        canvas.filter(start_s, end_s, float(rng.uniform(300, 900)), 20_000.0, opens=False)
    elif section.drop is DropKind.CRESCENDO:
        canvas.filter(start_s, end_s, 20.0, float(rng.uniform(400, 1500)), opens=True)


def poor_recording(samples: Samples, twists: Twists, rng: np.random.Generator) -> Samples:
    """Crowd, narrow band, few bits, no dynamics."""
    samples = samples * np.float32(0.6 / (np.percentile(np.abs(samples[::7]), 99.9) + 1e-9))
    if twists.crowd_db > -90 or twists.lead_in_s:
        samples = samples + _crowd(len(samples), twists, rng)
    if twists.low_hz > 20 or twists.high_hz < 20_000:
        samples = _band_limited(samples, twists.low_hz, twists.high_hz)
    if twists.is_brickwalled:
        samples = np.tanh(3 * compressed(samples, 6.0)) * np.float32(0.98)
    steps = np.float32(1 << (twists.bits - 1))
    return (np.round(samples * steps) / steps).astype(np.float32)


def _crowd(frames: int, twists: Twists, rng: np.random.Generator) -> Samples:
    level = np.full(frames // 441 + 1, gain_of(twists.crowd_db), np.float32)
    if twists.lead_in_s:
        before = np.arange(len(level)) / 100 < twists.lead_in_s + 0.5
        level[before] = np.maximum(level[before], gain_of(-26))
    envelope: Mono = np.repeat(level, 441)[:frames]
    sides = [note_of(noise_band(200, 4000, rng, slope=2, length_s=23), envelope) for _ in range(2)]
    return np.stack(sides, axis=1)


def _band_limited(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    size = 1 << (len(samples) - 1).bit_length()
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    response = 1 / np.sqrt((1 + (low_hz / np.maximum(frequencies, 1)) ** 6) * (1 + (frequencies / high_hz) ** 12))
    spectrum = np.fft.rfft(samples, size, axis=0) * response[:, None].astype(np.float32)
    result: Samples = np.fft.irfft(spectrum, size, axis=0)[: len(samples)].astype(np.float32)
    return result
