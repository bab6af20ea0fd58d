"""Things break in a gym: the timer never stops, and the sound comes back."""

import os
import signal
import threading
import time
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import Heard, SoundServer, read_wav, recorded, wait_for
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym, Workout, is_running
from tests.e2e.test_heard import ALIKE, CUES, SOUND_OF

BACK_AFTER_SERVER_S: Final = 5.0
BACK_AFTER_PLAYER_S: Final = 2.0
PLAYER_GONE_S: Final = 2.0
FREEZE_S: Final = 3.0
ON_TIME_S: Final = 0.060
"""Against the true time, unlike the tests of precision: libVLC's own tolerance."""

LONG: Final = """
name = "Long"
[[blocks]]
phases = [{ kind = "work", duration = 60 }]
"""

SHORT_ROUNDS: Final = """
name = "Short rounds"
[cues]
countdown = false
[[blocks]]
repeat = 8
phases = [{ kind = "work", duration = 1.5 }, { kind = "rest", duration = 1.2 }]
"""


def with_music(gym: Gym, server: SoundServer | None = None) -> None:
    """Two long tracks, and the presets."""
    gym.env = dict(server.env if server else os.environ)
    for number in range(2):
        write_wav(gym.music / f"{number}.wav", track(number, 90))
    gym.preset("long", LONG)
    gym.preset("short", SHORT_ROUNDS)


def pause_test(seconds: float) -> None:
    """Lets the program run for a while: what is measured here is real time."""
    threading.Event().wait(seconds)


def end(workout: Workout) -> None:
    """Stops a workout in the ordinary way."""
    workout.press("q")
    assert workout.finish(15) == 1, workout.errors


@pytest.mark.parametrize("output", ["vlc", "device"])
def test_sound_is_back_within_five_seconds_of_the_sound_server(
    gym: Gym, sound_server: SoundServer, output: str
) -> None:
    if output == "vlc":
        need("libvlc")
    with_music(gym, sound_server)
    workout = gym.workout("long", "--music", str(gym.music), "--output", output)
    workout.await_event("track")
    pause_test(2.0)
    sound_server.kill()
    pause_test(2.0)
    sound_server.start()
    back_at = time.monotonic()
    with recorded(sound_server) as recordings:
        pause_test(BACK_AFTER_SERVER_S + 2.0)
    heard = recordings[0].first_sound(back_at)
    workout.press("+")
    workout.await_event("time", seconds=2)
    end(workout)
    assert heard is not None
    print(f"sound back after {heard - back_at:.2f} s")
    assert heard - back_at <= BACK_AFTER_SERVER_S


def test_sound_is_back_within_two_seconds_of_the_players_death(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)
    with recorded(sound_server) as recordings:
        workout = gym.workout("long", "--music", str(gym.music))
        workout.await_event("track")
        pause_test(2.0)
        killed = workout.player()
        os.kill(killed, signal.SIGKILL)
        killed_at = time.monotonic()
        pause_test(3.5)
        assert workout.player() != killed
        end(workout)
    silences = recordings[0].dropouts(killed_at - 0.2, killed_at + 3.0, 0.05)
    print(f"silent after the kill: {silences}")
    assert silences, "the player was killed, and nothing was heard of it"
    assert all(at + length - killed_at <= BACK_AFTER_PLAYER_S for at, length in silences)


def test_a_frozen_app_costs_no_bell(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)
    with recorded(sound_server) as recordings:
        workout = gym.workout("short", "--music", str(gym.music))
        workout.await_event("cue", 2, cue="round-start")
        workout.signal(signal.SIGSTOP)
        pause_test(FREEZE_S)
        workout.signal(signal.SIGCONT)
        workout.await_event("cue", 5, cue="round-start")
        end(workout)
    bells = [event for event in workout.events if event["event"] == "cue" and event["cue"] in SOUND_OF]
    late = [lateness(recordings[0], SOUND_OF[bell["cue"]], bell["at"]) for bell in bells[1:8]]
    middle = sorted(late)[len(late) // 2]
    print("late by (ms):", [round(1000 * (each - middle), 1) for each in late])
    assert all(abs(each - middle) <= ON_TIME_S for each in late)


def lateness(heard: Heard, sound: str, at: float) -> float:
    """How much later than scheduled a bell was heard, told from other strokes by its whole ring."""
    when, likeness = heard.find(read_wav(CUES / f"{sound}.wav", 1.0), at, 0.5)
    assert likeness > ALIKE, f"{sound} at {at} was not heard"
    return when - at


def test_a_killed_app_takes_its_player_along(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)
    workout = gym.workout("long", "--music", str(gym.music))
    workout.await_event("track")
    children = workout.children()
    assert len(children) >= 2, "player and probe"
    workout.signal(signal.SIGKILL)
    wait_for(lambda: not any(is_running(pid) for pid in children), PLAYER_GONE_S, "the end of the player")
    workout.finish()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(gym: Gym, sound_server: SoundServer, number: signal.Signals) -> None:
    with_music(gym, sound_server)
    workout = gym.workout("long", "--music", str(gym.music))
    workout.await_event("track")
    children = workout.children()
    workout.signal(number)
    assert workout.finish(10) == 1
    assert workout.of("finished")[0]["text"] == "stopped"
    wait_for(lambda: not any(is_running(pid) for pid in children), PLAYER_GONE_S, "the end of the player")
    assert "Traceback" not in workout.errors
