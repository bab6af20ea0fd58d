"""A session that was interrupted anywhere goes on as if it had only been paused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine, EngineState
from nbd_tui.workout.events import (
    CueDue,
    Event,
    SegmentEnded,
    SegmentStarted,
    SessionFinished,
    TimeAdded,
)
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Timeline
from tests.unit.workout.oracle import us
from tests.unit.workout.playing import OPEN_WORK, PREPARE, REST, WORK, cues, engine_of, names
from tests.unit.workout.strategies import FULL_PRESETS
from tests.unit.workout.test_engine_properties import TIMELINES, Command, commands, give, played, waits

LATER = 5_000_000.0
"""Clock time at which the session is taken up: another boot of the machine, another monotonic clock."""


def checkpoint_of(engine: Engine, now: float) -> Checkpoint:
    at = engine.position(now)
    return Checkpoint(at.segment.index, at.elapsed_s, at.duration_s, at.worked_s, at.paused_s)


def told(events: tuple[Event, ...], since: float) -> list[tuple[object, ...]]:
    """Events without the names of visits, which another session counts anew; times since `since` in microseconds."""
    said: list[tuple[object, ...]] = []
    for event in events:
        at = us(event.at) - us(since)
        match event:
            case SegmentStarted():
                said.append((at, "started", event.segment.index, event.elapsed_s))
            case SegmentEnded():
                said.append((at, "ended", event.segment.index, event.reason))
            case CueDue():
                said.append((at, "cue", event.segment.index, event.cue))
            case TimeAdded():
                said.append((at, "time", us(event.added_s), us(event.remaining_s)))
            case SessionFinished():
                said.append((at, "finished", event.completed))
            case _:
                said.append((at, type(event).__name__))
    return said


def go_on(engine: Engine, now: float, then: list[Command]) -> tuple[list[tuple[object, ...]], list[object]]:
    """What happens from `now` on, the workout running, and where it stands after each command."""
    events, clock_us, positions = list(engine.resume(now)), us(now), list[object]()
    for command in then:
        clock_us += command.after_us
        events += give(engine, command, clock_us / 1e6)
        at = engine.position(clock_us / 1e6)
        positions.append((at.segment.index, us(at.elapsed_s), at.state, us(at.worked_s), us(at.paused_s)))
    return told(tuple(events), now), positions


TIMED = st.sampled_from(("advance", "skip", "pause", "resume", "back", "add_time", "done", "stop"))
"""All but undoing a skip from before the interruption, which is all that is lost."""
AFTER = st.lists(st.builds(Command, TIMED, waits(), st.sampled_from([15.0, -15.0, 0.5])), max_size=6)


def certain(said: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Without cues that added time moves to its own instant: whether they sound depends on what sounded before."""
    moved = {one[0] for one in said if one[1] == "time"}
    return [one for one in said if not (one[1] == "cue" and one[0] in moved)]


@given(TIMELINES, commands(), AFTER)
@settings(max_examples=300)
def test_interrupted_anywhere_it_goes_on_as_after_a_pause(
    timeline: Timeline, before: list[Command], after: list[Command]
) -> None:
    *_, (engine, clock_us, _events) = played(timeline, before)
    now = clock_us / 1e6
    engine.pause(now)
    checkpoint = checkpoint_of(engine, now)
    if engine.state is EngineState.FINISHED:
        return
    restored = Engine(timeline)
    first = restored.restore(LATER, checkpoint)
    begun = (0, "started", checkpoint.index, checkpoint.elapsed_s)
    assert told(first, LATER) == [(0, "SessionRestored"), begun, (0, "Paused")]
    assert checkpoint_of(restored, LATER) == checkpoint
    (expected, stood), (actual, stands) = go_on(engine, now, after), go_on(restored, LATER, after)
    at_once = (0, "cue", checkpoint.index)
    assert [one for one in certain(actual) if one[:3] != at_once] == [
        one for one in certain(expected) if one[:3] != at_once
    ], "but for the mark of a phase that a key has led to in the pause"
    assert stands == stood


