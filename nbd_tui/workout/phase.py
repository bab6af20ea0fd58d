"""The kinds of phase a workout is made of."""

from enum import StrEnum


class PhaseKind(StrEnum):
    """What a phase is for; music, colour and cues follow from it."""

    PREPARE = "prepare"
    WARM_UP = "warm-up"
    WORK = "work"
    REST = "rest"
    BREAK = "break"
    COOL_DOWN = "cool-down"
