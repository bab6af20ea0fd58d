"""What must have been heard in a session, told from its other events alone; knows nothing of how the engine works."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nbd_tui.workout.events import (
    CueDue,
    EndReason,
    Event,
    Paused,
    Resumed,
    SegmentEnded,
    SegmentStarted,
    SessionFinished,
    SessionStarted,
    TimeAdded,
)
from nbd_tui.workout.timeline import Anchor, Cue, CueKind, Segment

Heard = tuple[int, Cue]
"""Microseconds into the phase, and the cue."""

KEYED = (EndReason.SKIPPED, EndReason.DONE)
RETURNING = (EndReason.BACK, EndReason.UNDONE)


def us(seconds: float) -> int:
    return round(seconds * 1_000_000)


@dataclass
class Visit:
    """One stay in a phase."""

    segment: Segment
    number: int
    began_us: int
    """Workout time of entering."""
    first_us: int
    """Where in the phase it was entered."""
    duration_us: int | None
    marked: bool
    """Entered by going back, or in a pause: it begins with a cue of its own in any case."""
    ran: bool
    """Time has run in it."""
    lengths: list[tuple[int, int | None]] = field(default_factory=list)
    """From which place on the phase had which length."""
    heard: list[Heard] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    last_us: int = 0
    """Where in the phase it was left, or stands."""
    reason: EndReason | None = None
    left_in_pause: bool = False

    def at(self, worked_us: int) -> int:
        return self.first_us + worked_us - self.began_us


@dataclass
class Account:
    """The events of a session put in order by visit."""

    visits: list[Visit] = field(default_factory=list)
    began_us: int = 0
    lost_us: int = 0
    paused_at: int | None = None
    running: Visit | None = None
    reason: EndReason | None = None
    lengths: dict[int, int | None] = field(default_factory=dict)
    """Length of each phase as it was last left."""
    finished: bool = False

    def worked_us(self, clock_us: int) -> int:
        return (clock_us if self.paused_at is None else self.paused_at) - self.began_us - self.lost_us

    def take(self, event: Event) -> None:
        clock_us = us(event.at)
        match event:
            case SessionStarted():
                self.began_us, self.lost_us, self.paused_at, self.finished = clock_us, 0, None, False
            case Paused():
                assert self.paused_at is None
                self.paused_at = clock_us
            case Resumed():
                assert self.paused_at is not None
                assert us(event.paused_s) == clock_us - self.paused_at
                self.lost_us += clock_us - self.paused_at
                self.paused_at = None
                self._going().ran = True
            case SegmentStarted():
                self._enter(event, clock_us)
            case SegmentEnded():
                self._leave(event, clock_us)
            case CueDue():
                visit = self._going()
                assert event.segment is visit.segment
                visit.heard.append((visit.at(self.worked_us(clock_us)), event.cue))
                visit.keys.append(event.key)
            case TimeAdded():
                self._lengthen(event, clock_us)
            case SessionFinished():
                assert self.running is None
                assert event.completed == (self.reason is not EndReason.STOPPED)
                self.finished = True

    def close(self, clock_us: int) -> None:
        """The session is looked at until `clock_us`."""
        if self.running:
            self.running.last_us = self.running.at(self.worked_us(clock_us))

    def _going(self) -> Visit:
        assert self.running is not None
        return self.running

    def _enter(self, event: SegmentStarted, clock_us: int) -> None:
        assert self.running is None
        planned_us = None if event.segment.duration_s is None else us(event.segment.duration_s)
        undone = self.reason is EndReason.UNDONE
        visit = Visit(
            segment=event.segment,
            number=event.visit,
            began_us=self.worked_us(clock_us),
            first_us=us(event.elapsed_s),
            duration_us=self.lengths[event.segment.index] if undone else planned_us,
            marked=self.paused_at is not None or self.reason in RETURNING,
            ran=self.paused_at is None,
        )
        visit.lengths.append((visit.first_us, visit.duration_us))
        self.visits.append(visit)
        self.running, self.reason = visit, None

    def _leave(self, event: SegmentEnded, clock_us: int) -> None:
        visit = self._going()
        assert (event.segment, event.visit) == (visit.segment, visit.number)
        visit.last_us, visit.reason = visit.at(self.worked_us(clock_us)), event.reason
        visit.left_in_pause = self.paused_at is not None
        self.lengths[visit.segment.index] = visit.duration_us
        self.running, self.reason = None, event.reason

    def _lengthen(self, event: TimeAdded, clock_us: int) -> None:
        visit = self._going()
        assert visit.duration_us is not None
        visit.duration_us += us(event.added_s)
        here_us = visit.at(self.worked_us(clock_us))
        assert us(event.remaining_s) == visit.duration_us - here_us
        visit.lengths.append((here_us, visit.duration_us))


def account(events: Iterable[Event], clock_us: int) -> Account:
    told = Account()
    for event in events:
        told.take(event)
    told.close(clock_us)
    return told


def expected(visit: Visit, last_index: int) -> tuple[list[Heard], list[Heard]]:
    """The cues that must have been heard in the visit, and those that may have been besides.

    A cue whose new time is the very instant of the change of length depends on what sounded before: it may sound.
    """
    must, may = _first(visit), list[Heard]()
    ends = [from_us for from_us, _length in visit.lengths[1:]] + [visit.last_us]
    for (from_us, length_us), to_us in zip(visit.lengths, ends, strict=True):
        planned = _planned(visit.segment, length_us)
        must += [one for one in planned if from_us < one[0] <= to_us]
        may += [one for one in planned if one[0] == from_us]
    last = visit.segment.index == last_index
    if visit.reason in KEYED and (last or not visit.left_in_pause):
        must += [(visit.last_us, cue) for cue in visit.segment.cues if _is_end(cue)]
    return must, may


def _first(visit: Visit) -> list[Heard]:
    """What is heard on entering."""
    starts = [cue for cue in visit.segment.cues if cue.anchor is Anchor.START]
    if visit.marked:
        starts = starts or [Cue(CueKind.PHASE_START, Anchor.START)]
    return [(visit.first_us, cue) for cue in starts] if visit.ran else []


def _is_end(cue: Cue) -> bool:
    return cue.anchor is Anchor.END and cue.offset_s == 0


def _planned(segment: Segment, length_us: int | None) -> list[Heard]:
    """All cues of a phase of this length after its very start, less a halfway that meets another."""
    if length_us is None:
        return []
    ends = [(length_us + us(cue.offset_s), cue) for cue in segment.cues if cue.anchor is Anchor.END]
    middles = [(length_us // 2, cue) for cue in segment.cues if cue.anchor is Anchor.MIDDLE]
    taken = [at for at, _cue in ends]
    return [*ends, *(one for one in middles if one[0] not in taken)]