@given(TIMELINES, commands(), AFTER)
@settings(max_examples=200)
def test_interrupted_while_it_ran_it_loses_and_doubles_no_cue(
    timeline: Timeline, before: list[Command], after: list[Command]
) -> None:
    *_, (engine, clock_us, _events) = played(timeline, before)
    now = clock_us / 1e6
    checkpoint = checkpoint_of(engine, now)
    if engine.state is not EngineState.RUNNING or checkpoint.elapsed_s == 0:
        return
    engine.pause(now)
    restored = Engine(timeline)
    restored.restore(LATER, checkpoint)
    assert certain(go_on(restored, LATER, after)[0]) == certain(go_on(engine, now, after)[0])


def test_a_phase_that_had_only_just_begun_begins_with_its_bell() -> None:
    engine = engine_of(PREPARE, WORK, REST)
    engine.restore(1000.0, Checkpoint(1, 0.0, 40.0, 10.0, 0.0))
    assert cues(engine.resume(1000.0)) == [(0.0, "round-start")]


def test_added_time_and_the_times_so_far_are_kept() -> None:
    engine = engine_of(PREPARE, WORK, REST)
    events = engine.restore(1000.0, Checkpoint(1, 30.0, 55.0, 40.0, 7.0))
    assert names(events) == ["SessionRestored", "+1", "Paused"]
    at = engine.position(1010.0)
    assert (at.state, at.elapsed_s, at.remaining_s, at.duration_s) == (EngineState.PAUSED, 30.0, 25.0, 55.0)
    assert (at.worked_s, at.paused_s, at.pause_s) == (40.0, 17.0, 10.0)
    assert not at.can_undo_skip
    assert only_cues(engine.resume(1010.0), engine.advance(1035.0)) == [
        (25.0, "clapper"), (32.0, "countdown"), (33.0, "countdown"), (34.0, "countdown"), (35.0, "round-end"),
    ]  # fmt: skip
    assert engine.position(1035.0).segment.index == 2


def only_cues(*parts: tuple[Event, ...]) -> list[tuple[float, str]]:
    return cues(event for part in parts for event in part)


def test_an_open_phase_counts_on() -> None:
    engine = engine_of(OPEN_WORK, REST)
    engine.restore(1000.0, Checkpoint(0, 12.5, None, 12.5, 0.0))
    engine.resume(1000.0)
    at = engine.position(1005.0)
    assert (at.elapsed_s, at.remaining_s) == (17.5, None)
    assert engine.done(1005.0)


def test_what_is_already_begun_is_not_restored() -> None:
    engine = engine_of(WORK, REST)
    engine.start(1000.0)
    assert engine.restore(1001.0, Checkpoint(1, 5.0, 20.0, 45.0, 0.0)) == ()
    assert engine.position(1001.0).segment.index == 0


@pytest.mark.parametrize(
    "wrong",
    [
        Checkpoint(2, 1.0, 20.0, 41.0, 0.0),
        Checkpoint(-1, 1.0, 20.0, 41.0, 0.0),
        Checkpoint(0, -1.0, 40.0, 0.0, 0.0),
        Checkpoint(0, 40.0, 40.0, 40.0, 0.0),
        Checkpoint(0, 1.0, None, 1.0, 0.0),
        Checkpoint(0, 1.0, 40.0, -1.0, 0.0),
        Checkpoint(0, 1.0, 40.0, 1.0, -0.1),
        Checkpoint(0, 1.0, 40.0, 1.0, 0.0, frozenset({2})),
        Checkpoint(0, 1.0, 40.0, 1.0, 0.0, frozenset({1})),
    ],
)
def test_a_checkpoint_of_another_workout_is_refused(wrong: Checkpoint) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        engine_of(WORK, REST).restore(1000.0, wrong)


@pytest.mark.parametrize("preset", FULL_PRESETS, ids=lambda preset: str(preset.name))
def test_every_moment_of_a_workout_fits_it(preset: Preset) -> None:
    timeline = compile_timeline(preset)
    engine = Engine(timeline)
    engine.start(0.0)
    for second in range(300):
        engine.advance(second)
        if engine.state is EngineState.RUNNING:
            assert checkpoint_of(engine, second).fits(timeline)
