"""The engine by example: the commands that move, and those that change the time."""

import pytest

from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.events import CueDue, SegmentStarted, SessionFinished, TimeAdded
from tests.unit.workout.playing import OPEN_WORK, REST, T0, WORK, cues, elapsed, index, names, only, started


class TestSkip:
    def test_from_work_the_bell_ends_it(self) -> None:
        engine = started(WORK, REST)
        events = engine.skip(T0 + 10)
        assert names(events) == ["round-end", "-0 skipped", "+1"]
        assert {event.at for event in events} == {T0 + 10}

    def test_to_work_the_bell_begins_it(self) -> None:
        engine = started(REST, WORK)
        assert names(engine.skip(T0 + 10)) == ["-0 skipped", "+1", "round-start"]

    def test_from_work_to_work_one_bell_sounds(self) -> None:
        engine = started(WORK, WORK)
        assert names(engine.skip(T0 + 10)) == ["-0 skipped", "+1", "round-start"]

    def test_cues_left_behind_never_come(self) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 10)
        assert cues(engine.advance(T0 + 29.5)) == [(27, "countdown"), (28, "countdown"), (29, "countdown")]

    def test_the_last_phase_is_skipped_to_the_finish(self) -> None:
        engine = started(WORK)
        events = engine.skip(T0 + 10)
        assert names(events) == ["finish", "-0 skipped", "SessionFinished"]
        assert only(SessionFinished, events) == [SessionFinished(T0 + 10, completed=True)]

    def test_after_a_stall_the_phase_of_now_is_skipped(self) -> None:
        engine = started(WORK, REST, WORK)
        assert names(engine.skip(T0 + 50))[-3:] == ["-1 skipped", "+2", "round-start"]


class TestUndoSkip:
    def test_it_goes_back_to_the_place(self) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 10)
        events = engine.undo_skip(T0 + 12)
        assert names(events) == ["-1 undone", "+0", "round-start"]
        begun = only(SegmentStarted, events)[0]
        assert (begun.visit, begun.elapsed_s) == (3, 10)
        assert elapsed(engine, T0 + 12) == 10
        assert engine.upcoming(T0 + 12).segments[0].start_at == T0 + 2
        assert cues(engine.advance(T0 + 33)) == [(32, "clapper")]

    def test_cues_that_sounded_do_not_sound_again(self) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 38.5)
        assert names(engine.undo_skip(T0 + 40)) == ["-1 undone", "+0", "round-start"]
        assert cues(engine.advance(T0 + 41.5)) == [(40.5, "countdown"), (41.5, "round-end")]

    def test_added_time_is_kept(self) -> None:
        engine = started(WORK, REST)
        engine.add_time(T0 + 5, 15)
        engine.skip(T0 + 10)
        engine.undo_skip(T0 + 10)
        assert engine.position(T0 + 10).duration_s == 55

    def test_two_skips_are_undone_one_by_one(self) -> None:
        engine = started(WORK, REST, WORK)
        engine.skip(T0 + 10)
        engine.skip(T0 + 13)
        engine.undo_skip(T0 + 14)
        assert (index(engine, T0 + 14), elapsed(engine, T0 + 14)) == (1, 3)
        engine.undo_skip(T0 + 14)
        assert (index(engine, T0 + 14), elapsed(engine, T0 + 14)) == (0, 10)
        assert engine.undo_skip(T0 + 14) == ()

    def test_pausing_and_adding_time_leave_it_possible(self) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 10)
        engine.add_time(T0 + 11, 15)
        engine.pause(T0 + 12)
        engine.resume(T0 + 15)
        assert engine.position(T0 + 15).can_undo_skip
        engine.undo_skip(T0 + 15)
        assert (index(engine, T0 + 15), elapsed(engine, T0 + 15)) == (0, 10)

    def test_a_phase_that_ends_by_itself_makes_it_impossible(self) -> None:
        engine = started(WORK, REST, WORK)
        engine.skip(T0 + 10)
        assert engine.position(T0 + 29).can_undo_skip
        engine.advance(T0 + 30)
        assert not engine.position(T0 + 30).can_undo_skip
        assert engine.undo_skip(T0 + 30) == ()

    @pytest.mark.parametrize("command", ["back", "restart", "stop"])
    def test_another_move_makes_it_impossible(self, command: str) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 10)
        getattr(engine, command)(T0 + 15)
        assert not engine.position(T0 + 15).can_undo_skip
        assert engine.undo_skip(T0 + 15) == ()

    def test_done_is_undone_as_well_and_then_the_skip_before_it(self) -> None:
        engine = started(WORK, OPEN_WORK, REST)
        engine.skip(T0 + 10)
        engine.done(T0 + 15)
        engine.undo_skip(T0 + 17)
        position = engine.position(T0 + 18)
        assert (position.segment.index, position.elapsed_s, position.remaining_s) == (1, 6, None)
        engine.undo_skip(T0 + 18)
        assert engine.position(T0 + 18).segment.index == 0

    def test_a_done_that_ended_the_workout_stays(self) -> None:
        engine = started(OPEN_WORK)
        engine.done(T0 + 10)
        assert engine.undo_skip(T0 + 11) == ()

    def test_a_finished_workout_stays_finished(self) -> None:
        engine = started(WORK)
        engine.skip(T0 + 10)
        assert engine.undo_skip(T0 + 11) == ()

    def test_an_open_phase_goes_on_counting(self) -> None:
        engine = started(OPEN_WORK, REST)
        engine.skip(T0 + 10)
        engine.undo_skip(T0 + 12)
        position = engine.position(T0 + 15)
        assert (position.elapsed_s, position.remaining_s) == (13, None)


