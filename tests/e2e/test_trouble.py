"""Things break in a gym: the timer never stops, and the sound comes back."""

import math
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import need, running_server
from tests.e2e.hearing import SILENT, Heard, SoundServer, measured, read_wav, recorded, wait_for
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym, Workout, is_running
from tests.e2e.test_heard import ALIKE, CUES, SOUND_OF

OUTPUTS: Final = ("vlc", "device")
BACK_AFTER_LOSS_S: Final = 5.0
BACK_AFTER_PLAYER_S: Final = 2.0
PLAYER_GONE_S: Final = 2.0
FREEZE_S: Final = 3.0
ON_TIME_S: Final = 0.060
"""Against the true time, unlike the tests of precision: libVLC's own tolerance."""

LONG: Final = """
name = "Long"
[cues]
countdown = false
clapper_s = 0.0
[[blocks]]
repeat = 20
phases = [{ kind = "work", duration = 3 }, { kind = "rest", duration = 2 }]
"""

SHORT_ROUNDS: Final = """
name = "Short rounds"
[cues]
countdown = false
[[blocks]]
repeat = 8
phases = [{ kind = "work", duration = 1.5 }, { kind = "rest", duration = 1.2 }]
"""


def with_music(gym: Gym, server: SoundServer) -> None:
    """Two long tracks, and the presets."""
    gym.env = dict(server.env)
    for number in range(2):
        write_wav(gym.music / f"{number}.wav", track(number, 60))
    gym.preset("long", LONG)
    gym.preset("short", SHORT_ROUNDS)


def pause_test(seconds: float) -> None:
    """Lets the program run for a while: what is measured here is real time."""
    threading.Event().wait(seconds)


def end(workout: Workout) -> None:
    """Stops a workout in the ordinary way."""
    workout.press("q")
    assert workout.finish(15) == 1, workout.errors


def test_sound_comes_back_with_its_device_and_its_server(tmp_path: Path) -> None:
    """Through both outputs at the same time to save some, each with a sound server of its own."""
    need("libvlc")
    with ThreadPoolExecutor() as pool:
        figures = dict(
            zip(OUTPUTS, pool.map(lambda output: lost_and_found(tmp_path / output, output), OUTPUTS), strict=True)
        )
    assert all(max(found.values()) <= BACK_AFTER_LOSS_S for found in figures.values()), figures


def lost_and_found(folder: Path, output: str) -> dict[str, float]:
    """See `back_after_loss`; measured again where it took too long."""
    folder.mkdir()
    gym = Gym(folder / "gym")
    try:
        with running_server(folder) as server:
            with_music(gym, server)
            return measured(
                lambda _: back_after_loss(gym, server, output), lambda back: max(back.values()) <= BACK_AFTER_LOSS_S
            )
    finally:
        gym.close()


def back_after_loss(gym: Gym, server: SoundServer, output: str) -> dict[str, float]:
    """How long after its return a lost device, then a lost server, then one that hung, is heard again."""
    workout = gym.workout("long", "--music", str(gym.music), "--output", output)
    workout.await_event("track")
    with recorded(server) as recording:
        recording.await_sound(5)
    figures = {}
    for what, lose, give_back in (
        ("the device", server.unplug, server.plug_in),
        ("the sound server", server.kill, server.start),
        ("an answer of the sound server", server.freeze, server.thaw),
    ):
        lose()
        wait_for(lambda: sound_line(workout).startswith("silent – "), 8, f"a word on the loss of {what}")
        print(f"without {what}: {sound_line(workout)}")
        give_back()
        figures[what] = seconds_to_sound(server)
        wait_for(lambda: sound_line(workout).startswith(output), 8, f"a word on the return of {what}")
    end(workout)
    assert_on_schedule(workout)
    print(f"{output}: heard again after {figures}")
    return figures


def sound_line(workout: Workout) -> str:
    """The last that was said of the sound."""
    return str(workout.of("sound")[-1]["text"])


def seconds_to_sound(server: SoundServer) -> float:
    """From now to the first sound."""
    now = time.monotonic()
    with recorded(server) as recording:
        recording.await_sound(3 * BACK_AFTER_LOSS_S)
    heard = recording.heard.first_sound(now, SILENT)
    assert heard is not None
    return round(heard - now, 2)


