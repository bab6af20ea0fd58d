"""When the announcer says what: cues of the clock in, utterances out. Pure.

A person with eyes shut hears the bell first and then its meaning: the name of a phase follows the bell that begins it.
Work is announced ahead, in the last seconds of the rest before it, so that it has been said before 3-2-1. What does not
fit between the other signals is not said: a cue is never talked over, and nothing is said late.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.outlook import DueCue, PlannedSegment
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.phrases import COMPLETE, HALFWAY, Phrase, names, names_at_start, seconds_left
from nbd_tui.workout.timeline import CueKind, Segment

Span: TypeAlias = tuple[Monotonic, Monotonic]

BEFORE_CUE_S: Final[Seconds] = 0.15
"""So long before a cue all is said."""
ATTACK_S: Final[dict[CueKind, Seconds]] = {
    CueKind.ROUND_START: 0.5,
    CueKind.ROUND_END: 1.05,
    CueKind.PHASE_START: 0.4,
    CueKind.CLAPPER: 0.4,
    CueKind.COUNTDOWN: 0.35,
    CueKind.HALFWAY: 0.4,
    CueKind.FINISH: 1.8,
}
"""How long a cue must be heard alone: its strokes, without their dying away."""
AFTER_CUE_S: Final[Seconds] = 0.1
LATEST_S: Final[Seconds] = 2.5
"""What belongs to a cue begins so soon after it, or is not said."""
COUNTDOWN_S: Final[Seconds] = 3.0
"""From its first beep to the bell."""
BEFORE_COUNTDOWN_S: Final[Seconds] = 0.4
"""From the last word of what is coming to the first beep, or to the bell where there are no beeps."""
QUIET_S: Final[Seconds] = 2.0
"""Between two utterances that nobody asked for: in a short rest one breathes, and is not talked to."""
APART_S: Final[Seconds] = 0.25
"""Between any two utterances."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to be said at a time."""

    key: str
    at: Monotonic
    phrase: Phrase
    length_s: Seconds

    @property
    def end(self) -> Monotonic:
        """When it is over."""
        return self.at + self.length_s


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be said as soon as it fits, because of a key."""

    key: str
    at: Monotonic
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """All that bears on what is said from a moment on, in clock time."""

    segments: Sequence[Segment]
    """The whole workout."""
    runs: Sequence[PlannedSegment]
    """The phases that run or are to come; none while the workout stands."""
    cues: Sequence[DueCue]
    """Those to come, and those of the last seconds."""
    begin: Monotonic
    """Nothing can begin before."""
    asked: frozenset[str] = frozenset()
    """Keys of the utterances that a key of the user's has caused: they need not keep their distance."""
    heard: Mapping[str, Span] = field(default_factory=dict)
    """When those utterances are heard that have begun."""
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """What can be said."""

    length_of: Callable[[Phrase], Seconds | None]
    """How long a phrase is; None: it cannot be said (yet)."""
    labels: bool = False
    """Whether the user's own labels are said."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """One utterance wanted: phrases to choose from, and when each may begin."""

    key: str
    phrases: tuple[Phrase, ...]
    at: Monotonic
    """After this, or (`before`) over by this."""
    before: bool
    within: Span
    rank: int
    asked: bool


def plan_speech(occasion: Occasion, voice: Voice) -> tuple[Utterance, ...]:
    """What is said when, in order; what has begun is not among it.

    Utterances keep clear of every cue and of each other and stay within their phase. Each belongs to a cue and has its
    key, with `/say` added; where it finds no place ahead of its bell it may come after it, under the same key.
    """
    board = _Board(occasion)
    for wish in sorted(_wishes(occasion, voice), key=lambda wish: (wish.rank, wish.at)):
        board.place(wish, voice.length_of)
    return tuple(sorted(board.placed.values(), key=lambda said: said.at))


def say_key(cue_key: str) -> str:
    """The key of the utterance that belongs to a cue."""
    return f"{cue_key}/say"


class _Board:
    """What is taken of the time: by cues, by what is being said, and by what has been placed."""

    def __init__(self, occasion: Occasion) -> None:
        self._begin = occasion.begin
        self._heard = occasion.heard
        cues = sorted(occasion.cues, key=lambda cue: cue.at)
        self._guards = [(cue.at - BEFORE_CUE_S, cue.at + ATTACK_S[cue.cue.kind]) for cue in cues]
        self._said: dict[bool, list[Span]] = {
            asked: sorted(span for key, span in occasion.heard.items() if (key in occasion.asked) is asked)
            for asked in (True, False)
        }
        """Utterances, those asked for apart."""
        self.placed: dict[str, Utterance] = {}

    def place(self, wish: _Wish, length_of: Callable[[Phrase], Seconds | None]) -> None:
        """Places the first of its phrases for which there is time."""
        if wish.key in self._heard or wish.key in self.placed:
            return
        for phrase in wish.phrases:
            length_s = length_of(phrase)
            if length_s is not None and (at := self._start(wish, length_s)) is not None:
                self.placed[wish.key] = Utterance(wish.key, at, phrase, length_s)
                insort(self._said[wish.asked], (at, at + length_s))
                return

    def _start(self, wish: _Wish, length_s: Seconds) -> Monotonic | None:
        first = wish.at - length_s if wish.before else max(wish.at, self._begin)
        latest = first if wish.before else wish.at + LATEST_S
        at = first
        while (obstacle := self._obstacle(at, length_s, wish)) is not None and at <= latest:
            at = obstacle
        inside = wish.within[0] <= at and at + length_s <= wish.within[1]
        return at if inside and self._begin <= at <= latest else None

    def _obstacle(self, at: Monotonic, length_s: Seconds, wish: _Wish) -> Monotonic | None:
        """When it would be clear of what is in its way; None: nothing is."""
        quiet_s = APART_S if wish.asked else QUIET_S
        taken = ((self._guards, 0.0), (self._said[True], APART_S), (self._said[False], quiet_s))
        ends = [end + apart_s for spans, apart_s in taken for _, end in _overlapping(spans, at, at + length_s, apart_s)]
        return max(ends) + 1e-6 if ends else None


def _overlapping(spans: Sequence[Span], start: Monotonic, end: Monotonic, apart_s: Seconds) -> Iterator[Span]:
    """Those of the spans (in order, none much longer than a few seconds) that come nearer than `apart_s`."""
    first = bisect_left(spans, (start - apart_s - 15.0, 0.0))
    last = bisect_left(spans, (end + apart_s, 0.0))
    return (span for span in spans[first:last] if span[1] + apart_s > start)


def _wishes(occasion: Occasion, voice: Voice) -> Iterator[_Wish]:
    runs = {run.segment.index: run for run in occasion.runs}
    beeps = [cue.at for cue in occasion.cues if cue.cue.kind is CueKind.COUNTDOWN]
    for cue in occasion.cues:
        key = say_key(cue.key)
        for wish in _wishes_of(cue, occasion.segments, runs, beeps, voice):
            yield _Wish(key, *wish, asked=key in occasion.asked)
    for remark in occasion.remarks:
        yield _Wish(remark.key, remark.phrases, remark.at, before=False, within=_forever(), rank=4, asked=True)


_Wanted: TypeAlias = tuple[tuple[Phrase, ...], Monotonic, bool, Span, int]
"""A wish without its key: phrases, at, before, within, rank."""


def _wishes_of(
    cue: DueCue,
    segments: Sequence[Segment],
    runs: Mapping[int, PlannedSegment],
    beeps: Sequence[Monotonic],
    voice: Voice,
) -> Iterator[_Wanted]:
    kind, index = cue.cue.kind, cue.segment.index
    after = cue.at + ATTACK_S[kind] + AFTER_CUE_S
    if kind is CueKind.FINISH:
        yield (COMPLETE,), after, False, _forever(), 1
    elif kind is CueKind.ROUND_START:
        phrases = names(cue.segment, labels=voice.labels)
        before = runs.get(index - 1)
        if before is not None and before.end_at is not None and before.segment.kind is not PhaseKind.WORK:
            yield phrases, _said_by(cue.at, beeps), True, _span(before), 1
        if index in runs:
            yield phrases, after, False, _span(runs[index]), 1
    elif kind in {CueKind.ROUND_END, CueKind.PHASE_START}:
        yield from _beginning(index + (kind is CueKind.ROUND_END), after, segments, runs, voice)
    elif kind in {CueKind.CLAPPER, CueKind.HALFWAY} and index in runs:
        phrase = HALFWAY if kind is CueKind.HALFWAY else seconds_left(-cue.cue.offset_s)
        if phrase:
            yield (phrase,), after, False, _span(runs[index]), 3


def _beginning(
    index: int, after: Monotonic, segments: Sequence[Segment], runs: Mapping[int, PlannedSegment], voice: Voice
) -> Iterator[_Wanted]:
    """The name of a phase that has begun."""
    if index in runs:
        following = segments[index + 1] if index + 1 < len(segments) else None
        phrases = names_at_start(segments[index], following, labels=voice.labels)
        yield phrases, after, False, _span(runs[index]), 2


def _said_by(bell: Monotonic, beeps: Iterable[Monotonic]) -> Monotonic:
    """When what is coming must have been said: before the countdown to its bell, or else before the bell."""
    counted = any(bell - COUNTDOWN_S - 0.5 < beep < bell for beep in beeps)
    return bell - BEFORE_COUNTDOWN_S - (COUNTDOWN_S if counted else 0.0)


def _span(run: PlannedSegment) -> Span:
    return run.start_at, run.end_at if run.end_at is not None else float("inf")


def _forever() -> Span:
    return float("-inf"), float("inf")
