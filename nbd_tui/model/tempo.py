"""Which tempo counts for a track, and whether the sources of it disagree."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nbd_tui.model.hearing import STEADY
from nbd_tui.model.units import Bpm

SAME_WITHIN: Final = 0.04
"""Tempos no further apart than this, octaves aside, are the same (the tolerance of the MIREX tempo task)."""


class TempoSource(StrEnum):
    """Who says so."""

    USER = "yours"
    HEARD = "heard"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Tempo:
    """The tempo of a track."""

    bpm: Bpm
    source: TempoSource
    confidence: float
    """0 to 1: of the analysis where it was heard, 1 where a person or a tag says so."""
    other: Bpm | None = None
    """What the tag says where the tempo was heard, if the two are not the same."""


def tempo_of(
    tag_bpm: Bpm | None, heard_bpm: Bpm | None, confidence: float, corrected_bpm: Bpm | None = None
) -> Tempo | None:
    """The tempo that counts: the user's, else a clear one that was heard, else the tag's, else whatever was heard.

    Args:
        tag_bpm: as written in the file.
        heard_bpm: by the analysis.
        confidence: of the analysis.
        corrected_bpm: by the user.
    """
    if corrected_bpm:
        return Tempo(corrected_bpm, TempoSource.USER, 1.0)
    if heard_bpm and (confidence >= STEADY or not tag_bpm):
        other = tag_bpm if tag_bpm and not is_same(heard_bpm, tag_bpm) else None
        return Tempo(heard_bpm, TempoSource.HEARD, confidence, other)
    if tag_bpm:
        return Tempo(tag_bpm, TempoSource.TAG, 1.0)
    return None


def is_same(one: Bpm, other: Bpm) -> bool:
    """Whether two tempos are within `SAME_WITHIN` of each other in some octave."""
    octaves = math.log2(one / other)
    return abs(math.exp2(octaves - round(octaves)) - 1.0) <= SAME_WITHIN
