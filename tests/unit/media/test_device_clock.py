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
        self.in_hand_s = LATENCY
        """What is still to be heard when the card asks, least late."""

    def heard_at(self, frame: Frames) -> float:
        return self.start + frame / RATE * self._slowness + LATENCY

    def run(self, seconds: float) -> None:
        until = self.frame + seconds * RATE
        while self.frame < until:
            self.ask(self._chance.expovariate(1 / self._jitter_s) if self._jitter_s else 0.0)

    def ask(self, late_s: float) -> None:
        """One request, so late."""
        arrival = self.heard_at(self.frame) - self.in_hand_s + late_s
        self.clock.update(self.frame, arrival)
        self.clock.deliver(arrival)
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


def test_a_stall_that_the_card_bridged_moves_nothing() -> None:
    card = Card(ppm=100)
    card.run(60.0)
    for late in (0.5, 0.4, 0.3, 0.2, 0.1):
        card.ask(late)
    card.run(2.0)

    assert card.error_s < 0.002
    assert card.clock.dry == 0


@given(
    ppm=st.floats(-200, 200),
    moves=st.lists(st.tuples(st.floats(0.03, 0.05), st.floats(5, 60)), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_a_server_that_asks_with_more_or_less_in_hand_after_a_stall_moves_nothing(
    ppm: float, moves: list[tuple[float, float]]
) -> None:
    card = Card(ppm, jitter_s=0.0002)
    card.run(60.0)
    for in_hand_s, seconds in moves:
        card.ask(0.015)
        card.in_hand_s = in_hand_s
        card.run(seconds)
        assert card.error_s < 0.005, in_hand_s


@pytest.mark.parametrize("hole_s", [0.004, 0.015, 0.05])
@pytest.mark.parametrize(("in_hand_s", "missing_from_s"), [(None, LATENCY), (0.025, 0.025)])
def test_a_request_that_came_when_nothing_was_in_hand_any_more_makes_the_rest_late(
    hole_s: float, in_hand_s: float | None, missing_from_s: float
) -> None:
    card = Card(ppm=100, jitter_s=0.0002)
    card.clock = DeviceClock(LATENCY, in_hand_s)
    card.run(60.0)
    for dry in (1, 2):
        card.ask(missing_from_s + hole_s)
        card.start += hole_s
        card.run(2.5)
        assert card.error_s < 0.003
        assert card.clock.dry == dry


@given(
    ppm=st.floats(-200, 200),
    holes=st.lists(st.tuples(st.floats(0.003, 0.08), st.floats(2.5, 20)), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_a_card_without_a_server_is_believed_wherever_its_requests_move(
    ppm: float, holes: list[tuple[float, float]]
) -> None:
    """Holes that nothing announced: the requests before and after them were answered in time."""
    card = Card(ppm, jitter_s=0.0002)
    card.clock = DeviceClock(LATENCY, step=0.0)
    card.run(60.0)
    for hole_s, seconds in holes:
        card.start += hole_s
        card.run(seconds)
        assert card.error_s < 0.003, hole_s


@pytest.mark.parametrize("step_s", [0.06, 0.5, -0.1])
def test_frames_the_card_lost_or_swallowed_begin_a_new_line(step_s: float) -> None:
    card = Card(ppm=100)
    card.run(60.0)
    card.start += step_s
    card.run(2.5)

    assert card.error_s < 0.003


@pytest.mark.parametrize(("asleep_s", "late_s"), [(0.0, 0.0), (2.0, 0.030)])
def test_frame_0_is_heard_when_it_is_asked_for_unless_the_card_was_asleep(asleep_s: float, late_s: float) -> None:
    card = Card(ppm=0, jitter_s=0.0)
    card.in_hand_s = LATENCY + 0.030
    card.clock.start(card.start + LATENCY - asleep_s)
    card.run(5.0)

    assert card.error_s == pytest.approx(late_s, abs=0.001)


def test_the_burst_that_fills_the_buffer_is_not_the_pace() -> None:
    card = Card(ppm=0, jitter_s=0.0)
    for _ in range(3):
        card.clock.update(card.frame, card.start + 2 * CHUNK / RATE)
        card.frame += CHUNK
    card.run(3.0)

    assert card.error_s < 0.003
