"""What each key does to the engine, and the words that answer it."""

from collections.abc import Callable
from enum import StrEnum
from math import ceil
from typing import Final

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.duration import format_duration
from nbd_tui.workout.engine import Engine, EngineState
from nbd_tui.workout.events import Event, Paused, Resumed, SegmentStarted, SessionFinished, TimeAdded

TIME_STEP_S: Final[Seconds] = 15.0


class Order(StrEnum):
    """What is asked of the timer by something else than a key of its own: a glove, a headset.

    Given twice, or too late, each does no more than once: none of them toggles.
    """

    HOLD = "hold"
    GO_ON = "go on"
    MOVE_ON = "move on"
    """Skips, and goes on where the workout is paused: that pause was only the beginning of this."""


def _move_on(engine: Engine, now: Monotonic) -> tuple[Event, ...]:
    return (*engine.resume(now), *engine.skip(now))


ENGINE_ACTIONS: Final[dict[Action | Order, Callable[[Engine, Monotonic], tuple[Event, ...]]]] = {
    Action.PAUSE: Engine.toggle_pause,
    Action.DONE: Engine.done,
    Action.SKIP: Engine.skip,
    Action.BACK: Engine.back,
    Action.UNDO_SKIP: Engine.undo_skip,
    Action.RESTART: Engine.restart,
    Action.ADD_TIME: lambda engine, now: engine.add_time(now, TIME_STEP_S),
    Action.REMOVE_TIME: lambda engine, now: engine.add_time(now, -TIME_STEP_S),
    Action.STOP: Engine.stop,
    Order.HOLD: Engine.pause,
    Order.GO_ON: Engine.resume,
    Order.MOVE_ON: _move_on,
}
"""The actions that concern the timer; the others concern the sound."""

MOVED: Final[dict[Action | Order, str]] = {
    Action.SKIP: "skipped to {}",
    Order.MOVE_ON: "skipped to {}",
    Action.BACK: "back to {}",
    Action.UNDO_SKIP: "undone: {}",
    Action.DONE: "done: {}",
    Action.RESTART: "from the beginning: {}",
}

WHEN_OVER: Final = "the workout is over"

WHEN_NOTHING: Final[dict[Action | Order, str]] = {
    Action.DONE: "done is for open phases",
    Action.UNDO_SKIP: "nothing to undo",
    Action.ADD_TIME: "an open phase has no end to move",
    Action.REMOVE_TIME: "no time to take away",
}


def echo(action: Action | Order, caused: tuple[Event, ...], state: EngineState) -> str:
    """The line that answers a key of the timer.

    Args:
        action: what was pressed.
        caused: the events the key itself caused.
        state: the engine's state afterwards.
    """
    if state is EngineState.FINISHED and not any(isinstance(event, SessionFinished) for event in caused):
        return WHEN_OVER
    words = next((said for event in reversed(caused) if (said := _words(action, event))), "")
    return words or WHEN_NOTHING.get(action, "")


def _words(action: Action | Order, event: Event) -> str:
    match event:
        case SessionFinished(completed=completed):
            words = WHEN_OVER if completed else "stopped"
        case Paused():
            words = "paused"
        case Resumed():
            words = "on we go"
        case TimeAdded(added_s=added, remaining_s=remaining) if added:
            words = f"{added:+.0f} s → {format_duration(ceil(remaining))}".replace("-", "−")
        case SegmentStarted(segment=segment):
            words = MOVED[action].format(segment.label) if action in MOVED else ""
        case _:
            words = ""
    return words
