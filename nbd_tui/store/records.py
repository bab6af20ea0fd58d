"""What is kept of a session: plain values, made without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind

EFFORTS: Final = range(1, 11)
"""From very easy to all there was."""

COUNTS_FROM_S: Final[Seconds] = 60.0
"""A session of which not even one round was done counts as training from this length on."""


class Outcome(StrEnum):
    """How a session came to its end."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    """Ended by the user."""
    INTERRUPTED = "interrupted"
    """The program or the machine ended, and the user filed it as it was."""


class Verdict(StrEnum):
    """What the user says of a track after training to it."""

    STILL_HITS = "still_hits"
    FINE = "fine"
    NOT_AGAIN = "not_again"


@dataclass(frozen=True, slots=True)
class HeardTrack:
    """A track that was heard in a session. Texts come from files."""

    place: int
    """Names it in its session: 0, 1, … in the order in which the tracks came."""
    path: Path
    title: str
    artist: str
    heard_s: Seconds
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session that is over, as the history keeps it."""

    id: str
    """Unique for ever: filing the same session twice keeps one."""
    preset_id: str
    preset_name: str
    began_utc: datetime
    utc_offset_s: int
    """Of the local time at the start, east positive."""
    ended_utc: datetime
    planned_s: Seconds | None
    """Length of the phases of known length; None where there are none but open ones."""
    worked_s: Seconds
    """Clock time without the pauses."""
    paused_s: Seconds
    rounds_done: int
    rounds: int
    outcome: Outcome
    totals: Mapping[PhaseKind, Seconds] = field(default_factory=dict)
    """Time spent in each kind of phase, without the pauses."""
    heard: tuple[HeardTrack, ...] = ()
    effort: int | None = None
    """One of `EFFORTS`."""
    note: str = ""

    @property
    def began(self) -> datetime:
        """The start, in the local time it began in."""
        return in_local_time(self.began_utc, self.utc_offset_s)

    @property
    def day(self) -> date:
        """The local date it began on, to which it belongs however long past midnight it went on."""
        return self.began.date()


class SessionRow(NamedTuple):
    """What a table shows of a session; cheap enough for tens of thousands."""

    id: str
    preset_name: str
    began_utc: datetime
    utc_offset_s: int
    planned_s: Seconds | None
    worked_s: Seconds
    rounds_done: int
    rounds: int
    outcome: Outcome
    effort: int | None
    heard: int
    """How many tracks."""

    @property
    def began(self) -> datetime:
        """The start, in the local time it began in."""
        return in_local_time(self.began_utc, self.utc_offset_s)


class WeekStats(NamedTuple):
    """This week, and for how long one has kept at it. Weeks begin on Monday."""

    minutes: int
    """Trained since Monday, pauses not counted, rounded down."""
    days: int
    """Days since Monday with a session that counts."""
    streak_days: int
    """Days in a row with a session that counts, up to today; up to yesterday where today has none yet."""
    streak_weeks: int
    """Weeks in a row with a session that counts, up to this one; up to the last where this one has none yet."""


NO_WEEK: Final = WeekStats(0, 0, 0, 0)


def in_local_time(moment_utc: datetime, utc_offset_s: int) -> datetime:
    """A moment as the clock on the wall showed it."""
    return moment_utc.astimezone(timezone(timedelta(seconds=utc_offset_s)))


def streaks(days: list[date], today: date) -> tuple[int, int]:
    """Days and weeks in a row up to `today`, as `WeekStats` has them.

    Args:
        days: on which there was training, the newest first, none twice; those after today do not count.
        today: the local date.
    """
    past = [day for day in days if day <= today]
    mondays = list(dict.fromkeys(monday_of(day) for day in past))
    return _in_a_row(past, today, timedelta(days=1)), _in_a_row(mondays, monday_of(today), timedelta(days=7))


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def _in_a_row(newest_first: list[date], now: date, step: timedelta) -> int:
    """How many follow each other by `step`, the newest being `now` or one step before."""
    if not newest_first or newest_first[0] < now - step:
        return 0
    first = newest_first[0]
    return next((n for n, day in enumerate(newest_first) if day != first - n * step), len(newest_first))
