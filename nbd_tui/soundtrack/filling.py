"""Lays the tracks chosen for the places end to end, and adds others where one ends too early. Pure."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.speed import AS_RECORDED, Copy, Speed
from nbd_tui.model.units import Bpm, Decibels, Seconds
from nbd_tui.soundtrack.assign import Rules, assign
from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.landing import Entry, Landing, enter
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.soundtrack.tempo_fit import asked, ordered, played
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.phase import PhaseKind

HearingOf: TypeAlias = Callable[[Path], Hearing | None]
"""What was heard in a file, with the user's corrections; asked only for what is chosen."""

CUT_S: Final[Seconds] = 0.02
"""A track that comes with the bell is there at once."""
BELL_TAIL_S: Final[Seconds] = 0.35
"""A round's music is gone within the ring of its last bell."""
FOLLOW_S: Final[Seconds] = 2.0
"""One track fades into the next one of the same place."""
SHORTEST_S: Final[Seconds] = 10.0
"""A track is heard for so long at least, unless its place is shorter; the one before it is cut for that."""
SHORTEST_TRACK_S: Final[Seconds] = 5.0
"""Of a track with less than this left nothing is worth playing."""
UNKNOWN_LENGTH_S: Final[Seconds] = 180.0
LAST_FADE_S: Final[Seconds] = 6.0
"""The end of the session fades out."""
LONGEST_BAR_S: Final[Seconds] = 4.0
SAME_TEMPO: Final = 0.01
"""Tracks whose tempos differ by less are heard together without falling out of step."""
MOST_SLOTS: Final = 400
"""In one place; an hour of the shortest tracks needs fewer."""

