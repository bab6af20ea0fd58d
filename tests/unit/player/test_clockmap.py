"""The conductor's map of frames and time, and how well cues keep their times with it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.media.output.base import ClockPair
from nbd_tui.media.output.clock import DeviceClock
from nbd_tui.model.units import RATE, Frames
from nbd_tui.player.clockmap import ClockMap

TOLERANCE: Frames = RATE // 1000


@given(frame=st.integers(0, 10**9), at=st.floats(0, 1e6), later=st.integers(-(10**7), 10**7))
def test_frames_and_times_are_inverse(frame: Frames, at: float, later: Frames) -> None:
    clock_map = ClockMap(ClockPair(frame, at))

    assert clock_map.frame_at(at) == frame
    assert clock_map.frame_at(clock_map.time_of(frame + later)) == frame + later


def test_moves_only_when_the_clock_does() -> None:
    clock_map = ClockMap(ClockPair(0, 10.0))
    clock_map.settle()
    clock_map.update(ClockPair(RATE, 11.0))
    assert not clock_map.moved_since(TOLERANCE)

    clock_map.update(ClockPair(2 * RATE, 12.0012))
    assert clock_map.moved_since(TOLERANCE)
    clock_map.settle()
    assert not clock_map.moved_since(TOLERANCE)


def test_the_first_frame_not_rendered_goes_on_with_the_clock() -> None:
    clock_map = ClockMap(ClockPair(100, 10.0))
    assert clock_map.earliest_unrendered(9.0) == 100
    clock_map.note_rendered(5000, 20.0)

    assert clock_map.earliest_unrendered(20.0) == 5000
    assert clock_map.earliest_unrendered(20.5) == 5000 + RATE // 2


class SimulatedPlayback:
    """A device output asked for pairs ten times a second, cues re-timed as the conductor does it."""

    CHUNK: Frames = 2646
    LATENCY = 0.04

    def __init__(self, ppm: float, cues_s: list[float]) -> None:
        self.slowness = 1 + ppm * 1e-6
        self.device = DeviceClock(self.LATENCY)
        self.clock_map = ClockMap()
        self.pending = [(at, 0) for at in sorted(cues_s, reverse=True)]
        self.errors: list[float] = []
        self.retimings = 0
        self._chance = random.Random(7)

    def heard_at(self, frame: Frames) -> float:
        return frame / RATE * self.slowness + self.LATENCY

    def run(self, seconds: float, *, retime: bool = True) -> None:
        for frame in range(0, round(seconds * RATE), self.CHUNK):
            late = self._chance.expovariate(1 / 0.002)
            self.device.update(frame, self.heard_at(frame) - self.LATENCY + late)
            pair = self.device.pair()
            assert pair is not None
            self.clock_map.update(pair)
            if frame == 0 or (retime and self.clock_map.moved_since(TOLERANCE)):
                self._place()
            self._render(frame)

    def _place(self) -> None:
        self.retimings += 1
        self.clock_map.settle()
        self.pending = [(at, self.clock_map.frame_at(at)) for at, _ in self.pending]

    def _render(self, start: Frames) -> None:
        while self.pending and self.pending[-1][1] < start + self.CHUNK:
            at, frame = self.pending.pop()
            self.errors.append(self.heard_at(frame) - at)


CUES_S = [5.0 + 7.3 * n for n in range(490)]
HOUR_S = 3600.0


@pytest.mark.parametrize("ppm", [200.0, -200.0])
def test_cues_keep_their_time_for_an_hour_on_a_card_that_is_off(ppm: float) -> None:
    playback = SimulatedPlayback(ppm, CUES_S)
    playback.run(HOUR_S)

    assert len(playback.errors) == len(CUES_S)
    assert max(map(abs, playback.errors)) < 0.005
    assert playback.retimings < HOUR_S / 2


def test_without_retiming_the_card_would_be_far_off() -> None:
    playback = SimulatedPlayback(200.0, CUES_S)
    playback.run(HOUR_S, retime=False)

    assert max(map(abs, playback.errors)) > 0.5
    assert all(left <= right for left, right in pairwise(playback.errors))
