"""Columns, marks and windows of the picture of a track's energy."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, EnergyCurve, Span
from nbd_tui.tui.energy_layout import (
    Level,
    Mark,
    Marked,
    closest_s,
    column_of,
    eighths,
    followed,
    heights,
    level_of,
    marks,
    means_of,
    ruler,
    time_of,
    whole,
    zoomed,
)

VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=200)
MOMENTS = st.floats(0.0, 600.0)
SPANS = st.tuples(MOMENTS, st.floats(0.5, 600.0)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(VALUES, st.integers(1, 300))
def test_columns_keep_within_what_was_heard(values: list[float], width: int) -> None:
    mean, duration_s = means_of(EnergyCurve(4.0, tuple(values))), len(values) / 4
    row = heights(mean, whole(duration_s), duration_s, width)
    assert len(row) == width
    assert all(value is not None and min(values) ** 2 - 1e-6 <= value <= max(values) ** 2 + 1e-6 for value in row)


@given(VALUES, SPANS)
def test_two_columns_together_hold_as_much_as_one(values: list[float], span: Span) -> None:
    mean = means_of(EnergyCurve(4.0, tuple(values)))
    middle_s = (span.start_s + span.end_s) / 2
    halves = (mean(span.start_s, middle_s) + mean(middle_s, span.end_s)) / 2
    assert mean(span.start_s, span.end_s) == pytest.approx(halves, abs=1e-6)


def test_a_step_stands_where_it_was_heard() -> None:
    curve = EnergyCurve(4.0, (0.2,) * 40 + (1.0,) * 40)
    row = heights(means_of(curve), whole(20.0), 20.0, 20)
    assert row[:9] == pytest.approx([0.04] * 9)
    assert [round(value or 0.0, 1) for value in row[10:]] == [1.0] * 10


def test_close_by_a_curve_is_straight_between_its_values() -> None:
    mean = means_of(EnergyCurve(1.0, (0.0, 1.0)))
    assert [mean(at_s, at_s + 0.25) for at_s in (0, 0.25, 0.5, 0.75)] == pytest.approx([0.125, 0.375, 0.625, 0.875])


def test_what_is_half_as_loud_is_a_bit_less_than_half_as_high() -> None:
    """Ten decibels of the 24 of the curve."""
    row = heights(means_of(EnergyCurve(4.0, (1 - 10 / 24,) * 40)), whole(10.0), 10.0, 10)
    assert row == pytest.approx([0.34] * 10, abs=0.01)


def test_nothing_stands_where_the_track_is_over() -> None:
    row = heights(means_of(EnergyCurve(4.0, (0.5,) * 40)), Span(5.0, 15.0), 10.0, 10)
    assert row[:5] == pytest.approx([0.25] * 5)
    assert row[5:] == [None] * 5


@pytest.mark.parametrize("values", [(), (nan,), (inf, 0.5), (2.0, -1.0)])
def test_a_curve_that_makes_no_sense_is_drawn_all_the_same(values: tuple[float, ...]) -> None:
    row = heights(means_of(EnergyCurve(4.0, values)), whole(1.0), 1.0, 8)
    assert all(value is not None and 0.0 <= value <= 1.0 for value in row)


@given(st.floats(0.0, 1.0), st.integers(1, 8))
def test_rows_of_a_column_stand_on_each_other(value: float, rows: int) -> None:
    column = [eighths(value, rows, row) for row in range(rows)]
    assert column == sorted(column, reverse=True)
    assert sum(column) == max(1, round(value * rows * 8))


def test_a_track_that_is_over_has_no_bar() -> None:
    assert eighths(None, 4, 0) == 0


@given(st.floats(0.0, 1.0))
def test_a_higher_value_is_of_no_lower_level(value: float) -> None:
    order = list(Level)
    assert order.index(level_of(min(1.0, value + 0.1))) >= order.index(level_of(value))


@given(SPANS, st.integers(1, 300), st.floats(0.0, 1.0, exclude_max=True))
def test_a_moment_stands_in_the_column_of_its_time(window: Span, width: int, part: float) -> None:
    at_s = window.start_s + part * (window.end_s - window.start_s)
    column = column_of(at_s, window, width)
    if column is not None:
        slack_s = 1e-6 * (window.end_s - window.start_s) + 1e-6
        assert time_of(column, window, width) - slack_s <= at_s <= time_of(column + 1, window, width) + slack_s
    assert column is not None or at_s >= window.end_s


def test_moments_outside_stand_nowhere() -> None:
    assert column_of(9.99, Span(10.0, 20.0), 80) is None
    assert column_of(20.0, Span(10.0, 20.0), 80) is None
    assert column_of(15.0, Span(10.0, 20.0), 0) is None


def test_a_build_up_leads_over_its_gap_to_the_drop() -> None:
    drop = Drop(16.0, 1.0, Span(14.0, 16.0), Span(8.0, 14.0))
    row = marks(Marked((drop,)), Span(0.0, 20.0), 20)
    assert row == [Mark.NONE] * 8 + [Mark.BUILD] * 6 + [Mark.GAP] * 2 + [Mark.DROP] + [Mark.NONE] * 3


def test_a_build_up_that_begins_before_the_window_leads_in_from_its_edge() -> None:
    drop = Drop(12.0, 1.0, None, Span(2.0, 12.0))
    row = marks(Marked((drop,)), Span(10.0, 20.0), 10)
    assert row[:4] == [Mark.BUILD, Mark.BUILD, Mark.DROP, Mark.NONE]


@pytest.mark.parametrize(("seconds", "beats", "bars"), [(20.0, True, True), (60.0, False, True), (600.0, False, False)])
def test_beats_and_bars_are_marked_where_they_have_room(seconds: float, beats: bool, bars: bool) -> None:
    times = tuple(n * 0.5 for n in range(1200))
    row = marks(Marked((), times, times[::4]), Span(0.0, seconds), 80)
    assert (Mark.BEAT in row, Mark.BAR in row) == (beats, bars)


@given(st.lists(MOMENTS, max_size=50), SPANS, st.integers(0, 200))
def test_marks_are_as_wide_as_the_picture(times: list[float], window: Span, width: int) -> None:
    drops = [Drop(at_s, 1.0, Span(at_s - 1, at_s), Span(at_s - 9, at_s - 1)) for at_s in times]
    row = marks(Marked(drops, times, times), window, width)
    assert len(row) == width
    assert row.count(Mark.DROP) == len({column_of(at_s, window, width) for at_s in times} - {None})


@given(st.lists(st.booleans(), max_size=20), st.floats(20.0, 3000.0), st.floats(0.0, 1.0))
def test_whatever_is_zoomed_stays_in_the_track(steps: list[bool], duration_s: float, part: float) -> None:
    window, at_s, least_s = whole(duration_s), part * duration_s, closest_s(128.0)
    for closer in steps:
        window = zoomed(window, duration_s, at_s, least_s, closer=closer)
        assert 0.0 <= window.start_s <= at_s + 1e-6
        assert at_s - 1e-6 <= window.end_s <= duration_s + 1e-6
        assert window.end_s - window.start_s >= min(least_s, duration_s) - 1e-6


def test_closer_ends_at_eight_bars_and_wider_at_the_whole() -> None:
    window = whole(240.0)
    for _ in range(20):
        window = zoomed(window, 240.0, 100.0, closest_s(120.0), closer=True)
    assert window.end_s - window.start_s == pytest.approx(16.0)
    for _ in range(20):
        window = zoomed(window, 240.0, 100.0, closest_s(120.0), closer=False)
    assert window == whole(240.0)


@given(SPANS, st.floats(0.0, 1.0, exclude_max=True))
def test_a_window_follows_the_playhead(window: Span, part: float) -> None:
    duration_s = window.end_s + 300.0
    at_s = part * duration_s
    turned = followed(window, at_s, duration_s)
    assert turned.start_s - 1e-6 <= at_s <= turned.end_s + 1e-6
    assert turned.end_s - turned.start_s == pytest.approx(window.end_s - window.start_s)
    if window.start_s <= at_s < window.end_s:
        assert turned == window


def test_times_stand_under_their_columns() -> None:
    line = ruler(Span(0.0, 80.0), 80)
    assert len(line) == 80
    assert [line.index(text) for text in ("0:00", "0:15", "0:30", "0:45", "1:00")] == [0, 15, 30, 45, 60]


@given(SPANS, st.integers(0, 200))
def test_a_ruler_is_as_wide_as_the_picture(window: Span, width: int) -> None:
    assert len(ruler(window, width)) == width
