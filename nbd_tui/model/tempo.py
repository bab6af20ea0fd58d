"""Which tempo counts for a track, and whether the sources of it disagree.

1. The user's correction: nobody knows better.
2. What was heard, where the pulse is clear: it is measured to a hundredth of a percent, while a tag is often rounded.
   Where it is the tag's in another octave, it is moved there: whether to tap 75 or 150 is a matter of taste, on which
   all the programs of the field are weakest, and the tag's octave was mostly somebody's choice.
3. Where both speak and disagree, a pulse that is only just clear (below `SURE`: orchestras, free playing) loses to the
   tag, a clear one wins. `Tempo.other` has the loser, so that both can be shown.
4. The tag, where no steady beat was heard; and where there is no tag either, whatever was heard.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nbd_tui.model.hearing import STEADY
from nbd_tui.model.units import Bpm

SAME_WITHIN: Final = 0.04
"""Tempos no further apart than this, octaves aside, are the same (the tolerance of the MIREX tempo task)."""

SURE: Final = 0.5
"""From this confidence on, what was heard counts for more than a tag that contradicts it. Songs with drums have 0.9
and more, orchestral pieces less than this."""


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
    """What the tag says where this was heard or said by the user, or what was heard where this is the tag's, if the two
    are not the same in any octave."""

    @property
    def is_reliable(self) -> bool:
        """Music may be chosen by it."""
        return self.confidence >= STEADY or self.source is not TempoSource.HEARD


def tempo_of(
    tag_bpm: Bpm | None, heard_bpm: Bpm | None, confidence: float, corrected_bpm: Bpm | None = None
) -> Tempo | None:
    """The tempo that counts, by the rules above; None where nobody says anything.

    Args:
        tag_bpm: as written in the file.
        heard_bpm: by the analysis.
        confidence: of the analysis, 0 to 1.
        corrected_bpm: by the user.
    """
    if corrected_bpm:
        return said_by_user(corrected_bpm, tag_bpm)
    if not tag_bpm:
        return Tempo(heard_bpm, TempoSource.HEARD, confidence) if heard_bpm else None
    if not heard_bpm or confidence < STEADY:
        return Tempo(tag_bpm, TempoSource.TAG, 1.0)
    if is_same(heard_bpm, tag_bpm):
        return Tempo(in_octave_of(tag_bpm, heard_bpm), TempoSource.HEARD, confidence)
    if confidence < SURE:
        return Tempo(tag_bpm, TempoSource.TAG, 1.0, heard_bpm)
    return Tempo(heard_bpm, TempoSource.HEARD, confidence, tag_bpm)


def said_by_user(bpm: Bpm, tag_bpm: Bpm | None) -> Tempo:
    """The tempo that the user says, with what the tag says where that is another."""
    return Tempo(bpm, TempoSource.USER, 1.0, tag_bpm if tag_bpm and not is_same(bpm, tag_bpm) else None)


def is_same(one: Bpm, other: Bpm) -> bool:
    """Whether two tempos are within `SAME_WITHIN` of each other in some octave."""
    return abs(in_octave_of(other, one) / other - 1.0) <= SAME_WITHIN


def in_octave_of(wanted: Bpm, bpm: Bpm) -> Bpm:
    """`bpm` doubled or halved until it is as near to `wanted` as it gets."""
    return bpm * math.exp2(round(math.log2(wanted / bpm)))
