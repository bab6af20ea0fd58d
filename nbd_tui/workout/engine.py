"""The engine: the one clockwork of a session."""

from collections.abc import Callable
from functools import partial

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout import moves, outlook
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.events import Event
from nbd_tui.workout.moves import Step
from nbd_tui.workout.outlook import DueCue, PlannedSegment, Position, Upcoming
from nbd_tui.workout.state import EngineData, EngineState, Micros, to_us
from nbd_tui.workout.timeline import Timeline

__all__ = ["DueCue", "Engine", "EngineState", "PlannedSegment", "Position", "Upcoming"]


class Engine:
    """Plays a timeline against an injected clock.

    idle ── start ──> running <── pause, resume ──> paused; both ── the end, stop ──> finished ── restart ──> running
    idle ── restore ──> paused

    Every method takes the clock time; one before the latest seen counts as the latest. A command first lets happen
    what is due by then, and returns those events followed by its own. Every command may be given in every state, and
    does nothing where it makes no sense. In a pause, commands that move or add time work and leave it paused.
    Nothing is counted: however late or seldom `advance` is called, it returns all that was due, each at its due time.
    """

    def __init__(self, timeline: Timeline) -> None:
        if not timeline.segments:
            raise ValueError("a timeline needs at least one segment")
        self._timeline = timeline
        self._totals = outlook.Totals(timeline)
        self._data = EngineData()
        self._seen_us: Micros | None = None
        self._next_us: Micros | None = None
        """Clock time of the next event that comes by itself."""

    @property
    def timeline(self) -> Timeline:
        """What is played."""
        return self._timeline

    @property
    def state(self) -> EngineState:
        """As of the last call of a method that returns events."""
        return self._data.state

    def advance(self, now: Monotonic) -> tuple[Event, ...]:
        """Everything that has come due since the last call."""
        clock_us = self._read(now)
        if self._next_us is None or clock_us < self._next_us:
            self._seen_us = clock_us
            return ()
        return self._do(now, _nothing)

    def start(self, now: Monotonic) -> tuple[Event, ...]:
        """Begins an idle workout."""
        return self._do(now, moves.start)

    def restore(self, now: Monotonic, checkpoint: Checkpoint) -> tuple[Event, ...]:
        """Takes up an idle workout where one of the same timeline was interrupted, paused.

        Raises:
            ValueError: the checkpoint is none of this timeline.
        """
        if not checkpoint.fits(self._timeline):
            raise ValueError("the checkpoint does not fit the timeline")
        return self._do(now, partial(moves.restore, checkpoint=checkpoint))

    def pause(self, now: Monotonic) -> tuple[Event, ...]:
        """Lets the workout's time stand still."""
        return self._do(now, moves.pause)

    def resume(self, now: Monotonic) -> tuple[Event, ...]:
        """Goes on from where it was paused."""
        return self._do(now, moves.resume)

    def toggle_pause(self, now: Monotonic) -> tuple[Event, ...]:
        """Pauses what runs, resumes what is paused."""
        return self._do(now, moves.toggle_pause)

    def skip(self, now: Monotonic) -> tuple[Event, ...]:
        """Goes to the next phase; from the last one, to the finish."""
        return self._do(now, moves.skip)

    def undo_skip(self, now: Monotonic) -> tuple[Event, ...]:
        """Goes back to where skip was pressed, the skips before it one by one.

        Possible while `Position.can_undo_skip`: until a phase ends by itself or by back, restart or stop.
        """
        return self._do(now, moves.undo_skip)

    def back(self, now: Monotonic) -> tuple[Event, ...]:
        """Begins the phase again; within 2 s of its start, the one before it."""
        return self._do(now, moves.back)

    def restart(self, now: Monotonic) -> tuple[Event, ...]:
        """Begins the workout again, running, also when it was paused or finished."""
        return self._do(now, moves.restart)

    def add_time(self, now: Monotonic, seconds: Seconds) -> tuple[Event, ...]:
        """Makes the running phase longer, or (negative) shorter down to 3 s left; nothing in an open phase."""
        return self._do(now, partial(moves.add_time, seconds=seconds))

    def done(self, now: Monotonic) -> tuple[Event, ...]:
        """Ends an open phase."""
        return self._do(now, moves.done)

    def stop(self, now: Monotonic) -> tuple[Event, ...]:
        """Ends the workout before its end."""
        return self._do(now, moves.stop)

    def position(self, now: Monotonic) -> Position:
        """Where the session stands; call `advance` first, a query moves nothing."""
        return outlook.position(self._timeline, self._totals, self._data, self._read(now))

    def upcoming(self, now: Monotonic, ahead_s: Seconds | None = None) -> Upcoming:
        """What comes when, if it starts, goes on or is resumed at `now`: all phases up to the first open one.

        With `ahead_s` only the running phase and those that begin so soon: a day's workout has thousands of cues.
        """
        ahead_us = None if ahead_s is None else to_us(ahead_s)
        return outlook.upcoming(self._timeline, self._data, self._read(now), ahead_us)

    def _read(self, now: Monotonic) -> Micros:
        clock_us = to_us(now)
        return clock_us if self._seen_us is None else max(clock_us, self._seen_us)

    def _do(self, now: Monotonic, move: Callable[[Timeline, EngineData, Micros], Step]) -> tuple[Event, ...]:
        clock_us = self._read(now)
        data, due = moves.run_until(self._timeline, self._data, clock_us)
        data, moved = move(self._timeline, data, clock_us)
        data, at_once = moves.run_until(self._timeline, data, clock_us)
        self._data, self._seen_us = data, clock_us
        next_us = moves.next_due_us(data)
        self._next_us = None if next_us is None else data.offset_us + next_us
        return due + moved + at_once


def _nothing(_timeline: Timeline, data: EngineData, _clock_us: Micros) -> Step:
    return data, ()
