"""A sheet and its mixing desk become a stereo mix."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from .drums import struck_kit
from .dsp import RATE, Curve, Signal, filtered, frames, gain_of, panned, saturated
from .master import compressed, mastered
from .score import BEATS_PER_BAR, Note, Sheet
from .space import chorus, ping_pong, reverb
from .strings import (
    BASS,
    BASS_MUTED,
    CLEAN,
    CLEAN_MUTED,
    MUTED,
    OPEN,
    Player,
    bass_amp,
    clean_amp,
    driven,
    gate,
    performed,
)
from .tones import effects, played

FIRST_BEAT_S = 0.25
"""Time of beat 0 in each file."""
TARGET_LUFS = -14.0
CEILING_DB = -2.2
"""Leaves about a decibel for what the codec adds."""

HEAVY = Player(OPEN, MUTED, late_s=0.005)
ROUNDED = Player(CLEAN, CLEAN_MUTED, late_s=0.006, strum_s=0.009, release_s=0.12)
FINGERS = Player(BASS, BASS_MUTED, late_s=0.003, release_s=0.04, detune_cents=0.0)


@dataclass(frozen=True)
class Strip:
    """One channel of the desk."""

    instrument: str
    """`heavy`, `clean`, `bass`, `leadguitar`, or a voice of `tones`."""
    gain_db: float = 0.0
    room: float = 0.1
    echo: float = 0.0
    drive: float = 9.0
    width: float = 0.85
    duck: float = 0.0
    """How far the kick pushes this channel down, 0..1."""
    curve: Curve | None = None


@dataclass(frozen=True)
class Desk:
    """How a song is mixed."""

    strips: Mapping[str, Strip]
    drums_db: float = 0.0
    drums_room: float = 0.10
    drums_drive: float = 1.0
    kit_db: Mapping[str, float] | None = None
    decay_s: float = 1.4
    echo_beats: float = 0.75
    room_db: float = -7.0
    glue_db: float = -20.0
    tail_s: float = 3.0
    tone: Curve = ((20, 0), (20_000, 0))


@dataclass(frozen=True)
class Grid:
    """What a part needs to know of the song's clock."""

    beat_s: float
    count: int
    seed: int


def grid_of(sheet: Sheet, desk: Desk) -> Grid:
    """The song's clock and length."""
    beat_s = 60.0 / sheet.about.bpm
    length_s = FIRST_BEAT_S + sheet.bars * BEATS_PER_BAR * beat_s + desk.tail_s
    return Grid(beat_s, frames(length_s), sheet.about.seed)


def _line(notes: list[Note], grid: Grid, player: Player, take: int) -> Signal:
    return performed(notes, grid.beat_s, FIRST_BEAT_S, grid.count, player, grid.seed + take)


def _heavy(notes: list[Note], strip: Strip, grid: Grid) -> Signal:
    """The same riff played twice, once on each side."""
    opened = gate(notes, grid.beat_s, FIRST_BEAT_S, grid.count)
    total = np.zeros((grid.count, 2))
    for take, side in enumerate((-strip.width, strip.width)):
        line = _line(notes, grid, HEAVY, take)
        total += panned(driven(line, strip.drive * (1.0 if take else 1.12)) * opened, side)
    return total


def _clean(notes: list[Note], _strip: Strip, grid: Grid) -> Signal:
    return chorus(clean_amp(_line(notes, grid, ROUNDED, 5))) * 1.6


def _bass(notes: list[Note], strip: Strip, grid: Grid) -> Signal:
    line = bass_amp(_line(notes, grid, FINGERS, 7), strip.drive)
    return compressed(panned(line, 0.0), -20.0, 4.0) * 2.2


def _lead_guitar(notes: list[Note], strip: Strip, grid: Grid) -> Signal:
    line = played("leadline", notes, grid.beat_s, FIRST_BEAT_S, grid.count, grid.seed + 11)[:, 0]
    return chorus(driven(line, strip.drive)) * 0.8


_GUITARS = {"heavy": _heavy, "clean": _clean, "bass": _bass, "leadguitar": _lead_guitar}


def _part(name: str, notes: list[Note], strip: Strip, grid: Grid) -> Signal:
    if strip.instrument in _GUITARS:
        sound = _GUITARS[strip.instrument](notes, strip, grid)
    else:
        seed = grid.seed + crc32(name.encode()) % 1000
        sound = played(strip.instrument, notes, grid.beat_s, FIRST_BEAT_S, grid.count, seed)
    return filtered(sound, strip.curve) if strip.curve else sound


