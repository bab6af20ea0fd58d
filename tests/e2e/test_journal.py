"""A workout survives what kills its program: the next start offers it at the second it stopped, and nothing is lost."""

import re
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import measured, wait_for
from tests.e2e.program import ROUNDS, SILENT_OUTPUT, Event, Gym, Workout, is_running
from tests.e2e.terminal import opened

pytestmark = pytest.mark.together

SEED: Final = 20261122
KILLS: Final = 20
HALVES: Final = (0, 1)
"""The kills are shared by two tests, which can run beside each other."""
WITHIN_S: Final = 1.0
AHEAD_S: Final = 0.1
"""The offer is never further than the workout was, but for the time between two looks at the clock."""

WORK_S: Final = 2.5
REST_S: Final = 1.5

LONG: Final = f"""
name = "Long"
[cues]
countdown = false
[[blocks]]
repeat = 99
phases = [
    {{ kind = "work", duration = {WORK_S}, label = "Work {{n}}" }},
    {{ kind = "rest", duration = {REST_S}, label = "Rest {{n}}" }},
]
"""
QUICK: Final = 'name = "Quick"\n[[blocks]]\nphases = [{ kind = "work", duration = 0.5 }]\n'


def place(phase: Event) -> float:
    """Where in the whole workout a phase goes on: its planned start, and what had passed of it."""
    kind, number = phase["phase"].split()
    start_s = (int(number) - 1) * (WORK_S + REST_S) + (WORK_S if kind == "Rest" else 0.0)
    return float(start_s + phase.get("elapsed_s", 0.0))


def place_at(workout: Workout, at: float) -> float:
    """Where in the whole workout it was at a monotonic time, told from what it said itself."""
    stood, since = 0.0, None
    for event in workout.events:
        if since is not None and event["event"] in {"phase", "paused"}:
            stood, since = stood + event["at"] - since, event["at"]
        match event["event"]:
            case "session":
                since = event["at"]
            case "phase":
                stood = place(event)
            case "paused":
                since = None
            case "resumed":
                since = event["at"]
    return stood + (at - since if since is not None else 0.0)


def kill(workout: Workout) -> float:
    """Kills the program without mercy; when."""
    workout.signal(signal.SIGKILL)
    killed_at = time.monotonic()
    workout.finish()
    return killed_at


def pause_test(seconds: float) -> None:
    """Lets the program run for a while: it is killed in the middle of what it does."""
    threading.Event().wait(seconds)


def in_a_write(gym: Gym, workout: Workout, letter: str) -> None:
    """Presses a key and returns as soon as the journal grows by it: between its write and its sync."""
    (journal,) = gym.journals
    size = journal.stat().st_size
    workout.press(letter)
    latest = time.monotonic() + 5
    while journal.stat().st_size == size:
        assert time.monotonic() < latest, "the key is not in the journal"


@pytest.mark.parametrize("half", HALVES)
def test_killed_at_any_moment_it_goes_on_at_the_second_it_stopped(tmp_path: Path, half: int) -> None:
    def attempt(number: int) -> list[float]:
        gym = Gym(tmp_path / f"attempt {number}")
        try:
            off = offers_after_kills(gym, Random(SEED + half))
        finally:
            gym.close()
        print(f"seed {SEED + half}, offered less lived (s):", [round(each, 3) for each in off])
        return off

    assert is_within_a_second(measured(attempt, is_within_a_second))


def is_within_a_second(off: list[float]) -> bool:
    """Every offer, against where the workout was when it was killed."""
    return all(-WITHIN_S <= each <= AHEAD_S for each in off)


