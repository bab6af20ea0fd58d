"""ctrl+z puts a workout down, and fg takes it up again, paused."""

import threading
import time
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import wait_for
from tests.e2e.program import ROUNDS, SILENT_OUTPUT, Gym, is_running
from tests.e2e.terminal import Terminal, opened

pytestmark = pytest.mark.together

AWAY_S: Final = 6.0
"""Longer than starting and answering take, so that a workout that went on meanwhile would be found out."""


def test_ctrl_z_pauses_and_fg_comes_back(gym: Gym) -> None:
    need("tmux")
    gym.preset("rounds", ROUNDS)
    with opened(gym) as terminal:
        before = terminal.line_settings()
        app = terminal.run("run", "rounds", *SILENT_OUTPUT)
        terminal.wait_for_text("W O R K", "ROUND 1 of 2")
        terminal.wait_for_time(50, 59)
        suspend(terminal, app)
        assert terminal.line_settings() == before
        assert {name: terminal.modes[name] for name in ("alternate_on", "cursor_flag")} == {
            "alternate_on": "0",
            "cursor_flag": "1",
        }
        terminal.type("fg")
        terminal.press("Enter")
        terminal.wait_for_text(r"PAUSED 0:\d\d", "ROUND 1 of 2", "space to go on")
        stopped = terminal.seconds
        terminal.press("Space")
        terminal.wait_for_text("W O R K")
        assert stopped is not None
        terminal.wait_for_time(1, stopped - 1)
        suspend(terminal, app)
        terminal.close_window()
        wait_for(lambda: not is_running(app), 10, "the end of the program")
    assert len(gym.journals) == 1, "it can be taken up again"


def suspend(terminal: Terminal, app: int) -> None:
    """Presses ctrl+z, and waits until the shell has the terminal."""
    terminal.press("C-z")
    wait_for(lambda: Path(f"/proc/{app}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T", 10, "the suspension")
    terminal.wait_for_prompt()


def test_ctrl_z_without_a_screen(gym: Gym) -> None:
    need("tmux")
    gym.preset("rounds", ROUNDS)
    with opened(gym) as terminal:
        began = time.monotonic()
        app = terminal.run("run", "rounds", "--plain", *SILENT_OUTPUT)
        terminal.wait_for_text("Round 1: work, 1:00")
        suspend(terminal, app)
        left = time.monotonic()
        threading.Event().wait(AWAY_S)  # real time passes while nothing of the program runs
        away_s = time.monotonic() - left
        terminal.type("fg")
        terminal.press("Enter")
        terminal.wait_for_text("paused")
        terminal.type("p")
        terminal.press("Enter")
        terminal.wait_for_text("on we go")
        terminal.type("q")
        terminal.press("Enter")
        assert terminal.wait_for_prompt() == 1
        lived_s = time.monotonic() - began
    ((_preset, outcome, worked_s),) = gym.sessions()
    assert outcome == "stopped"
    assert 0 < worked_s <= lived_s - away_s
