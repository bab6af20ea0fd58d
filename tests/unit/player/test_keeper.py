"""The output in use: silence at once, the wanted one when it works, and one frame axis through all of them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames
from nbd_tui.player.keeper import HUNG, QUICK_RETRIES, RETRY, RETRY_LATER, OutputKeeper
from nbd_tui.player.stage import Stage
from tests.unit.player.fakes import CountingMixer, HandOutput, Time, Workshop, axis_frame

START = ClockPair(10_000, 100.0)


class Rig:
    """A keeper on a mixer whose samples are frame numbers."""

    def __init__(self) -> None:
        self.time = Time(START.at)
        self.mixer = CountingMixer(START.frame)
        self.stage = Stage(self.mixer, START)
        self.workshop = Workshop(self.time)
        self.keeper = OutputKeeper(
            self.stage, self.workshop.open_wanted, self.workshop.open_silence, self.workshop.start
        )

    def tick(self, *, run_jobs: bool = True) -> None:
        self.keeper.tick(self.time.now)
        if run_jobs:
            self.workshop.run_jobs()

    def open_wanted(self) -> HandOutput:
        self.tick()
        self.tick()
        return self.workshop.wanted[-1]

    @property
    def running(self) -> list[HandOutput]:
        """All that ask for frames, whether they hear the mix or not."""
        return [output for output in (*self.workshop.silences, *self.workshop.wanted) if not output.closed]

    def play(self, blocks: int, frames: Frames = 882) -> None:
        for _ in range(blocks):
            for output in self.running:
                output.play(frames)
            self.time.now += frames / RATE


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_begins_in_silence_and_changes_over_when_the_wanted_output_is_open(rig: Rig) -> None:
    rig.tick(run_jobs=False)
    assert (rig.keeper.name, rig.keeper.reason) == ("silent", "the sound is starting")
    rig.play(5)
    assert rig.workshop.run_jobs() == ["player-opener"]
    assert rig.keeper.name == "silent"
    rig.tick()

    assert (rig.keeper.name, rig.keeper.reason) == ("vlc", "")
    assert rig.workshop.silences[0].closed


def test_an_output_not_yet_in_hears_silence(rig: Rig) -> None:
    rig.tick()
    wanted = rig.workshop.wanted[0]
    assert not wanted.play(882).any()
    rig.tick()

    assert wanted.play(882).any()
    assert not rig.workshop.silences[0].play(882).any()


def test_frames_are_heard_when_they_are_due(rig: Rig) -> None:
    output = rig.open_wanted()
    rig.play(20)
    at, block = output.heard[-1]

    assert abs(block[0, 0] - axis_frame(START, at)) <= 1
    heard = rig.keeper.heard
    assert heard is not None
    assert abs(heard.frame - axis_frame(START, heard.at)) <= 1


def test_a_failed_output_is_replaced_at_once_and_comes_back(rig: Rig) -> None:
    output = rig.open_wanted()
    rig.time.now += 10.0
    output.trouble = "the server is gone"
    rig.workshop.refusal = "no server"
    rig.tick()
    assert (rig.keeper.name, rig.keeper.reason) == ("silent", "vlc: the server is gone")
    assert output.closed
    rig.tick()
    assert rig.keeper.reason == "no sound: no server"

    rig.workshop.refusal = ""
    rig.time.now += RETRY
    rig.tick()
    rig.tick()
    assert (rig.keeper.name, rig.keeper.reason) == ("vlc", "")
    assert rig.workshop.wanted[-1] is not output


def test_an_output_that_works_for_a_moment_only_is_not_reopened_at_once(rig: Rig) -> None:
    output = rig.open_wanted()
    rig.time.now += 1.0
    output.trouble = "gone"
    rig.tick()
    assert len(rig.workshop.wanted) == 1
    rig.time.now += RETRY
    rig.tick()
    assert len(rig.workshop.wanted) == 2


def test_a_machine_without_sound_is_asked_less_and_less(rig: Rig) -> None:
    rig.workshop.refusal = "no device"
    attempts = 0
    for _ in range(600):
        rig.keeper.tick(rig.time.now)
        attempts += rig.workshop.run_jobs().count("player-opener")
        rig.time.now += 0.1

    late_attempts = (60.0 - QUICK_RETRIES * RETRY) / RETRY_LATER
    assert QUICK_RETRIES < attempts <= QUICK_RETRIES + late_attempts + 1


def test_an_attempt_that_hangs_is_left_behind_and_what_it_opens_is_closed(rig: Rig) -> None:
    rig.tick(run_jobs=False)
    ((_, hanging),) = rig.workshop.jobs
    rig.workshop.jobs = []
    rig.time.now += HUNG + 0.1
    rig.tick()
    assert rig.keeper.reason == "no sound: the sound system does not answer"
    rig.time.now += RETRY
    current = rig.open_wanted()
    assert rig.keeper.name == "vlc"

    hanging()
    late = rig.workshop.wanted[-1]
    rig.tick()
    assert late.closed
    assert late is not current
    assert not current.closed


def test_a_sound_library_that_raises_anything_is_only_a_reason(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_attach: object, _better_than: str) -> None:
        raise ZeroDivisionError("in the driver")

    keeper = OutputKeeper(rig.stage, broken, rig.workshop.open_silence, rig.workshop.start)  # type: ignore[arg-type]
    for _ in range(2):
        keeper.tick(rig.time.now)
        rig.workshop.run_jobs()
    keeper.tick(rig.time.now)

    assert keeper.reason == "no sound: ZeroDivisionError: in the driver"


def test_closing_leaves_the_output_in_silence(rig: Rig) -> None:
    output = rig.open_wanted()
    rig.keeper.close()

    assert output.closed
    assert not output.play(100).any()


def test_a_mixer_that_raises_makes_silence_and_is_told(rig: Rig) -> None:
    output = rig.open_wanted()
    rig.mixer.broken = True

    assert not output.play(882).any()
    assert rig.stage.broken


def all_heard(outputs: list[HandOutput]) -> list[float]:
    """Every frame of the mix that any output has played."""
    blocks = [block[:, 0] for output in outputs for _, block in output.heard]
    return sorted(float(frame) for block in blocks for frame in block if frame > 0)


@given(st.lists(st.tuples(st.sampled_from(["play", "fail", "stall"]), st.integers(1, 40)), max_size=15))
@settings(deadline=None, max_examples=60)
def test_the_axis_never_goes_back_and_keeps_to_the_clock(steps: list[tuple[str, int]]) -> None:
    rig = Rig()
    rig.tick()
    for what, amount in steps:
        if what == "play":
            rig.play(amount)
        else:
            rig.time.now += amount / 10 if what == "stall" else 0.0
            for output in rig.running:
                output.trouble = what
        rig.tick()
        rig.tick()

    outputs = [*rig.workshop.silences, *rig.workshop.wanted]
    assert all(left < right for left, right in pairwise(all_heard(outputs)))
    for output in outputs:
        for at, block in output.heard:
            sounding = block[:, 0] > 0
            if sounding.any():
                first = int(np.argmax(sounding))
                assert abs(float(block[first, 0]) - axis_frame(START, at + first / RATE)) <= 2
