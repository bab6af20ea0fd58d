"""Every format begins, and goes on, exactly at the asked place.

A key begins a bell and a track on the same frame of the mix, so how far the in-point was missed can be measured between
the two within the recording, whatever the clocks of the program and the sound server do meanwhile.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tests.e2e.conftest import need, running_server
from tests.e2e.encode import drop_first_frame, write
from tests.e2e.hearing import RATE, Heard, Signal, SoundServer, read_wav, recorded
from tests.e2e.program import Event, Gym, Workout
from tests.e2e.test_heard import CUES

EXACT_S: Final = 0.005
ALIKE: Final = 0.5
NEAR_S: Final = 0.2
"""How far from its scheduled time a bell is looked for."""

BURSTS_FROM_S: Final = 0.8
BURST_EVERY_S: Final = 0.4
BURST_LENGTH_S: Final = 0.12
LENGTH_S: Final = 20.0
QUIET_S: Final = 8.0
"""So long a file is almost silent but for its bursts, then loud: its bit rate tells nothing about places in it."""

BURSTS: Final = 2
"""So many are listened to in each piece."""

LISTEN_S: Final = 1.5
"""How much of each file is heard from its beginning, and again after it was left and come back to."""

STROKES_S: Final = 1.1
"""So long the bell at the end of work may be taken for the one at the beginning."""

FILES: Final = (
    "a.wav", "b.flac", "c.ogg", "d.opus", "e.m4a", "constant.mp3", "variable.mp3", "bare.mp3"
)  # fmt: skip
"""`bare.mp3` has a variable bit rate and no frame that tells its length and seek points."""

WITHOUT_DELAY: Final = {"a.wav", "b.flac", "c.ogg", "d.opus"}
"""Formats whose second 0 is that of the sound.

Encoders of the others put a constant silence before it, which not every file tells: all places of a file move alike.
"""

PRESET: Final = """
name = "Formats"
[cues]
countdown = false
clapper_s = 0.0
[[blocks]]
repeat = {count}
phases = [{{ kind = "work", duration = 17 }}, {{ kind = "cool-down", duration = 17 }}]
"""
"""Shorter than a file, so that each round plays one of its own."""

SETTINGS: Final = """
[audio]
cue_volume = 100
music_volume = 100
duck_db = 0.0
[music]
pins = {{ work = "{music}", cool-down = "{other}" }}
"""


def burst(file: int, number: int) -> Signal:
    """Noise nothing else resembles, without what encoders take away."""
    chance = np.random.default_rng(10_000 + 1000 * file + number)
    noise = np.convolve(chance.uniform(-1, 1, round(BURST_LENGTH_S * RATE)), np.ones(6) / 6, mode="same")
    return np.asarray(0.5 * noise / np.max(np.abs(noise)))


def sound_of(file: int) -> Signal:
    """Low noise that grows loud, and bursts every `BURST_EVERY_S`."""
    chance = np.random.default_rng(file)
    samples = chance.uniform(-1, 1, round(LENGTH_S * RATE)) * 0.002
    samples[round(QUIET_S * RATE) :] *= 100
    for number in range(int((QUIET_S - BURSTS_FROM_S) / BURST_EVERY_S)):
        sound, start = burst(file, number), round(burst_at(number) * RATE)
        samples[start : start + len(sound)] += sound
    return np.asarray(samples)


def burst_at(number: int) -> float:
    """Second of the file at which a burst begins."""
    return BURSTS_FROM_S + BURST_EVERY_S * number


def prepare(gym: Gym, names: Collection[str]) -> None:
    """The files named, for work, and another one."""
    for name in names:
        path = write(gym.music / name, sound_of(FILES.index(name)), variable=name in {"variable.mp3", "bare.mp3"})
        if name == "bare.mp3":
            drop_first_frame(path)
    other = write(gym.home / "other.wav", np.zeros(40 * RATE))
    gym.settings(SETTINGS.format(music=gym.music, other=other))
    gym.preset("formats", PRESET.format(count=len(names)))


@dataclass
class Places:
    """How far from its place a file was heard, in seconds: from its beginning, and when it was come back to."""

    name: str
    from_start: float
    resumed: float
    in_point_s: float
    likeness: float

    @property
    def error(self) -> float:
        """How far the in-point was missed: the encoder's delay is in both."""
        return self.resumed - self.from_start

    @property
    def is_exact(self) -> bool:
        """It was heard, and where it should be."""
        return self.likeness > ALIKE and abs(self.error) <= EXACT_S


