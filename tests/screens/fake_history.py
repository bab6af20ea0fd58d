"""Sessions kept in memory, and workouts that end with one."""

from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from nbd_tui.errors import HistoryError
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord, SessionRow, Verdict, WeekStats
from nbd_tui.workout.phase import PhaseKind
from tests.screens.fake_session import HOSTILE, TRACK, FakeProgram, FakeSession

BEGAN = datetime(2026, 11, 22, 17, 4, tzinfo=UTC)
TITLES = ("False Pretense", "Above and Below", "Be Safe", "[Remix] [/foo]", "Orange Marmalade")


def heard_tracks(count: int) -> tuple[HeardTrack, ...]:
    """The usual track, a hostile one, and more."""
    known = [HeardTrack(n, track.path, track.title, track.artist, 60.0 + n) for n, track in enumerate((TRACK, HOSTILE))]
    more = [
        HeardTrack(n, Path(f"/m/{n}.mp3"), f"{TITLES[n % 5]} {n}", "The Red Jumpsuit Apparatus", 20.0 + 7 * n)
        for n in range(2, count)
    ]
    return tuple([*known, *more][:count])


def record(session_id: str = "a", tracks: int = 5, **changes: object) -> SessionRecord:
    """A round of MMA, an hour east of Greenwich."""
    plain = SessionRecord(
        id=session_id,
        preset_id="mma-5x5",
        preset_name="MMA 5 × 5",
        began_utc=BEGAN,
        utc_offset_s=3600,
        ended_utc=BEGAN + timedelta(minutes=36),
        planned_s=2110.0,
        worked_s=2110.0,
        paused_s=42.0,
        rounds_done=5,
        rounds=5,
        outcome=Outcome.COMPLETED,
        totals={
            PhaseKind.PREPARE: 10.0, PhaseKind.WARM_UP: 180.0, PhaseKind.WORK: 1500.0, PhaseKind.REST: 240.0,
            PhaseKind.COOL_DOWN: 180.0,
        },
        heard=heard_tracks(tracks),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def many(count: int) -> list[SessionRecord]:
    """Sessions of all sorts, a day apart."""
    outcomes = (Outcome.COMPLETED, Outcome.COMPLETED, Outcome.STOPPED, Outcome.COMPLETED, Outcome.INTERRUPTED)
    names = (
        "MMA 5 × 5",
        "Tabata",
        "Strength sets",
        "[/foo] \x1b[31m日本語",
        "Boxing 12 × 3 with a long name of its own",
    )
    return [
        record(
            f"{number:05}", tracks=number % 7, began_utc=BEGAN - timedelta(days=number, minutes=13 * number),
            preset_name=names[number % 5], outcome=outcomes[number % 5], planned_s=(2110.0, 240.0, None)[number % 3],
            worked_s=2110.0 - 61 * (number % 30), rounds_done=number % 6, effort=(number % 11) or None,
        )
        for number in range(count)
    ]  # fmt: skip


@dataclass
class FakeHistory:
    """Answers at once, or with `trouble`."""

    records: dict[str, SessionRecord] = field(default_factory=dict)
    trouble: str = ""
    damage: str = ""
    reads: list[int] = field(default_factory=list)
    """How many rows each call was asked for."""

    def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:
        self._fail()
        self.reads.append(limit)
        newest = sorted(self.records.values(), key=lambda kept: (kept.began_utc, kept.id), reverse=True)
        rows = [row_of(kept) for kept in newest]
        start = rows.index(before) + 1 if before else 0
        return tuple(rows[start : start + limit])

    def session(self, session_id: str) -> SessionRecord | None:
        self._fail()
        return self.records.get(session_id)

    def last_done(self) -> dict[str, date]:
        return {}

    def week(self) -> WeekStats:
        return WeekStats(143, 3, 2, 5)

    def notice(self) -> str:
        return self.damage

    def keep(self, record: SessionRecord) -> "Future[None]":
        written: Future[None] = Future()
        try:
            self._fail()
        except HistoryError as error:
            written.set_exception(error)
        else:
            self.records[record.id] = record
            written.set_result(None)
        return written

    def renamed(self, old: str, new: str) -> "Future[None]":
        raise AssertionError((old, new))

    def verdicts(self, session_id: str = "a") -> list[Verdict | None]:
        return [track.verdict for track in self.records[session_id].heard]

    def _fail(self) -> None:
        if self.trouble:
            raise HistoryError(self.trouble)


def row_of(kept: SessionRecord) -> SessionRow:
    return SessionRow(
        kept.id, kept.preset_name, kept.began_utc, kept.utc_offset_s, kept.planned_s, kept.worked_s, kept.rounds_done,
        kept.rounds, kept.outcome, kept.effort, len(kept.heard),
    )  # fmt: skip


class KeepingProgram(FakeProgram):
    """A program whose sessions have a record when they are over."""

    kept: SessionRecord | None = None

    def start(self, loaded: object) -> FakeSession:
        session = super().start(loaded)  # type: ignore[arg-type]
        session.kept = self.kept
        return session


def program_with(kept: SessionRecord | None) -> KeepingProgram:
    """One workout in its last phase, which will have come to this."""
    program = KeepingProgram(starts_at=(11, 170.0))
    program.kept = kept
    with suppress(AttributeError):
        program.clock.now = 1000.0
    return program
