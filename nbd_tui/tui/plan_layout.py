"""Where all of a plan is drawn: stretches side by side, their music under them, curves over the session. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Seconds
from nbd_tui.session.planned import Planned
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.wants import OPEN_PHASE_S, Want
from nbd_tui.tui.energy_layout import MeanBetween, means_of
from nbd_tui.tui.strip_layout import cells_of, drawn_lengths
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

LEAST_COLUMNS: Final = 11
"""Of a stretch: enough for `cool-down`, and for the beginning of a title."""
GAP: Final = 1
"""Columns between two stretches."""
LEAST_TITLE: Final = 6
"""Columns a track must have for its name to be written."""
_LONGEST_SHARE: Final = 0.36
"""Of the window the longest stretch has."""


@dataclass(frozen=True, slots=True)
class Block:
    """One place, as it is drawn."""

    place: int
    want: Want
    column: int
    width: int

    @property
    def end(self) -> int:
        """The column after its last."""
        return self.column + self.width

    def column_at(self, at_s: Seconds) -> int:
        """The column of a moment in it."""
        share = (at_s - self.want.start_s) / max(self.want.length_s, 1e-6)
        return self.column + min(self.width - 1, max(0, int(share * self.width + 1e-9)))

    def times_s(self) -> Iterator[tuple[Seconds, Seconds]]:
        """When each of its columns begins and ends."""
        step_s = self.want.length_s / max(1, self.width)
        for column in range(self.width):
            yield self.want.start_s + column * step_s, self.want.start_s + (column + 1) * step_s


class Title(NamedTuple):
    """A track's name and the columns there are for it."""

    slot: Slot
    column: int
    width: int
    is_first: bool


class Landed(NamedTuple):
    """What is heard at a bell."""

    column: int
    on: On
    is_second_wind: bool
    lead_from: int
    """The column where the way up to it begins."""
    room_to: int
    """The column before which words about it have to end."""


class PlanPicture:
    """One plan over a window of some width."""

    def __init__(self, planned: Planned, width: int) -> None:
        self.planned = planned
        self.blocks = blocks(planned.places, width)
        self._slots = planned.soundtrack.slots
        self._starts = [slot.start_s for slot in self._slots]
        self._means = _means(planned.hearings)

    @property
    def width(self) -> int:
        """Columns of all stretches."""
        return self.blocks[-1].end if self.blocks else 0

    def slot_at(self, at_s: Seconds) -> Slot | None:
        """What is heard at a moment; where two are, the one that comes in."""
        place = bisect_right(self._starts, at_s) - 1
        while place >= 0 and self._slots[place].end_s <= at_s:
            place -= 1
        return self._slots[place] if place >= 0 else None

    @cached_property
    def heights(self) -> Mapping[int, float | None]:
        """By column: how much is going on there, 0 to 1; None where nobody knows. Columns of silence are left out."""
        return {block.column + at: value for block in self.blocks for at, value in self._heights_of(block)}

    def _heights_of(self, block: Block) -> Iterator[tuple[int, float | None]]:
        for column, (start_s, end_s) in enumerate(block.times_s()):
            slot = self.slot_at((start_s + end_s) / 2)
            if slot is None:
                continue
            mean = self._means.get(slot.song.path)
            from_s = slot.in_s + start_s - slot.start_s
            yield column, None if mean is None else mean(max(0.0, from_s), max(0.1, from_s + end_s - start_s)) ** 2

    def titles(self) -> Iterator[Title]:
        """The tracks of all places: where one begins early, at the place it is for."""
        for block in self.blocks:
            shown = list(self._told(block))
            for number, (slot, column) in enumerate(shown):
                end = shown[number + 1][1] - GAP if number + 1 < len(shown) else block.end
                yield Title(slot, column, end - column, number == 0)

    def _told(self, block: Block) -> Iterator[tuple[Slot, int]]:
        """The tracks of a place whose names have room, and where."""
        before = block.column - LEAST_TITLE
        for slot in self.planned.slots_of(block.place):
            column = block.column_at(slot.start_s) if before >= block.column else block.column
            if before + LEAST_TITLE <= column <= block.end - LEAST_TITLE:
                before = column
                yield slot, column

    def landed(self) -> Iterator[Landed]:
        """Everything that falls on a bell."""
        for slot in self._slots:
            if slot.landing is None or slot.landing_s is None or not self.blocks:
                continue
            block = self.blocks[slot.place]
            column = block.column_at(slot.landing_s)
            lead = self._block_at(slot.start_s).column_at(slot.start_s)
            want = self.planned.places[slot.place]
            yield Landed(column, slot.landing.on, want.is_second_wind, min(lead, column), block.end)

    def _block_at(self, at_s: Seconds) -> Block:
        return next((block for block in self.blocks if at_s < block.want.end_s), self.blocks[-1])