def offers_after_kills(gym: Gym, chance: Random) -> list[float]:
    """Kills and resumes a workout again and again: offered less lived. Nothing else may be lost meanwhile."""
    gym.preset("long", LONG)
    gym.preset("quick", QUICK)
    assert gym.workout("quick", *SILENT_OUTPUT).finish() == 0
    presets = {file.name: file.read_bytes() for file in (gym.home / "config" / "presets").iterdir()}

    workout = gym.workout("long", *SILENT_OUTPUT)
    workout.await_event("phase")
    off: list[float] = []
    kills = KILLS // len(HALVES)
    for number in range(kills):
        if number % 2:
            pause_test(chance.uniform(0.05, 0.6))
            in_a_write(gym, workout, chance.choice("ssp"))
        else:
            pause_test(chance.uniform(0.1, 1.5))
        stopped_at = place_at(workout, kill(workout))
        assert len(gym.journals) == 1
        workout = gym.resume(*SILENT_OUTPUT)
        off.append(place(workout.await_event("phase")) - stopped_at)
        workout.await_event("paused")
        if number + 1 < kills:
            workout.press("p")
            workout.await_event("resumed")
    kill(workout)
    is_kept_as_it_is(gym)
    assert {file.name: file.read_bytes() for file in (gym.home / "config" / "presets").iterdir()} == presets
    return off


def is_kept_as_it_is(gym: Gym) -> None:
    """The last interruption can be filed, and the session before it is there."""
    told = gym.run("resume", "--file")
    assert told.returncode == 0, told.stderr
    words = r"kept as it is: Long, (today|yesterday) \d\d:\d\d, stopped in (Work|Rest) \d+ at 0:0\d left"
    assert re.match(words, told.stdout)
    quick, long = gym.sessions()
    assert (quick[:2], long[:2]) == (("quick", "completed"), ("long", "interrupted"))
    assert long[2] > 1
    assert gym.journals == []


def test_killed_while_it_is_filed_a_session_is_kept_once(gym: Gym) -> None:
    chance = Random(SEED)
    gym.preset("quick", QUICK)
    assert gym.workout("quick", *SILENT_OUTPUT).finish() == 0
    log = gym.home / "data" / "data" / "nbd.sqlite-wal"

    def grown() -> bool:
        with suppress(OSError):
            return log.stat().st_size > 0
        return False

    moments: list[Callable[[], object]] = [
        lambda: pause_test(0),
        lambda: wait_for(lambda: grown() or not gym.journals, 5, "the filing"),
        lambda: wait_for(lambda: not gym.journals, 5, "the end of the journal"),
        lambda: pause_test(chance.uniform(0, 0.03)),
    ]
    for number, moment in enumerate(moments, start=2):
        workout = gym.workout("quick", *SILENT_OUTPUT)
        workout.await_event("finished")
        moment()
        kill(workout)
        told = gym.run("resume", "--file")
        assert told.returncode == 2
        assert "no session was interrupted" in told.stderr
        assert [(preset, outcome) for preset, outcome, _ in gym.sessions()] == [("quick", "completed")] * number
        assert gym.journals == []


def test_two_at_once_do_not_touch_each_other(gym: Gym) -> None:
    gym.preset("long", LONG)
    first = gym.workout("long", *SILENT_OUTPUT)
    first.await_event("phase")
    second = gym.workout("long", *SILENT_OUTPUT)
    second.await_event("phase")
    assert gym.run("resume", "--file").returncode == 2, "both run"
    assert second.errors == ""
    kill(first)
    assert len(gym.journals) == 2
    assert gym.run("resume", "--drop").stdout.startswith("forgotten: Long, ")
    assert len(gym.journals) == 1, "that of the one that runs"
    second.press("q")
    assert second.finish() == 1
    assert gym.journals == []


