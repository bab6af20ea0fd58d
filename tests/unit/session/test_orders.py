"""What gloves and headsets order, heard and seen over the real engine, planner and mixer."""

import pytest

from nbd_tui.keymap import Action
from nbd_tui.session.actions import Order
from nbd_tui.workout.engine import EngineState
from tests.unit.session.offline import Stage, level
from tests.unit.session.test_conductor import OPEN, rounds


def test_a_pause_that_was_the_beginning_of_a_skip_leaves_clock_and_music_running() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Order.HOLD)
    stage.run(0.3)
    assert stage.conductor.snapshot().state is EngineState.PAUSED
    stage.press(Order.MOVE_ON)
    stage.run(4.7)
    now = stage.conductor.snapshot()
    assert (now.state, now.index) == (EngineState.RUNNING, 2)
    assert now.remaining_s == pytest.approx(25 - 4.7, abs=0.06)
    assert now.echo is not None
    assert now.echo.text == "skipped to Rest"
    assert stage.level_at(42) == pytest.approx(level(2), abs=1e-3), "the music of the rest, soon after"
    stage.run(22)
    starts = [heard for name, _, heard in stage.cue_times() if name == "round-start"]
    assert starts == pytest.approx([30.0, 40.3 + 25.0], abs=0.06)
    assert stage.level_at(66.5) == pytest.approx(level(1), abs=1e-3)


def test_the_skip_can_be_undone_to_the_moment_of_the_pause() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Order.HOLD)
    stage.run(0.3)
    stage.press(Order.MOVE_ON)
    stage.run(2)
    stage.press(Action.UNDO_SKIP)
    now = stage.conductor.snapshot()
    assert (now.state, now.index) == (EngineState.RUNNING, 1)
    assert now.remaining_s == pytest.approx(30, abs=0.06)


def test_from_a_pause_it_goes_on_with_the_next_phase() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Action.PAUSE)
    stage.run(10)
    stage.press(Order.GO_ON)
    stage.run(0.3)
    stage.press(Order.MOVE_ON)
    stage.run(3)
    now = stage.conductor.snapshot()
    assert (now.state, now.index) == (EngineState.RUNNING, 2)
    assert stage.level_at(52.5) == pytest.approx(level(2), abs=1e-3)


def test_an_open_phase_is_left_by_it() -> None:
    stage = Stage(OPEN).begin()
    stage.run(5)
    stage.press(Order.MOVE_ON)
    assert stage.conductor.snapshot().index == 1


def test_orders_given_twice_do_no_more() -> None:
    stage = rounds()
    stage.run(10)
    stage.press(Order.GO_ON)
    assert stage.conductor.snapshot().state is EngineState.RUNNING
    stage.press(Order.HOLD)
    stage.run(2)
    stage.press(Order.HOLD)
    now = stage.conductor.snapshot()
    assert now.state is EngineState.PAUSED
    assert now.pause_s == pytest.approx(2, abs=0.06)
    stage.press(Action.STOP)
    for order in Order:
        stage.press(order)
    assert stage.conductor.snapshot().state is EngineState.FINISHED
