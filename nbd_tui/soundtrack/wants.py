"""What each stretch of a workout asks of its music: intent, energy, length, and the bell a drop may land on. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.arc import wanted_energy
from nbd_tui.soundtrack.intent import Intent
from nbd_tui.soundtrack.pin import Pin, PinnedPlace, Shelf, WorkoutPins
from nbd_tui.soundtrack.stretch import Stretch, wishes
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wish import Wish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

OPEN_PHASE_S: Final[Seconds] = 180.0
"""An open phase is taken to last so long."""
KEEP_S: Final[Seconds] = 4.0
"""So much of a rest keeps its own music at least; before that no build-up begins."""
AFTER_REST_S: Final[Seconds] = 4.0
"""So soon after a short rest the second wind comes with its bell."""
SHORTEST_WIND_S: Final[Seconds] = 90.0
"""A last round shorter than this has no room for another track: its second wind is its start."""


@dataclass(frozen=True, slots=True)
class Want:
    """One place for music: a stretch, or the part of the last round from its second wind on."""

    stretch: int
    wish: Wish
    energy: float
    """Wanted by the arc, 0 to 1."""
    start_s: Seconds
    """In the session, as planned."""
    length_s: Seconds
    is_open: bool = False
    """The end is up to the user."""
    bell_s: Seconds | None = None
    """When, after the start, a drop should fall; None: the music just changes."""
    room_s: Seconds = 0.0
    """So long before the start the music may begin already."""
    is_second_wind: bool = False
    bell_segment: int | None = None
    """The phase that the bell begins."""
    pin: Pin | None = None
    """What the user has chosen for it."""
    is_pinned_here: bool = False
    """The pin is of these phases alone, not of all of their kind."""

    @property
    def kind(self) -> PhaseKind:
        """The kind of phase the music is for."""
        return self.wish.kind

    @property
    def shelf(self) -> Shelf:
        """What decides which tracks may play."""
        return PinnedPlace(self.kind, self.pin) if self.pin and self.is_pinned_here else self.kind

    @property
    def has_one_track(self) -> bool:
        """The user has chosen one track for these phases; when it is over, others follow."""
        return self.pin is not None and self.pin.is_track and self.is_pinned_here

    def played_by(self, path: Path) -> "Want":
        """The same for a track, which goes by where the pin wants it only if it is the pinned one."""
        return self if self.pin is None or self.pin.path == path else replace(self, pin=None, is_pinned_here=False)

    @property
    def intent(self) -> Intent:
        """The tempo band."""
        return self.wish.intent

    @property
    def end_s(self) -> Seconds:
        """In the session, as planned."""
        return self.start_s + self.length_s

    @property
    def after_bell_s(self) -> Seconds:
        """How long the music goes on from the bell (or the start) on."""
        return self.length_s - (self.bell_s or 0.0)

    @property
    def lead_s(self) -> Seconds:
        """How long before the bell the music may begin."""
        return self.room_s + (self.bell_s or 0.0)


def wants(
    segments: Sequence[Segment],
    stretches: Sequence[Stretch],
    taste: MusicTaste = USUAL_TASTE,
    *,
    lengths_s: Mapping[int, Seconds] | None = None,
) -> tuple[Want, ...]:
    """The places for music of a workout, in order.

    Args:
        segments: the whole timeline.
        stretches: those of `plan_stretches`.
        taste: what is wished for.
        lengths_s: of segments, by index, whose length is not the planned one.
    """
    asked = wishes(stretches, segments, taste.bands)
    energies = wanted_energy(asked, taste.arc)
    last_work = max((i for i, stretch in enumerate(stretches) if stretch.kind is PhaseKind.WORK), default=-1)
    places: list[Want] = []
    for place in _places(segments, stretches, lengths_s or {}):
        want = _want(place, asked[place.number], energies[place.number])
        want = _with_room(_with_pin(want, segments, place.stretch, taste.pins), places)
        places += _with_second_wind(want, place, taste.second_wind_s if place.number == last_work else None)
    return tuple(places)


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch and the phases in it."""

    number: int
    stretch: Stretch
    start_s: Seconds
    phases: tuple[tuple[PhaseKind, Seconds], ...]
    is_open: bool


