"""The real program in a real terminal: keys go in, the screen is read back, and the terminal is left as it was."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import Recording, SoundServer, recorded, wait_for
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym, command_of, is_running
from tests.e2e.terminal import Terminal, descendants_of, opened, seconds_of
from tests.e2e.test_silent import without_sound

HEARD_S: Final = 2.0
RUNG_OUT_S: Final = 5.0
"""Pause, mute and the end of the workout take the music away at once, and let a bell ring to its end."""
PLAYER_GONE_S: Final = 2.0

ROUNDS: Final = """
name = "Two rounds"
[cues]
countdown = false
[[blocks]]
repeat = 2
phases = [{ kind = "work", duration = "1:00", label = "Round {n} of {total}" }, { kind = "rest", duration = "0:30" }]
"""

HOME: Final = "NEVER BACK DOWN"
WORK: Final = "W O R K"
REST: Final = "R E S T"


@pytest.fixture(autouse=True)
def tmux() -> None:
    """Everything here needs one."""
    need("tmux")


@pytest.fixture
def hall(gym: Gym, sound_server: SoundServer) -> Gym:
    """A gym with sound, two tracks and a preset."""
    gym.env = dict(sound_server.env)
    for number, name in enumerate(("Alpha", "Beta")):
        write_wav(gym.music / f"{name}.wav", track(number, 180))
    gym.settings(f'[music]\nfolders = ["{gym.music}"]\n[audio]\nmusic_volume = 60\ncue_volume = 90\n')
    gym.preset("rounds", ROUNDS)
    return gym


@pytest.fixture
def terminal(hall: Gym) -> Iterator[Terminal]:
    """A terminal of 80×24 in it."""
    with opened(hall) as terminal:
        yield terminal


def test_a_workout_by_its_keys(terminal: Terminal, sound_server: SoundServer) -> None:
    with recorded(sound_server) as recording:
        before = terminal.line_settings()
        app = terminal.run()
        track_shown = start_from_home(terminal, recording)
        pause_and_go_on(terminal, recording)
        change_the_time(terminal)
        change_the_sound(terminal, recording, track_shown)
        skip_and_come_back(terminal)
        ask_for_help_and_go_on(terminal)
        stop(terminal, recording)
    parts = [app, *descendants_of(app)]
    assert any("nbd_tui.player" in command_of(pid) for pid in parts), "the player waits for the next workout"
    terminal.press("q")
    assert_restored(terminal, before, 0)
    assert not any(map(is_running, parts))


def start_from_home(terminal: Terminal, recording: Recording) -> str:
    """`s` on Home starts the chosen preset; the track that is shown."""
    terminal.wait_for_text(HOME, "Two rounds", "2:30", "2 tracks")
    terminal.press("s")
    terminal.wait_for_text(WORK, "ROUND 1 of 2", r"2:\d\d left", "next  REST 0:30")
    shown = terminal.wait_for_text(r"♪ (Alpha|Beta)")[0]
    terminal.wait_for_time(50, 59)
    recording.await_sound(HEARD_S)
    return shown


def pause_and_go_on(terminal: Terminal, recording: Recording) -> None:
    """Space, on the screen and to the ear."""
    terminal.press("Space")
    terminal.wait_for_text("PAUSED 0:0[01]", "^ paused", "space to go on")
    paused_at = terminal.seconds
    recording.await_silence(RUNG_OUT_S)
    terminal.wait_for_text("PAUSED 0:02")
    assert terminal.seconds == paused_at, "the digits stay in a pause"
    terminal.press("Space")
    terminal.wait_for_text(WORK, "on we go")
    assert paused_at is not None
    terminal.wait_for_time(0, paused_at - 1)
    recording.await_sound(HEARD_S)


def change_the_time(terminal: Terminal) -> None:
    """Plus and minus."""
    terminal.press("+")
    told = seconds_of(terminal.wait_for_text(r"^ \+15 s → (1:\d\d)")[0])
    terminal.wait_for_time(told - 3, told)
    terminal.press("-")
    told = seconds_of(terminal.wait_for_text(r"^ −15 s → (0:\d\d)")[0])
    terminal.wait_for_time(told - 3, told)


def change_the_sound(terminal: Terminal, recording: Recording, shown: str) -> None:
    """Another track, mute, volumes."""
    terminal.press("n")
    terminal.wait_for_text("^ another track", f"♪ {'Beta' if shown == 'Alpha' else 'Alpha'}")
    terminal.press("m")
    terminal.wait_for_text("^ music off", r"music off · bell 90$")
    recording.await_silence(RUNG_OUT_S)
    terminal.press("m")
    terminal.wait_for_text("^ music 60 %", r"music 60 · bell 90$")
    recording.await_sound(HEARD_S)
    terminal.press("Up")
    terminal.wait_for_text(r"^ music 6[1-9] % .* music 6[1-9] · bell 90$")
    terminal.press("[")
    terminal.wait_for_text(r"^ bells 8\d % .* music 6[1-9] · bell 8\d$")


def skip_and_come_back(terminal: Terminal) -> None:
    """Skip, back, undo."""
    terminal.press("Right")
    terminal.wait_for_text(REST, "^ skipped to Rest", "ROUND 1 of 2", "next  ROUND 2 1:00")
    terminal.wait_for_time(25, 30)
    terminal.press("Left")
    terminal.wait_for_text(WORK, "^ back to Round 1 of 2", "ROUND 1 of 2")
    terminal.wait_for_time(50, 59)  # a second key of the same kind at once would count as a slip
    terminal.press("Right")
    terminal.wait_for_text(REST, "u undo")
    terminal.press("u")
    terminal.wait_for_text(WORK, "^ undone")


def ask_for_help_and_go_on(terminal: Terminal) -> None:
    """Help and the question whether to end are laid over the workout, and Escape takes them away."""
    terminal.press("?")
    terminal.wait_for_text("Escape closes", "end the workout")
    terminal.press("Escape")
    terminal.wait_until_gone("Escape closes")
    terminal.press("q")
    terminal.wait_for_text("End the workout?")
    terminal.press("Escape")
    terminal.wait_until_gone("End the workout?")
    terminal.wait_for_text(WORK)


def stop(terminal: Terminal, recording: Recording) -> None:
    """Ends the workout early, and leaves the summary."""
    terminal.press("q")
    terminal.wait_for_text("End the workout?")
    terminal.press("Enter")
    terminal.wait_for_text("S T O P P E D", "rounds 0 of 2", "paused 0:0[2-9]")
    recording.await_silence(RUNG_OUT_S)
    leave_summary(terminal)


def leave_summary(terminal: Terminal) -> None:
    """Home from the summary, which is deaf to keys for a moment.

    Escape does nothing on Home; but one that is still on its way would make another key of the next one.
    """
    for _ in range(3):
        terminal.press("Escape")
        with suppress(AssertionError):
            terminal.wait_for_text(HOME, seconds=2)
            return
    pytest.fail("the summary did not close")


def assert_restored(terminal: Terminal, line_settings: str, code: int) -> None:
    """The shell is back, and nothing of the program has stayed in the terminal."""
    assert terminal.wait_for_prompt() == code, terminal.text
    assert terminal.line_settings() == line_settings
    expected = {"alternate_on": "0", "cursor_flag": "1"}
    assert terminal.modes == dict.fromkeys(terminal.modes, "0") | expected
    assert "Traceback" not in terminal.text
    assert WORK not in terminal.text


def test_a_window_of_every_size(hall: Gym) -> None:
    with opened(hall, (60, 15)) as terminal:
        before = terminal.line_settings()
        terminal.run("run", "rounds")
        terminal.wait_for_text(WORK, "ROUND 1 of 2")
        terminal.wait_for_time(50, 59)
        terminal.wait_for_large_digits(60, 15)
        assert all(len(row) <= 60 for row in terminal.rows)

        terminal.resize(30, 8)
        terminal.wait_for_text(r"^ *0:[45]\d *$", WORK, "ROUND 1 of 2", "needs 40×12")
        terminal.press("Space")
        terminal.wait_for_text("PAUSED 0:0")
        terminal.press("Space")
        terminal.wait_for_text(WORK)

        for size in ((120, 40), (200, 60), (40, 12), (80, 24)):
            terminal.resize(*size)
            terminal.wait_for_text(WORK, "ROUND 1 of 2" if size[1] > 12 else "next  REST")
            terminal.wait_for_time(30, 60)
            terminal.wait_for_large_digits(*size)
        terminal.press("C-c")
        terminal.wait_for_text("End the workout?")
        terminal.press("C-c")
        terminal.wait_for_text("S T O P P E D")
        leave_summary(terminal)
        terminal.press("C-q")
        assert_restored(terminal, before, 0)


@pytest.mark.together
def test_the_second_start_takes_keys_from_its_first_picture_on(gym: Gym) -> None:
    gym.settings('[audio]\noutput = "silent"\n')
    with opened(gym) as terminal:
        before = terminal.line_settings()
        terminal.run()
        terminal.wait_for_text(HOME, "Tabata", "53:10 · 12 rounds", "silent$")
        picture = gym.home / "data" / "cache" / "first-picture.json"
        wait_for(picture.exists, 10.0, "a picture of what nobody had touched")
        terminal.press("q")
        assert_restored(terminal, before, 0)
        terminal.run()
        terminal.wait_for_text(HOME, "53:10 · 12 rounds")
        terminal.press("Down", "Down")
        terminal.wait_for_text(HOME, "4:00 · 8 rounds")
        terminal.press("q")
        assert_restored(terminal, before, 0)
        app = terminal.run()
        terminal.wait_for_text(HOME)
        os.kill(app, signal.SIGTERM)
        assert_restored(terminal, before, 128 + signal.SIGTERM)


@pytest.mark.together
def test_signals_restore_the_terminal_and_end_the_sound(hall: Gym, terminal: Terminal) -> None:
    before = terminal.line_settings()
    for number in (signal.SIGTERM, signal.SIGHUP):
        app = terminal.run("run", "rounds")
        terminal.wait_for_text(WORK, "♪")
        parts = [app, *descendants_of(app)]
        os.kill(app, signal.SIGCONT)  # comes along when a terminal is closed
        terminal.wait_for_time(50, 59)
        os.kill(app, number)
        assert_restored(terminal, before, 128 + number)
        assert_gone(parts)
        assert hall.run("resume", "--drop").returncode == 0


@pytest.mark.together
def test_closing_the_terminal_ends_the_program(terminal: Terminal) -> None:
    app = terminal.run("run", "rounds")
    terminal.wait_for_text(WORK, "♪")
    parts = [app, *descendants_of(app)]
    terminal.close_window()
    assert_gone(parts)


def assert_gone(processes: list[int]) -> None:
    """The program and its children end soon."""
    assert len(processes) >= 2, "app and player"
    wait_for(lambda: not any(map(is_running, processes)), PLAYER_GONE_S, "the end of the program and its player")


@pytest.mark.together
def test_the_screen_says_why_it_is_silent(gym: Gym) -> None:
    gym.env = without_sound(gym.home) | {"PYTHON_VLC_LIB_PATH": "/nowhere/libvlc.so"}
    gym.preset("rounds", ROUNDS)
    broken, empty = gym.home / "broken", gym.home / "empty"
    for folder in (broken, empty):
        folder.mkdir()
    for name in ("a.mp3", "b.flac", "c.ogg"):
        (broken / name).write_bytes(os.urandom(40_000))
    silent = "silent: no sound device can be opened"
    with opened(gym, (120, 40)) as without_music, opened(gym, (120, 40)) as with_broken_music:
        without_music.run("run", "rounds", "--music", str(empty))
        with_broken_music.run("run", "rounds", "--music", str(broken))
        without_music.wait_for_text(WORK, "no music found", silent)
        with_broken_music.wait_for_text(WORK, "(?:no music: )?no(?: music found|ne of 3 files can be played)", silent)
        without_music.wait_for_time(0, 57)
        with_broken_music.wait_for_time(0, 57)
