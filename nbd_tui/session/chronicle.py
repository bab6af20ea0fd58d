"""Writes down what a session comes to, from its reports, for the history."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.archive import local_now
from nbd_tui.session.report import Report
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline


@dataclass
class _Spent:
    """Time spent with one thing after the other, pauses left out."""

    totals: dict[str, Seconds] = field(default_factory=dict)
    running: str = ""
    since: Monotonic = 0.0

    def turn_to(self, what: str, at: Monotonic, *, paused: bool) -> None:
        if self.running and not paused:
            self.totals[self.running] = self.totals.get(self.running, 0.0) + max(0.0, at - self.since)
        self.running, self.since = what, at


class Chronicle:
    """Hears the reports of one session on the conductor's thread; any thread may ask for the record."""

    def __init__(self, preset_id: str, timeline: Timeline, now: Callable[[], datetime] = local_now) -> None:
        self._id = uuid4().hex
        self._preset_id = preset_id
        self._timeline = timeline
        self._now = now
        self._began: datetime | None = None
        self._paused = False
        self._kinds = _Spent()
        self._paths = _Spent()
        self._tracks: dict[str, HeardTrack] = {}
        self._lock = threading.Lock()

    def take(self, report: Report) -> None:
        """Something that happened."""
        with self._lock:
            self._take(report)

    def record(self, last: SessionSnapshot) -> SessionRecord | None:
        """What the session has come to; None before it has begun.

        Args:
            last: the newest moment of it.
        """
        with self._lock:
            if self._began is None:
                return None
            offset = self._began.utcoffset() or timedelta()
            began_utc = self._began.astimezone(UTC)
            known_s = [phase.duration_s for phase in self._timeline.segments if phase.duration_s is not None]
            return SessionRecord(
                id=self._id,
                preset_id=self._preset_id,
                preset_name=self._timeline.name,
                began_utc=began_utc,
                utc_offset_s=int(offset.total_seconds()),
                ended_utc=began_utc + timedelta(seconds=last.worked_s + last.paused_s),
                planned_s=sum(known_s) if known_s else None,
                worked_s=last.worked_s,
                paused_s=last.paused_s,
                rounds_done=last.rounds_done,
                rounds=sum(phase.kind is PhaseKind.WORK for phase in self._timeline.segments),
                outcome=Outcome.COMPLETED if last.completed else Outcome.STOPPED,
                totals={PhaseKind(kind): spent_s for kind, spent_s in self._kinds.totals.items()},
                heard=self._heard(),
            )

    def _heard(self) -> tuple[HeardTrack, ...]:
        spent = self._paths.totals
        return tuple(replace(track, heard_s=spent.get(path, 0.0)) for path, track in self._tracks.items())

    def _take(self, report: Report) -> None:
        match report.event:
            case "session":
                self._began, self._kinds, self._paused = self._now(), _Spent(), False
            case "phase":
                self._kinds.turn_to(report.kind, report.at, paused=self._paused)
            case "track":
                self._add_track(report)
                self._paths.turn_to(report.path, report.at, paused=self._paused)
            case "paused" | "resumed":
                self._turn_all(report.at)
                self._paused = report.event == "paused"
            case "finished":
                self._turn_all(report.at)
                self._kinds.running = self._paths.running = ""

    def _turn_all(self, at: Monotonic) -> None:
        for spent in (self._kinds, self._paths):
            spent.turn_to(spent.running, at, paused=self._paused)

    def _add_track(self, report: Report) -> None:
        place = len(self._tracks)
        self._tracks.setdefault(
            report.path, HeardTrack(place, Path(report.path), report.title, report.artist, heard_s=0.0)
        )
