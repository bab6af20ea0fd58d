"""The engine by example: time passing, pauses, start and end, and the queries."""

import pytest

from nbd_tui.workout.engine import Engine, EngineState
from nbd_tui.workout.events import CueDue, Event, Paused, Resumed, SegmentEnded, SegmentStarted, SessionFinished
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Anchor, Cue, CueKind, Segment, Timeline
from tests.unit.workout.playing import (
    COOL_DOWN,
    OPEN_WORK,
    PREPARE,
    REST,
    T0,
    WORK,
    cues,
    elapsed,
    engine_of,
    names,
    only,
    started,
)


class TestTimePassing:
    def test_start_begins_the_first_phase_with_its_cue(self) -> None:
        engine = engine_of(PREPARE, WORK)
        events = engine.start(T0)
        assert names(events) == ["SessionStarted", "+0", "phase-start"]
        assert {event.at for event in events} == {T0}
        assert engine.state is EngineState.RUNNING

    def test_a_whole_workout_in_one_stall_is_told_in_order_with_due_times(self) -> None:
        engine = started(
            {"kind": "work", "duration": 8}, {"kind": "rest", "duration": 5}, {"kind": "work", "duration": 4}
        )
        events = engine.advance(T0 + 9999)
        assert names(events)[:6] == ["countdown", "countdown", "countdown", "round-end", "-0 time", "+1"]
        assert names(events)[6:] == ["-1 time", "+2", "round-start", "finish", "-2 time", "SessionFinished"]
        assert [round(event.at - T0, 6) for event in events] == [5, 6, 7, 8, 8, 8, 13, 13, 13, 17, 17, 17]
        assert only(SessionFinished, events)[0].completed
        assert engine.state is EngineState.FINISHED

    def test_nothing_comes_twice(self) -> None:
        engine = started(WORK, REST)
        assert engine.advance(T0 + 30)
        assert engine.advance(T0 + 30) == ()

    def test_a_cue_is_due_at_its_time_not_before(self) -> None:
        engine = started(WORK, REST)
        assert engine.advance(T0 + 29.999) == ()
        assert cues(engine.advance(T0 + 30)) == [(30, "clapper")]

    def test_a_clock_that_goes_back_changes_nothing(self) -> None:
        engine = started(WORK, REST)
        engine.advance(T0 + 12)
        assert engine.advance(T0 + 5) == ()
        assert elapsed(engine, T0 + 5) == 12
        assert only(SegmentEnded, engine.skip(T0 + 5))[0].at == T0 + 12

    def test_due_times_do_not_drift(self) -> None:
        engine = started(*([{"kind": "work", "duration": 0.1}] * 900))
        now, events = T0, list[Event]()
        while engine.state is EngineState.RUNNING:
            now += 0.033
            events.extend(engine.advance(now))
        assert only(SegmentEnded, events)[-1].at == T0 + 90

    def test_where_work_follows_on_work_one_bell_sounds(self) -> None:
        engine = started(*([{"kind": "work", "duration": 5}] * 3))
        assert cues(engine.advance(T0 + 99)) == [(5, "round-start"), (10, "round-start"), (15, "finish")]

    def test_an_empty_timeline_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            Engine(Timeline("Nothing", ()))

    def test_a_cue_before_the_beginning_of_its_phase_never_comes(self) -> None:
        early = Cue(CueKind.CLAPPER, Anchor.END, -10.0)
        engine = Engine(Timeline("T", (Segment(0, PhaseKind.WORK, "Work", 0.0, 5.0, cues=(early,)),)))
        assert cues((*engine.start(T0), *engine.advance(T0 + 9))) == []

    def test_nor_does_one_after_its_end_and_none_is_foretold(self) -> None:
        late = Cue(CueKind.CLAPPER, Anchor.START, 6.0)
        engine = Engine(Timeline("T", (Segment(0, PhaseKind.WORK, "Work", 0.0, 5.0, cues=(late,)),)))
        engine.start(T0)
        assert engine.upcoming(T0).cues == ()
        assert cues(engine.advance(T0 + 9)) == []