def blocks(places: Sequence[Want], width: int) -> tuple[Block, ...]:
    """The places side by side: to scale, but none too narrow to be read; all of the window where all of them fit."""
    widths = _widths(places, max(1, int(width * _LONGEST_SHARE)))
    total = sum(widths) + GAP * max(0, len(widths) - 1)
    if widths and total < width:
        spare = cells_of([want.length_s for want in places], width - total) if width > total else []
        widths = [own + more for own, more in zip(widths, spare, strict=True)]
    starts = accumulate((own + GAP for own in widths), initial=0)
    return tuple(
        Block(place, want, column, own)
        for place, (want, own, column) in enumerate(zip(places, widths, starts, strict=False))
    )


def _widths(places: Sequence[Want], longest: int) -> list[int]:
    longest_s = max((want.length_s for want in places), default=1.0)
    return [max(LEAST_COLUMNS, round(longest * want.length_s / max(longest_s, 1e-6))) for want in places]


def scrolled_to(block: Block, scroll: int, width: int, total: int) -> int:
    """The first column to be seen, so that a stretch is, with as little movement as that takes."""
    room = max(0, total - width)
    margin = min(LEAST_COLUMNS, max(0, (width - block.width) // 2))
    least, most = block.end + margin - width, block.column - margin
    if least > most:
        return min(room, max(0, block.column))
    return min(room, max(0, min(max(scroll, least), most)))


class Curves(NamedTuple):
    """By column over the whole session, 0 to 1; None where there is nothing, or nobody knows."""

    wanted: list[float | None]
    planned: list[float | None]


def curves(picture: PlanPicture, width: int) -> Curves:
    """The energy that is wished for, and that of the tracks."""
    planned = picture.planned
    moments = moments_of(planned.timeline.segments, width)
    places = [_place_at(planned.places, at_s) for at_s in moments]
    slots = [picture.slot_at(at_s) for at_s in moments]
    return Curves(
        [want.energy if want else None for want in places], [slot.song.energy if slot else None for slot in slots]
    )


def columns_of(planned: Planned, place: int, width: int) -> range:
    """The columns of a place over the whole session."""
    want = planned.places[place]
    moments = moments_of(planned.timeline.segments, width)
    inside = [column for column, at_s in enumerate(moments) if want.start_s <= at_s < want.end_s]
    if inside:
        return range(inside[0], inside[-1] + 1)
    near = min(bisect_right(moments, want.start_s), max(0, width - 1))
    return range(near, min(width, near + 1))


def moments_of(segments: Sequence[Segment], width: int) -> list[Seconds]:
    """The middle of each column of a strip of the session, in planned time."""
    cells = cells_of(drawn_lengths(segments), width)
    moments: list[Seconds] = []
    start_s = 0.0
    for segment, columns in zip(segments, cells, strict=True):
        length_s = OPEN_PHASE_S if segment.duration_s is None else segment.duration_s
        moments += [start_s + length_s * (column + 0.5) / columns for column in range(columns)]
        start_s += length_s
    return moments


def block_name(planned: Planned, place: int) -> str:
    """`round 2`, `rounds 3–6`, `rest`; the second part of a last round is the `second wind`."""
    want = planned.places[place]
    if place and planned.places[place - 1].stretch == want.stretch:
        return "second wind"
    if want.kind is not PhaseKind.WORK:
        return want.kind.value
    stretch = planned.stretches[want.stretch]
    inside = planned.timeline.segments[stretch.first_index : stretch.last_index + 1]
    rounds = [segment for segment in inside if segment.kind is PhaseKind.WORK and segment.round]
    if not rounds:
        return want.kind.value
    first, last = rounds[0], rounds[-1]
    many_sets = f"set {first.set}, " if first.set and (first.sets or 1) > 1 else ""
    if first.set != last.set:
        return f"sets {first.set}–{last.set}"
    return f"{many_sets}round {first.round}" if first is last else f"{many_sets}rounds {first.round}–{last.round}"


def _place_at(places: Sequence[Want], at_s: Seconds) -> Want | None:
    return next((want for want in places if want.start_s <= at_s < want.end_s), None)


def _means(hearings: Mapping[Path, Hearing]) -> dict[Path, MeanBetween]:
    return {path: means_of(hearing.energy) for path, hearing in hearings.items() if hearing.energy.values}
