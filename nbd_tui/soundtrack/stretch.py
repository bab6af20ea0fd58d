"""Groups the phases of a workout into stretches that share one piece of music. Pure.

Music that changes every ten seconds is noise, so a rest under 20 s only dips the track of the work around it, rounds
without a rest between them share a track for two to four minutes, and a short "get ready" belongs to what follows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.intent import USUAL, Bands
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wish import Wish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

LONGEST_S: Final[Seconds] = 240.0
"""Consecutive phases of one kind share a track for about this long: the length of a song."""
SLACK_S: Final[Seconds] = 24.0
"""A run this much longer is not worth another track: a Tabata with its "get ready" stays in one piece."""
OPEN_PHASE_S: Final[Seconds] = 60.0
"""The length an open phase is taken to have when phases are shared out."""

_QUIET: Final = frozenset({PhaseKind.REST, PhaseKind.BREAK, PhaseKind.PREPARE})
_DIPPING: Final = frozenset({PhaseKind.WORK, PhaseKind.WARM_UP})
"""Kinds whose music would be too loud for the short rest within them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive segments that share one piece of music."""

    kind: PhaseKind
    """The kind the music is for."""
    first_index: int
    last_index: int
    dipped: frozenset[int] = frozenset()
    """Indexes of the segments in which the music steps back."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One segment within a stretch in the making."""

    index: int
    duration_s: Seconds
    dipped: bool
    may_begin: bool
    """Whether a new piece of music may start here: on the phase the music is for, not on a dip or a lead-in."""


def plan_stretches(segments: Sequence[Segment], taste: MusicTaste = USUAL_TASTE) -> tuple[Stretch, ...]:
    """The stretches of a timeline: every segment in exactly one, in order.

    Args:
        segments: of the timeline.
        taste: says which rests are too short for music of their own, and what music is pinned to which phases.
    """
    kinds = _music_kinds(segments, taste.short_rest_s)
    pins = _pins(segments, kinds, taste.pins.phases)
    stretches: list[Stretch] = []
    first = 0
    for index in range(1, len(segments) + 1):
        if index == len(segments) or kinds[index] is not kinds[first] or pins[index] != pins[first]:
            stretches += _shared_out(kinds[first], [_part(segments[i], i, kinds[first]) for i in range(first, index)])
            first = index
    return tuple(stretches)


def wishes(stretches: Sequence[Stretch], segments: Sequence[Segment], bands: Bands = USUAL) -> tuple[Wish, ...]:
    """What each stretch asks for; `place` is its midpoint's place in the time of all stretches of its kind."""
    lengths = [sum(_length_s(segments[i]) for i in range(s.first_index, s.last_index + 1)) for s in stretches]
    totals: defaultdict[PhaseKind, Seconds] = defaultdict(float)
    middles = []
    for stretch, length_s in zip(stretches, lengths, strict=True):
        middles.append(totals[stretch.kind] + length_s / 2)
        totals[stretch.kind] += length_s
    return tuple(
        Wish(
            stretch.kind,
            _known_length_s(stretch, segments),
            middle / totals[stretch.kind] if totals[stretch.kind] else 0.5,
            bands,
        )
        for stretch, middle in zip(stretches, middles, strict=True)
    )


def _music_kinds(segments: Sequence[Segment], short_rest_s: Seconds) -> list[PhaseKind]:
    """The kind of music heard in each segment: its own, or that of its neighbours when it is too short to matter."""
    kinds: list[PhaseKind] = []
    for index, segment in enumerate(segments):
        before = kinds[-1] if kinds else None
        after = next((s.kind for s in _from(segments, index + 1) if not _is_short(s, short_rest_s)), None)
        kinds.append(_kind_heard(before, segment, after) if _is_short(segment, short_rest_s) else _own(segment, after))
    return kinds


def _pins(segments: Sequence[Segment], kinds: Sequence[PhaseKind], pinned: Mapping[int, Pin]) -> Sequence[Pin | None]:
    """What is pinned to each segment: to a dip what is to the phase before it, to a lead-in what is to the next."""
    own = [segment.kind is kind for segment, kind in zip(segments, kinds, strict=True)]
    pins: list[Pin | None] = []
    for index, segment in enumerate(segments):
        before = index > 0 and kinds[index - 1] is kinds[index]
        if own[index]:
            pins.append(pinned.get(index))
        elif before and segment.kind is not PhaseKind.PREPARE:
            pins.append(pins[-1])
        else:
            pins.append(pinned.get(next((later for later in range(index, len(segments)) if own[later]), -1)))
    return pins


def _from(segments: Sequence[Segment], start: int) -> Iterable[Segment]:
    return (segments[index] for index in range(start, len(segments)))


def _own(segment: Segment, after: PhaseKind | None) -> PhaseKind:
    """The kind of a phase that is long enough; who gets ready for a warm-up has begun with it."""
    leads_in = segment.kind is PhaseKind.PREPARE and after is PhaseKind.WARM_UP
    return PhaseKind.WARM_UP if leads_in else segment.kind


def _kind_heard(before: PhaseKind | None, segment: Segment, after: PhaseKind | None) -> PhaseKind:
    """What is heard in a phase too short for music of its own."""
    near = (after, before) if segment.kind is PhaseKind.PREPARE else (before, after)
    return near[0] or near[1] or segment.kind


def _is_short(segment: Segment, short_rest_s: Seconds) -> bool:
    """Whether a phase is a pause too short for music of its own."""
    return segment.kind in _QUIET and segment.duration_s is not None and segment.duration_s < short_rest_s


def _part(segment: Segment, index: int, kind: PhaseKind) -> _Part:
    own = segment.kind is kind
    lead_in = segment.kind is PhaseKind.PREPARE and kind is PhaseKind.WARM_UP
    return _Part(index, _length_s(segment), dipped=not own and not lead_in and kind in _DIPPING, may_begin=own)


def _shared_out(kind: PhaseKind, parts: Sequence[_Part]) -> Iterable[Stretch]:
    """Cuts a run of one kind into even stretches of at most about a song's length, between its phases."""
    total = sum(part.duration_s for part in parts)
    count = max(1, ceil((total - SLACK_S) / LONGEST_S))
    starts = {0} | {_nearest_start(parts, total * n / count) for n in range(1, count)}
    bounds = [*sorted(starts), len(parts)]
    for first, end in pairwise(bounds):
        dipped = frozenset(part.index for part in parts[first:end] if part.dipped)
        yield Stretch(kind, parts[first].index, parts[end - 1].index, dipped)


def _nearest_start(parts: Sequence[_Part], wanted_s: Seconds) -> int:
    """The part after the first at which music may begin, nearest to a time in the run; 0 when there is none."""
    begun = next((i for i, part in enumerate(parts) if part.may_begin), 0)
    at_s, nearest, distance = 0.0, 0, float("inf")
    for place, part in enumerate(parts):
        if part.may_begin and place > begun and abs(at_s - wanted_s) < distance:
            nearest, distance = place, abs(at_s - wanted_s)
        at_s += part.duration_s
    return nearest


def _length_s(segment: Segment) -> Seconds:
    return OPEN_PHASE_S if segment.duration_s is None else segment.duration_s


def _known_length_s(stretch: Stretch, segments: Sequence[Segment]) -> Seconds | None:
    lengths = [segments[index].duration_s for index in range(stretch.first_index, stretch.last_index + 1)]
    known = [length for length in lengths if length is not None]
    return sum(known) if len(known) == len(lengths) else None
