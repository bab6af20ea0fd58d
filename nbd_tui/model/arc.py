"""The shapes a session's energy may have, by the names that people choose them by."""

from enum import StrEnum


class Arc(StrEnum):
    """The shapes there are."""

    MONTAGE = "montage"
    """Each round a little more than the one before, the last one with everything."""
    STEADY = "steady"
    """Every round the same."""
    PYRAMID = "pyramid"
    """Up to the middle round and down again."""
    UNDERDOG = "underdog"
    """Low for long, then the explosion."""