_FADE_IN_S: Final = {
    PhaseKind.PREPARE: 1.0,
    PhaseKind.WARM_UP: 2.0,
    PhaseKind.WORK: 0.5,
    PhaseKind.REST: 1.5,
    PhaseKind.BREAK: 2.0,
    PhaseKind.COOL_DOWN: 4.0,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One track in its place. Session times count from the start of the workout, as planned."""

    place: int
    stretch: int
    song: Song
    start_s: Seconds
    end_s: Seconds
    in_s: Seconds
    """Second of the track heard at `start_s`."""
    fade_in_s: Seconds
    fade_out_s: Seconds
    gain_db: Decibels = 0.0
    landing: Landing | None = None
    """What of it falls on the bell."""
    bell_segment: int | None = None
    """The phase that this bell begins; None for the second wind, which has none."""
    copy: Copy | None = None
    """Of the track, at another speed, that is played; the seconds here are those of the track as recorded."""

    @property
    def speed(self) -> Speed:
        """At which the track is played."""
        return self.copy.speed if self.copy else AS_RECORDED

    @property
    def out_s(self) -> Seconds:
        """Second of the track heard at `end_s`."""
        return self.in_s + self.speed.track_s(self.end_s - self.start_s)

    @property
    def landing_s(self) -> Seconds | None:
        """When in the session the drop or the downbeat is heard."""
        return None if self.landing is None else self.start_s + self.speed.played_s(self.landing.at_s - self.in_s)


@dataclass(frozen=True, slots=True)
class Deck:
    """What tracks are taken from, and by which rules."""

    catalogue: Catalogue
    hearing_of: HearingOf
    rules: Rules
    fits: Fits
    tempo_fit: bool = False
    """Tracks of work may be played at another speed."""

    def entry(self, want: Want, number: int, before_bpm: Bpm | None = None) -> Entry:
        """How a track would come into a place, after one in the same phase that is heard at a tempo."""
        song = self.catalogue.songs[number]
        hearing = self.hearing_of(song.path)
        want = want.played_by(song.path)
        copy = ordered(want, hearing, before_bpm) if hearing and self.tempo_fit else None
        if copy is None or hearing is None:
            return enter(want, hearing, length_of(song, hearing))
        at = played(hearing, copy.speed)
        return replace(enter(asked(want, copy.speed), at, at.duration_s), copy=copy)

    def length_s(self, number: int, speed: Speed) -> Seconds:
        """How long a track is heard at a speed."""
        song = self.catalogue.songs[number]
        return speed.played_s(length_of(song, self.hearing_of(song.path)))

    def heard(self, number: int, entry: Entry) -> Hearing | None:
        """What is heard in a track that comes in like this."""
        hearing = self.hearing_of(self.catalogue.songs[number].path)
        return played(hearing, entry.copy.speed) if hearing and entry.copy else hearing

    def bpm(self, number: int, entry: Entry) -> Bpm | None:
        """The tempo at which a track is heard that comes in like this."""
        hearing = self.heard(number, entry)
        return hearing.bpm if hearing else None

    def another(self, want: Want, place: int, used: frozenset[int]) -> int | None:
        """The best track for the rest of a place: one not used yet, else any."""
        pinned = {0: self.rules.pinned[place]} if place in self.rules.pinned and not want.has_one_track else {}
        barred = self.rules.barred.get(place, frozenset())
        for without in (barred | used, barred):
            rules = replace(self.rules, fixed={}, pinned=pinned, barred={0: without})
            (song,) = assign([want], self.catalogue, rules, self.fits)
            if song is not None:
                return song
        return None


def length_of(song: Song, hearing: Hearing | None) -> Seconds:
    """How long a track is: as decoded, else as its header says."""
    if hearing is not None:
        return hearing.duration_s
    return UNKNOWN_LENGTH_S if song.track.duration_s is None else song.track.duration_s


def fill(places: Sequence[Want], chosen: Sequence[int | None], deck: Deck) -> tuple[Slot, ...]:
    """The slots of all places, in the order of time.

    Args:
        places: of the workout.
        chosen: the track each begins with, by its number in the catalogue.
        deck: what else there is to play.
    """
    return tuple(_Filler(places, chosen, _entries(places, chosen, deck), deck).slots())


def _entries(places: Sequence[Want], chosen: Sequence[int | None], deck: Deck) -> list[Entry | None]:
    """How the first track of each place comes in."""
    entries: list[Entry | None] = []
    before: tuple[Want, int, Entry] | None = None
    for want, song in zip(places, chosen, strict=True):
        if before and before[0].stretch != want.stretch:
            before = None
        entry = None if song is None else deck.entry(want, song, deck.bpm(before[1], before[2]) if before else None)
        if entry and before and want.bell_segment is None:
            entry = _on_a_bar(want, entry, *before, deck)
        before = (want, song, entry) if song is not None and entry else None
        entries.append(entry)
    return entries


def _on_a_bar(want: Want, entry: Entry, before: Want, song: int, out: Entry, deck: Deck) -> Entry:
    """A second wind up to a bar earlier, so that it takes over on a bar of the track before, where that still plays."""
    hearing = deck.heard(song, out)
    start_s, zero_s = want.start_s - entry.before_s, before.start_s - out.before_s - out.in_s
    if hearing is None or not hearing.is_steady or zero_s + hearing.duration_s < start_s:
        return entry
    bar_s = max((at for bar in hearing.downbeats_s if (at := zero_s + bar) <= start_s + 1e-6), default=-math.inf)
    before_s = want.start_s - bar_s
    return replace(entry, before_s=before_s) if start_s - bar_s <= LONGEST_BAR_S and before_s <= want.room_s else entry


class _Filler:
    """Goes from place to place and remembers which tracks are used up."""

    def __init__(
        self, places: Sequence[Want], chosen: Sequence[int | None], entries: Sequence[Entry | None], deck: Deck
    ) -> None:
        self._places, self._chosen, self._entries, self._deck = places, chosen, entries, deck
        self._used = frozenset(song for song in chosen if song is not None)

    def slots(self) -> Iterator[Slot]:
        """All of them."""
        for place in range(len(self._places)):
            yield from self._fill(place)

    def _begin_s(self, place: int) -> Seconds:
        """Where the music of a place begins, which may be before the place does."""
        entry = self._entries[place]
        return self._places[place].start_s - (entry.before_s if entry else 0.0)

    def _end_s(self, place: int) -> Seconds:
        last = place + 1 == len(self._places)
        return self._places[place].end_s if last else max(self._begin_s(place + 1), self._places[place].start_s)

    def _fill(self, place: int) -> Iterator[Slot]:
        want, end_s = self._places[place], self._end_s(place)
        song, entry, start_s = self._chosen[place], self._entries[place], self._begin_s(place)
        missed = 0
        for _ in range(MOST_SLOTS):
            if song is None or entry is None or end_s - start_s < CUT_S or missed > 1:
                return
            slot = self._slot(place, want, song, entry, start_s, end_s)
            missed = 0 if slot else missed + 1
            if slot:
                yield slot
                if slot.end_s >= end_s:
                    return
                start_s = slot.end_s - slot.fade_out_s
            want = replace(want, start_s=start_s, length_s=end_s - start_s, bell_s=None, room_s=0.0)
            before_bpm = self._deck.bpm(song, entry)
            song = self._deck.another(want, place, self._used)
            self._used |= {song} if song is not None else frozenset()
            entry = None if song is None else self._deck.entry(want, song, before_bpm)

    def _slot(self, place: int, want: Want, number: int, entry: Entry, start_s: Seconds, end_s: Seconds) -> Slot | None:
        speed = entry.copy.speed if entry.copy else AS_RECORDED
        left_s = self._deck.length_s(number, speed) - entry.in_s
        if left_s < SHORTEST_TRACK_S:
            return None
        stop_s, fade_out_s = self._stop(place, start_s, end_s, left_s)
        half_s = (stop_s - start_s) / 2
        landing = entry.landing and replace(entry.landing, at_s=speed.track_s(entry.landing.at_s))
        return Slot(
            place, want.stretch, self._deck.catalogue.songs[number], start_s, stop_s,
            speed.track_s(entry.in_s),
            min(self._way_in_s(place, want, entry), half_s), min(fade_out_s, half_s),
            landing=landing, bell_segment=want.bell_segment if landing else None, copy=entry.copy,
        )  # fmt: skip

    def _stop(self, place: int, start_s: Seconds, end_s: Seconds, left_s: Seconds) -> tuple[Seconds, Seconds]:
        """Where a track ends and how long it fades: into the next place, or into another track that fills the rest."""
        fade_s = self._way_out_s(place)
        overlap_s = 0.0 if place + 1 == len(self._places) else fade_s
        if start_s + left_s >= end_s:
            return min(start_s + left_s, end_s + overlap_s), fade_s
        latest_s = end_s - SHORTEST_S + FOLLOW_S
        return max(min(start_s + left_s, latest_s), start_s + min(SHORTEST_S, left_s)), FOLLOW_S

    def _way_out_s(self, place: int) -> Seconds:
        want = self._places[place]
        if place + 1 == len(self._places):
            return min(LAST_FADE_S, want.length_s / 3)
        after, entry = self._places[place + 1], self._entries[place + 1]
        if entry and want.stretch == after.stretch:
            return self._way_in_s(place + 1, after, entry)
        if want.kind is PhaseKind.WORK and after.kind is not PhaseKind.WORK:
            return BELL_TAIL_S
        return max(BELL_TAIL_S, fade_in_s(after, entry)) if entry else FOLLOW_S

    def _way_in_s(self, place: int, want: Want, entry: Entry) -> Seconds:
        """How long a track fades in; a second wind is cut in on its bar, or mixed in where the tempo is the same."""
        song, out = self._chosen[place], self._chosen[place - 1] if place else None
        before = self._entries[place - 1] if place and entry is self._entries[place] else None
        if song is None or out is None or before is None or self._places[place - 1].stretch != want.stretch:
            return fade_in_s(want, entry)
        one, other = self._deck.bpm(out, before), self._deck.bpm(song, entry)
        return FOLLOW_S if one and other and abs(one / other - 1.0) < SAME_TEMPO else CUT_S


def fade_in_s(want: Want, entry: Entry) -> Seconds:
    """How long a track fades in: not at all where its landing comes with its first sample."""
    at_once = entry.landing is not None and abs(entry.landing.at_s - entry.in_s) < CUT_S
    return CUT_S if at_once else _FADE_IN_S[want.kind]
