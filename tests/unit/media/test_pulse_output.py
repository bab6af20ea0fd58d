"""The sound server spoken to directly: when frames are heard, holes, and how much is kept in hand."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.errors import OutputError
from nbd_tui.media import libpulse
from nbd_tui.media.output import timing
from nbd_tui.media.output.cushion import CALM, NEAR, STEPS_MS, Cushion
from nbd_tui.media.output.pulse import PulseOutput
from nbd_tui.media.output.timing import ENOUGH, KEPT, TimingClock
from nbd_tui.model.units import RATE
from tests.unit.media.fake_outputs import Ramp
from tests.unit.media.fake_pulse import FakeServer

EXACT_S = 0.0001


class UnevenServer(FakeServer):
    """Every second answer of it tells a time that is 50 ms off."""

    def pa_stream_update_timing_info(self, *_: object) -> None:
        self.answers_late_s = 0.05 - self.answers_late_s
        super().pa_stream_update_timing_info()


class Playing:
    """An open output on a server of its own."""

    def __init__(self, server: FakeServer | None = None, cushion: Cushion | None = None) -> None:
        self.server = server or FakeServer()
        self.ramp = Ramp()
        self.output = PulseOutput(self.server, self.server.clock, cushion, self.server.time)  # type: ignore[arg-type]
        self.output.open(self.ramp)

    @property
    def error_s(self) -> float:
        pair = self.output.clock()
        assert pair is not None
        assert pair.frame == self.ramp.total
        return abs(pair.at - self.server.heard_at(pair.frame))

    def stall(self, seconds: float) -> None:
        """The next request is heard of so much later."""
        self.server.late_by_s = lambda: seconds
        self.server.run(0.001)
        self.server.late_by_s = float


def test_frames_are_heard_when_the_server_says() -> None:
    playing = Playing()
    playing.server.run(5.0)

    assert playing.error_s < EXACT_S
    assert playing.output.failure() is None


@given(stalls=st.lists(st.tuples(st.floats(0.01, 0.5), st.floats(0.1, 5)), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_no_stall_and_no_hole_moves_what_comes_after_it(stalls: list[tuple[float, float]]) -> None:
    playing = Playing()
    for late_s, seconds in stalls:
        playing.stall(late_s)
        playing.server.run(seconds)
        assert playing.error_s < EXACT_S


def test_an_answer_that_was_long_on_its_way_moves_nothing() -> None:
    playing = Playing()
    playing.server.run(5.0)
    playing.server.answers_late_s = 0.05
    playing.server.run(0.25)
    assert playing.error_s < EXACT_S


def test_a_device_that_holds_more_from_now_on_is_believed_within_a_second() -> None:
    playing = Playing()
    playing.server.run(5.0)
    playing.server.device_s += 0.2
    playing.server.run(1.0)
    assert playing.error_s < EXACT_S


def test_a_device_that_was_asleep_is_waited_for() -> None:
    server = FakeServer()
    server.wakes_at = server.now + 2.0
    playing = Playing(server)

    assert server.now > server.wakes_at
    assert playing.error_s < EXACT_S


def test_near_misses_make_the_cushion_thicker_before_the_sound_breaks_off() -> None:
    cushion = Cushion()
    playing = Playing(cushion=cushion)
    playing.server.run(1.0)
    assert playing.server.lengths_ms == list(STEPS_MS[:1])
    playing.stall(STEPS_MS[0] / 1000)
    playing.server.run(1.0)

    assert playing.server.lengths_ms == list(STEPS_MS[:2])
    assert playing.error_s < EXACT_S
    assert playing.output.failure() is None
    assert Playing(cushion=cushion).server.lengths_ms == [STEPS_MS[1]]


def test_a_latency_in_the_environment_is_not_libpulses_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_LATENCY_MSEC", "300")
    playing = Playing()
    playing.server.tell_of_hole(None, None)
    playing.server.run(0.5)

    assert playing.server.lengths_ms == list(STEPS_MS[:2])
    assert os.environ["PULSE_LATENCY_MSEC"] == "300"


def test_a_hole_that_is_none_of_our_fault_makes_it_thicker_too() -> None:
    playing = Playing()
    playing.server.tell_of_hole(None, None)
    playing.server.run(0.5)
    assert playing.server.lengths_ms == list(STEPS_MS[:2])


def test_the_hole_that_a_stream_begins_with_is_none() -> None:
    server = FakeServer()
    server.begins_with_hole = True
    playing = Playing(server)
    playing.server.run(0.5)
    assert playing.server.lengths_ms == [STEPS_MS[0]]


def test_what_it_writes_is_what_was_rendered_whatever_is_asked_at_once() -> None:
    playing = Playing()
    playing.stall(0.4)
    playing.server.run(0.5)
    written = [int(value) for block in playing.server.written for value in block[:, 0]]

    assert written == [number % 32000 for number in range(playing.ramp.total)]


def test_a_server_that_hangs_or_goes_away_is_told() -> None:
    playing = Playing()
    playing.server.is_hanging = True
    playing.server.run(0.7)
    assert "stopped" in str(playing.output.failure())

    playing = Playing()
    playing.server.stream_state = libpulse.STREAM_FAILED
    assert playing.output.failure() == "the sound server or device is gone"
    playing.output.close()
    assert playing.output.failure() is None
    assert playing.server.closed


def test_a_server_without_a_device_opens_nothing() -> None:
    server = FakeServer()
    server.stream_state = libpulse.STREAM_FAILED
    with pytest.raises(OutputError, match="no device"):
        Playing(server)
    assert server.closed


def test_a_device_that_never_wakes_opens_nothing() -> None:
    server = FakeServer()
    server.wakes_at = server.now + 60.0
    with pytest.raises(OutputError, match="does not ask"):
        Playing(server)
    assert server.closed


def test_whatever_goes_wrong_the_line_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FakeServer()
    monkeypatch.setattr(server, "pa_stream_new", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Playing(server)
    assert server.closed


def test_a_device_that_plays_is_taken_though_it_is_told_of_unevenly_and_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "ENOUGH", 10_000)
    playing = Playing(UnevenServer())
    playing.server.run(1.0)

    assert playing.error_s < EXACT_S
    assert playing.output.failure() is None


def test_nothing_is_rendered_after_the_end() -> None:
    playing = Playing()
    playing.output.close()
    playing.ramp.closed = True
    playing.server.run(0.5)
    assert playing.ramp.after_close == 0


@given(st.permutations([0.0, 0.0, *(0.004 * number for number in range(1, KEPT - 1))]))
def test_what_a_server_says_late_counts_for_nothing(late_s: list[float]) -> None:
    clock = TimingClock()
    for number, late in enumerate(late_s):
        clock.note(number * RATE, 50.0 + number + late)
    assert clock.heard_at(0) == pytest.approx(50.0)


def test_a_device_that_is_never_told_of_alike_is_taken_as_it_is() -> None:
    clock = TimingClock()
    for number in range(ENOUGH):
        assert not clock.is_steady
        clock.note(number * RATE, 50.0 + number + 0.01 * (number % 2))
    assert clock.is_steady


def test_one_answer_that_is_too_early_counts_for_nothing() -> None:
    clock = TimingClock()
    for number in range(KEPT):
        clock.note(number * RATE, 50.0 + number - (1.0 if number == 3 else 0.0))
    assert clock.heard_at(0) == 50.0


def test_a_cushion_that_was_too_thin_once_is_thinner_again_after_a_calm_time() -> None:
    cushion = Cushion()
    for now in range(0, 20, 2):
        cushion.note(NEAR / 2, float(now))
    assert cushion.ms == STEPS_MS[-1]
    for now in range(20, 30):
        cushion.note(0.2, float(now))
    assert cushion.ms == STEPS_MS[-1]
    for now in range(30, round(30 + CALM)):
        cushion.note(0.2, float(now))
    assert cushion.ms == STEPS_MS[-2]
    for now in range(1000, round(1000 + 10 * CALM)):
        cushion.note(0.2, float(now))
    assert cushion.ms == STEPS_MS[0]


def test_a_cushion_that_was_just_thick_enough_stays() -> None:
    cushion = Cushion()
    cushion.note(0.0, 0.0)
    for now in range(round(3 * CALM)):
        cushion.note(NEAR + (STEPS_MS[1] - STEPS_MS[0]) / 4000, float(now))
    assert cushion.ms == STEPS_MS[1]