def assert_on_schedule(workout: Workout) -> None:
    """The timer never stopped: every phase began when the preset says."""
    began = [phase["at"] - workout.of("phase")[0]["at"] for phase in workout.of("phase")]
    planned = [5.0 * (index // 2) + 3.0 * (index % 2) for index in range(len(began))]
    assert len(began) > 1
    assert began == pytest.approx(planned, abs=0.001)


def test_sound_is_back_within_two_seconds_of_the_players_death(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)
    silence = measured(lambda _: silence_after_kill(gym, sound_server), lambda found: 0 < found <= BACK_AFTER_PLAYER_S)
    assert 0 < silence <= BACK_AFTER_PLAYER_S


def silence_after_kill(gym: Gym, server: SoundServer) -> float:
    """How long after the death of the player the last silence ends."""
    with recorded(server) as recording:
        workout = gym.workout("long", "--music", str(gym.music))
        workout.await_event("track")
        recording.await_sound(5)
        killed = workout.player()
        os.kill(killed, signal.SIGKILL)
        killed_at = time.monotonic()
        recording.await_silence(2)
        recording.await_sound(10)
        workout.await_event("phase", 2)
        assert workout.player() != killed
        end(workout)
    assert_on_schedule(workout)
    silences = recording.heard.dropouts(killed_at - 0.2, killed_at + 3.0, 0.05)
    print(f"silent after the kill: {silences}")
    return max((at + length - killed_at for at, length in silences), default=0.0)


def test_a_frozen_app_costs_no_bell(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)

    def is_good(late: list[float]) -> bool:
        return max(map(abs, late)) <= ON_TIME_S

    assert is_good(measured(lambda _: lateness_of_bells(gym, sound_server), is_good))


def lateness_of_bells(gym: Gym, server: SoundServer) -> list[float]:
    """How late the bells around and in a freeze of the app were heard, less their median."""
    with recorded(server) as recording:
        workout = gym.workout("short", "--music", str(gym.music))
        workout.await_event("cue", 2, cue="round-start")
        workout.signal(signal.SIGSTOP)
        frozen_at = time.monotonic()
        pause_test(FREEZE_S)
        workout.signal(signal.SIGCONT)
        workout.await_event("cue", 5, cue="round-start")
        pause_test(0.5)
        end(workout)
    bells = [event for event in workout.events if event["event"] == "cue" and event["cue"] in SOUND_OF][1:8]
    assert sum(frozen_at < bell["at"] < frozen_at + FREEZE_S for bell in bells) >= 2
    late = [lateness(recording.heard, SOUND_OF[bell["cue"]], bell["at"]) for bell in bells]
    middle = sorted(late)[len(late) // 2]
    print("late by (ms):", [round(1000 * (each - middle), 1) for each in late])
    return [each - middle for each in late]


def lateness(heard: Heard, sound: str, at: float) -> float:
    """How much later than scheduled a bell was heard, told from other strokes by its whole ring; infinite if never."""
    when, likeness = heard.find(read_wav(CUES / f"{sound}.wav", 1.0), at, 0.5)
    return when - at if likeness > ALIKE else math.inf


def test_a_killed_app_takes_its_player_along(gym: Gym, sound_server: SoundServer) -> None:
    with_music(gym, sound_server)
    with recorded(sound_server) as recording:
        workout = gym.workout("long", "--music", str(gym.music))
        workout.await_event("track")
        recording.await_sound(5)
        children = workout.children()
        assert len(children) >= 2, "player and probe"
        workout.signal(signal.SIGKILL)
        wait_for(lambda: not any(is_running(pid) for pid in children), PLAYER_GONE_S, "the end of the player")
        recording.await_silence(1)
    workout.finish()


@pytest.mark.together
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(gym: Gym, sound_server: SoundServer, number: signal.Signals) -> None:
    with_music(gym, sound_server)
    workout = gym.workout("long", "--music", str(gym.music))
    workout.await_event("track")
    children = workout.children()
    workout.signal(number)
    assert workout.finish(10) == 1
    assert workout.of("finished")[0]["text"] == "interrupted"
    wait_for(lambda: not any(is_running(pid) for pid in children), PLAYER_GONE_S, "the end of the player")
    assert "Traceback" not in workout.errors
