"""The engine under any mixture of commands, stalls and pauses."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import DueCue, Engine, EngineState, Upcoming
from nbd_tui.workout.events import (
    CueDue,
    EndReason,
    Event,
    SegmentEnded,
    SegmentStarted,
    SessionFinished,
    SessionStarted,
)
from nbd_tui.workout.timeline import Timeline
from tests.unit.workout.oracle import account, expected, us
from tests.unit.workout.playing import only
from tests.unit.workout.strategies import FULL_PRESETS, presets

T0_US = 86_399_123_457
TIMELINES = st.one_of(presets(), st.sampled_from(FULL_PRESETS)).map(compile_timeline)
MOVES = ("skip", "pause", "undo_skip", "back", "skip", "undo_skip", "resume", "toggle_pause", "done")
ADDED = (15.0, -15.0, 0.5, -1.0, 60.0)
RARE = ("start", "restart", "stop")


@dataclass(frozen=True)
class Command:
    """One call, `after_us` after the one before."""

    name: str
    after_us: int
    seconds: float = 0.0


def waits() -> st.SearchStrategy[int]:
    exact = st.sampled_from([0, 1, 50_000, 1_000_000, 1_999_999, 2_000_000, 5_000_000, 10_000_000])
    return st.one_of(exact, st.integers(0, 20_000_000), st.sampled_from([30_000_000, 61_000_000, 400_000_000]))


def commands() -> st.SearchStrategy[list[Command]]:
    """Few commands, as hypothesis likes them (and shrinks them), or a long session from a seed."""
    usual = st.sampled_from(("advance", *MOVES, "add_time", *RARE))
    few = st.lists(st.builds(Command, usual, waits(), st.sampled_from(ADDED)), max_size=6)
    long = st.integers(0, 2**32).map(long_session)
    return st.one_of(few, long, long)


def long_session(seed: int) -> list[Command]:
    """Time passing and keys in a lively mixture; seldom a restart or a stop."""
    chance = Random(seed)

    def wait_us() -> int:
        exact = chance.choice([0, 1, 50_000, 1_999_999, 2_000_000, 3_000_000, 10_000_000, 61_000_000])
        return exact if chance.random() < 0.5 else chance.randrange(20_000_000)

    names = chance.choices(["advance", "add_time", *MOVES, *RARE], [6, 3] + [1] * len(MOVES) + [0.1] * len(RARE), k=30)
    return [Command(name, wait_us(), chance.choice(ADDED)) for name in names]


def give(engine: Engine, command: Command, now: float) -> tuple[Event, ...]:
    if command.name == "add_time":
        return engine.add_time(now, command.seconds)
    events: tuple[Event, ...] = getattr(engine, command.name)(now)
    return events


def played(timeline: Timeline, given_: list[Command]) -> Iterator[tuple[Engine, int, tuple[Event, ...]]]:
    """The engine after the start and after each command, with the clock and the new events."""
    engine, clock_us = Engine(timeline), T0_US
    yield engine, clock_us, engine.start(clock_us / 1e6)
    for command in given_:
        clock_us += command.after_us
        yield engine, clock_us, give(engine, command, clock_us / 1e6)


def all_played(timeline: Timeline, given_: list[Command]) -> tuple[list[Event], int]:
    """All events of a session, and the clock at its end."""
    steps = list(played(timeline, given_))
    return [event for _engine, _clock, events in steps for event in events], steps[-1][1]


@given(TIMELINES, commands())
@settings(max_examples=300)
def test_exactly_the_cues_that_are_due_are_heard(timeline: Timeline, given_: list[Command]) -> None:
    events, clock_us = all_played(timeline, given_)
    for visit in account(events, clock_us).visits:
        must, may = expected(visit, len(timeline.segments) - 1)
        heard = Counter(visit.heard)
        assert not Counter(must) - heard, "a cue was lost"
        assert not heard - Counter(must) - Counter(may), "a cue was doubled, or none was due"
        times = [at for at, _cue in visit.heard]
        assert times == sorted(times)


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_events_are_in_order_and_never_early(timeline: Timeline, given_: list[Command]) -> None:
    before_us = T0_US
    for _engine, clock_us, events in played(timeline, given_):
        times = [us(event.at) for event in events]
        assert times == sorted(times)
        assert all(before_us <= at <= clock_us for at in times)
        before_us = clock_us


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_phases_follow_on_one_another_and_started_and_ended_pair_up(timeline: Timeline, given_: list[Command]) -> None:
    events, clock_us = all_played(timeline, given_)
    told = account(events, clock_us)
    assert [visit.number for visit in told.visits] == list(range(1, len(told.visits) + 1))
    ended = [visit for visit in told.visits if visit.reason is not None]
    assert len(told.visits) - len(ended) == (not told.finished)
    for visit, following in zip(told.visits, told.visits[1:], strict=False):
        here, there = visit.segment.index, following.segment.index
        match visit.reason:
            case EndReason.TIME | EndReason.SKIPPED | EndReason.DONE:
                assert there == (here + 1) % len(timeline.segments)
            case EndReason.BACK:
                assert there == (max(here - 1, 0) if visit.last_us < 2_000_000 else here)
            case EndReason.UNDONE:
                assert there == here - 1
            case _:
                assert there == 0


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_undo_leads_to_where_skip_or_done_was_pressed(timeline: Timeline, given_: list[Command]) -> None:
    events, _clock = all_played(timeline, given_)
    left: list[tuple[int, int]] = []
    told = account((), 0)
    for event in events:
        reason, running = told.reason, told.running
        told.take(event)
        if isinstance(event, SegmentEnded) and running:
            if event.reason in {EndReason.SKIPPED, EndReason.DONE}:
                left.append((running.segment.index, running.last_us))
            elif event.reason is not EndReason.UNDONE:
                left.clear()
        if isinstance(event, SegmentStarted) and reason is EndReason.UNDONE:
            assert (event.segment.index, us(event.elapsed_s)) == left.pop()


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_no_key_is_used_twice(timeline: Timeline, given_: list[Command]) -> None:
    events, _clock = all_played(timeline, given_)
    keys = [event.key for event in only(CueDue, events)]
    assert len(set(keys)) == len(keys)


@given(TIMELINES, commands(), st.integers(1, 7))
def test_many_small_steps_are_one_big_one(timeline: Timeline, given_: list[Command], pieces: int) -> None:
    fine = list[Command]()
    for command in given_:
        step_us = command.after_us // pieces
        fine += [Command("advance", step_us)] * (pieces - 1)
        fine.append(Command(command.name, command.after_us - step_us * (pieces - 1), command.seconds))
    assert all_played(timeline, fine) == all_played(timeline, given_)


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_worked_and_paused_time_are_the_clock(timeline: Timeline, given_: list[Command]) -> None:
    began_us, ended_us = T0_US, None
    for engine, clock_us, events in played(timeline, given_):
        for event in events:
            if isinstance(event, SessionStarted):
                began_us, ended_us = us(event.at), None
            elif isinstance(event, SessionFinished):
                ended_us = us(event.at)
        position = engine.position(clock_us / 1e6)
        clock_s = (ended_us if ended_us is not None else clock_us) - began_us
        assert us(position.worked_s) + us(position.paused_s) == clock_s
        assert (position.state is EngineState.FINISHED) == (ended_us is not None)


@given(TIMELINES, commands(), waits())
def test_positions_hold_together(timeline: Timeline, given_: list[Command], late_us: int) -> None:
    for engine, clock_us, _events in played(timeline, given_):
        position = engine.position((clock_us + late_us) / 1e6)
        assert position.elapsed_s >= 0
        assert position.total_remaining_s >= (position.remaining_s or 0) >= 0
        assert position.pause_s <= position.paused_s
        if position.state is EngineState.FINISHED:
            assert (position.remaining_s, position.total_remaining_s, position.open_left) == (0, 0, False)
        elif position.duration_s is not None:
            assert us(position.elapsed_s) + us(position.remaining_s or 0) == us(position.duration_s)
        else:
            assert (position.remaining_s, position.open_left) == (None, True)


@given(TIMELINES, commands(), waits())
@settings(max_examples=200)
def test_what_is_upcoming_comes(timeline: Timeline, given_: list[Command], wait_us: int) -> None:
    """At every point of a session: what was foretold up to some time is what happens until then."""
    for length in range(len(given_) + 1):
        *_, (engine, clock_us, _events) = played(timeline, given_[:length])
        foretold = engine.upcoming(clock_us / 1e6)
        until_us = clock_us + wait_us
        events = (*engine.resume(clock_us / 1e6), *engine.advance(until_us / 1e6))
        assert [DueCue(one.at, one.key, one.segment, one.cue) for one in only(CueDue, events)] == [
            due for due in foretold.cues if us(due.at) <= until_us
        ]
        assert [(one.at, one.segment, one.visit) for one in only(SegmentStarted, events)] == [
            (one.start_at, one.segment, one.visit) for one in foretold.segments[1:] if us(one.start_at) <= until_us
        ]
        assert [(one.at, one.visit) for one in only(SegmentEnded, events)] == [
            (one.end_at, one.visit)
            for one in foretold.segments
            if one.end_at is not None and us(one.end_at) <= until_us
        ]


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_time_alone_changes_no_plan(timeline: Timeline, given_: list[Command]) -> None:
    """Keys and times stay as they are while nothing but time passes; a pause moves the times and keeps the keys."""
    before: Upcoming | None = None
    for command, (engine, clock_us, _events) in zip(
        [Command("start", 0), *given_], played(timeline, given_), strict=True
    ):
        now = engine.upcoming(clock_us / 1e6)
        if before is not None and command.name in {"advance", "pause", "resume", "toggle_pause"}:
            keys = [due.key for due in now.cues]
            assert keys == [due.key for due in before.cues][len(before.cues) - len(keys) :]
        before = now


@given(TIMELINES, commands())
@settings(max_examples=150)
def test_queries_change_nothing(timeline: Timeline, given_: list[Command]) -> None:
    asked = list[Event]()
    for engine, clock_us, events in played(timeline, given_):
        asked.extend(events)
        engine.upcoming(clock_us / 1e6 + 100)
        engine.position(clock_us / 1e6 + 100)
    assert asked == all_played(timeline, given_)[0]
