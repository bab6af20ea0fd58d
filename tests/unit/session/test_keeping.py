"""A session as it is kept: what its journal says at any moment, and what sleep does to it."""

from datetime import timedelta

import pytest

from nbd_tui.keymap import Action
from nbd_tui.session.journalist import BEAT_S, PAUSED_BEAT_S
from nbd_tui.store.records import Outcome
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.kept_evening import kept
from tests.unit.session.offline import START


def test_the_journal_is_never_half_a_second_behind() -> None:
    stage, shelf = kept()
    for _ in range(1100):
        stage.run(0.05)
        now = stage.conductor.snapshot()
        if now.state is EngineState.RUNNING:
            last = shelf.marks[-1].at
            assert now.worked_s - last.worked_s < BEAT_S + 0.06
            assert last.fits(stage.timeline)
            assert stage.timeline.segments[last.index].start_s + last.elapsed_s == pytest.approx(last.worked_s)


def test_every_event_is_in_it_at_once() -> None:
    stage, shelf = kept()
    stage.run(12)
    for action, happened in (
        (Action.PAUSE, "paused"),
        (Action.PAUSE, "resumed"),
        (Action.ADD_TIME, "time +15"),
        (Action.SKIP, "left 1 skipped"),
        (Action.UNDO_SKIP, "left 2 undone"),
        (Action.BACK, "left 1 back"),
        (Action.STOP, "stopped"),
    ):
        stage.press(action)
        assert happened in shelf.marks[-1].happened, action
        now = stage.conductor.snapshot()
        assert (shelf.marks[-1].at.index, shelf.marks[-1].at.duration_s) == (now.index, now.duration_s)


def test_a_completed_session_is_filed_with_all_it_had() -> None:
    stage, shelf = kept()
    stage.run(15)
    stage.press(Action.PAUSE)
    stage.run(4)
    stage.press(Action.PAUSE)
    stage.run(50)
    (record,) = shelf.records
    assert (record.id, record.preset_id, record.preset_name) == ("one", "test", "Test")
    assert (record.outcome, record.rounds_done, record.rounds, record.planned_s) == (Outcome.COMPLETED, 2, 2, 60)
    assert record.worked_s == pytest.approx(60, abs=1e-6)
    assert record.paused_s == pytest.approx(4, abs=1e-6)
    assert record.ended_utc - record.began_utc == timedelta(seconds=64)
    assert {kind: round(spent, 6) for kind, spent in record.totals.items()} == {
        PhaseKind.WARM_UP: 10, PhaseKind.WORK: 40, PhaseKind.REST: 10
    }  # fmt: skip
    assert [track.place for track in record.heard] == list(range(len(record.heard)))
    assert sum(track.heard_s for track in record.heard) == pytest.approx(60, abs=0.5)
    assert shelf.marks[-1].over is Outcome.COMPLETED
    before = len(shelf.marks)
    stage.run(10)
    assert (len(shelf.marks), len(shelf.records)) == (before, 1), "what is over is over"


def test_a_stopped_one_says_so_and_counts_no_skipped_round() -> None:
    stage, shelf = kept()
    stage.run(12)
    stage.press(Action.SKIP)
    stage.run(1)
    stage.press(Action.STOP)
    assert (shelf.records[0].outcome, shelf.records[0].rounds_done) == (Outcome.STOPPED, 0)


def test_a_restart_begins_the_account_again() -> None:
    stage, shelf = kept()
    stage.run(35)
    assert shelf.marks[-1].at.done == {1}
    stage.press(Action.RESTART)
    assert "began" in shelf.marks[-1].happened
    assert shelf.marks[-1].at.done == frozenset()
    stage.run(5)
    assert shelf.marks[-1].totals == {PhaseKind.WARM_UP: pytest.approx(5, abs=0.6)}


def test_muted_music_is_not_heard() -> None:
    stage, shelf = kept()
    stage.run(3)
    stage.press(Action.MUTE)
    stage.run(6)
    stage.press(Action.STOP)
    (track,) = shelf.records[0].heard
    assert track.heard_s == pytest.approx(3, abs=0.2)


