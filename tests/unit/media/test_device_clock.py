"""The estimate of a sound card's own clock."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.media.output.clock import DeviceClock
from nbd_tui.model.units import RATE, Frames

CHUNK: Frames = 2646
LATENCY = 0.04


class Card:
    """A card `ppm` slow that asks for chunks; every request comes a little late by chance."""

    def __init__(self, ppm: float, jitter_s: float = 0.003, seed: int = 1) -> None:
        self.clock = DeviceClock(LATENCY)
        self.frame: Frames = 0
        self.start = 1000.0
        self._slowness = 1 + ppm * 1e-6
        self._chance = random.Random(seed)
        self._jitter_s = jitter_s

    def heard_at(self, frame: Frames) -> float:
        return self.start + frame / RATE * self._slowness + LATENCY

    def run(self, seconds: float) -> None:
        until = self.frame + seconds * RATE
        while self.frame < until:
            late = self._chance.expovariate(1 / self._jitter_s) if self._jitter_s else 0.0
            self.clock.update(self.frame, self.heard_at(self.frame) - LATENCY + late)
            self.frame += CHUNK

    @property
    def error_s(self) -> float:
        pair = self.clock.pair()
        assert pair is not None
        return abs(pair.at - self.heard_at(pair.frame))


def test_no_pair_before_the_first_chunk() -> None:
    assert DeviceClock().pair() is None


@given(ppm=st.floats(-200, 200), seed=st.integers(0, 10))
@settings(max_examples=15, deadline=None)
def test_follows_a_card_that_is_off(ppm: float, seed: int) -> None:
    card = Card(ppm, seed=seed)
    for _ in range(30):
        card.run(5.0)
        assert card.error_s < 0.005

    assert card.clock.drift == pytest.approx(ppm * 1e-6, abs=60e-6)


def test_a_stall_that_the_card_bridged_moves_nothing() -> None:
    card = Card(ppm=100)
    card.run(60.0)
    for late in (0.5, 0.4, 0.3, 0.2, 0.1):
        card.clock.update(card.frame, card.heard_at(card.frame) - LATENCY + late)
        card.frame += CHUNK
    card.run(2.0)

    assert card.error_s < 0.002


@pytest.mark.parametrize("step_s", [0.06, 0.5, -0.1])
def test_frames_the_card_lost_or_swallowed_begin_a_new_line(step_s: float) -> None:
    card = Card(ppm=100)
    card.run(60.0)
    card.start += step_s
    card.run(2.5)

    assert card.error_s < 0.003


def test_the_burst_that_fills_the_buffer_is_not_the_pace() -> None:
    card = Card(ppm=0, jitter_s=0.0)
    for _ in range(3):
        card.clock.update(card.frame, card.start + 2 * CHUNK / RATE)
        card.frame += CHUNK
    card.run(3.0)

    assert card.error_s < 0.003
