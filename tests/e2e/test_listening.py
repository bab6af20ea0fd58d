"""Listening to a track outside any workout: keys of the library and of a track, and what the ear gets of them."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import SoundServer, recorded
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym
from tests.e2e.terminal import Terminal, opened

HEARD_S: Final = 5.0
"""The file is decoded by a worker before it is heard."""
SILENT_S: Final = 3.0


@pytest.fixture
def terminal(gym: Gym, sound_server: SoundServer) -> Iterator[Terminal]:
    """A terminal of a user with sound and two tracks."""
    need("tmux")
    gym.env = dict(sound_server.env)
    for number, name in enumerate(("Alpha", "Beta")):
        write_wav(gym.music / f"{name}.wav", track(number, 60))
    gym.settings(f'[music]\nfolders = ["{gym.music}"]\n[audio]\nmusic_volume = 60\n')
    with opened(gym) as terminal:
        yield terminal


def test_a_track_is_heard_while_one_listens_and_at_no_other_time(terminal: Terminal, sound_server: SoundServer) -> None:
    with recorded(sound_server) as recording:
        terminal.run()
        terminal.wait_for_text("NEVER BACK DOWN", "2 tracks")
        terminal.press("l")
        terminal.wait_for_text("Alpha", "Beta")
        recording.await_silence(SILENT_S)
        terminal.press("Space")
        recording.await_sound(HEARD_S)
        terminal.press("Space")
        recording.await_silence(SILENT_S)
        terminal.press("Enter")
        terminal.wait_for_text("1:00", "space listen")
        terminal.press("Space")
        terminal.wait_for_text("listening, space stops")
        recording.await_sound(HEARD_S)
        terminal.wait_for_text(r"^ 0:0[2-9]")
        terminal.press("Escape")
        recording.await_silence(SILENT_S)
    terminal.press("Escape")
    terminal.wait_for_text("NEVER BACK DOWN")
    terminal.press("q")
    assert terminal.wait_for_prompt() == 0
