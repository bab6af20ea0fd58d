"""The first start in a real terminal: music, sound, Home, a workout, its summary; and never again."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import need
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym
from tests.e2e.terminal import Terminal, opened
from tests.e2e.test_terminal import leave_summary

pytestmark = pytest.mark.together


@pytest.fixture
def terminal(gym: Gym) -> Iterator[Terminal]:
    """A terminal for somebody who has nothing yet but two tracks."""
    need("tmux")
    for number, name in enumerate(("Alpha", "Beta")):
        write_wav(gym.music / f"{name}.wav", track(number, 30))
    with opened(gym) as terminal:
        yield terminal


def test_from_the_first_start_to_the_summary(terminal: Terminal, gym: Gym) -> None:
    terminal.run("--output", "silent")
    terminal.wait_for_text("first steps, 1 of 3", "choose a folder")
    terminal.press("End", "Up", "Enter")
    terminal.wait_for_text("MUSIC FOLDER")
    terminal.press("C-u")
    terminal.wait_for_text("a whole path, please")
    terminal.type(f"{gym.music.parent}/{gym.music.name[:2]}")
    terminal.wait_for_text(rf"{gym.music.name}/")
    terminal.press("Tab")
    terminal.wait_for_text("2 audio files")
    terminal.press("Enter")
    terminal.wait_for_text("Do you hear the bell", "silent")
    terminal.press("Enter")
    terminal.wait_for_text("Boxing", "2 tracks")
    written = (gym.home / "config" / "settings.toml").read_text(encoding="utf-8")
    assert f"{gym.music.parent.name}/{gym.music.name}" in written
    start_the_demo(terminal)
    terminal.press("q")
    terminal.wait_for_text("End the workout")
    terminal.press("Enter")
    terminal.wait_for_text("S T O P P E D")
    leave_summary(terminal)
    terminal.press("C-q")
    assert terminal.wait_for_prompt() == 0, terminal.text
    terminal.run("--output", "silent")
    terminal.wait_for_text("Boxing", "2 tracks")


def start_the_demo(terminal: Terminal) -> None:
    """The last of the presets."""
    terminal.press("End")
    terminal.wait_for_text("A whole workout in two minutes")
    terminal.press("Enter")
    terminal.wait_for_text("PLAN", "round 1")
    terminal.press("Enter")
    terminal.wait_for_large_digits(80, 24)
