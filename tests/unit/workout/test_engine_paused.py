"""The engine by example: commands given in a pause."""

from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.events import TimeAdded
from tests.unit.workout.playing import OPEN_WORK, REST, T0, WORK, cues, elapsed, index, names, only, started


class TestCommandsInAPause:
    def test_skip_is_silent_until_the_phase_begins_to_run(self) -> None:
        engine = started(REST, WORK)
        engine.pause(T0 + 5)
        assert names(engine.skip(T0 + 6)) == ["-0 skipped", "+1"]
        assert engine.state is EngineState.PAUSED
        assert engine.advance(T0 + 60) == ()
        events = engine.resume(T0 + 65)
        assert names(events) == ["Resumed", "round-start"]
        assert {event.at for event in events} == {T0 + 65}

    def test_a_rest_reached_so_is_marked_on_resume(self) -> None:
        engine = started(WORK, REST, WORK)
        engine.pause(T0 + 5)
        engine.skip(T0 + 6)
        assert names(engine.resume(T0 + 9)) == ["Resumed", "phase-start"]

    def test_only_the_phase_that_runs_at_last_is_heard(self) -> None:
        engine = started(WORK, REST, WORK, REST)
        engine.pause(T0 + 5)
        engine.skip(T0 + 6)
        engine.skip(T0 + 7)
        engine.back(T0 + 8)
        assert names(engine.resume(T0 + 9)) == ["Resumed", "phase-start"]
        assert index(engine, T0 + 9) == 1

    def test_back_begins_again_at_zero(self) -> None:
        engine = started(WORK, REST)
        engine.pause(T0 + 15)
        assert names(engine.back(T0 + 20)) == ["-0 back", "+0"]
        assert elapsed(engine, T0 + 30) == 0
        assert names(engine.resume(T0 + 30)) == ["Resumed", "round-start"]
        assert cues(engine.advance(T0 + 60)) == [(60, "clapper")]

    def test_time_is_added(self) -> None:
        engine = started(WORK, REST)
        engine.pause(T0 + 10)
        assert only(TimeAdded, engine.add_time(T0 + 20, 15))[0].remaining_s == 45
        assert engine.position(T0 + 25).remaining_s == 45

    def test_time_added_before_the_first_cue_leaves_that_cue(self) -> None:
        engine = started(REST, WORK)
        engine.pause(T0 + 5)
        engine.skip(T0 + 6)
        engine.add_time(T0 + 7, 15)
        assert names(engine.resume(T0 + 8)) == ["Resumed", "round-start"]

    def test_undo_goes_back_and_says_where_on_resume(self) -> None:
        engine = started(WORK, REST)
        engine.pause(T0 + 10)
        engine.skip(T0 + 11)
        engine.undo_skip(T0 + 12)
        assert elapsed(engine, T0 + 12) == 10
        assert names(engine.resume(T0 + 20)) == ["Resumed", "round-start"]
        assert cues(engine.advance(T0 + 40)) == [(40, "clapper")]

    def test_done_works(self) -> None:
        engine = started(OPEN_WORK, REST)
        engine.pause(T0 + 10)
        assert names(engine.done(T0 + 11)) == ["-0 done", "+1"]
        assert engine.state is EngineState.PAUSED

    def test_skipping_the_last_phase_finishes_at_once(self) -> None:
        engine = started(WORK)
        engine.pause(T0 + 10)
        assert names(engine.skip(T0 + 11)) == ["finish", "-0 skipped", "SessionFinished"]
        assert engine.position(T0 + 20).paused_s == 1
