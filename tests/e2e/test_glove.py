"""Glove mode in a real terminal: bursts of keys as tmux types them, on the screen of the real program."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.program import Gym
from tests.e2e.terminal import Terminal, opened
from tests.e2e.test_silent import without_sound

ROUNDS: Final = """
name = "Two rounds"
[[blocks]]
repeat = 2
phases = [
    { kind = "work", duration = "5:00", label = "Round {n} of {total}" },
    { kind = "rest", duration = "4:00" },
    { kind = "break", duration = "open" },
]
"""

HOME: Final = "NEVER BACK DOWN"
WORK: Final = "W O R K"
REST: Final = "R E S T"
ENDED: Final = "S T O P P E D|End the workout"
ANOTHER_BLOW_S: Final = 1.0
"""After so long a smash is a first one again."""


@pytest.fixture
def terminal(gym: Gym) -> Iterator[Terminal]:
    """A terminal of a boxer: gloves are on, and there is no sound."""
    need("tmux", "pgrep")
    gym.env = without_sound(gym.home)
    gym.settings('[screen]\nglove = true\n[audio]\noutput = "silent"\n')
    gym.preset("rounds", ROUNDS)
    with opened(gym) as terminal:
        yield terminal


def test_a_workout_in_gloves(terminal: Terminal) -> None:
    terminal.run()
    terminal.wait_for_text(HOME, "Two rounds", "smash: start")
    terminal.strike("asdf")
    terminal.wait_for_text(WORK, "ROUND 1 of 2", "smash: pause · twice: skip")
    pause_and_go_on(terminal)
    skip_by_two(terminal)
    nothing_else_ends_it(terminal)
    finish_an_open_phase(terminal)
    wait_a_blow(terminal)
    terminal.strike("q")
    terminal.wait_for_text("q again to end")
    terminal.strike("q", "q", "q")
    terminal.wait_for_text("S T O P P E D", "smash: home")
    for _ in range(5):  # the summary is deaf to keys for a moment
        if HOME in terminal.text:
            break
        terminal.strike("jkl;'")
        wait_a_blow(terminal)
    terminal.wait_for_text(HOME, "smash: start")
    wait_a_blow(terminal)
    terminal.press("g")
    terminal.wait_until_gone("smash: start")
    terminal.press("q")
    assert terminal.wait_for_prompt() == 0


def wait_a_blow(terminal: Terminal) -> None:
    """Lets tmux wait until a smash is a first one again, and no key belongs to the last one."""
    terminal.rest(ANOTHER_BLOW_S)


def pause_and_go_on(terminal: Terminal) -> None:
    """A burst, a single big key, a burst with an arrow in it."""
    wait_a_blow(terminal)
    terminal.strike("jkl;'")
    terminal.wait_for_text("PAUSED 0:0", "smash to go on", "smash: go on")
    wait_a_blow(terminal)
    terminal.press("Space")
    terminal.wait_for_text(WORK, "on we go")
    wait_a_blow(terminal)
    terminal.strike(".\x1b[D/")
    terminal.wait_for_text("PAUSED 0:0")
    wait_a_blow(terminal)
    terminal.strike("\r\\]'")
    terminal.wait_for_text(WORK)
    wait_a_blow(terminal)
    terminal.press("Up")
    terminal.wait_for_text(r"^ music 7[1-9] %")


def skip_by_two(terminal: Terminal) -> None:
    """Two blows leave the phase, and nothing paused."""
    wait_a_blow(terminal)
    terminal.strike("asdf", "asdf")
    terminal.wait_for_text(REST, "^ skipped to Rest")
    terminal.wait_for_time(230, 238)


def nothing_else_ends_it(terminal: Terminal) -> None:
    """Bursts with the keys that would end a workout and say yes to that."""
    wait_a_blow(terminal)
    terminal.strike("qwe\r", "yq\r", "q\ry", gap_s=ANOTHER_BLOW_S)
    terminal.wait_for_text("PAUSED 0:0")
    wait_a_blow(terminal)
    terminal.strike("\x11\x03\x11")
    terminal.wait_for_text(REST)
    wait_a_blow(terminal)
    terminal.press("?")
    terminal.wait_for_text("Escape closes")
    wait_a_blow(terminal)
    terminal.strike("q\ry")
    terminal.wait_until_gone("Escape closes")
    assert not [found for found in ENDED.split("|") if found in terminal.text]


def finish_an_open_phase(terminal: Terminal) -> None:
    """One blow is done; its second does not go further."""
    wait_a_blow(terminal)
    terminal.press("Right")
    terminal.wait_for_text("smash when done", "smash: done")
    wait_a_blow(terminal)
    terminal.strike("asdf", "asdf")
    terminal.wait_for_text(WORK, "ROUND 2 of 2")
    terminal.wait_for_time(290, 298)
