from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from nbd_tui.session.chronicle import Chronicle
from nbd_tui.session.report import Report
from nbd_tui.session.snapshot import SessionSnapshot, snapshot_of
from nbd_tui.store.records import HeardTrack, Outcome
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset

TIMELINE = compile_timeline(
    parse_preset({
        "name": "Short",
        "blocks": [{"phases": [
            {"kind": "work", "duration": 60}, {"kind": "rest", "duration": 30}, {"kind": "work", "duration": "open"},
        ]}],
    })[0]
)  # fmt: skip
EVENING = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=9)))


def last(**changes: object) -> SessionSnapshot:
    return replace(snapshot_of(Engine(TIMELINE).position(0.0), TIMELINE), **changes)  # type: ignore[arg-type]


def chronicle(*reports: Report) -> Chronicle:
    written = Chronicle("short", TIMELINE, lambda: EVENING)
    for report in reports:
        written.take(report)
    return written


def phase(kind: str, at: float) -> Report:
    return Report("phase", at, at, kind=kind)


def track(name: str, at: float) -> Report:
    return Report("track", at, at, title=name, path=f"/m/{name}.mp3")


def test_there_is_nothing_to_keep_of_a_session_that_did_not_begin() -> None:
    assert chronicle().record(last()) is None


def test_a_session_is_written_down_with_its_times_and_tracks() -> None:
    written = chronicle(
        Report("session", 0, 0), phase("work", 0), track("a", 1), phase("rest", 60), Report("paused", 70, 70),
        Report("resumed", 100, 100), track("a", 100), phase("work", 120), track("b", 125), Report("finished", 140, 140),
    ).record(last(worked_s=110.0, paused_s=30.0, rounds_done=2, completed=True))  # fmt: skip
    assert written is not None
    assert (written.preset_id, written.preset_name, written.rounds_done, written.rounds) == ("short", "Short", 2, 2)
    assert (written.planned_s, written.worked_s, written.outcome) == (90.0, 110.0, Outcome.COMPLETED)
    assert written.began_utc == datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
    assert written.ended_utc - written.began_utc == timedelta(seconds=140)
    assert written.began == EVENING
    assert written.totals == {PhaseKind.WORK: 80.0, PhaseKind.REST: 30.0}
    assert written.heard == (
        HeardTrack(0, Path("/m/a.mp3"), "a", "", 94.0), HeardTrack(1, Path("/m/b.mp3"), "b", "", 15.0),
    )  # fmt: skip


def test_a_restart_counts_the_phases_from_the_beginning() -> None:
    written = chronicle(
        Report("session", 0, 0), phase("work", 0), Report("session", 50, 50), phase("work", 50),
        Report("finished", 55, 55),
    )  # fmt: skip
    record = written.record(last(worked_s=5.0))
    assert record is not None
    assert record.totals == {PhaseKind.WORK: 5.0}
    assert record.outcome is Outcome.STOPPED


def test_each_session_has_an_id_of_its_own_that_stays() -> None:
    first, second = chronicle(Report("session", 0, 0)), chronicle(Report("session", 0, 0))
    ids = [record.id for record in (first.record(last()), first.record(last()), second.record(last())) if record]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]
