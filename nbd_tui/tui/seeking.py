"""Where the keys that seek lead to in a track: beats, bars, sections. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Seconds

SLACK_S: Final[Seconds] = 0.03
"""A moment so near to a place counts as that place: one seeks on from there."""
SECTION_BARS: Final = 8
_WITHOUT: Final = {"beat": 0.5, "bar": 2.0, "section": 16.0}
"""Seconds one seeks by where there are no beats."""


class Step(StrEnum):
    """How far a key leads."""

    BEAT = "beat"
    BAR = "bar"
    SECTION = "section"


def sought(hearing: Hearing, at_s: Seconds, step: Step, count: int) -> Seconds:
    """Where one gets from a moment in so many steps (backwards: negative), within the track."""
    places = places_of(hearing, step)
    if not places:
        return _within(at_s + count * _WITHOUT[step], hearing)
    if count > 0:
        place = bisect_right(places, at_s + SLACK_S) + count - 1
    else:
        place = bisect_left(places, at_s - SLACK_S) + count
    if place < 0:
        return 0.0
    return _within(places[place], hearing) if place < len(places) else hearing.duration_s


def places_of(hearing: Hearing, step: Step) -> Sequence[Seconds]:
    """All places that steps of a kind lead to, in order."""
    if step is Step.BEAT:
        return hearing.beats_s
    bars = hearing.downbeats_s or hearing.beats_s[::4]
    if step is Step.BAR:
        return bars
    return _sections(hearing, bars)


def _sections(hearing: Hearing, bars: Sequence[Seconds]) -> Sequence[Seconds]:
    """Drops and the beginnings of their build-ups, and where these are far apart every so many bars between them."""
    builds = (drop.build.start_s for drop in hearing.drops if drop.build)
    turns = sorted({*builds, *(drop.at_s for drop in hearing.drops)})
    apart_s = (SECTION_BARS / 2 - 0.5) * _bar_s(bars)
    between = [at_s for at_s in bars[::SECTION_BARS] if all(abs(at_s - turn_s) >= apart_s for turn_s in turns)]
    return sorted({*turns, *between})


def _bar_s(bars: Sequence[Seconds]) -> Seconds:
    """The mean length of a bar."""
    return (bars[-1] - bars[0]) / (len(bars) - 1) if len(bars) > 1 else 0.0


def _within(at_s: Seconds, hearing: Hearing) -> Seconds:
    return min(max(0.0, at_s), hearing.duration_s)
