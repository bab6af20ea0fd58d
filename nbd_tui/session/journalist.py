"""Gathers what is to be kept of a session while it runs."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from nbd_tui.model.track import Track
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.store.journal_lines import BEGAN, Mark, Opening
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.events import (
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
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline

BEAT_S: Final[Seconds] = 0.5
"""So often the journal says where a running workout stands: a crash costs less than a second of it."""
PAUSED_BEAT_S: Final[Seconds] = 5.0
"""And in a pause, in which it does not move."""
HEARD_FROM_S: Final[Seconds] = 1.0
"""A track counts as heard from here on."""


class Keeper(Protocol):
    """Where it goes; neither method waits."""

    def write(self, mark: Mark) -> None:
        """Notes a moment."""
        ...

    def file(self, record: SessionRecord) -> None:
        """The session is over."""
        ...

    def news(self) -> str:
        """Why it is not kept as it should be, once; else empty."""
        ...


class Journalist:
    """One session's. Owned by the conductor's thread."""

    def __init__(
        self, opening: Opening, keeper: Keeper, wall: Callable[[], datetime], since: Mark | None = None
    ) -> None:
        """A journalist.

        Args:
            opening: the session.
            keeper: gets what is to be kept.
            wall: the time of day in UTC, for dates only: it may jump.
            since: where an interrupted session goes on.
        """
        self._opening = opening
        self._keeper = keeper
        self._wall = wall
        self._spent = _TimeByKind(dict(since.totals) if since else {})
        self._listened = _Listened(since.heard if since else (), since.at.worked_s if since else 0.0)
        self._happened: list[str] = []
        self._written_at: Monotonic = 0.0
        self._over = False
        self._record: SessionRecord | None = None

    @property
    def record(self) -> SessionRecord | None:
        """What has been done, as it is filed when it is over; None before it has begun. Any thread may ask."""
        return self._record

    def news(self) -> str:
        """Why the session is not kept as it should be, once; else empty."""
        return self._keeper.news()

    def take(self, events: Iterable[Event]) -> None:
        """What the engine says has happened."""
        for event in events:
            self._spent.take(event)
            if words := _words(event):
                self._happened.append(words)

    def look(self, now: SessionSnapshot, done: frozenset[int], at: Monotonic) -> None:
        """The end of a turn of the conductor's at clock time `at`; `done` are the rounds carried through."""
        if self._over or now.state is EngineState.IDLE:
            return  # a workout that is begun again after its end is not kept twice
        self._spent.until(at)
        self._listened.until(now)
        beat_s = BEAT_S if now.state is EngineState.RUNNING else PAUSED_BEAT_S
        if self._happened or at - self._written_at >= beat_s:
            self._write(now, done, at)

    def leave(self, now: SessionSnapshot, done: frozenset[int], at: Monotonic) -> None:
        """The session is left before it is over, as by a signal: it can be taken up again."""
        if not self._over and now.state in {EngineState.RUNNING, EngineState.PAUSED}:
            self._spent.until(at)
            self._listened.until(now)
            self._happened.append("interrupted")
            self._write(now, done, at, Outcome.INTERRUPTED)

    def _write(self, now: SessionSnapshot, done: frozenset[int], at: Monotonic, over: Outcome | None = None) -> None:
        if now.state is EngineState.FINISHED:
            over = Outcome.COMPLETED if now.completed else Outcome.STOPPED
        place = Checkpoint(now.index, now.elapsed_s, now.duration_s, now.worked_s, now.paused_s, done)
        mark = Mark(self._wall(), place, self._spent.totals, self._listened.tracks, tuple(self._happened), over)
        self._happened.clear()
        self._written_at = at
        self._keeper.write(mark)
        timeline = Timeline(now.preset_name, now.segments)
        self._record = record_of(self._opening, mark, timeline, over or Outcome.STOPPED)
        if now.state is EngineState.FINISHED:
            self._over = True
            self._keeper.file(self._record)


def record_of(opening: Opening, last: Mark, timeline: Timeline, outcome: Outcome) -> SessionRecord:
    """A session as it is kept, from its journal."""
    return SessionRecord(
        id=opening.id,
        preset_id=opening.preset.id,
        preset_name=opening.preset.preset.name,
        began_utc=opening.began_utc,
        utc_offset_s=opening.utc_offset_s,
        ended_utc=max(last.utc, opening.began_utc),
        planned_s=timeline.total_s or None,
        worked_s=last.at.worked_s,
        paused_s=last.at.paused_s,
        rounds_done=len(last.at.done),
        rounds=sum(segment.kind is PhaseKind.WORK for segment in timeline.segments),
        outcome=outcome,
        totals=last.totals,
        heard=last.heard,
    )


class _TimeByKind:
    """Adds up the time spent in each kind of phase, from one event to the next."""

    def __init__(self, totals: dict[PhaseKind, Seconds]) -> None:
        self._totals = totals
        self._kind: PhaseKind | None = None
        self._runs = False
        self._since: Monotonic = 0.0

    @property
    def totals(self) -> dict[PhaseKind, Seconds]:
        return dict(self._totals)

    def take(self, event: Event) -> None:
        self.until(event.at)
        match event:
            case SessionStarted():
                self._totals.clear()
                self._runs = True
            case SegmentStarted(segment=segment):
                self._kind = segment.kind
            case Resumed():
                self._runs = True
            case Paused() | SessionFinished():
                self._runs = False
            case _:
                pass

    def until(self, at: Monotonic) -> None:
        if self._runs and self._kind is not None and at > self._since:
            self._totals[self._kind] = self._totals.get(self._kind, 0.0) + at - self._since
        self._since = at


class _Listened:
    """Adds up for how long each track was played, unless the music was off; a pause counts for none."""

    def __init__(self, tracks: Iterable[HeardTrack], worked_s: Seconds) -> None:
        self._heard = {track.path: track for track in tracks}
        self._fresh: dict[Path, Seconds] = {}
        self._playing: Track | None = None
        self._worked_s = worked_s

    @property
    def tracks(self) -> tuple[HeardTrack, ...]:
        return tuple(self._heard.values())

    def until(self, now: SessionSnapshot) -> None:
        passed_s = max(0.0, now.worked_s - self._worked_s)
        if self._playing is not None:
            self._add(self._playing, passed_s)
        sounds = now.state is EngineState.RUNNING and not now.sound.muted and now.sound.music_volume > 0
        self._playing, self._worked_s = now.track if sounds else None, now.worked_s

    def _add(self, track: Track, seconds: Seconds) -> None:
        known = self._heard.get(track.path)
        if known is not None:
            self._heard[track.path] = replace(known, heard_s=known.heard_s + seconds)
            return
        heard_s = self._fresh[track.path] = self._fresh.get(track.path, 0.0) + seconds
        if heard_s >= HEARD_FROM_S:
            del self._fresh[track.path]
            place = len(self._heard)
            self._heard[track.path] = HeardTrack(place, track.path, track.title, track.artist, heard_s)


def _words(event: Event) -> str:
    """What makes a moment one to note; cues do not."""
    match event:
        case SessionStarted():
            words = BEGAN
        case SessionRestored():
            words = "restored"
        case SegmentStarted(segment=segment):
            words = f"phase {segment.index}"
        case SegmentEnded(segment=segment, reason=reason):
            words = f"left {segment.index} {reason}"
        case Paused():
            words = "paused"
        case Resumed():
            words = "resumed"
        case TimeAdded(added_s=added):
            words = f"time {added:+g}"
        case SessionFinished(completed=completed):
            words = "completed" if completed else "stopped"
        case _:
            words = ""
    return words