def test_signals_interrupt_and_the_next_start_says_so(gym: Gym) -> None:
    gym.preset("long", LONG)
    gym.preset("quick", QUICK)
    for number in (signal.SIGTERM, signal.SIGHUP):
        workout = gym.workout("long", *SILENT_OUTPUT)
        workout.await_event("phase")
        pause_test(0.3)
        workout.signal(number)
        assert workout.finish(10) == 1
        (ended,) = workout.of("finished")
        assert ended["text"] == "interrupted"

    other = gym.workout("quick", *SILENT_OUTPUT)
    assert other.finish() == 0
    first, second, how = other.errors.splitlines()
    assert first.startswith("interrupted: Long, ")
    assert second.startswith("interrupted: Long, ")
    assert "nbd resume goes on with it" in how

    resumed = gym.resume(*SILENT_OUTPUT)
    offer = place(resumed.await_event("phase"))
    assert offer == pytest.approx(place_at(workout, ended["at"]), abs=0.06)
    resumed.press("q")
    assert resumed.finish() == 1
    assert [(preset, outcome) for preset, outcome, _ in gym.sessions()] == [("long", "stopped"), ("quick", "completed")]
    assert len(gym.journals) == 1, "that of the first"


def test_a_disk_that_takes_nothing_stops_no_workout(gym: Gym) -> None:
    gym.preset("quick", QUICK)
    (gym.home / "data" / "state").write_text("not a folder", encoding="utf-8")
    workout = gym.workout("quick", *SILENT_OUTPUT)
    assert workout.finish() == 0
    assert [note["text"] for note in workout.of("note")] == ["this session is not kept: Not a directory"]
    assert "Traceback" not in workout.errors


@pytest.mark.parametrize("plain", [False, True], ids=["screen", "plain"])
def test_after_the_terminal_was_closed_home_offers_to_go_on(gym: Gym, plain: bool) -> None:
    need("tmux")
    gym.preset("rounds", ROUNDS)
    with opened(gym) as terminal:
        app = terminal.run("run", "rounds", *SILENT_OUTPUT, *(["--plain"] if plain else []))
        if plain:
            terminal.wait_for_text("Round 1: work")
            pause_test(1.2)
        else:
            terminal.wait_for_time(50, 59)
        terminal.close_window()
        wait_for(lambda: not is_running(app), 10, "the end of the program")
    with opened(gym) as terminal:
        terminal.run(*SILENT_OUTPUT)
        terminal.wait_for_text("interrupted (today|yesterday)", "left in ROUND 1", "go on", "drop")
        left = terminal.wait_for_time(45, 59)
        terminal.press("Enter")
        terminal.wait_for_text(r"PAUSED 0:0\d", "ROUND 1 of 2", "space to go on")
        assert terminal.seconds == left
        terminal.press("Space")
        terminal.wait_for_text("W O R K")
        terminal.press("q")
        terminal.wait_for_text("End the workout\\?")
        terminal.press("Enter")
        terminal.wait_for_text("S T O P P E D")
    wait_for(lambda: [outcome for _, outcome, _ in gym.sessions()] == ["stopped"], 5, "the history")
    assert gym.journals == []


def test_an_offer_can_be_filed_dropped_or_left(gym: Gym) -> None:
    need("tmux")
    gym.preset("long", LONG)
    gym.preset("rounds", ROUNDS)
    for _ in range(2):
        workout = gym.workout("long", *SILENT_OUTPUT)
        workout.await_event("phase")
        pause_test(0.7)
        kill(workout)
    with opened(gym) as terminal:
        terminal.run("run", "rounds", *SILENT_OUTPUT)
        terminal.wait_for_text("interrupted today|interrupted yesterday", r"\(1 more\)")
        terminal.press("f")
        terminal.wait_until_gone(r"\(1 more\)")
        terminal.wait_for_text("left in WORK 1")
        terminal.press("d")
        terminal.wait_for_text("Forget this session\\?")
        terminal.press("Escape")
        terminal.wait_until_gone("Forget this session")
        terminal.press("d")
        terminal.wait_for_text("Forget this session\\?")
        terminal.press("Enter")
        terminal.wait_for_text("W O R K", "ROUND 1 of 2")
        terminal.wait_for_time(45, 59)
        assert [outcome for _, outcome, _ in gym.sessions()] == ["interrupted"]
        assert len(gym.journals) == 1, "that of the workout that runs now"
