"""The sessions that are being kept: a journal for each new one, and those that were interrupted before."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil, floor
from pathlib import Path
from uuid import uuid4

from nbd_tui.errors import NbdError, system_reason
from nbd_tui.model.units import Seconds
from nbd_tui.session.archive import local_now
from nbd_tui.session.journalist import Journalist, record_of
from nbd_tui.session.scribe import Scribe
from nbd_tui.store.journal import SUFFIX, JournalFile, claimed_journals
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import Outcome, SessionRecord, in_local_time
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.duration import format_duration
from nbd_tui.workout.timeline import Segment, Timeline


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeps one session."""

    journalist: Journalist
    scribe: Scribe
    since: Checkpoint | None = None
    """Where it goes on, if it was interrupted."""


@dataclass(frozen=True, slots=True, eq=False)
class Interruption:
    """A session that was interrupted, in this program's hands until it closes. Texts come from files."""

    opening: Opening
    last: Mark
    timeline: Timeline
    file: JournalFile

    @property
    def preset(self) -> LoadedPreset:
        """What was trained, as it was then."""
        return self.opening.preset

    @property
    def can_resume(self) -> bool:
        """It stands at a place that its workout has."""
        return self.last.at.fits(self.timeline)

    @property
    def segment(self) -> Segment:
        """The phase it stands in."""
        return self.timeline.segments[max(0, min(self.last.at.index, len(self.timeline.segments) - 1))]

    @property
    def remaining_s(self) -> Seconds | None:
        """Of that phase; None in an open one."""
        at = self.last.at
        return None if at.duration_s is None else max(0.0, at.duration_s - at.elapsed_s)

    @property
    def place(self) -> str:
        """`Round 3 of 5 at 2:41 left`; in an open phase the time gone, as its screen counts it."""
        if self.remaining_s is None:
            return f"{self.segment.label} at {format_duration(floor(self.last.at.elapsed_s))}"
        return f"{self.segment.label} at {format_duration(ceil(self.remaining_s))} left"

    def when(self, now: datetime) -> str:
        """`yesterday 18:04`: when it was last alive, by the clock on the wall of then, seen from a local time."""
        stopped = in_local_time(self.last.utc, self.opening.utc_offset_s)
        days = (now.date() - stopped.date()).days
        day = {0: "today", 1: "yesterday"}.get(days, f"{stopped:%Y-%m-%d}")
        return f"{day} {stopped:%H:%M}"

    def in_a_line(self, now: datetime) -> str:
        """All of it: preset, when and where it was stopped."""
        return f"{self.preset.preset.name}, {self.when(now)}, stopped in {self.place}"


class Journals:
    """The folder of journals. Every method but `begin` may wait for the disk; they may be called from any thread."""

    def __init__(
        self, folder: Path, keep: Callable[[SessionRecord], None], now: Callable[[], datetime] = local_now
    ) -> None:
        """Journals in `folder`.

        Args:
            folder: need not exist.
            keep: files the record of a session for good; may raise NbdError.
            now: local time, with its offset.
        """
        self._folder = folder
        self._keep = keep
        self._now = now
        self._held: list[Interruption] = []
        self.notes: tuple[str, ...] = ()
        """What `look` found besides, for the user."""

    @property
    def now(self) -> datetime:
        """Local time."""
        return self._now()

    @property
    def is_empty(self) -> bool:
        """There is nothing to look at; a cheap question."""
        with suppress(OSError):
            return not any(path.suffix == SUFFIX for path in self._folder.iterdir())
        return True

    def look(self) -> tuple[Interruption, ...]:
        """Takes in hand what was interrupted, the newest first; files what was only left unfiled."""
        notes: list[str] = []
        held = {found.file.path for found in self._held}
        for file, journal in claimed_journals(self._folder, notes):
            if file.path in held:  # a file system that knows no locks gives it away again
                file.close()
                continue
            if journal.last is None:
                with suppress(OSError):
                    file.remove()
                file.close()
                continue
            found = Interruption(journal.opening, journal.last, compile_timeline(journal.opening.preset.preset), file)
            if journal.last.over in {Outcome.COMPLETED, Outcome.STOPPED}:
                self._file_late(found, journal.last.over, notes)
            else:
                self._held.append(found)
        self.notes = tuple(notes)
        return tuple(self._held)

    def begin(self, preset: LoadedPreset) -> Kept:
        """What keeps a new session."""
        now = self._now()
        began, offset = now.astimezone(UTC), now.utcoffset() or timedelta()
        opening = Opening(f"{began:%Y%m%dT%H%M%SZ}-{uuid4().hex[:12]}", preset, began, int(offset.total_seconds()))
        scribe = Scribe(opening, partial(JournalFile.create, self._folder, opening.id), self._keep)
        return Kept(Journalist(opening, scribe, self._utc), scribe)

    def resume(self, found: Interruption) -> Kept:
        """What keeps an interrupted session from where it stands: its journal goes on.

        Raises:
            NbdError: it stands nowhere in its workout, and can only be filed or dropped.
        """
        if not found.can_resume:
            raise NbdError("this session cannot be taken up: its journal does not say where it stood")
        self._held.remove(found)
        scribe = Scribe(found.opening, lambda: found.file, self._keep, begun=True)
        return Kept(Journalist(found.opening, scribe, self._utc, found.last), scribe, found.last.at)

    def file(self, found: Interruption) -> None:
        """Keeps it as it is: interrupted.

        Raises:
            NbdError: it could not be filed, and stays where it is.
        """
        self._keep(record_of(found.opening, found.last, found.timeline, Outcome.INTERRUPTED))
        self._forget(found)

    def drop(self, found: Interruption) -> None:
        """Forgets it.

        Raises:
            NbdError: its journal cannot be removed.
        """
        self._forget(found)

    def close(self) -> None:
        """Leaves to the next start what is still in hand."""
        while self._held:
            self._held.pop().file.close()

    def _utc(self) -> datetime:
        return self._now().astimezone(UTC)

    def _forget(self, found: Interruption) -> None:
        try:
            found.file.remove()
        except OSError as error:
            raise NbdError(f"the journal cannot be removed: {system_reason(error)}") from error
        if found in self._held:
            self._held.remove(found)

    def _file_late(self, found: Interruption, outcome: Outcome, notes: list[str]) -> None:
        try:
            self._keep(record_of(found.opening, found.last, found.timeline, outcome))
            self._forget(found)
        except NbdError as error:
            notes.append(f"a session could not be filed: {getattr(error, 'message', error)}")
            found.file.close()
