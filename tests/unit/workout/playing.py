"""Engines to play with, and their events in short."""

from collections.abc import Iterable
from typing import Any, TypeVar

from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.events import CueDue, Event, SegmentEnded, SegmentStarted
from nbd_tui.workout.preset import Preset

T0 = 1000.0
"""Clock time of the start."""

One = TypeVar("One")

WORK, REST = {"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}
OPEN_WORK, PREPARE = {"kind": "work", "duration": "open"}, {"kind": "prepare", "duration": 10}
COOL_DOWN = {"kind": "cool-down", "duration": 60}


def engine_of(*phases: dict[str, Any], **cues: float) -> Engine:
    blocks = [{"skip_last_rest": False, "phases": phases}]
    return Engine(compile_timeline(Preset.model_validate({"name": "Test", "cues": cues, "blocks": blocks})))


def started(*phases: dict[str, Any], **cues: float) -> Engine:
    engine = engine_of(*phases, **cues)
    engine.start(T0)
    return engine


def only(kind: type[One], events: Iterable[object]) -> list[One]:
    return [event for event in events if isinstance(event, kind)]


def cues(events: Iterable[Event]) -> list[tuple[float, str]]:
    """Seconds since the start and kind of each cue that came due."""
    return [(round(event.at - T0, 6), event.cue.kind.value) for event in only(CueDue, events)]


def names(events: Iterable[Event]) -> list[str]:
    """The events in short."""
    return [_name(event) for event in events]


def _name(event: Event) -> str:
    match event:
        case SegmentStarted():
            return f"+{event.segment.index}"
        case SegmentEnded():
            return f"-{event.segment.index} {event.reason}"
        case CueDue():
            return event.cue.kind.value
        case _:
            return type(event).__name__


def index(engine: Engine, now: float) -> int:
    return engine.position(now).segment.index


def elapsed(engine: Engine, now: float) -> float:
    return engine.position(now).elapsed_s
