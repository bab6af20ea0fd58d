"""Plays a form: puts drums and instruments on the canvas, section by section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nbd_tui.model.units import Decibels, Seconds
from tests.accuracy.generator.canvas import Canvas, envelope_of, gain_of, noise_band, note_of
from tests.accuracy.generator.clock import BeatClock
from tests.accuracy.generator.drums import Kit
from tests.accuracy.generator.form import BASS, DRUMS, GUITAR, LEAD, PAD, VOICE, Section
from tests.accuracy.generator.styles import Groove, Style
from tests.accuracy.generator.tones import Instruments

_BASE_GAIN = {BASS: 0.11, GUITAR: 0.075, PAD: 0.05, LEAD: 0.05, VOICE: 0.07}
"""Held instruments have RMS 1, drums peak 1: this mixes them."""
_VOICE_GAIN = {"k": 0.9, "s": 0.7, "c": 0.5, "h": 0.16, "o": 0.2, "r": 0.18, "x": 0.35, "t": 0.6, "u": 0.6, "g": 0.12}
_PANS = {"h": 0.3, "o": 0.3, "r": -0.4, "x": -0.2, "t": 0.3, "u": -0.3, "g": -0.5}


@dataclass(frozen=True, slots=True)
class Playing:
    """How this band plays its style."""

    style: Style
    grooves: dict[str, Groove]
    guitar: str
    bass: str
    swing: float
    jitter_s: Seconds
    """Standard deviation of each hit around where it belongs; none on the first beat of a section."""


def choose_playing(style: Style, rng: np.random.Generator, jitter_s: Seconds) -> Playing:
    """What a band of this style plays in one song."""

    def one(grooves: Sequence[Groove]) -> Groove:
        return grooves[int(rng.integers(len(grooves)))]

    grooves = {"calm": one(style.calm), "full": one(style.full), "other": one(style.other or style.calm)}
    swing = float(rng.uniform(*style.swing))
    return Playing(style, grooves, str(rng.choice(style.guitars)), str(rng.choice(style.basses)), swing, jitter_s)


class Band:
    """Plays on a canvas by a clock."""

    def __init__(self, canvas: Canvas, clock: BeatClock, playing: Playing, kit: Kit, rng: np.random.Generator) -> None:
        self._canvas = canvas
        self._clock = clock
        self._playing = playing
        self._style = playing.style
        self._kit = kit
        self._rng = rng
        self._instruments = Instruments(rng)
        self._now = Section(0, "none", {}), 0
        self._noise = noise_band(800, 12_000, rng, slope=2, length_s=11)
        self._mix = {player: gain * gain_of(float(rng.uniform(-3, 3))) for player, gain in _BASE_GAIN.items()}

    def play(self, section: Section, first_beat: int) -> None:
        """Plays a section that begins at `first_beat`."""
        self._now = section, first_beat
        for bar in range(section.bars):
            self._play_bar(section, bar, first_beat + bar * self._style.meter)
        if section.has_riser:
            self._riser(section, first_beat)
        if section.groove == "full" or (section.groove != "none" and self._rng.random() < 0.3):
            self._hit("x", first_beat, section.levels_db.get(DRUMS, -99.0), is_tight=True)

    def cut(self, section: Section, first_beat: int) -> None:
        """Makes the gap at the end of a section and its stops, once everything is played."""
        self._now = replace(section, rise_db=0.0), first_beat
        meter = self._style.meter
        end = first_beat + section.bars * meter
        if section.gap_beats:
            self._silence(end - section.gap_beats, end)
        if section.has_stops:
            stop = float(self._rng.choice([0.5, 1, 2]))
            for bar in range(1, section.bars - 1, 2):
                bar_end = first_beat + (bar + 1) * meter
                self._silence(bar_end - min(stop, meter - 1), bar_end)
        if section.stops_once_beats:
            middle = first_beat + section.bars // 2 * meter
            self._silence(middle - section.stops_once_beats, middle)
        if section.has_pickup and section.gap_beats >= 1:
            self._pickup(end, section.gap_beats)

    def _silence(self, start: float, end: float) -> None:
        depth_db = float(self._rng.choice([-80, -40, -28]))
        self._canvas.fade_out(
            self._clock.at(start), self._clock.at(end), depth_db, float(self._rng.uniform(0.005, 0.06))
        )

    def _pickup(self, end: float, gap_beats: float) -> None:
        """Fills at most the second half of the gap."""
        hits = int(self._rng.integers(1, max(1, int(gap_beats)) + 1))
        voice = str(self._rng.choice(["s", "t", "h", "v"]))
        for hit in range(hits):
            at = end - (hit + 1) / 2 if voice != "v" else end - gap_beats / 2
            if voice == "v":
                note = self._instruments.voice(self._instruments.scale(4), self._length_s(at, end - 0.1))
                self._canvas.add(note, self._clock.at(at), self._mix[VOICE])
                return
            self._hit(voice, at, float(self._rng.uniform(-9, -3)), is_tight=True)

    def _play_bar(self, section: Section, bar: int, beat: int) -> None:
        levels = section.levels_db
        if DRUMS in levels:
            self._drum_bar(section, bar, beat, levels[DRUMS])
        if BASS in levels:
            self._bass_bar(section, bar, beat, levels[BASS])
        if GUITAR in levels:
            self._guitar_bar(section, bar, beat, levels[GUITAR])
        if PAD in levels:
            self._pad_bar(section, bar, beat, levels[PAD])
        for player in (LEAD, VOICE):
            if player in levels:
                self._melody_bar(player, beat, levels[player])

    def _climb(self, beat: float) -> Decibels:
        """What a beat of a rising section is below its end."""
        section, first_beat = self._now
        return section.rise_db * min(0.0, (beat - first_beat) / (section.bars * self._style.meter) - 1)

    # drums

    def _time(self, beat: float, *, is_tight: bool) -> Seconds:
        jitter_s = 0.0 if is_tight else float(self._rng.normal(0, 1)) * self._playing.jitter_s
        return self._clock.at(beat) + jitter_s

    def _length_s(self, start: float, end: float) -> Seconds:
        """Rounded, so that a note is made once for many places."""
        return max(0.03, round((self._clock.at(end) - self._clock.at(start)) / 0.02) * 0.02)

    def _hit(self, voice: str, beat: float, level_db: Decibels, *, is_tight: bool) -> None:
        gain = _VOICE_GAIN[voice] * 0.5 * gain_of(level_db + self._climb(beat) + float(self._rng.normal(0, 1)))
        self._canvas.add(self._kit[voice], self._time(beat, is_tight=is_tight), gain, _PANS.get(voice, 0.0))

    def _drum_bar(self, section: Section, bar: int, beat: int, level_db: Decibels) -> None:
        meter, steps = self._style.meter, self._style.steps
        if section.groove == "roll":
            self._roll_bar(section, bar, beat, level_db)
            return
        is_last = bar == section.bars - 1
        fill_from = (
            meter * steps - steps * int(self._rng.integers(1, min(meter, 4) + 1))
            if is_last and section.has_fill
            else 999
        )
        groove = self._playing.grooves.get(section.groove, self._playing.grooves["calm"])
        if section.groove != "none":
            self._groove_bar(groove, beat, level_db, fill_from, is_first=bar == 0)
        if fill_from < 999:
            self._fill(beat, fill_from, level_db)

    def _groove_bar(self, groove: Groove, beat: int, level_db: Decibels, until: int, *, is_first: bool) -> None:
        steps = self._style.steps
        for voice, line in groove.items():
            for step, velocity in enumerate(line[:until]):
                if velocity == "." or (velocity < "6" and self._rng.random() < 0.1):
                    continue
                late = self._playing.swing if step % 2 else 0.0
                strength_db = 20 * np.log10(int(velocity) / 9)
                self._hit(voice, beat + (step + late) / steps, level_db + strength_db, is_tight=is_first and step == 0)

    def _fill(self, beat: int, first_step: int, level_db: Decibels) -> None:
        steps = self._style.steps
        voices = self._rng.choice(["s", "t", "u"], 1 + int(self._rng.integers(3)))
        last = self._style.meter * steps
        for step in range(first_step, last):
            if self._rng.random() < 0.8:
                place = int((step - first_step) / (last - first_step) * len(voices))
                self._hit(
                    str(voices[place]), beat + step / steps, level_db - float(self._rng.uniform(0, 5)), is_tight=False
                )

    def _roll_bar(self, section: Section, bar: int, beat: int, level_db: Decibels) -> None:
        density = (1, 1, 2, 2, 4, 4, 8, 8)[int(bar / section.bars * 8)]
        for step in range(self._style.meter * density):
            progress = (bar + step / (self._style.meter * density)) / section.bars
            self._hit("s", beat + step / density, level_db - 8 + 6 * progress, is_tight=False)

    # pitched

    def _put(
        self,
        sound: np.ndarray,
        beat: float,
        player: str,
        level_db: Decibels,
        pan: float = 0.0,
        *,
        is_tight: bool = False,
    ) -> None:
        gain = self._mix[player] * gain_of(level_db + self._climb(beat))
        self._canvas.add(sound, self._time(beat, is_tight=is_tight or pan != 0), gain, pan)

    def _rhythm(self, mode: str, groove: Groove) -> list[float]:
        """Beats of a bar on which notes start."""
        meter, steps = self._style.meter, self._style.steps
        half = 1 / 3 if steps == 3 else 1 / 2
        if mode == "kick":
            line = groove.get("k", "9")
            return [step / steps for step, velocity in enumerate(line) if velocity != "."]
        grids: dict[str, list[float]] = {
            "eighths": [
                beat + part for beat in range(meter) for part in ((0, 1 / 3, 2 / 3) if steps == 3 else (0, 0.5))
            ],
            "sixteenths": [step / 4 for step in range(meter * 4)],
            "quarters": [float(beat) for beat in range(meter)],
            "off": [beat + half for beat in range(meter)],
            "gallop": [beat + part for beat in range(meter) for part in (0, 0.5, 0.75)],
            "stabs": [0.0, *(beat + half for beat in range(1, meter))],
        }
        grids["palm"] = grids["eighths"]
        grids["tremolo"] = grids["sixteenths"]
        return grids.get(mode, [0.0])

    def _bass_bar(self, section: Section, bar: int, beat: int, level_db: Decibels) -> None:
        groove = self._playing.grooves.get(section.groove, self._playing.grooves["calm"])
        mode = self._playing.guitar if self._playing.bass == "guitar" else self._playing.bass
        starts = self._rhythm(mode, groove)
        note = self._instruments.root(bar)
        for start, end in zip(starts, [*starts[1:], float(self._style.meter)], strict=True):
            sound = self._instruments.bass(note, self._length_s(beat + start, beat + end))
            self._put(sound, beat + start, BASS, level_db, is_tight=bar == 0 and start == 0)

    def _guitar_bar(self, section: Section, bar: int, beat: int, level_db: Decibels) -> None:
        mode = self._playing.guitar
        if mode == "none":
            return
        is_muted = mode in {"palm", "gallop"} and section.groove != "full"
        starts = self._rhythm(mode, self._playing.grooves["calm"])
        note = self._instruments.root(bar) + 12
        for start, end in zip(starts, [*starts[1:], float(self._style.meter)], strict=True):
            length_s = min(self._length_s(beat + start, beat + end), 0.2 if mode == "stabs" else 99.0)
            for side, pan in ((0, -0.7), (1, 0.7)):
                sound = self._instruments.guitar(note, length_s, side, is_muted)
                self._put(sound, beat + start, GUITAR, level_db + (4 if is_muted else 0), pan)

    def _pad_bar(self, section: Section, bar: int, beat: int, level_db: Decibels) -> None:
        """A chord for the bar; one for each beat where it has to rise."""
        meter = self._style.meter
        length = 1 if section.rise_db else meter
        length_s = self._length_s(beat, beat + length) + 0.12
        for start in range(0, meter, length):
            for side, pan in ((0, -0.6), (1, 0.6)):
                sound = self._instruments.pad(self._instruments.root(bar), length_s, side)
                self._put(sound, beat + start, PAD, level_db, pan)

    def _melody_bar(self, player: str, beat: int, level_db: Decibels) -> None:
        steps = self._style.steps
        start = float(self._rng.integers(0, 2)) / 2
        while start < self._style.meter - 0.2:
            length = float(self._rng.choice([1, 2, 2, 3, 4])) * (2 if steps == 4 else 1) / steps
            if self._rng.random() < 0.75:
                length_s = self._length_s(0, min(length, self._style.meter - start))
                make = self._instruments.lead if player == LEAD else self._instruments.voice
                late = float(self._rng.normal(0, 0.03)) if player == VOICE else 0.0
                self._put(make(self._instruments.scale(int(self._rng.integers(0, 9))), length_s), beat + start + late,
                          player, level_db)  # fmt: skip
            start += length

    def _riser(self, section: Section, first_beat: int) -> None:
        end = first_beat + section.bars * self._style.meter - section.gap_beats
        start_s, end_s = self._clock.at(first_beat), self._clock.at(end)
        envelope = envelope_of(end_s - start_s, 0.01, np.inf, 0.02)
        envelope *= np.geomspace(0.03, 1.0, len(envelope)).astype(np.float32)
        level = gain_of(float(self._rng.uniform(-4, 3)) + max(section.levels_db.values()))
        self._canvas.add(note_of(self._noise, envelope), start_s, 0.08 * level)
