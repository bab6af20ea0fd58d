"""Rounds that were carried through."""

from collections.abc import Callable

from nbd_tui.session.tally import Tally
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.events import Event
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, Phase, Preset

PLAN = Preset(
    name="x",
    blocks=(
        Block(
            repeat=3,
            phases=(Phase(kind=PhaseKind.WORK, duration_s=60.0), Phase(kind=PhaseKind.REST, duration_s=30.0)),
        ),
        Block(phases=(Phase(kind=PhaseKind.WORK, duration_s=None),)),
    ),
)  # fmt: skip


SETS = Preset(
    name="y",
    blocks=(
        Block(
            repeat=3,
            phases=(Phase(kind=PhaseKind.WORK, duration_s=None), Phase(kind=PhaseKind.REST, duration_s=30.0)),
        ),
    ),
)


class Training:
    """An engine whose events are tallied."""

    def __init__(self, plan: Preset = PLAN) -> None:
        self._engine = Engine(compile_timeline(plan))
        self._tally = Tally()
        self._now = 0.0
        self.press(Engine.start)

    def press(self, command: Callable[[Engine, float], tuple[Event, ...]], after_s: float = 0.0) -> int:
        """Gives a command `after_s` later; the rounds done by then."""
        self._now += after_s
        self._tally.take(self._engine.advance(self._now))
        self._tally.take(command(self._engine, self._now))
        return self._tally.rounds_done

    def wait(self, seconds: float) -> int:
        return self.press(Engine.advance, seconds)


def test_a_round_counts_when_its_time_is_over_and_a_rest_never() -> None:
    training = Training()
    assert training.wait(59.9) == 0
    assert training.wait(0.2) == 1
    assert training.wait(30.0) == 1
    assert training.wait(60.0) == 2


def test_an_open_round_counts_when_it_is_done() -> None:
    training = Training()
    assert training.wait(60 * 3 + 30 * 2) == 3
    assert training.press(Engine.done, 500.0) == 4


def test_a_skipped_round_does_not_count_and_an_undone_skip_counts_once() -> None:
    training = Training()
    assert training.press(Engine.skip, 10.0) == 0
    assert training.press(Engine.undo_skip, 1.0) == 0
    assert training.wait(51.0) == 1
    assert training.press(Engine.skip, 1.0) == 1
    assert training.press(Engine.undo_skip, 1.0) == 1


def test_a_round_done_again_counts_once() -> None:
    training = Training()
    assert training.wait(61.0) == 1
    assert training.press(Engine.back) == 1
    assert training.wait(60.0) == 1


def test_stopping_within_a_round_does_not_count_it() -> None:
    training = Training()
    assert training.press(Engine.stop, 70.0 + 30.0) == 1


def test_a_restart_begins_at_nothing() -> None:
    training = Training()
    assert training.wait(100.0) == 1
    assert training.press(Engine.restart) == 0
    assert training.wait(60.0) == 1


def test_an_undone_done_does_not_count_until_it_is_done_again() -> None:
    training = Training(SETS)
    assert training.press(Engine.done, 50.0) == 1
    assert training.press(Engine.undo_skip, 1.0) == 0
    assert training.press(Engine.done, 5.0) == 1
    assert training.press(Engine.skip, 1.0) == 1
    assert training.press(Engine.undo_skip, 1.0) == 1
    assert training.press(Engine.undo_skip, 1.0) == 0


def test_an_undone_second_done_of_a_round_leaves_the_first() -> None:
    training = Training(SETS)
    assert training.press(Engine.done, 50.0) == 1
    assert training.press(Engine.back, 1.0) == 1
    assert training.press(Engine.done, 5.0) == 1
    assert training.press(Engine.undo_skip, 1.0) == 1
