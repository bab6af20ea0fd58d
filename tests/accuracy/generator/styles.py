"""Kinds of music: tempo, metre and what each player plays.

A groove is one bar of drums: voice letter (see `drums`) → one character per step, `.` or a velocity 1–9.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nbd_tui.model.units import Bpm

Groove = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Style:
    """What a band of this kind plays."""

    name: str
    bpm: tuple[Bpm, Bpm]
    calm: tuple[Groove, ...]
    """Grooves of verses."""
    full: tuple[Groove, ...]
    """Grooves of choruses."""
    other: tuple[Groove, ...] = ()
    """Half-time, double-time: for a bridge. The beat stays that of the song."""
    meter: int = 4
    steps: int = 4
    """Steps in a beat."""
    swing: tuple[float, float] = (0.0, 0.0)
    """How late every second step comes, as a part of a step."""
    is_electronic: bool = False
    guitars: tuple[str, ...] = ("chords", "eighths")
    basses: tuple[str, ...] = ("eighths", "kick", "long")
    weight: float = 1.0


_EIGHTHS = "7.5.7.5.7.5.7.5."
_QUARTERS = "8...8...8...8..."
_SIXTEENTHS = "7353735373537353"
_BACKBEAT = "....9.......9..."

_ROCK_CALM: tuple[Groove, ...] = (
    {"k": "9.......9.......", "s": _BACKBEAT, "h": _EIGHTHS},
    {"k": "9.....7.9.......", "s": _BACKBEAT, "h": _EIGHTHS},
    {"k": "9.......9.9.....", "s": _BACKBEAT, "h": _EIGHTHS},
    {"k": "9..7....9.7.....", "s": "....9..2.2..9...", "h": _SIXTEENTHS},
    {"k": "9.......9.......", "s": _BACKBEAT, "h": _QUARTERS},
)
_ROCK_FULL: tuple[Groove, ...] = (
    {"k": "9.....8.9.....8.", "s": _BACKBEAT, "o": _EIGHTHS},
    {"k": "9.......9.9.....", "s": _BACKBEAT, "o": _QUARTERS},
    {"k": "9..8..8.9..8....", "s": _BACKBEAT, "r": _EIGHTHS},
    {"k": "9...9...9...9...", "s": _BACKBEAT, "o": "..8...8...8...8."},
)
_HALF: Groove = {"k": "9.........7.....", "s": "........9.......", "o": _QUARTERS}
_DOUBLE: Groove = {"k": "9...9...9...9...", "s": "..9...9...9...9.", "r": _EIGHTHS}

STYLES: tuple[Style, ...] = (
    Style("rock", (82, 165), _ROCK_CALM, _ROCK_FULL, (_HALF, _DOUBLE), weight=3.0),
    Style("pop", (76, 132), _ROCK_CALM, _ROCK_FULL, (_HALF,), guitars=("chords", "none"), weight=1.5),
    Style(
        "punk",
        (150, 200),
        (
            {"k": "9.......9.......", "s": _BACKBEAT, "h": _EIGHTHS},
            {"k": "9.......9.9.....", "s": _BACKBEAT, "h": _EIGHTHS},
        ),
        (
            {"k": "9.....7.9.9.....", "s": _BACKBEAT, "o": _QUARTERS},
            {"k": "9.....9...9.....", "s": _BACKBEAT, "r": _EIGHTHS},
        ),
        (_HALF,),
        guitars=("eighths", "chords"),
        basses=("eighths",),
        weight=1.2,
    ),
    Style(
        "metal",
        (88, 200),
        (
            {"k": "9.9.9.9.9.9.9.9.", "s": _BACKBEAT, "h": _QUARTERS},
            {"k": "9..89..89..89..8", "s": _BACKBEAT, "r": _EIGHTHS},
        ),
        (
            {"k": "9.9.9.9.9.9.9.9.", "s": _BACKBEAT, "r": _QUARTERS},
            {"k": "9999999999999999", "s": _BACKBEAT, "x": _QUARTERS},
        ),
        (_HALF, _DOUBLE),
        guitars=("palm", "gallop", "eighths"),
        basses=("eighths", "guitar"),
        weight=2.5,
    ),
    Style(
        "blast",
        (155, 200),
        ({"k": "9.9.9.9.9.9.9.9.", "s": _BACKBEAT, "r": _QUARTERS},),
        (
            {"k": "9...9...9...9...", "s": "..8...8...8...8.", "r": _QUARTERS},
            {"k": "9.9.9.9.9.9.9.9.", "s": "8...8...8...8...", "x": _QUARTERS},
        ),
        (_HALF,),
        guitars=("palm", "tremolo"),
        basses=("eighths",),
        weight=0.8,
    ),
    Style(
        "house",
        (115, 150),
        ({"k": _QUARTERS, "h": "..7...7...7...7."}, {"k": _QUARTERS, "c": _BACKBEAT, "h": "..7...7...7...7."}),
        (
            {"k": "9...9...9...9...", "c": _BACKBEAT, "o": "..8...8...8...8.", "g": _SIXTEENTHS},
            {"k": "9...9...9...9...", "s": _BACKBEAT, "o": "..8...8...8...8.", "h": _SIXTEENTHS},
        ),
        is_electronic=True,
        guitars=("none", "stabs"),
        basses=("off", "sixteenths", "eighths"),
        weight=2.0,
    ),
    Style(
        "breakbeat",
        (100, 178),
        (
            {"k": "9.8.......8.....", "s": "....9..3.3..9..3", "h": _EIGHTHS},
            {"k": "9.........8.....", "s": _BACKBEAT, "h": _SIXTEENTHS},
        ),
        (
            {"k": "9.8.......88....", "s": "....9..4.4..9..4", "r": _EIGHTHS},
            {"k": "9.........8.....", "s": "....9..3....9.3.", "o": _EIGHTHS},
        ),
        is_electronic=True,
        guitars=("none", "stabs"),
        basses=("long", "kick", "sixteenths"),
        weight=1.5,
    ),
    Style(
        "hiphop",
        (70, 105),
        (
            {"k": "9......7..8.....", "s": _BACKBEAT, "h": _EIGHTHS},
            {"k": "9..7..7...8..7..", "c": _BACKBEAT, "h": _SIXTEENTHS},
        ),
        (
            {"k": "9..7...7..8.....", "c": _BACKBEAT, "h": _SIXTEENTHS, "g": _EIGHTHS},
            {"k": "9.9.....9.......", "s": _BACKBEAT, "h": "7.7.7.7.7.7.7777"},
        ),
        is_electronic=True,
        guitars=("none", "stabs"),
        basses=("kick", "long"),
        swing=(0.0, 0.3),
        weight=1.5,
    ),
    Style(
        "trap",
        (64, 80),
        (
            {"k": "9......8..8.....", "c": _BACKBEAT, "h": "7373737373737373"},
            {"k": "9.........7..7..", "s": _BACKBEAT, "h": _EIGHTHS},
        ),
        ({"k": "9..8...8..8..8..", "c": _BACKBEAT, "h": "7777737773777777", "g": _EIGHTHS},),
        is_electronic=True,
        guitars=("none", "stabs"),
        basses=("kick", "long"),
        weight=0.5,
    ),
    Style(
        "slow",
        (60, 82),
        ({"k": "9.......9.......", "s": _BACKBEAT, "h": _EIGHTHS},),
        (
            {"k": "9.....8.9.......", "s": _BACKBEAT, "o": _EIGHTHS},
            {"k": "9.......9.8.....", "s": _BACKBEAT, "r": _QUARTERS},
        ),
        guitars=("chords",),
        basses=("long", "kick"),
        weight=0.8,
    ),
    Style(
        "shuffle",
        (80, 150),
        ({"k": "9.....9.....", "s": "...9.....9..", "h": "7.57.57.57.5"},),
        (
            {"k": "9....89.....", "s": "...9.....9..", "r": "7.57.57.57.5"},
            {"k": "9.....9....8", "s": "...9.....9..", "o": "8..8..8..8.."},
        ),
        steps=3,
        guitars=("chords", "eighths"),
        basses=("eighths", "kick"),
        weight=0.8,
    ),
    Style(
        "swing",
        (110, 190),
        ({"k": "5..5..5..5..", "s": "...2.1...2..", "r": "7..7.57..7.5", "h": "...9.....9.."},),
        ({"k": "8..8..8..8..", "s": "...9..2..9..", "r": "8..8.68..8.6"},),
        steps=3,
        guitars=("stabs", "none"),
        basses=("quarters",),
        weight=0.4,
    ),
    Style(
        "waltz",
        (84, 180),
        (
            {"k": "9...........", "s": "....7...7...", "h": "6.4.6.4.6.4."},
            {"k": "9...........", "s": "....6...8...", "h": "7...7...7..."},
        ),
        (
            {"k": "9.........7.", "s": "....9...9...", "o": "8...8...8..."},
            {"k": "9.......7...", "s": "....9...8...", "r": "7.5.7.5.7.5."},
        ),
        meter=3,
        guitars=("chords", "none"),
        basses=("long", "quarters"),
        weight=0.0,
    ),
    Style(
        "six-eight",
        (60, 110),
        ({"k": "9.....", "s": "...9..", "h": "755755"},),
        ({"k": "9...8.", "s": "...9..", "o": "855855"}, {"k": "9..8..", "s": "...9..", "r": "755755"}),
        meter=2,
        steps=3,
        guitars=("chords",),
        basses=("long", "eighths"),
        weight=0.0,
    ),
    Style(
        "five",
        (90, 170),
        ({"k": "9.........9.........", "s": "....9.......9...9...", "h": "7.5.7.5.7.5.7.5.7.5."},),
        ({"k": "9.....9...9.........", "s": "....9.......9...8...", "o": "8...8...8...8...8..."},),
        meter=5,
        guitars=("chords", "palm"),
        basses=("eighths", "long"),
        weight=0.0,
    ),
    Style(
        "seven",
        (100, 180),
        (
            {
                "k": "9.......9.......9...........",
                "s": "....9.......9.......9...9...",
                "h": "7.5.7.5.7.5.7.5.7.5.7.5.7.5.",
            },
        ),
        (
            {
                "k": "9.....9.9.......9.....9.....",
                "s": "....9.......9.......9...9...",
                "r": "8...8...8...8...8...8...8...",
            },
        ),
        meter=7,
        guitars=("chords", "palm"),
        basses=("eighths", "long"),
        weight=0.0,
    ),
)

STYLE_OF = {style.name: style for style in STYLES}