class TestBack:
    def test_it_begins_the_phase_again(self) -> None:
        engine = started(REST, WORK)
        engine.advance(T0 + 40)
        events = engine.back(T0 + 45)
        assert names(events) == ["-1 back", "+1", "round-start"]
        assert elapsed(engine, T0 + 45) == 0

    def test_soon_after_the_start_it_goes_to_the_phase_before(self) -> None:
        engine = started(REST, WORK)
        engine.advance(T0 + 20)
        assert names(engine.back(T0 + 21.999)) == ["-1 back", "+0", "phase-start"]

    def test_after_two_seconds_it_does_not(self) -> None:
        engine = started(REST, WORK)
        engine.back(T0 + 22)
        assert index(engine, T0 + 22) == 1

    def test_again_and_again_it_reaches_the_first_phase_and_stays_there(self) -> None:
        engine = started(REST, WORK, REST)
        engine.advance(T0 + 61)
        for step in range(4):
            engine.back(T0 + 61 + step / 2)
        assert index(engine, T0 + 63) == 0
        assert engine.state is EngineState.RUNNING

    def test_a_rest_says_that_it_begins_although_no_bell_ended_work(self) -> None:
        engine = started(WORK, REST, WORK)
        engine.advance(T0 + 50)
        assert names(engine.back(T0 + 50)) == ["-1 back", "+1", "phase-start"]

    def test_the_phase_has_its_planned_length_and_all_its_cues_again(self) -> None:
        engine = started(WORK, REST)
        engine.add_time(T0 + 5, 15)
        first = engine.advance(T0 + 53)
        engine.back(T0 + 53)
        again = engine.advance(T0 + 93)
        assert cues(again)[0] == (83, "clapper")
        assert cues(again)[-1] == (93, "round-end")
        assert not {event.key for event in only(CueDue, first)} & {event.key for event in only(CueDue, again)}


