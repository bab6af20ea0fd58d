"""How long until the program answers: help, version, the first screen, the first track."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import Figure, median
from tests.bench.place import Place, let_pass, noise_tracks
from tests.bench.processes import need_proc
from tests.bench.terminal import opened
from tests.e2e.hearing import SoundServer, recorded
from tests.e2e.program import Gym

PRESET = """
name = "One round"
[[blocks]]
phases = [{ kind = "work", duration = 60 }]
"""
NEVER_SCANNED = 2_000


def answers(place: Place) -> Iterator[Figure]:
    """`--help` and `--version`, by the wall clock and in processor time (which a busy machine does not change much)."""
    gym, runs = place.gym(), 5 if place.quick else 15
    _timed(gym, "--help")
    for option, most in (("--help", 120.0), ("--version", 120.0)):
        times = [_timed(gym, option) for _ in range(runs)]
        yield median(f"nbd {option}", [wall for wall, _ in times], "ms", most)
        yield median(f"nbd {option}, processor time", [cpu for _, cpu in times], "ms")


def _timed(gym: Gym, option: str) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "nbd_tui", option], env=gym.environment, check=True, capture_output=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * wall, 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def first_screen(place: Place) -> Iterator[Figure]:
    """From the start of `nbd` to Home, painted, and to the answer to a key pressed on seeing it.

    The first start, which checks all files and has no picture of the last one to show, is not counted.
    """
    need_proc()
    gym, samples, answered = place.gym(), list[float](), list[float]()
    gym.settings('[audio]\noutput = "silent"\n')  # new users, without settings, are asked for their music first
    gym.env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code
    with opened(gym) as terminal:
        terminal.await_text("silent")  # told after all that the next start shows was noted
        let_pass(0.5)
    for _ in range(3 if place.quick else 9):
        with opened(gym) as terminal:
            painted = terminal.await_text("NEVER BACK DOWN")
            samples.append(1000 * (painted - terminal.started))
            terminal.press("\x1b[B")
            answered.append(1000 * (terminal.await_text("11:10 · 3 rounds", painted) - terminal.started))
            let_pass(0.5)
    yield median("nbd: Home painted", samples, "ms", 450.0, "file cache warm")
    yield median("nbd: a key pressed on Home at once, answered", answered, "ms")


def first_track(place: Place) -> Iterator[Figure]:
    """From the start of `nbd run --music FOLDER` to music in the ears; the folder was never scanned."""
    with place.sound_server() as server:
        for output in place.outputs:
            times = [
                _first_track_s(place.gym(dict(server.env)), server, output) for _ in range(1 if place.quick else 3)
            ]
            heard = [at for at in times if at is not None]
            yield median(f"first track heard, {NEVER_SCANNED:,} new files, {output}", heard, "s", 3.0)


def _first_track_s(gym: Gym, server: SoundServer, output: str) -> float | None:
    noise_tracks(gym, 60)
    for number in range(NEVER_SCANNED):
        os.link(gym.music / f"{number % 2}.wav", gym.music / f"again {number}.wav")
    gym.preset("one", PRESET)
    gym.settings("[audio]\ncue_volume = 0\n")
    with recorded(server) as recording:
        start = time.monotonic()
        workout = gym.workout("one", "--music", str(gym.music), "--output", output)
        workout.await_event("track")
        let_pass(1.0)
        workout.press("q")
        workout.finish()
    at = recording.heard.first_sound(start)
    return None if at is None else at - start
