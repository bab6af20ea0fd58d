"""How a song is laid out: its sections, and what leads to each drop."""

from dataclasses import dataclass

import numpy as np

from nbd_tui.model.units import Decibels, Seconds
from tests.accuracy.generator.truth import DropKind

DRUMS, BASS, GUITAR, PAD, LEAD, VOICE = "drums", "bass", "guitar", "pad", "lead", "voice"
SHORTEST_GAP_S = 0.2
"""A shorter one is an articulation."""
BAND = (DRUMS, BASS, GUITAR, PAD, LEAD, VOICE)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a song."""

    bars: int
    groove: str
    """`calm`, `full`, `other`, `roll` (a snare roll that grows denser) or `none`."""
    levels_db: dict[str, Decibels]
    """Of each player; who is missing is silent."""
    rise_db: Decibels = 0.0
    """How much louder it ends than it begins."""
    has_riser: bool = False
    """Noise that climbs."""
    has_fill: bool = False
    """Drums in the last bar lead over to the next section."""
    gap_beats: float = 0.0
    """Nearly silent at its end."""
    has_pickup: bool = False
    """A few hits or a voice within the gap."""
    has_stops: bool = False
    """A stop-start groove: every other bar breaks off."""
    drop: DropKind | None = None
    """The section *after* this one begins with such a drop."""
    stops_once_beats: float = 0.0
    """The band stops for so long in the middle."""

    @property
    def has_build(self) -> bool:
        """Whether something rises through it."""
        return self.has_riser or self.rise_db >= 6 or self.groove == "roll"

    @property
    def words(self) -> str:
        """What it is, for whoever looks into a failure."""
        traits = {
            f"rises {self.rise_db:.0f} dB": self.rise_db,
            "riser": self.has_riser,
            "fill": self.has_fill,
            f"gap of {self.gap_beats:g} beats": self.gap_beats,
            "pickup": self.has_pickup,
            "stops": self.has_stops,
            f"then a drop ({self.drop})": self.drop,
            f"one stop of {self.stops_once_beats:g} beats": self.stops_once_beats,
        }
        levels = " ".join(f"{player} {level_db:.0f}" for player, level_db in self.levels_db.items())
        return ", ".join(
            [f"{self.bars} bars {self.groove}", levels, *(trait for trait, value in traits.items() if value)]
        )


def _levels(rng: np.random.Generator, base_db: Decibels, players: tuple[str, ...]) -> dict[str, Decibels]:
    return {player: base_db + float(rng.uniform(-2, 2)) for player in players}


def _some(rng: np.random.Generator, players: tuple[str, ...], chance: float) -> tuple[str, ...]:
    return tuple(player for player in players if rng.random() < chance)


def _verse(rng: np.random.Generator, bars: int, base_db: Decibels) -> Section:
    players = (DRUMS, BASS, *_some(rng, (GUITAR, PAD, LEAD, VOICE), 0.6))
    stop = float(rng.choice([1, 2])) if rng.random() < 0.06 else 0.0
    levels = _levels(rng, base_db, players)
    return Section(bars, "calm", levels, has_fill=bool(rng.random() < 0.7), stops_once_beats=stop)


def _chorus(rng: np.random.Generator, bars: int) -> Section:
    players = (DRUMS, BASS, GUITAR, PAD, *_some(rng, (LEAD, VOICE), 0.7))
    return Section(bars, "full", _levels(rng, 0, players), has_fill=rng.random() < 0.6)


def _intro(rng: np.random.Generator) -> Section:
    if rng.random() < 0.35:
        players = (PAD, *_some(rng, (GUITAR, LEAD, VOICE), 0.3))
        return Section(int(rng.choice([2, 4])), "none", _levels(rng, -8, players))
    if rng.random() < 0.5:
        return Section(4, "calm", _levels(rng, -5, (DRUMS, *_some(rng, (BASS, GUITAR), 0.5))))
    return Section(4, "full", _levels(rng, -1, (DRUMS, BASS, GUITAR, PAD)), has_fill=True)


def _lead_in(rng: np.random.Generator, kind: DropKind, beat_s: Seconds) -> Section:
    if kind is DropKind.GAP:
        return _gap(rng, beat_s)
    return _break(rng) if kind is DropKind.BREAK else _crescendo(rng)


def _crescendo(rng: np.random.Generator) -> Section:
    players = (DRUMS, BASS, PAD, *_some(rng, (GUITAR, LEAD), 0.5))
    groove = str(rng.choice(["roll", "calm"]))
    return Section(
        int(rng.choice([4, 8])),
        groove,
        _levels(rng, -3, players),
        rise_db=float(rng.uniform(9, 16)),
        has_riser=bool(rng.random() < 0.6),
        has_fill=groove == "calm",
        drop=DropKind.CRESCENDO,
    )


def _break(rng: np.random.Generator) -> Section:
    has_riser = bool(rng.random() < 0.55)
    groove = "roll" if has_riser and rng.random() < 0.4 else "none"
    players = (PAD, *_some(rng, (LEAD, VOICE, GUITAR), 0.4), *((DRUMS,) if groove == "roll" else ()))
    return Section(
        int(rng.choice([2, 4, 8])),
        groove,
        _levels(rng, -9, players),
        rise_db=8.0 if has_riser else 0.0,
        has_riser=has_riser,
        has_fill=bool(rng.random() < 0.25),
        drop=DropKind.BREAK,
    )


def _gap(rng: np.random.Generator, beat_s: Seconds) -> Section:
    gaps = [beats for beats in (0.25, 0.5, 0.5, 1, 1, 1.5, 2, 2, 3, 4) if beats * beat_s >= SHORTEST_GAP_S]
    has_riser = bool(rng.random() < 0.55)
    players = (DRUMS, BASS, *_some(rng, (GUITAR, PAD, LEAD, VOICE), 0.6))
    return Section(
        int(rng.choice([4, 8])),
        "roll" if has_riser and rng.random() < 0.5 else "calm",
        _levels(rng, -4, players),
        rise_db=float(rng.uniform(6, 12)) if has_riser else 0.0,
        has_riser=has_riser,
        gap_beats=float(rng.choice(gaps)),
        has_pickup=bool(rng.random() < 0.3),
        drop=DropKind.GAP,
    )


def song_form(
    rng: np.random.Generator, kinds: tuple[DropKind, ...], beat_s: Seconds, *, has_stops: bool
) -> tuple[Section, ...]:
    """Intro, verses, choruses, bridge; a lead-in of each of `kinds` before a chorus. `beat_s` is about one beat."""
    verse_db = float(rng.uniform(-6, -1))
    parts = [_intro(rng)]
    stops_at = int(rng.integers(0, max(1, len(kinds) + 1))) if has_stops else -1
    for number in range(max(2, len(kinds))):
        verse = _verse(rng, int(rng.choice([8, 8, 12])), verse_db)
        if number == stops_at or (has_stops and not kinds):
            verse = Section(8, "full", verse.levels_db, has_stops=True)
        parts.append(verse)
        if number < len(kinds):
            parts.append(_lead_in(rng, kinds[number], beat_s))
        parts.append(_chorus(rng, 8))
    if rng.random() < 0.5:
        parts.append(Section(4, "other", _levels(rng, -2, (DRUMS, BASS, GUITAR, PAD)), has_fill=True))
        parts.append(_chorus(rng, int(rng.choice([4, 8]))))
    if rng.random() < 0.5:
        parts.append(Section(2, "none", _levels(rng, -8, (PAD,))))
    return tuple(parts)
