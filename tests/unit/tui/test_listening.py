"""From where one listens to a drop."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.tui.listening import before_drop, next_drop, strongest_drop
from tests.screens.fake_library import hearing

HEARD = hearing(bpm=120.0, length_s=240.0, drops=3)
FIRST, SECOND, THIRD = HEARD.drops


def test_four_bars_before_it() -> None:
    assert before_drop(HEARD, SECOND.at_s) == pytest.approx(SECOND.at_s - 8.0)


def test_on_a_downbeat_that_was_heard() -> None:
    late = replace(HEARD, downbeats_s=tuple(at_s + 0.3 for at_s in HEARD.downbeats_s))
    assert before_drop(late, SECOND.at_s) in late.downbeats_s


def test_by_the_tempo_where_no_bars_were_heard() -> None:
    assert before_drop(replace(HEARD, downbeats_s=()), 100.0) == pytest.approx(92.0)
    assert before_drop(replace(HEARD, downbeats_s=(), bpm=None), 100.0) == pytest.approx(92.0)


def test_the_strongest_is_the_drop() -> None:
    assert strongest_drop(HEARD) == FIRST
    assert strongest_drop(replace(HEARD, drops=())) is None


def test_again_and_again_goes_round() -> None:
    found, at_s = [], 0.0
    for _ in range(4):
        drop = next_drop(HEARD, at_s)
        assert drop is not None
        found.append(drop)
        at_s = before_drop(HEARD, drop.at_s)
    assert found == [FIRST, SECOND, THIRD, FIRST]


def test_there_may_be_none() -> None:
    assert next_drop(replace(HEARD, drops=()), 0.0) is None


@given(st.floats(0.0, 240.0), st.integers(1, 32))
def test_never_before_the_start_nor_behind_the_drop(at_s: float, bars: int) -> None:
    assert 0.0 <= before_drop(HEARD, at_s, bars) <= at_s + 0.05