def hear_each(workout: Workout, count: int) -> None:
    """Skips to each file, away from it, back to it and on to the next one."""
    for number in range(count):
        if number:
            workout.press("s")
        begun = workout.await_event("track", 2 * number + 1, kind="work")
        workout.await_time(begun["at"] + LISTEN_S)
        leave(workout, 2 * number + 1)
        workout.press("b")
        resumed = workout.await_event("track", 2 * number + 2, kind="work")
        workout.await_time(resumed["at"] + LISTEN_S)
        leave(workout, 2 * number + 2)
    workout.press("q")


def leave(workout: Workout, time: int) -> None:
    """Skips out of work for the first, second, … time, and lets the bell ring."""
    workout.press("s")
    left = workout.await_event("phase", time, kind="cool-down")
    workout.await_time(left["at"] + STROKES_S)


def places(workout: Workout, heard: Heard) -> list[Places]:
    """Every file in the recording, once from its beginning and once resumed."""
    tracks, bells = workout.of("track", kind="work"), workout.of("cue", cue="round-start")
    both = [(track, bell_before(bells, track, heard)) for track in tracks]
    return [place(*first, *again, heard) for first, again in zip(both[::2], both[1::2], strict=True)]


def bell_before(bells: list[Event], track: Event, heard: Heard) -> float:
    """When the bell was heard that began together with a track."""
    scheduled = max(bell["at"] for bell in bells if bell["at"] <= track["at"] + 0.001)
    when, likeness = heard.find(read_wav(CUES / "bell-single.wav", 0.02), scheduled + NEAR_S / 2, NEAR_S)
    return when if likeness > ALIKE else float("nan")


def place(first: Event, first_bell: float, again: Event, second_bell: float, heard: Heard) -> Places:
    """One file in the recording."""
    assert first["path"] == again["path"]
    name = Path(first["path"]).name
    early = offsets(name, first_bell - first["in_point_s"], range(BURSTS), heard)
    next_burst = int((again["in_point_s"] + 0.4 - BURSTS_FROM_S) / BURST_EVERY_S) + 1
    late = offsets(name, second_bell - again["in_point_s"], range(next_burst, next_burst + BURSTS), heard)
    likeness = min(alike for _, alike in early + late)
    middle, middle_late = (float(np.median([off for off, _ in some])) for some in (early, late))
    return Places(name, middle, middle_late, again["in_point_s"], likeness)


def offsets(name: str, file_start: float, numbers: range, heard: Heard) -> list[tuple[float, float]]:
    """How much later than expected some bursts were heard, and their likeness."""
    if not np.isfinite(file_start):
        return [(0.0, 0.0)]
    sounds = [(file_start + burst_at(number), burst(FILES.index(name), number)) for number in numbers]
    found = [(expected, *heard.find(sound, expected, 0.3)) for expected, sound in sounds]
    return [(when - expected, likeness) for expected, when, likeness in found]


def play(gym: Gym, server: SoundServer, names: Collection[str]) -> list[Places]:
    """Plays the files named, and prints where they were heard."""
    gym.env = dict(server.env)
    prepare(gym, names)
    with recorded(server) as recording:
        workout = gym.workout("formats", "--output", "device")
        hear_each(workout, len(names))
        assert workout.finish(15) == 1, workout.errors
    assert {Path(event["path"]).name for event in workout.of("track", kind="work")} == set(names)
    found = places(workout, recording.heard)
    for each in found:
        print(
            f"{each.name:14} resumed at {each.in_point_s:.3f} s, {1000 * each.error:+.2f} ms off; "
            f"from its start {1000 * each.from_start:+.2f} ms off; likeness {each.likeness:.2f}"
        )
    return found


def take(folder: Path, names: Collection[str]) -> dict[str, Places]:
    """Plays the files named, with a sound server of its own; what missed its place once more."""
    folder.mkdir()
    gym = Gym(folder / "gym")
    try:
        with running_server(folder) as server:
            found = {each.name: each for each in play(gym, server, names)}
            if missed := [name for name in names if not found[name].is_exact]:
                print("not good, measured once more:")
                found |= {each.name: each for each in play(Gym(folder / "again"), server, missed)}
    finally:
        gym.close()
    return found


def test_every_format_begins_and_goes_on_at_the_asked_place(tmp_path: Path) -> None:
    """Half of the files at a time, both halves at the same time to save some."""
    need("libvlc", "pulseaudio")  # libVLC writes and reads the m4a
    with ThreadPoolExecutor() as pool:
        halves = pool.map(take, (tmp_path / "one", tmp_path / "other"), (FILES[::2], FILES[1::2]))
        found = {name: each for half in halves for name, each in half.items()}
    assert found.keys() == set(FILES)
    assert [each for each in found.values() if not each.is_exact] == []
    assert all(each.in_point_s > 1 for each in found.values())
    assert all(abs(found[name].from_start) <= EXACT_S for name in WITHOUT_DELAY)