def test_a_pause_is_noted_seldom_and_goes_nowhere() -> None:
    stage, shelf = kept()
    stage.run(12)
    stage.press(Action.PAUSE)
    before = len(shelf.marks)
    stage.run(60)
    assert len(shelf.marks) - before == pytest.approx(60 / PAUSED_BEAT_S, abs=1)
    assert {mark.at.worked_s for mark in shelf.marks[before - 1 :]} == {shelf.marks[-1].at.worked_s}


def test_what_is_left_under_way_is_interrupted_to_the_moment() -> None:
    stage, shelf = kept()
    stage.run(12.2)
    stage.clock.now += 0.03
    stage.conductor.leave()
    assert shelf.marks[-1].over is Outcome.INTERRUPTED
    assert shelf.marks[-1].at.worked_s == pytest.approx(12.23)
    assert shelf.records == []
    assert stage.of("finished")[-1].text == "interrupted"


def test_it_goes_on_as_if_it_had_only_been_paused() -> None:
    first, before = kept()
    first.run(37.3)
    first.conductor.leave()
    stage, shelf = kept(before.marks[-1])
    now = stage.conductor.snapshot()
    assert (now.state, now.index, now.rounds_done) == (EngineState.PAUSED, 2, 1)
    assert now.remaining_s == pytest.approx(2.7)
    assert [report.event for report in stage.reports if report.event in {"session", "phase", "paused", "cue"}] == [
        "session", "phase", "paused"
    ]  # fmt: skip
    assert stage.of("phase")[0].session_s == pytest.approx(37.3)
    stage.run(3)
    assert not stage.player.heard[-1000:].any(), "paused"
    stage.press(Action.PAUSE)
    stage.run(30)
    (record,) = shelf.records
    assert (record.outcome, record.rounds_done) == (Outcome.COMPLETED, 2)
    assert record.worked_s == pytest.approx(60, abs=1e-6)
    assert record.totals[PhaseKind.WORK] == pytest.approx(40, abs=1e-6)
    assert sum(track.heard_s for track in record.heard) == pytest.approx(60, abs=1)
    assert stage.of("cue")[0].cue == "countdown 2"


def test_trouble_with_the_journal_is_said_once_and_stops_nothing() -> None:
    stage, shelf = kept()
    shelf.trouble = "this session is not kept: No space left on device"
    stage.run(70)
    assert [note.text for note in stage.of("note")] == ["this session is not kept: No space left on device"]
    assert stage.conductor.snapshot().completed


class Sleeping:
    """A machine that sleeps when told to; its monotonic clock runs on meanwhile, or stands still."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def __call__(self) -> float:
        return self.slept_s


@pytest.mark.parametrize("clock_runs_on", [True, False], ids=["windows", "linux"])
def test_sleep_pauses_at_the_moment_before_it(clock_runs_on: bool) -> None:
    machine = Sleeping()
    stage, shelf = kept(suspended=machine)
    stage.run(25)
    machine.slept_s += 720
    stage.clock.now += 720.0 if clock_runs_on else 0.0
    stage.run(0.05)
    now = stage.conductor.snapshot()
    assert (now.state, now.index) == (EngineState.PAUSED, 1)
    assert now.worked_s == pytest.approx(25)
    assert now.echo is not None
    assert now.echo.text == "slept 12 min – paused"
    assert [note.text for note in stage.of("note")] == ["slept 12 min – paused"]
    assert not [cue for cue in stage.of("cue") if cue.at > START + 25], "no cue has rushed by"
    assert "paused" in shelf.marks[-1].happened
    stage.press(Action.PAUSE)
    stage.run(40)
    assert stage.conductor.snapshot().completed


def test_the_key_that_wakes_the_machine_does_not_undo_the_pause() -> None:
    machine = Sleeping()
    stage, _ = kept(suspended=machine)
    stage.run(25)
    machine.slept_s += 60
    stage.press(Action.PAUSE)
    assert stage.conductor.snapshot().state is EngineState.PAUSED


def test_sleep_in_a_pause_changes_nothing() -> None:
    machine = Sleeping()
    stage, _ = kept(suspended=machine)
    stage.run(25)
    stage.press(Action.PAUSE)
    machine.slept_s += 60
    stage.run(1)
    assert stage.conductor.snapshot().state is EngineState.PAUSED
    assert stage.of("note") == []
