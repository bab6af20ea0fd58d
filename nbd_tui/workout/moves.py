"""How a session goes from one moment to the next: time passing, and each command. Pure functions of the data.

Every command expects data that `run_until` has brought up to the same clock time; where it makes no sense it changes
nothing. Its own cues are armed, not sounded: a second `run_until` finds those that are due at once.
"""

from dataclasses import replace
from typing import Final, TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.workout.arming import arm_all, leaving_cues, marked, rearmed
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.events import (
    CueDue,
    EndReason,
    Event,
    Paused,
    Resumed,
    SegmentEnded,
    SegmentStarted,
    SessionFinished,
    SessionRestored,
    SessionStarted,
    TimeAdded,
)
from nbd_tui.workout.state import ArmedCue, EngineData, EngineState, Micros, Skipped, to_s, to_us
from nbd_tui.workout.timeline import Segment, Timeline

BACK_WITHIN_S: Final[Seconds] = 2.0
"""So soon after its start, going back leads to the phase before."""

LEAST_LEFT_S: Final[Seconds] = 3.0
"""Taking time away leaves at least this much."""

Step: TypeAlias = tuple[EngineData, tuple[Event, ...]]


def run_until(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Everything that comes due up to `clock_us`, in order, each at its own time."""
    events: list[Event] = []
    while (due_us := next_due_us(data)) is not None and data.offset_us + due_us <= clock_us:
        data, happened = _next(timeline, data, due_us)
        events.extend(happened)
    return data, tuple(events)


def next_due_us(data: EngineData) -> Micros | None:
    """Workout time of the next cue or change of phase; None where nothing comes by itself."""
    if data.state is not EngineState.RUNNING:
        return None
    end_us = data.end_us
    if data.armed and (end_us is None or data.armed[0].due_us <= end_us):
        return data.armed[0].due_us
    return end_us


def enter_next(timeline: Timeline, data: EngineData) -> EngineData:
    """The data as the next phase is entered when this one, which is running and not open, ends by itself."""
    clock_us = data.offset_us + (data.end_us or 0)
    return _entered_at(timeline, replace(data, skipped=None), data.index + 1, clock_us)[0]


def start(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Begins the workout."""
    return _begun(timeline, data, clock_us) if data.state is EngineState.IDLE else (data, ())


def restore(timeline: Timeline, data: EngineData, clock_us: Micros, checkpoint: Checkpoint) -> Step:
    """Takes an interrupted workout up where it stood, paused, with what it had worked and paused by then.

    Cues that were due by then are past; of a phase that had only just begun the first is heard when it goes on.
    """
    if data.state is not EngineState.IDLE:
        return data, ()
    worked_us, paused_us = to_us(checkpoint.worked_s), to_us(checkpoint.paused_s)
    began_us = clock_us - worked_us - paused_us
    data = EngineData(EngineState.PAUSED, began_us=began_us, paused_us=paused_us, halted_us=clock_us)
    segment, elapsed_us = timeline.segments[checkpoint.index], to_us(checkpoint.elapsed_s)
    duration_us = None if checkpoint.duration_s is None else to_us(checkpoint.duration_s)
    data = _entered(data, segment, worked_us - elapsed_us, duration_us)
    if elapsed_us == 0:
        data = marked(segment, data, worked_us)
    else:
        past = frozenset(one.slot for one in data.armed if one.due_us <= worked_us)
        data = replace(data, armed=tuple(one for one in data.armed if one.slot not in past), sounded=past)
    at = to_s(clock_us)
    return data, (
        SessionRestored(at, checkpoint.worked_s, checkpoint.paused_s),
        SegmentStarted(at, segment, data.visit, checkpoint.elapsed_s),
        Paused(at),
    )


def restart(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Begins the workout again, running, from whatever state but idle."""
    if data.state is EngineState.IDLE:
        return data, ()
    ended = (_ended(timeline, data, clock_us, EndReason.RESTARTED),) if _under_way(data) else ()
    data, begun = _begun(timeline, data, clock_us)
    return data, ended + begun


def pause(_timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Stops the workout time."""
    if data.state is not EngineState.RUNNING:
        return data, ()
    return replace(data, state=EngineState.PAUSED, halted_us=clock_us), (Paused(to_s(clock_us)),)


def resume(_timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Lets the workout time go on from where it stood."""
    if data.state is not EngineState.PAUSED or data.halted_us is None:
        return data, ()
    pause_us = clock_us - data.halted_us
    data = replace(data, state=EngineState.RUNNING, paused_us=data.paused_us + pause_us, halted_us=None)
    return data, (Resumed(to_s(clock_us), to_s(pause_us)),)


def toggle_pause(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Pauses what runs, resumes what is paused."""
    return (resume if data.state is EngineState.PAUSED else pause)(timeline, data, clock_us)


def skip(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Goes to the next phase; the last one's skip completes the workout."""
    return _left(timeline, data, clock_us, EndReason.SKIPPED) if _under_way(data) else (data, ())


def undo_skip(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Goes back to where the last skip or done was pressed, time added there included; again, to the one before it.

    Possible until a phase ends by itself or by another command (back, restart, stop), and no longer once the workout is
    finished.
    """
    skipped = data.skipped
    if skipped is None or not _under_way(data):
        return data, ()
    ended = _ended(timeline, data, clock_us, EndReason.UNDONE)
    segment, worked_us = timeline.segments[skipped.index], data.worked_us(clock_us)
    data = replace(
        _entered(data, segment, worked_us - skipped.elapsed_us, skipped.duration_us),
        sounded=skipped.sounded,
        skipped=skipped.before,
    )
    data = replace(data, armed=tuple(one for one in data.armed if one.slot in skipped.pending))
    started = SegmentStarted(to_s(clock_us), segment, data.visit, to_s(skipped.elapsed_us))
    return marked(segment, data, worked_us), (ended, started)


def back(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Begins the phase again at its planned length; within `BACK_WITHIN_S` of its start, the one before it."""
    if not _under_way(data):
        return data, ()
    early = data.worked_us(clock_us) - data.entered_us < to_us(BACK_WITHIN_S)
    ended = _ended(timeline, data, clock_us, EndReason.BACK)
    data = replace(data, skipped=None)
    index = max(data.index - 1, 0) if early else data.index
    data, started = _entered_at(timeline, data, index, clock_us)
    return marked(timeline.segments[index], data, data.entered_us), (ended, started)


def add_time(timeline: Timeline, data: EngineData, clock_us: Micros, seconds: Seconds) -> Step:
    """Makes the running phase longer, or shorter down to `LEAST_LEFT_S` left; nothing in an open phase."""
    end_us, worked_us = data.end_us, data.worked_us(clock_us)
    if end_us is None or data.duration_us is None or not _under_way(data):
        return data, ()
    shortest_us = min(to_us(LEAST_LEFT_S) - (end_us - worked_us), 0)
    added_us = max(to_us(seconds), shortest_us)
    if added_us == 0:
        return data, ()
    data = replace(data, duration_us=data.duration_us + added_us, revision=data.revision + 1)
    event = TimeAdded(to_s(clock_us), to_s(added_us), to_s(end_us + added_us - worked_us))
    return rearmed(timeline.segments[data.index], data, worked_us), (event,)


def done(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Ends an open phase."""
    if not _under_way(data) or data.duration_us is not None:
        return data, ()
    return _left(timeline, data, clock_us, EndReason.DONE)


def stop(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """Ends the workout here."""
    if not _under_way(data):
        return data, ()
    ended = _ended(timeline, data, clock_us, EndReason.STOPPED)
    data, finished = _finished(data, clock_us, completed=False)
    return data, (ended, finished)


def _under_way(data: EngineData) -> bool:
    return data.state in {EngineState.RUNNING, EngineState.PAUSED}


def _next(timeline: Timeline, data: EngineData, due_us: Micros) -> Step:
    """What comes due at `due_us`: the first armed cue, or else the end of the phase."""
    clock_us = data.offset_us + due_us
    if data.armed and data.armed[0].due_us == due_us:
        first, *rest = data.armed
        data = replace(data, armed=tuple(rest), sounded=data.sounded | {first.slot})
        return data, (_due(timeline.segments[data.index], first, clock_us),)
    ended = _ended(timeline, data, clock_us, EndReason.TIME)
    data, events = _after(timeline, replace(data, skipped=None), clock_us)
    return data, (ended, *events)


def _left(timeline: Timeline, data: EngineData, clock_us: Micros, reason: EndReason) -> Step:
    """The running phase is left by a key that can be undone."""
    left = Skipped(
        index=data.index,
        elapsed_us=data.worked_us(clock_us) - data.entered_us,
        duration_us=data.duration_us,
        pending=frozenset(one.slot for one in data.armed),
        sounded=data.sounded,
        before=data.skipped,
    )
    data, events = _moved_on(timeline, data, clock_us, reason)
    return (replace(data, skipped=left) if _under_way(data) else data), events


def _moved_on(timeline: Timeline, data: EngineData, clock_us: Micros, reason: EndReason) -> Step:
    """The running phase is ended by a key, with the cues of its end.

    In a pause nothing sounds: instead the phase that follows is marked when the workout goes on. Only the finish is
    heard, since no resume will follow it.
    """
    segment, paused = timeline.segments[data.index], data.state is EngineState.PAUSED
    last = data.index == len(timeline.segments) - 1
    cues = leaving_cues(segment, data, data.worked_us(clock_us)) if last or not paused else ()
    ended = (*(_due(segment, one, clock_us) for one in cues), _ended(timeline, data, clock_us, reason))
    data, events = _after(timeline, data, clock_us)
    if paused and _under_way(data):
        data = marked(timeline.segments[data.index], data, data.entered_us)
    return data, ended + events


def _after(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """The phase after the running one is entered, or the workout is complete."""
    if data.index + 1 < len(timeline.segments):
        data, event = _entered_at(timeline, data, data.index + 1, clock_us)
        return data, (event,)
    data, finished = _finished(data, clock_us, completed=True)
    return data, (finished,)


def _begun(timeline: Timeline, data: EngineData, clock_us: Micros) -> Step:
    """A new session, whose visits and keys go on from those of the last."""
    data = EngineData(EngineState.RUNNING, began_us=clock_us, halted_us=None, visit=data.visit, revision=data.revision)
    data, started = _entered_at(timeline, data, 0, clock_us)
    return data, (SessionStarted(to_s(clock_us)), started)


def _entered_at(timeline: Timeline, data: EngineData, index: int, clock_us: Micros) -> tuple[EngineData, Event]:
    """The phase is entered at its beginning."""
    segment = timeline.segments[index]
    duration_us = None if segment.duration_s is None else to_us(segment.duration_s)
    data = _entered(data, segment, data.worked_us(clock_us), duration_us)
    return data, SegmentStarted(to_s(clock_us), segment, data.visit)


def _entered(data: EngineData, segment: Segment, entered_us: Micros, duration_us: Micros | None) -> EngineData:
    data = replace(
        data,
        visit=data.visit + 1,
        index=segment.index,
        entered_us=entered_us,
        duration_us=duration_us,
        sounded=frozenset(),
    )
    return replace(data, armed=arm_all(segment, data))


def _finished(data: EngineData, clock_us: Micros, *, completed: bool) -> tuple[EngineData, Event]:
    pause_us = 0 if data.halted_us is None else clock_us - data.halted_us
    data = replace(
        data,
        state=EngineState.FINISHED,
        paused_us=data.paused_us + pause_us,
        halted_us=clock_us,
        armed=(),
        skipped=None,
        completed=completed,
    )
    return data, SessionFinished(to_s(clock_us), completed)


def _ended(timeline: Timeline, data: EngineData, clock_us: Micros, reason: EndReason) -> Event:
    return SegmentEnded(to_s(clock_us), timeline.segments[data.index], data.visit, reason)


def _due(segment: Segment, armed: ArmedCue, clock_us: Micros) -> Event:
    return CueDue(to_s(clock_us), segment, armed.cue, armed.key)
