"""What each key does to the engine, and the words that answer it."""

from collections.abc import Callable
from math import ceil
from typing import Final

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.duration import format_duration
from nbd_tui.workout.engine import Engine, EngineState
from nbd_tui.workout.events import Event, Paused, Resumed, SegmentStarted, SessionFinished, TimeAdded

TIME_STEP_S: Final[Seconds] = 15.0

ENGINE_ACTIONS: Final[dict[Action, Callable[[Engine, Monotonic], tuple[Event, ...]]]] = {
    Action.PAUSE: Engine.toggle_pause,
    Action.DONE: Engine.done,
    Action.SKIP: Engine.skip,
    Action.BACK: Engine.back,
    Action.UNDO_SKIP: Engine.undo_skip,
    Action.RESTART: Engine.restart,
    Action.ADD_TIME: lambda engine, now: engine.add_time(now, TIME_STEP_S),
    Action.REMOVE_TIME: lambda engine, now: engine.add_time(now, -TIME_STEP_S),
    Action.STOP: Engine.stop,
}
"""The actions that concern the timer; the others concern the sound."""

MOVED: Final[dict[Action, str]] = {
    Action.SKIP: "skipped to {}",
    Action.BACK: "back to {}",
    Action.UNDO_SKIP: "skip undone: {}",
    Action.DONE: "done: {}",
    Action.RESTART: "from the beginning: {}",
}

WHEN_OVER: Final = "the workout is over"

WHEN_NOTHING: Final[dict[Action, str]] = {
    Action.DONE: "done is for open phases",
    Action.UNDO_SKIP: "nothing to undo",
    Action.ADD_TIME: "an open phase has no end to move",
    Action.REMOVE_TIME: "no time to take away",
}


def echo(action: Action, caused: tuple[Event, ...], state: EngineState) -> str:
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


def _words(action: Action, event: Event) -> str:
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
