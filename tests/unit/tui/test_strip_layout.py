"""The session to scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.tui.strip_layout import cells_of, drawn_lengths, marker_column, open_fraction
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

LENGTHS = st.lists(st.floats(0, 7200, allow_nan=False), min_size=1, max_size=200)


def segment(index: int, duration_s: float | None) -> Segment:
    return Segment(index=index, kind=PhaseKind.WORK, label="", start_s=0.0, duration_s=duration_s)


@given(LENGTHS, st.integers(1, 250))
def test_cells_fill_the_width_and_no_phase_is_lost_where_there_is_room(lengths: list[float], width: int) -> None:
    cells = cells_of(lengths, width)
    assert len(cells) == len(lengths)
    assert sum(cells) == width
    assert min(cells) >= (1 if len(lengths) <= width else 0)


def test_equal_phases_are_drawn_to_scale() -> None:
    assert cells_of([180, 60, 180, 60], 80) == [30, 10, 30, 10]


def test_a_tiny_phase_keeps_its_cell() -> None:
    cells = cells_of([1, 3600, 3600], 20)
    assert cells[0] == 1
    assert abs(cells[1] - cells[2]) <= 1


@pytest.mark.parametrize(("lengths", "width", "cells"), [([], 10, []), ([5, 5], 0, [0, 0]), ([0, 0], 4, [2, 2])])
def test_edges(lengths: list[float], width: int, cells: list[int]) -> None:
    assert cells_of(lengths, width) == cells


def test_an_open_phase_is_drawn_like_the_usual_one() -> None:
    assert drawn_lengths([segment(0, None), segment(1, 90), segment(2, 90), segment(3, 600)]) == [90, 90, 90, 600]
    assert drawn_lengths([segment(0, None), segment(1, None)]) == [60, 60]


@given(LENGTHS, st.integers(1, 250), st.data())
def test_the_mark_stands_in_its_phase(lengths: list[float], width: int, data: st.DataObject) -> None:
    cells = cells_of(lengths, width)
    index = data.draw(st.integers(0, len(cells) - 1))
    column = marker_column(cells, index, data.draw(st.floats(0, 1)))
    assert 0 <= column < width
    if cells[index]:
        assert sum(cells[:index]) <= column < sum(cells[: index + 1])


def test_the_mark_moves_forward_only() -> None:
    cells = [10, 5]
    columns = [marker_column(cells, index, step / 20) for index in (0, 1) for step in range(21)]
    assert columns == sorted(columns)
    assert columns[0] == 0
    assert columns[-1] == 14


@pytest.mark.parametrize(("elapsed_s", "drawn_s", "fraction"), [(0, 60, 0), (30, 60, 0.5), (600, 60, 1), (5, 0, 0)])
def test_an_open_phase_waits_at_its_end(elapsed_s: float, drawn_s: float, fraction: float) -> None:
    assert open_fraction(elapsed_s, drawn_s) == fraction


def test_the_last_bit_of_a_length_moves_no_cell() -> None:
    """Sums of floats differ in it between versions of Python."""
    assert cells_of([1.0 + 1e-12, 1.0], 3) == cells_of([1.0, 1.0], 3) == cells_of([1.0, 1.0 + 1e-12], 3)