class TestPause:
    def test_time_stands_still(self) -> None:
        engine = started(WORK, REST)
        assert engine.pause(T0 + 12) == (Paused(T0 + 12),)
        assert engine.advance(T0 + 500) == ()
        assert elapsed(engine, T0 + 500) == 12
        assert engine.resume(T0 + 512) == (Resumed(T0 + 512, 500.0),)
        assert cues(engine.advance(T0 + 531)) == [(530, "clapper")]

    def test_what_was_due_before_the_pause_comes_first(self) -> None:
        engine = started(WORK, REST)
        assert names(engine.pause(T0 + 38.5)) == ["clapper", "countdown", "countdown", "Paused"]

    def test_toggle(self) -> None:
        engine = started(WORK)
        assert names(engine.toggle_pause(T0 + 1)) == ["Paused"]
        assert names(engine.toggle_pause(T0 + 2)) == ["Resumed"]

    def test_a_cue_at_the_instant_of_the_pause_sounds_once(self) -> None:
        engine = started(WORK, REST)
        assert names(engine.pause(T0 + 30)) == ["clapper", "Paused"]
        assert names(engine.resume(T0 + 40)) == ["Resumed"]
        assert cues(engine.advance(T0 + 47)) == [(47, "countdown")]

    def test_the_clocks_add_up(self) -> None:
        engine = started(WORK, REST)
        engine.pause(T0 + 5)
        engine.resume(T0 + 8)
        engine.pause(T0 + 20)
        position = engine.position(T0 + 30)
        assert (position.worked_s, position.paused_s, position.pause_s) == (17, 13, 10)
        engine.stop(T0 + 30)
        position = engine.position(T0 + 99)
        assert (position.worked_s, position.paused_s, position.pause_s) == (17, 13, 0)


class TestStopAndRestart:
    def test_stop_ends_without_a_finish(self) -> None:
        engine = started(WORK, REST)
        events = engine.stop(T0 + 10)
        assert names(events) == ["-0 stopped", "SessionFinished"]
        assert not only(SessionFinished, events)[0].completed
        position = engine.position(T0 + 99)
        assert (position.state, position.worked_s, position.completed) == (EngineState.FINISHED, 10, False)
        assert (position.remaining_s, position.total_remaining_s, position.open_left) == (0, 0, False)

    @pytest.mark.parametrize("before", ["advance", "pause", "stop"])
    def test_restart_begins_anew_and_runs(self, before: str) -> None:
        engine = started(WORK, REST)
        getattr(engine, before)(T0 + 50)
        events = engine.restart(T0 + 60)
        assert names(events)[-3:] == ["SessionStarted", "+0", "round-start"]
        position = engine.position(T0 + 60)
        assert (position.state, position.worked_s, position.paused_s, position.elapsed_s) == ("running", 0, 0, 0)

    def test_restart_ends_the_running_phase(self) -> None:
        engine = started(WORK, REST)
        assert names(engine.restart(T0 + 5))[0] == "-0 restarted"

    def test_keys_and_visits_are_not_used_again(self) -> None:
        engine = engine_of(WORK, REST)
        first = [*engine.start(T0), *engine.advance(T0 + 99)]
        second = [*engine.restart(T0 + 100), *engine.advance(T0 + 199)]
        assert [event.visit for event in only(SegmentStarted, first + second)] == [1, 2, 3, 4]
        keys = [event.key for event in only(CueDue, first + second)]
        assert len(set(keys)) == len(keys)


COMMANDS = [
    "advance",
    "start",
    "pause",
    "resume",
    "toggle_pause",
    "skip",
    "undo_skip",
    "back",
    "restart",
    "done",
    "stop",
]


class TestEveryCommandIsLegal:
    @pytest.mark.parametrize("command", [name for name in COMMANDS if name != "start"])
    def test_before_the_start_nothing_happens(self, command: str) -> None:
        engine = engine_of(WORK)
        assert getattr(engine, command)(T0) == ()
        assert engine.add_time(T0, 15) == ()
        assert engine.state is EngineState.IDLE

    @pytest.mark.parametrize("command", [name for name in COMMANDS if name != "restart"])
    def test_after_the_end_nothing_happens(self, command: str) -> None:
        engine = started(WORK)
        engine.advance(T0 + 99)
        assert getattr(engine, command)(T0 + 100) == ()
        assert engine.add_time(T0 + 100, 15) == ()
        assert engine.state is EngineState.FINISHED

    def test_what_is_so_already_changes_nothing(self) -> None:
        engine = started(WORK)
        assert engine.start(T0 + 1) == engine.resume(T0 + 1) == engine.undo_skip(T0 + 1) == ()
        engine.pause(T0 + 2)
        assert engine.start(T0 + 3) == engine.pause(T0 + 3) == ()