def _places(
    segments: Sequence[Segment], stretches: Sequence[Stretch], lengths_s: Mapping[int, Seconds]
) -> Iterator[_Place]:
    start_s = 0.0
    for number, stretch in enumerate(stretches):
        inside = segments[stretch.first_index : stretch.last_index + 1]
        phases = tuple((segment.kind, lengths_s.get(segment.index, _planned_s(segment))) for segment in inside)
        yield _Place(number, stretch, start_s, phases, any(segment.duration_s is None for segment in inside))
        start_s += sum(length_s for _, length_s in phases)


def _want(place: "_Place", wish: Wish, energy: float) -> Want:
    kinds = [kind for kind, _ in place.phases]
    is_work = place.stretch.kind is PhaseKind.WORK and PhaseKind.WORK in kinds
    first_work = kinds.index(PhaseKind.WORK) if is_work else 0
    return Want(
        place.number, wish, energy, place.start_s, sum(length_s for _, length_s in place.phases),
        is_open=place.is_open,
        bell_s=sum(length_s for _, length_s in place.phases[:first_work]) if is_work else None,
        bell_segment=place.stretch.first_index + first_work if is_work else None,
    )  # fmt: skip


def _with_pin(want: Want, segments: Sequence[Segment], stretch: Stretch, pins: WorkoutPins) -> Want:
    inside = range(stretch.first_index, stretch.last_index + 1)
    here = next((pins.phases[index] for index in inside
                 if index in pins.phases and segments[index].kind is stretch.kind), None)  # fmt: skip
    return replace(want, pin=here or pins.kinds.get(stretch.kind), is_pinned_here=here is not None)


def _with_room(want: Want, before: Sequence[Want]) -> Want:
    """A build-up may play under what comes before the bell, unless that is work too or nobody knows its end."""
    if not before or want.bell_s is None or before[-1].is_open or before[-1].kind is PhaseKind.WORK:
        return want
    return replace(want, room_s=max(0.0, before[-1].length_s - KEEP_S))


def _with_second_wind(want: Want, place: "_Place", wind_s: Seconds | None) -> list[Want]:
    """The last round, cut where its second wind begins; one too short for that has it at its start.

    Who has chosen the one track of that round hears it to the end.
    """
    if wind_s is None or want.is_open:
        return [want]
    if (want.pin and want.pin.is_track) or want.after_bell_s < max(SHORTEST_WIND_S, 2 * wind_s):
        return [replace(want, is_second_wind=True)]
    first_s, bell_segment = _clear_of_rests(place, want.length_s - wind_s)
    if first_s >= want.length_s:
        return [replace(want, is_second_wind=True)]
    second = Want(
        want.stretch, want.wish, want.intent.energies[1], want.start_s + first_s, want.length_s - first_s,
        bell_s=0.0, room_s=max(0.0, first_s - (want.bell_s or 0.0) - KEEP_S), is_second_wind=True,
        bell_segment=bell_segment, pin=want.pin, is_pinned_here=want.is_pinned_here,
    )  # fmt: skip
    return [replace(want, length_s=first_s), second]


def _clear_of_rests(place: "_Place", at_s: Seconds) -> tuple[Seconds, int | None]:
    """When in its stretch a second wind comes: in a short rest, or just after, with the bell that ends the rest.

    With that bell comes the phase that it begins.
    """
    end_s = 0.0
    for index, (_, length_s) in enumerate(place.phases, place.stretch.first_index):
        start_s, end_s = end_s, end_s + length_s
        if index in place.stretch.dipped and start_s <= at_s < end_s + AFTER_REST_S:
            return end_s, index + 1
    return at_s, None


def _planned_s(segment: Segment) -> Seconds:
    return OPEN_PHASE_S if segment.duration_s is None else segment.duration_s
