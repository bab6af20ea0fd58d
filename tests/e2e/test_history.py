"""A workout is kept: judged on the summary, found in the history, also by the program's next run."""

import json
import time

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import wait_for
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym
from tests.e2e.terminal import ANSWER_S, opened

pytestmark = pytest.mark.together

PRESET = """
name = "Two rounds"
[[blocks]]
repeat = 2
phases = [{ kind = "work", duration = "1:00" }, { kind = "rest", duration = "0:30" }]
"""
DEAF_S = 1.0
"""The summary takes no key in its first moment."""


def test_a_judged_workout_is_there_after_the_next_start(gym: Gym) -> None:
    need("tmux")
    write_wav(gym.music / "Alpha.wav", track(0, 90))
    gym.settings(f'[music]\nfolders = ["{gym.music}"]\n[audio]\noutput = "silent"\n')
    gym.preset("rounds", PRESET)
    with opened(gym) as terminal:
        terminal.run("run", "rounds")
        terminal.wait_for_text("W O R K", "Alpha")
        terminal.wait_for_time(1, 57)
        terminal.press("q")
        terminal.wait_for_text("End the workout")
        terminal.press("Enter")
        terminal.wait_for_text("S T O P P E D", "Alpha", "rounds 0 of 2")
        shown_at = time.monotonic()
        wait_for(lambda: time.monotonic() > shown_at + DEAF_S, ANSWER_S, "the summary to listen")
        terminal.press("s", "8", "e")
        terminal.wait_for_text("enter keeps the note")
        terminal.type("legs of lead")
        terminal.press("Enter")
        terminal.wait_for_text(r"Alpha.*still hits", r"\[8\]", "note +legs of lead")
        terminal.press("Enter")
        terminal.wait_for_text("NEVER BACK DOWN")
        terminal.press("h")
        terminal.wait_for_text(r"Two rounds +2:30 .* stopped +0/2 +8 +1", "1 session")
        terminal.press("q")
        assert terminal.wait_for_prompt() == 0

        terminal.run()
        terminal.wait_for_text("NEVER BACK DOWN")
        terminal.press("h")
        terminal.wait_for_text(r"> .*Two rounds .* stopped")
        terminal.press("Enter")
        terminal.wait_for_text("STOPPED", r"Alpha.*still hits", r"\[8\]", "note +legs of lead")
        terminal.press("q")
        assert terminal.wait_for_prompt() == 0
    kept = json.loads(gym.run("history", "--json").stdout)
    assert (kept["outcome"], kept["effort"], kept["note"]) == ("stopped", 8, "legs of lead")
    assert [(heard["title"], heard["verdict"]) for heard in kept["tracks"]] == [("Alpha", "still_hits")]
    assert "Two rounds: stopped after" in gym.run("history").stdout
