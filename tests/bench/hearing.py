"""What is heard, and when: keys, bells against the timer, and holes in the sound while the screen is busy."""

import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.bench.figures import Figure, median
from tests.bench.place import Place, let_pass, noise_tracks
from tests.bench.processes import need_proc
from tests.bench.terminal import LARGE, USUAL, Terminal, opened
from tests.e2e.hearing import Heard, SoundServer, read_wav, recorded
from tests.e2e.program import Event, Gym
from tests.e2e.test_heard import ALIKE, CUES, SOUND_OF

TO_SOUND_MS: Final = {"vlc": 250.0, "device": 100.0}
DEVICE_P99_MS: Final = 5.0
VLC_MS: Final = (-40.0, 60.0)
DROPOUT_S: Final = 0.005
WIDE_S: Final = 0.2
NEAR_S: Final = 0.1
"""How far from its time a bell is looked for: at first, and once the way to the ear is known."""

ROUNDS: Final = """
name = "Rounds"
[cues]
countdown = false
[[blocks]]
repeat = {rounds}
phases = [{{ kind = "work", duration = {work} }}{rest}]
"""
REST: Final = ', { kind = "rest", duration = 4 }'

SETTINGS: Final = """
[audio]
music_volume = {music}
cue_volume = 100
"""


def key_to_sound(place: Place) -> Iterator[Figure]:
    """Skip is pressed, and the bell of the next round is heard."""
    with place.sound_server() as server:
        for output in place.outputs:
            samples = _skips_ms(place.gym(dict(server.env)), server, output, 6 if place.quick else 15)
            goal = TO_SOUND_MS[output]
            yield median(f"key to changed sound, {output}", samples, "ms", goal)
            yield Figure(f"key to changed sound, {output}, longest", max(samples, default=float("nan")), "ms", goal)


def _skips_ms(gym: Gym, server: SoundServer, output: str, presses: int) -> list[float]:
    _prepare(gym, ROUNDS.format(rounds=90, work=60, rest=""), music=30, seconds=60)
    pressed = list[float]()
    with recorded(server) as recording:
        workout = gym.workout("rounds", "--music", str(gym.music), "--output", output)
        workout.await_event("track")
        let_pass(3.0)
        for number in range(presses):
            pressed.append(_now(workout.press, "s"))
            let_pass(1.6 + 0.037 * (number % 9))
        workout.press("q")
        workout.finish()
    bell = read_wav(CUES / "bell-single.wav", 0.2)
    found = [(at, recording.heard.find(bell, at + 0.3, 0.3)) for at in pressed]
    return [1000 * (heard - at) for at, (heard, likeness) in found if likeness > ALIKE]


def on_time(place: Place) -> Iterator[Figure]:
    """Bells against their scheduled times.

    The bell that begins the workout is left out: it is caused by the start itself and can only sound when the player,
    which runs ahead, has something unrendered left. It is as late as the answer to any key, which has its own figure.
    """
    with place.sound_server() as server:
        for output in place.outputs:
            events, heard = _played(place.gym(dict(server.env)), server, output, 60 * place.minutes)
            yield from _lateness(output, events, heard, place.minutes)


def _played(gym: Gym, server: SoundServer, output: str, seconds: float) -> tuple[list[Event], Heard]:
    rounds = max(3, round(seconds / 10))
    _prepare(gym, ROUNDS.format(rounds=rounds, work=6, rest=REST), music=30, seconds=60)
    with recorded(server) as recording:
        workout = gym.workout("rounds", "--music", str(gym.music), "--output", output)
        assert workout.finish(seconds + 60) == 0, workout.errors
    return workout.events, recording.heard


def _lateness(output: str, events: list[Event], heard: Heard, minutes: float) -> Iterator[Figure]:
    bells = [event for event in events if event["event"] == "cue" and event["cue"] in SOUND_OF]
    cues = bells[1:]  # the first is caused by the start: as late as any key
    way_s = float(np.median(_late_s(heard, cues, 0.0, WIDE_S)))
    late_ms = 1000 * _late_s(heard, cues, way_s, NEAR_S)
    constant, name = float(np.median(late_ms)), f"heard − scheduled, {output}"
    note = f"{len(late_ms)} of {len(cues)} bells in {minutes:g} min"
    yield Figure(f"{name}, median", constant, "ms", note=note)
    if output == "device":
        p99 = float(np.quantile(np.abs(late_ms - constant), 0.99))
        yield Figure(f"{name}, p99 around the median", p99, "ms", DEVICE_P99_MS)
    else:
        yield Figure(f"{name}, earliest", float(late_ms.min()), "ms", least=VLC_MS[0])
        yield Figure(f"{name}, latest", float(late_ms.max()), "ms", most=VLC_MS[1])
    first = next(event["at"] for event in events if event["event"] == "track")
    last = next(event["at"] for event in events if event["event"] == "finished")
    yield _dropouts(f"dropouts, {output}, plain", heard, first + 1.0, last - 1.0, minutes)


def _late_s(heard: Heard, cues: list[Event], late_s: float, within_s: float) -> npt.NDArray[np.float64]:
    """How late each bell was heard that is found `late_s` after its time, or so; the strokes of a bell are alike."""
    late = []
    for cue in cues:
        bell = read_wav(CUES / f"{SOUND_OF[cue['cue']]}.wav", 0.2)
        at, likeness = heard.find(bell, cue["at"] + late_s, within_s)
        late += [at - cue["at"]] if likeness > ALIKE else []
    return np.array(late)


def busy_screen(place: Place) -> Iterator[Figure]:
    """Holes in the sound while the window is resized and help is opened, scrolled and closed all the time."""
    need_proc()
    with place.sound_server() as server:
        for output in place.outputs:
            yield _busy(place.gym(dict(server.env)), server, output, place.minutes)


def _busy(gym: Gym, server: SoundServer, output: str, minutes: float) -> Figure:
    _prepare(gym, ROUNDS.format(rounds=200, work=6, rest=REST), music=70, seconds=60)
    command = ("run", "rounds", "--music", str(gym.music), "--output", output)
    with recorded(server) as recording, opened(gym, *command) as terminal:
        terminal.await_text("next")
        let_pass(5.0)
        start = _now(terminal.press, "?")
        while (end := _disturb(terminal)) < start + 60 * minutes:
            pass
    return _dropouts(f"dropouts, {output}, busy screen", recording.heard, start, end, minutes)


def _disturb(terminal: Terminal) -> float:
    """About two seconds of a restless user; when they ended. Help is open at the beginning and at the end."""
    for size in (LARGE, (60, 20), USUAL, (120, 40)):
        terminal.resize(size)
        terminal.press("\x1b[6~")
        let_pass(0.25)
        terminal.press("\x1b[5~")
        let_pass(0.25)
    at = _now(terminal.press, "\x1b")
    let_pass(0.3)
    terminal.press("?")
    return at


def _dropouts(name: str, heard: Heard, start: float, end: float, minutes: float) -> Figure:
    """Silences over 5 ms; the figure is their number."""
    holes = heard.dropouts(start, end, DROPOUT_S)
    longest = f"longest {1000 * max(length for _, length in holes):.0f} ms, " if holes else ""
    return Figure(name, float(len(holes)), "", 0.0, note=f"{longest}in {minutes:g} min")


def _prepare(gym: Gym, preset: str, *, music: int, seconds: float) -> None:
    gym.preset("rounds", preset)
    gym.settings(SETTINGS.format(music=music))
    noise_tracks(gym, seconds)


def _now(press: Callable[[str], object], key: str) -> float:
    """Presses a key; when that was."""
    at = time.monotonic()
    press(key)
    return at
