"""The app's end of the player: messages, deaths, and never blocking."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbd_tui.audio.score import CueHit, CueSounded, Levels, Score
from nbd_tui.model.units import RATE
from nbd_tui.player.client import DEATHS_WITHIN, LISTENING, MOST_DEATHS, MUTE, Player, Process, spawn_player
from nbd_tui.player.protocol import (
    Close,
    Configure,
    FromPlayer,
    Mixed,
    OutputChoice,
    SetLevels,
    SetScore,
    Status,
    ToPlayer,
    read_message,
    write_message,
)
from tests.unit.player.fakes import Time

PATIENCE_S = 20.0
BREATH_S = 0.01


def status(frame: int, at: float) -> Status:
    return Status(frame, at, frame, at, "silent", "", 0.0, 0)


class FakeProcess:
    """A child made of two pipes; the test plays the player."""

    def __init__(self) -> None:
        there, self._to = os.pipe()
        self._from, here = os.pipe()
        self.stdin, self.stdout = os.fdopen(self._to, "wb"), os.fdopen(self._from, "rb")
        self.reading, self.writing = os.fdopen(there, "rb"), os.fdopen(here, "wb")
        self.killed = False
        self._gone = threading.Event()

    def hear(self) -> ToPlayer:
        message = read_message(self.reading)
        assert message is not None
        return message  # type: ignore[return-value]

    def say(self, message: FromPlayer) -> None:
        write_message(self.writing, message)

    def die(self) -> None:
        self._gone.set()
        self.writing.close()
        self.reading.close()

    def kill(self) -> None:
        self.killed = True
        self.die()

    def wait(self, timeout: float | None = None) -> int:
        if not self._gone.wait(timeout):
            raise subprocess.TimeoutExpired("player", timeout or 0.0)
        return -9


class Rig:
    """A client whose players are fakes."""

    def __init__(self, folder: Path) -> None:
        self.time = Time()
        self.processes: list[FakeProcess] = []
        self.unstartable = False
        self.player = Player(None, OutputChoice.AUTO, folder, self.time, self._spawn)

    @property
    def process(self) -> FakeProcess:
        return self.processes[-1]

    def _spawn(self, _log_file: Path | None) -> Process:
        if self.unstartable:
            raise OSError(2, "No such file")
        self.processes.append(FakeProcess())
        return self.process  # type: ignore[return-value]

    def poll_until(self, condition: Callable[[], bool]) -> list[FromPlayer]:
        """Polls, with the clock standing still, until what another thread does has happened."""
        said: list[FromPlayer] = []
        for _ in range(round(PATIENCE_S / BREATH_S)):
            said += self.player.poll()
            if condition():
                return said
            threading.Event().wait(BREATH_S)
        pytest.fail("it did not happen")

    def let_die(self) -> None:
        process, count = self.process, len(self.processes)
        process.die()
        self.poll_until(lambda: not self.player.alive or len(self.processes) > count)

    def close(self) -> None:
        for process in self.processes:
            process.die()
        self.player.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def test_the_first_message_says_how_to_begin(rig: Rig, tmp_path: Path) -> None:
    rig.player.send(SetLevels(Levels(music=0.3)))
    rig.time.now = 102.0
    rig.player.open(500, at=100.0)

    first = Configure(OutputChoice.AUTO, str(tmp_path), 500 + 2 * RATE, 102.0, Levels(music=0.3))
    assert rig.process.hear() == first
    assert rig.player.alive


def test_what_the_player_says_is_polled_in_order(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    said: list[FromPlayer] = [status(1, 100.0), Mixed(CueSounded("bell", 5)), status(2, 100.1)]
    for message in said:
        rig.process.say(message)

    assert rig.poll_until(lambda: rig.player._map.pair.frame == 2) == said


def test_a_new_player_goes_on_at_the_frame_that_is_due(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    score = Score(7, cues=(CueHit("heard", "bell", 10), CueHit("next", "bell", 9 * RATE)))
    rig.player.send(SetScore(score))
    rig.player.send(SetLevels(Levels(music=0.4)))
    rig.process.say(status(3 * RATE, 103.5))
    rig.process.say(Mixed(CueSounded("heard", 10)))
    rig.poll_until(lambda: rig.player._map.pair.at == 103.5)
    rig.poll_until(lambda: bool(rig.player._progress._over))
    rig.time.now = 104.5
    rig.let_die()
    rig.poll_until(lambda: len(rig.processes) == 2)

    begin = rig.process.hear()
    assert isinstance(begin, Configure)
    assert (begin.frame, begin.at, begin.levels) == (4 * RATE, 104.5, Levels(music=0.4))
    assert rig.process.hear() == SetScore(Score(7, cues=(CueHit("next", "bell", 9 * RATE),)))


def test_gives_up_on_a_player_that_dies_again_and_again_and_says_so(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    for deaths in range(1, MOST_DEATHS + 1):
        rig.let_die()
        rig.time.now += 1.5
        rig.player.poll()
        assert rig.player.alive == (deaths < MOST_DEATHS)

    rig.time.now += 100.0
    rig.player.poll()
    assert len(rig.processes) == MOST_DEATHS
    assert f"died {MOST_DEATHS} times within 30 s (exit code -9)" in rig.player.trouble


def test_waits_longer_before_each_new_player(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    rig.let_die()
    rig.poll_until(lambda: len(rig.processes) == 2)
    rig.let_die()
    rig.time.now += 0.2
    rig.player.poll()
    assert not rig.player.alive
    rig.time.now += 0.1
    rig.player.poll()
    assert rig.player.alive


def test_deaths_far_apart_are_forgiven(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    for _ in range(2 * MOST_DEATHS):
        rig.let_die()
        rig.poll_until(lambda: rig.player.alive)
        rig.time.now += DEATHS_WITHIN + 1.0

    assert rig.player.trouble == ""


def test_a_player_that_cannot_be_started_is_trouble_not_a_crash(rig: Rig) -> None:
    rig.unstartable = True
    rig.player.open(0, at=100.0)
    for _ in range(MOST_DEATHS):
        rig.time.now += 1.5
        rig.player.poll()

    assert "cannot start: No such file" in rig.player.trouble
    assert not rig.player.alive


def test_a_mute_player_is_killed_but_not_for_our_own_standstill(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    rig.time.now += 60.0
    rig.player.poll()
    assert not rig.process.killed

    for _ in range(round(MUTE / LISTENING) + 1):
        rig.time.now += LISTENING
        rig.player.poll()
    assert rig.processes[0].killed


def test_a_player_that_reads_nothing_holds_up_nobody_and_gets_the_newest_score_last(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    big = tuple(CueHit(f"cue-{number}", "bell", number) for number in range(2000))
    for revision in range(200):
        rig.player.send(SetScore(Score(revision, cues=big)))
    revisions: list[int] = []
    while not revisions or revisions[-1] < 199:
        message = rig.process.hear()
        if isinstance(message, SetScore):
            revisions.append(message.score.revision)

    assert len(revisions) < 50
    assert revisions == sorted(revisions)


def test_a_player_that_was_told_to_end_is_not_replaced(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    assert isinstance(rig.process.hear(), Configure)
    rig.player.send(Close())
    assert isinstance(rig.process.hear(), Close)
    rig.process.die()
    rig.poll_until(lambda: not rig.player.alive)
    rig.time.now += 2.0
    rig.player.poll()
    rig.player.close()

    assert len(rig.processes) == 1
    assert not rig.process.killed


def test_closing_kills_a_player_that_does_not_end(rig: Rig) -> None:
    rig.player.open(0, at=100.0)
    rig.player.close()
    rig.player.close()

    assert rig.process.killed
    assert not rig.player.alive


def test_a_real_player_is_replaced_when_killed_and_its_frames_go_on(tmp_path: Path) -> None:
    processes: list[Process] = []

    def spawn(log_file: Path | None) -> Process:
        processes.append(spawn_player(log_file))
        return processes[-1]

    player = Player(tmp_path / "log", OutputChoice.SILENT, tmp_path, spawn=spawn)
    frames: list[int] = []

    def follow(until: Callable[[], bool]) -> None:
        for _ in range(round(PATIENCE_S / BREATH_S)):
            frames.extend(message.rendered for message in player.poll() if isinstance(message, Status))
            if until():
                return
            threading.Event().wait(BREATH_S)
        pytest.fail("it did not happen")

    try:
        player.open(0, at=player._clock())
        follow(lambda: len(frames) > 3)
        processes[0].kill()
        follow(lambda: len(processes) == 2)
        known = len(frames)
        follow(lambda: len(frames) > known + 3)
    finally:
        player.close()

    assert frames == sorted(frames)
    assert processes[1].returncode == 0
    assert sys.platform == "win32" or processes[0].returncode == -9