def _ducking(sheet: Sheet, grid: Grid) -> Signal:
    """1 where each kick falls, back to 0 within a fifth of a second."""
    pushed = np.zeros(grid.count)
    shape = np.exp(-np.arange(frames(0.3)) / (0.09 * RATE))
    for hit in sheet.hits:
        if hit.piece == "kick" and hit.velocity > 0.6:
            start = frames(FIRST_BEAT_S + hit.beat * grid.beat_s)
            stretch = pushed[start : start + len(shape)]
            np.maximum(stretch, shape[: len(stretch)], out=stretch)
    return pushed


def _drums(sheet: Sheet, desk: Desk, grid: Grid) -> tuple[Signal, Signal]:
    """The kit, glued and driven, and its send to the room (without the kick)."""
    tracks = struck_kit(sheet.hits, grid.beat_s, FIRST_BEAT_S, grid.count, grid.seed + 3)
    levels = desk.kit_db or {}
    dry = np.zeros((grid.count, 2))
    send = np.zeros((grid.count, 2))
    for piece, track in tracks.items():
        level = gain_of(levels.get(piece, 0.0))
        dry += track * level
        if piece not in {"kick", "softkick"}:
            send += track * level * (1.0 if piece in {"snare", "clap", "rim", "tom1", "tom2", "tom3"} else 0.35)
    dry = compressed(dry, -16.0, 3.0, attack_s=0.02, release_s=0.12)
    driven_kit = (
        np.stack([saturated(dry[:, side], desk.drums_drive) for side in (0, 1)], axis=1) / desk.drums_drive**0.7
    )
    return driven_kit * gain_of(desk.drums_db), send * gain_of(desk.drums_db) * desk.drums_room


def _ringing_out(sheet: Sheet, desk: Desk, grid: Grid) -> dict[str, list[Note]]:
    """The parts, with what sounds at the end of the last bar held into the tail."""
    end = sheet.bars * BEATS_PER_BAR
    extra = desk.tail_s / grid.beat_s
    return {
        part: [
            replace(note, beats=note.beats + extra) if note.beat + note.beats > end - 0.3 else note for note in notes
        ]
        for part, notes in sheet.notes.items()
    }


def stems(sheet: Sheet, desk: Desk) -> dict[str, Signal]:
    """Every channel after its fader, and the returns of room and echo."""
    grid = grid_of(sheet, desk)
    pushed = _ducking(sheet, grid)
    dry, room = _drums(sheet, desk, grid)
    channels = {"drums": dry}
    echo = np.zeros((grid.count, 2))
    for name, notes in _ringing_out(sheet, desk, grid).items():
        strip = desk.strips[name]
        sound = _part(name, notes, strip, grid) * gain_of(strip.gain_db)
        if strip.duck:
            sound *= 1 - strip.duck * pushed[:, None]
        channels[name] = sound
        room += sound * strip.room
        echo += sound * strip.echo
    channels["effects"] = effects(sheet.hits, grid.beat_s, FIRST_BEAT_S, grid.count, grid.seed + 17)
    channels["echo"] = ping_pong(echo, desk.echo_beats * grid.beat_s, 0.5)
    channels["room"] = reverb(room + channels["echo"] * 0.3 + channels["effects"] * 0.15, desk.decay_s) * gain_of(
        desk.room_db
    )
    return channels


def _ridden(mix: Signal, sheet: Sheet, grid: Grid) -> Signal:
    """The mix after the main fader; tails die quickly where the song stops, so the drop finds silence before it."""
    at_s = np.arange(len(mix)) / RATE
    bar_s = BEATS_PER_BAR * grid.beat_s
    gain_db = np.zeros(len(mix))
    if sheet.levels:
        bars, levels_db = zip(*sheet.levels, strict=True)
        gain_db += np.interp(at_s, FIRST_BEAT_S + np.array(bars) * bar_s, levels_db)
    for start, end in sheet.lulls:
        from_s, to_s = (FIRST_BEAT_S + beat * grid.beat_s for beat in (start, end))
        gain_db += np.interp(at_s, (from_s, from_s + 0.06, to_s - 0.002, to_s - 0.001), (0, -18, -36, 0))
    return mix * (10 ** (gain_db / 20))[:, None]


def rendered(sheet: Sheet, desk: Desk) -> Signal:
    """The finished song, stereo, mastered."""
    grid = grid_of(sheet, desk)
    mix = _ridden(sum(stems(sheet, desk).values(), np.zeros((grid.count, 2))), sheet, grid)
    fade = frames(desk.tail_s * 0.7)
    mix[-fade:] *= (np.cos(np.linspace(0, np.pi / 2, fade)) ** 2)[:, None]
    return mastered(filtered(mix, desk.tone), TARGET_LUFS, CEILING_DB, desk.glue_db)