class TestAddTime:
    def test_the_phase_gets_longer(self) -> None:
        engine = started(WORK, REST)
        assert engine.add_time(T0 + 10, 15) == (TimeAdded(T0 + 10, 15.0, 45.0),)
        position = engine.position(T0 + 10)
        assert (position.remaining_s, position.duration_s, position.total_remaining_s) == (45, 55, 65)
        assert cues(engine.advance(T0 + 46)) == [(45, "clapper")]

    def test_cues_ahead_again_are_armed_again_under_new_keys(self) -> None:
        engine = started(WORK, REST)
        first = only(CueDue, engine.advance(T0 + 38))
        engine.add_time(T0 + 38, 15)
        again = engine.advance(T0 + 55)
        assert cues(again) == [
            (45, "clapper"),
            (52, "countdown"),
            (53, "countdown"),
            (54, "countdown"),
            (55, "round-end"),
        ]
        keys = [event.key for event in (*first, *only(CueDue, again))]
        assert len(set(keys)) == len(keys)

    def test_the_phase_gets_shorter_and_cues_passed_over_do_not_sound(self) -> None:
        engine = started(WORK, REST)
        assert engine.add_time(T0 + 20, -15) == (TimeAdded(T0 + 20, -15.0, 5.0),)
        assert cues(engine.advance(T0 + 25)) == [
            (22, "countdown"),
            (23, "countdown"),
            (24, "countdown"),
            (25, "round-end"),
        ]

    def test_three_seconds_are_left_at_least_and_counted_down(self) -> None:
        engine = started(WORK, REST)
        engine.advance(T0 + 30)
        events = engine.add_time(T0 + 30, -15)
        assert only(TimeAdded, events) == [TimeAdded(T0 + 30, -7.0, 3.0)]
        assert cues(events) == [(30, "countdown")]
        assert cues(engine.advance(T0 + 33)) == [(31, "countdown"), (32, "countdown"), (33, "round-end")]

    @pytest.mark.parametrize("at", [37, 38, 39.9])
    def test_near_the_end_less_changes_nothing(self, at: float) -> None:
        engine = started(WORK, REST)
        engine.advance(T0 + at)
        planned = engine.upcoming(T0 + at)
        assert engine.add_time(T0 + at, -15) == ()
        assert engine.upcoming(T0 + at) == planned

    def test_near_the_end_more_is_added(self) -> None:
        engine = started(WORK, REST)
        assert only(TimeAdded, engine.add_time(T0 + 39, 15))[0].remaining_s == 16

    def test_more_and_less_at_one_instant_double_no_cue(self) -> None:
        engine = started(WORK, REST)
        assert cues(engine.advance(T0 + 37)) == [(30, "clapper"), (37, "countdown")]
        engine.add_time(T0 + 37, 15)
        assert cues(engine.add_time(T0 + 37, -15)) == []
        assert cues(engine.advance(T0 + 38)) == [(38, "countdown")]

    def test_nor_do_they_after_an_undone_skip(self) -> None:
        engine = started(WORK, REST)
        engine.skip(T0 + 37)
        engine.undo_skip(T0 + 37)
        engine.add_time(T0 + 37, 15)
        assert cues(engine.add_time(T0 + 37, -15)) == []

    def test_what_sounded_in_an_earlier_visit_sounds_again(self) -> None:
        engine = started(WORK, REST)
        engine.back(T0 + 38)
        engine.advance(T0 + 68)
        assert cues(engine.add_time(T0 + 68, -15)) == [(68, "countdown")]

    def test_in_an_open_phase_it_changes_nothing(self) -> None:
        engine = started(OPEN_WORK, REST)
        assert engine.add_time(T0 + 10, 15) == ()

    def test_halfway_moves_with_the_length_and_gives_way_to_another_cue(self) -> None:
        engine = started(WORK, REST, halfway=True)
        engine.add_time(T0 + 5, 15)
        assert cues(engine.advance(T0 + 30)) == [(27.5, "halfway")]
        engine = started(WORK, REST, halfway=True)
        engine.add_time(T0 + 5, -20)
        assert cues(engine.advance(T0 + 16)) == [(10, "clapper")]

    def test_all_cues_to_come_get_new_keys(self) -> None:
        """A bell already rendered when its time moves would not sound again under its old key."""
        engine = started(WORK, REST)
        before = {due.key for due in engine.upcoming(T0 + 39).cues}
        engine.add_time(T0 + 39, 15)
        assert not before & {due.key for due in engine.upcoming(T0 + 39).cues}


class TestOpenPhases:
    def test_they_count_up_without_cues_until_done(self) -> None:
        engine = started(OPEN_WORK, REST)
        assert engine.advance(T0 + 3600) == ()
        position = engine.position(T0 + 3600)
        assert (position.elapsed_s, position.remaining_s, position.duration_s) == (3600, None, None)
        assert (position.total_remaining_s, position.open_left) == (20, True)

    def test_done_rings_the_bell_and_goes_on(self) -> None:
        engine = started(OPEN_WORK, REST)
        assert names(engine.done(T0 + 70)) == ["round-end", "-0 done", "+1"]
        assert not engine.position(T0 + 70).open_left
        assert cues(engine.advance(T0 + 87)) == [(87, "countdown")]

    def test_done_in_the_last_phase_finishes(self) -> None:
        engine = started(OPEN_WORK)
        assert names(engine.done(T0 + 70)) == ["finish", "-0 done", "SessionFinished"]
        assert engine.position(T0 + 70).completed

    def test_done_before_work_rings_one_bell(self) -> None:
        engine = started(OPEN_WORK, WORK)
        assert names(engine.done(T0 + 70)) == ["-0 done", "+1", "round-start"]

    def test_done_elsewhere_changes_nothing(self) -> None:
        engine = started(WORK, OPEN_WORK)
        assert engine.done(T0 + 10) == ()

    def test_skip_leaves_them_too(self) -> None:
        engine = started(OPEN_WORK, REST)
        assert names(engine.skip(T0 + 70)) == ["round-end", "-0 skipped", "+1"]
