"""The soundtrack of a session: for every moment which track, from which second, how loud, and why. Pure.

The same timeline, catalogue, brief and seed give the same plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Decibels, Seconds
from nbd_tui.soundtrack.assign import Rules, assign
from nbd_tui.soundtrack.filling import SHORTEST_TRACK_S, Deck, HearingOf, Slot, fill
from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.level import gain_db, part_db, session_target
from nbd_tui.soundtrack.songs import Catalogue
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import Want, wants
from nbd_tui.workout.timeline import Segment

HOLE_S: Final[Seconds] = 0.5
"""A shorter pause between two tracks is none."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked of a plan besides the workout."""

    taste: MusicTaste = USUAL_TASTE
    rules: Rules = field(default_factory=Rules)
    """Their share of outliers is that of the taste."""
    lengths_s: Mapping[int, Seconds] = field(default_factory=dict)
    """Of segments whose length is not the planned one, by index."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A part of the session without music, and why."""

    start_s: Seconds
    end_s: Seconds
    reason: str


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """A whole plan."""

    places: tuple[Want, ...]
    slots: tuple[Slot, ...]
    """In the order of time."""
    silences: tuple[Silence, ...]
    target_lufs: Decibels
    """What all tracks are brought to."""

    @property
    def length_s(self) -> Seconds:
        """Of the session."""
        return max((want.end_s for want in self.places), default=0.0)


def plan(
    segments: Sequence[Segment], stretches: Sequence[Stretch], catalogue: Catalogue, hearing_of: HearingOf, brief: Brief
) -> Soundtrack:
    """Plans the music of a whole workout.

    Args:
        segments: of its timeline.
        stretches: of the same (`plan_stretches`, with the taste's short rests).
        catalogue: what there is to play.
        hearing_of: asked for the tracks that are chosen.
        brief: everything else that is wished for.
    """
    places = wants(segments, stretches, brief.taste, lengths_s=brief.lengths_s)
    pinned = {int(songs[0]) for songs in brief.rules.pinned.values() if len(songs) == 1}
    out = {*brief.rules.out, *({*np.flatnonzero(catalogue.duration_s < SHORTEST_TRACK_S).tolist()} - pinned)}
    rules, fits = replace(brief.rules, outliers=brief.taste.outliers, out=out), Fits(catalogue)
    chosen = assign(places, catalogue, rules, fits)
    slots = fill(places, chosen, Deck(catalogue, hearing_of, rules, fits, brief.taste.tempo_fit))
    target_lufs = session_target((slot.song for slot in slots), brief.taste.target_lufs)
    levelled = tuple(_levelled(slot, hearing_of(slot.song.path), target_lufs) for slot in slots)
    return Soundtrack(places, levelled, tuple(_silences(places, levelled, catalogue)), target_lufs)


def _levelled(slot: Slot, hearing: Hearing | None, target_lufs: Decibels) -> Slot:
    """By the part of the track that is heard."""
    part = part_db(hearing.energy, slot.in_s, slot.out_s) if hearing and hearing.lufs is not None else 0.0
    return replace(slot, gain_db=gain_db(slot.song, target_lufs, part))


def _silences(places: Sequence[Want], slots: Sequence[Slot], catalogue: Catalogue) -> Iterator[Silence]:
    """What no slot covers."""
    reason = _why_silent(catalogue, slots)
    at_s = 0.0
    for slot in slots:
        if slot.start_s > at_s + HOLE_S:
            yield Silence(at_s, slot.start_s, reason)
        at_s = max(at_s, slot.end_s)
    end_s = max((want.end_s for want in places), default=0.0)
    if end_s > at_s + HOLE_S:
        yield Silence(at_s, end_s, reason)


def _why_silent(catalogue: Catalogue, slots: Sequence[Slot]) -> str:
    if not len(catalogue):
        return "there are no tracks"
    if catalogue.banned.all():
        return "every track is banned"
    return "no track is long enough" if slots else "no track that may be played here is long enough"
