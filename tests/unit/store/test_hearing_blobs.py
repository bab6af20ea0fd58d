import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, EnergyCurve, Span
from nbd_tui.store.hearing_blobs import (
    TICK_S,
    pack_drops,
    pack_energy,
    pack_marks,
    pack_times,
    unpack_drops,
    unpack_energy,
    unpack_marks,
    unpack_times,
)

TIMES = st.lists(st.floats(0.0, 20_000.0), max_size=50).map(sorted)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SPANS = st.builds(Span, FINITE, FINITE)
DROPS = st.builds(Drop, FINITE, FINITE, st.none() | SPANS, st.none() | SPANS)


@given(TIMES)
def test_times_come_back_to_half_a_tick_and_stay_there(times: list[float]) -> None:
    once = unpack_times(pack_times(times))
    assert once == pytest.approx(times, abs=TICK_S * 0.51)
    assert unpack_times(pack_times(once)) == once


@given(st.lists(st.floats(0.0, 1.0), max_size=50), st.floats(0.1, 50.0))
def test_energy_comes_back_to_half_a_step(values: list[float], rate: float) -> None:
    curve = unpack_energy(rate, pack_energy(EnergyCurve(rate, tuple(values))))
    assert curve.values == pytest.approx(values, abs=0.51 / 255)
    assert unpack_energy(rate, pack_energy(curve)) == curve


@given(st.lists(DROPS, max_size=9))
def test_drops_come_back_exactly(drops: list[Drop]) -> None:
    assert unpack_drops(pack_drops(drops)) == tuple(drops)


@given(st.none() | st.lists(FINITE, max_size=9).map(tuple))
def test_marks_come_back_exactly_and_none_is_not_empty(marks: tuple[float, ...] | None) -> None:
    assert unpack_marks(pack_marks(marks)) == marks


def test_the_beats_of_a_steady_song_take_little_room() -> None:
    assert len(pack_times([0.21 + beat * 60 / 138 for beat in range(600)])) < 300


def test_what_is_out_of_bounds_breaks_nothing() -> None:
    assert unpack_energy(4.0, pack_energy(EnergyCurve(4.0, (-3.0, 7.0)))).values == (0.0, 1.0)
    assert len(unpack_times(pack_times([1e9]))) == 1
