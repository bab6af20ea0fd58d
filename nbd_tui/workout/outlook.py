"""What can be known of a session at one moment: where it stands, and what comes when if nothing changes."""

from collections.abc import Iterator
from dataclasses import dataclass

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout import moves
from nbd_tui.workout.state import EngineData, EngineState, Micros, to_s, to_us
from nbd_tui.workout.timeline import Cue, Segment, Timeline


@dataclass(frozen=True, slots=True)
class Position:
    """Where a session stands."""

    state: EngineState
    segment: Segment
    """The running one; the first before the start, the last entered when finished."""
    visit: int
    """0 before the start."""
    elapsed_s: Seconds
    """Of the running phase."""
    remaining_s: Seconds | None
    """Of the running phase; None in an open one, 0 when finished."""
    duration_s: Seconds | None
    """Of the running phase with added time; None in an open one."""
    total_remaining_s: Seconds
    """Of all phases of known length still to do."""
    open_left: bool
    """An open phase is running or to come."""
    worked_s: Seconds
    """Time since the start without the pauses."""
    paused_s: Seconds
    """All pauses since the start, the present one included."""
    pause_s: Seconds
    """The present pause; 0 when not paused."""
    can_undo_skip: bool
    completed: bool
    """Finished by reaching the end, not by stop."""


@dataclass(frozen=True, slots=True)
class PlannedSegment:
    """A phase that runs or is to come, in clock time."""

    segment: Segment
    visit: int
    """The visit it has, or will have if nothing changes."""
    start_at: Monotonic
    """Its 0:00; of the running phase moved on by the pauses in it, so that its end less its length."""
    end_at: Monotonic | None
    """None: open."""


@dataclass(frozen=True, slots=True)
class DueCue:
    """A cue to come, in clock time."""

    at: Monotonic
    key: str
    """The one its `CueDue` will have, unless a command moves it or leads elsewhere before."""
    segment: Segment
    cue: Cue


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The phases up to and with the first open one, and their cues: after it no time is known."""

    segments: tuple[PlannedSegment, ...]
    cues: tuple[DueCue, ...]


class Totals:
    """What is left after each phase of a timeline, counted once."""

    def __init__(self, timeline: Timeline) -> None:
        self.known_us = [0]
        self.has_open = [False]
        for segment in reversed(timeline.segments):
            self.known_us.append(self.known_us[-1] + to_us(segment.duration_s or 0.0))
            self.has_open.append(self.has_open[-1] or segment.duration_s is None)
        self.known_us.reverse()
        self.has_open.reverse()


def position(timeline: Timeline, totals: Totals, data: EngineData, clock_us: Micros) -> Position:
    """Where the session stands at `clock_us`; the phase is the one `data` is in, held at its end if that is past."""
    if data.state is EngineState.IDLE:
        return _before_start(timeline, totals)
    finished, paused = data.state is EngineState.FINISHED, data.state is EngineState.PAUSED
    worked_us = data.worked_us(clock_us)
    elapsed_us = worked_us - data.entered_us
    if data.duration_us is not None:
        elapsed_us = min(elapsed_us, data.duration_us)
    remaining_us = 0 if finished else None if data.duration_us is None else data.duration_us - elapsed_us
    pause_us = clock_us - data.halted_us if paused and data.halted_us is not None else 0
    return Position(
        state=data.state,
        segment=timeline.segments[data.index],
        visit=data.visit,
        elapsed_s=to_s(elapsed_us),
        remaining_s=_optional_s(remaining_us),
        duration_s=_optional_s(data.duration_us),
        total_remaining_s=0.0 if finished else to_s((remaining_us or 0) + totals.known_us[data.index + 1]),
        open_left=not finished and totals.has_open[data.index],
        worked_s=to_s(worked_us),
        paused_s=to_s(data.paused_us + pause_us),
        pause_s=to_s(pause_us),
        can_undo_skip=data.skipped is not None,
        completed=data.completed,
    )


def upcoming(timeline: Timeline, data: EngineData, clock_us: Micros, ahead_us: Micros | None = None) -> Upcoming:
    """What comes when, if the session starts, goes on or is resumed at `clock_us`; nothing when finished."""
    data, _ = (moves.start if data.state is EngineState.IDLE else moves.resume)(timeline, data, clock_us)
    if data.state is not EngineState.RUNNING:
        return Upcoming((), ())
    runs = list(_runs(timeline, data, None if ahead_us is None else data.worked_us(clock_us) + ahead_us))
    return Upcoming(
        tuple(_planned(timeline, run) for run in runs),
        tuple(cue for run in runs for cue in _cues(timeline, run)),
    )


def _before_start(timeline: Timeline, totals: Totals) -> Position:
    segment = timeline.segments[0]
    return Position(
        state=EngineState.IDLE,
        segment=segment,
        visit=0,
        elapsed_s=0.0,
        remaining_s=segment.duration_s,
        duration_s=segment.duration_s,
        total_remaining_s=to_s(totals.known_us[0]),
        open_left=totals.has_open[0],
        worked_s=0.0,
        paused_s=0.0,
        pause_s=0.0,
        can_undo_skip=False,
        completed=False,
    )


def _runs(timeline: Timeline, data: EngineData, until_us: Micros | None) -> Iterator[EngineData]:
    """`data`, and the data with which each later phase will be entered by itself, up to the first open one.

    None is entered after `until_us` (workout time).
    """
    yield data
    while data.end_us is not None and data.index + 1 < len(timeline.segments):
        if until_us is not None and data.end_us > until_us:
            return
        data = moves.enter_next(timeline, data)
        yield data


def _planned(timeline: Timeline, run: EngineData) -> PlannedSegment:
    end_us = run.end_us
    return PlannedSegment(
        segment=timeline.segments[run.index],
        visit=run.visit,
        start_at=to_s(run.offset_us + run.entered_us),
        end_at=None if end_us is None else to_s(run.offset_us + end_us),
    )


def _cues(timeline: Timeline, run: EngineData) -> Iterator[DueCue]:
    segment, end_us = timeline.segments[run.index], run.end_us
    for one in run.armed:
        if end_us is None or one.due_us <= end_us:
            yield DueCue(to_s(run.offset_us + one.due_us), one.key, segment, one.cue)


def _optional_s(micros: Micros | None) -> Seconds | None:
    return None if micros is None else to_s(micros)