class TestPosition:
    def test_before_the_start(self) -> None:
        position = engine_of(WORK, OPEN_WORK, REST).position(T0)
        assert (position.state, position.segment.index, position.visit) == (EngineState.IDLE, 0, 0)
        assert (position.elapsed_s, position.remaining_s, position.duration_s) == (0, 40, 40)
        assert (position.total_remaining_s, position.open_left) == (60, True)

    def test_in_a_phase(self) -> None:
        engine = started(WORK, REST)
        engine.advance(T0 + 45)
        position = engine.position(T0 + 47.5)
        assert (position.segment.index, position.visit) == (1, 2)
        assert (position.elapsed_s, position.remaining_s, position.total_remaining_s) == (7.5, 12.5, 12.5)

    def test_asked_late_it_is_held_at_the_end_of_the_phase(self) -> None:
        position = started(WORK, REST).position(T0 + 45)
        assert (position.segment.index, position.elapsed_s, position.remaining_s) == (0, 40, 0)


class TestUpcoming:
    def test_it_is_what_then_happens(self) -> None:
        engine = started(PREPARE, WORK, REST, COOL_DOWN)
        planned = engine.upcoming(T0 + 4)
        events = engine.advance(T0 + 999)
        assert [(due.at, due.key, due.segment, due.cue) for due in planned.cues] == [
            (event.at, event.key, event.segment, event.cue) for event in only(CueDue, events)
        ]
        assert [(one.segment, one.visit, one.start_at) for one in planned.segments[1:]] == [
            (event.segment, event.visit, event.at) for event in only(SegmentStarted, events)
        ]
        assert [one.end_at for one in planned.segments] == [event.at for event in only(SegmentEnded, events)]

    def test_it_ends_with_the_first_open_phase(self) -> None:
        planned = started(WORK, OPEN_WORK, REST).upcoming(T0)
        assert [(one.segment.index, one.end_at) for one in planned.segments] == [(0, T0 + 40), (1, None)]
        assert [due.cue.kind for due in planned.cues][-1] is CueKind.ROUND_START

    def test_in_a_pause_it_is_as_if_resumed(self) -> None:
        engine = started(WORK, REST)
        engine.pause(T0 + 10)
        planned = engine.upcoming(T0 + 50)
        assert (planned.segments[0].start_at, planned.segments[0].end_at) == (T0 + 40, T0 + 80)
        assert planned.cues[0].at == T0 + 70
        engine.resume(T0 + 50)
        assert engine.upcoming(T0 + 50) == planned

    def test_before_the_start_it_is_as_if_started(self) -> None:
        engine = engine_of(WORK, REST)
        planned = engine.upcoming(T0)
        events = engine.start(T0)
        assert [due.key for due in planned.cues[:1]] == [event.key for event in only(CueDue, events)]
        assert engine.upcoming(T0).segments == planned.segments

    def test_after_the_end_there_is_nothing(self) -> None:
        engine = started(WORK)
        engine.advance(T0 + 99)
        assert (engine.upcoming(T0 + 99).segments, engine.upcoming(T0 + 99).cues) == ((), ())

    def test_a_pause_keeps_all_keys(self) -> None:
        engine = started(WORK, REST)
        before = [due.key for due in engine.upcoming(T0 + 10).cues]
        engine.pause(T0 + 10)
        assert [due.key for due in engine.upcoming(T0 + 20).cues] == before

    def test_skip_sounds_the_bells_under_the_keys_they_were_planned_with(self) -> None:
        """Pressed just before the bell, when it is already rendered, it must not ring twice."""
        engine = started(WORK, REST, WORK)
        planned = {(due.segment.index, due.cue.kind): due.key for due in engine.upcoming(T0).cues}
        events = only(CueDue, (*engine.skip(T0 + 10), *engine.skip(T0 + 20)))
        assert [event.key for event in events] == [planned[0, CueKind.ROUND_END], planned[2, CueKind.ROUND_START]]

    def test_a_phase_entered_out_of_turn_takes_no_planned_key(self) -> None:
        engine = started(REST, WORK, REST)
        planned = {due.key for due in engine.upcoming(T0 + 19.95).cues}
        engine.back(T0 + 19.95)
        assert not planned & {due.key for due in engine.upcoming(T0 + 20).cues}
