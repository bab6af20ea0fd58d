"""Media keys on a private D-Bus: playerctl, a client of its own, sees and steers the workout."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import need
from tests.e2e.hearing import wait_for
from tests.e2e.music import track, write_wav
from tests.e2e.program import Gym, Workout, is_running

pytestmark = pytest.mark.together

ANSWER_S: Final = 10.0
PLAYER: Final = "nbd"

BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

ROUNDS: Final = """
name = "Two rounds"
[cues]
countdown = false
[[blocks]]
repeat = 2
phases = [{ kind = "work", duration = "2:00", label = "Round {n} of {total}" }, { kind = "rest", duration = "1:00" }]
"""


class Bus:
    """A D-Bus of the test's own, without any service."""

    def __init__(self, folder: Path) -> None:
        need("dbus-daemon", "playerctl")
        socket, config = folder / "bus", folder / "bus.conf"
        config.write_text(BUS.format(socket=socket), encoding="utf-8")
        self.address = f"unix:path={socket}"
        self._daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"])
        wait_for(socket.exists, ANSWER_S, "the bus")

    def playerctl(self, *words: str, player: str = PLAYER) -> str:
        """What playerctl says; empty where it finds no player."""
        env = os.environ | {"DBUS_SESSION_BUS_ADDRESS": self.address}
        told = subprocess.run(
            ["playerctl", "--player", player, *words], env=env, capture_output=True, text=True, timeout=20, check=False
        )
        return told.stdout.strip()

    @property
    def players(self) -> set[str]:
        """Names of all players."""
        return set(self.playerctl("--list-all").split())

    def await_answer(self, words: str, expected: str) -> None:
        """Waits until playerctl says so."""
        found: list[str] = [""]

        def ask() -> bool:
            found[0] = self.playerctl(*words.split())
            return found[0] == expected

        wait_for(ask, ANSWER_S, f"{words}: {expected!r}")

    def close(self) -> None:
        """Ends it."""
        self._daemon.terminate()
        self._daemon.wait(timeout=ANSWER_S)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A bus, ended with the test."""
    bus = Bus(tmp_path)
    yield bus
    bus.close()


@pytest.fixture
def desktop(gym: Gym, bus: Bus) -> Gym:
    """A gym on a desktop, with a track and no sound."""
    gym.env = dict(os.environ) | {"DBUS_SESSION_BUS_ADDRESS": bus.address}
    write_wav(gym.music / "Alpha.wav", track(0, 60))
    gym.settings(f'[music]\nfolders = ["{gym.music}"]\n[audio]\noutput = "silent"\n')
    gym.preset("rounds", ROUNDS)
    return gym


def started(gym: Gym) -> Workout:
    """A workout in its first phase."""
    workout = gym.workout("rounds")
    workout.await_event("phase")
    return workout


def test_media_keys_steer_the_workout_and_the_desktop_shows_it(desktop: Gym, bus: Bus) -> None:
    workout = started(desktop)
    workout.await_event("track")
    bus.await_answer("status", "Playing")
    bus.await_answer("metadata xesam:title", "Alpha")
    bus.await_answer("metadata xesam:album", "WORK · Round 1 of 2")
    bus.await_answer("metadata mpris:length", "120000000")
    assert 0.0 <= float(bus.playerctl("position")) < 60.0

    for button, event, status in (
        ("play-pause", "paused", "Paused"),
        ("play-pause", "resumed", "Playing"),
        ("pause", "paused", "Paused"),
        ("play", "resumed", "Playing"),
        ("stop", "paused", "Paused"),
    ):
        before = len(workout.of(event))
        bus.playerctl(button)
        workout.await_event(event, before + 1)
        bus.await_answer("status", status)
    bus.playerctl("play")
    bus.playerctl("play")
    workout.await_event("resumed", 3)

    bus.playerctl("next")
    workout.await_event("phase", 1, kind="rest")
    bus.await_answer("metadata xesam:album", "REST")
    bus.playerctl("previous")
    workout.await_event("phase", 2, kind="work")
    bus.await_answer("metadata xesam:album", "WORK · Round 1 of 2")
    assert len(workout.of("resumed")) == 3
    assert not workout.of("finished")

    workout.press("q")
    assert workout.finish() == 1
    assert not bus.players


def test_a_change_is_told_without_being_asked_for(desktop: Gym, bus: Bus) -> None:
    command = ["playerctl", "--follow", "--player", PLAYER, "metadata", "--format", "{{status}} {{xesam:album}}"]
    told = desktop.home / "told"
    with told.open("w") as file, subprocess.Popen(command, env=desktop.env, stdout=file) as follower:
        try:
            workout = started(desktop)
            await_line(told, "Playing WORK · Round 1 of 2")
            workout.press("p")
            await_line(told, "Paused WORK · Round 1 of 2")
            workout.press("s")
            await_line(told, "Paused REST")
        finally:
            follower.kill()


def await_line(file: Path, line: str) -> None:
    """Waits until it is written."""
    wait_for(lambda: line in file.read_text(encoding="utf-8").splitlines(), ANSWER_S, line)


def test_two_workouts_are_two_players(desktop: Gym, bus: Bus) -> None:
    first = started(desktop)
    wait_for(lambda: bus.players == {"nbd"}, ANSWER_S, "the first")
    second = started(desktop)
    names = {"nbd", f"nbd.instance{second.pid}"}
    wait_for(lambda: bus.players == names, ANSWER_S, "both")
    bus.playerctl("pause", player=f"nbd.instance{second.pid}")
    second.await_event("paused")
    assert not first.of("paused")


def test_the_workout_outlives_its_bus(desktop: Gym, bus: Bus) -> None:
    workout = started(desktop)
    wait_for(lambda: bus.players == {"nbd"}, ANSWER_S, "the player")
    bus.close()
    workout.press("s")
    workout.await_event("phase", 1, kind="rest")
    assert is_running(workout.pid)
    workout.press("q")
    assert workout.finish() == 1
