"""What of the big time is painted anew."""

from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region, Size

from nbd_tui.tui.widgets.big_time import changed_rows, draw_time

DRAWINGS = st.lists(st.text(" █▀", max_size=3), min_size=5, max_size=5)


def test_a_second_later_only_the_rows_in_which_the_digits_differ_are_painted_anew() -> None:
    before, after = (draw_time(time, "3:00", Size(80, 20), Size(80, 24)).rows for time in ("2:39", "2:38"))
    changed = changed_rows(before, after, 80)
    assert changed is not None
    assert 0 < changed.height < 20 / 2, "9 and 8 differ in one stroke"


def test_nothing_is_painted_anew_where_nothing_changes() -> None:
    rows = draw_time("2:41", "3:00", Size(80, 20), Size(80, 24)).rows
    assert changed_rows(rows, list(rows), 80) is None


@given(before=DRAWINGS, after=DRAWINGS)
def test_every_row_that_differs_is_painted_anew(before: list[str], after: list[str]) -> None:
    changed = changed_rows(before, after, 3) or Region(0, 0, 0, 0)
    assert all(changed.contains(2, y) for y in range(5) if before[y] != after[y])


@given(
    time=st.sampled_from(["0:07", "9:59", "12:34", "1:00:00", "100:00:00", ""]),
    widest=st.sampled_from(["", "0:00", "00:00", "0:00:00"]),
    width=st.integers(1, 200),
    height=st.integers(1, 60),
    ascii_only=st.booleans(),
)
def test_places_and_rows_fill_the_widget(time: str, widest: str, width: int, height: int, ascii_only: bool) -> None:
    drawing = draw_time(time, widest, Size(width, height), Size(width, height), ascii_only=ascii_only)
    assert sum(drawing.places) == width
    assert all(place > 0 for place in drawing.places)
    assert len(drawing.rows) == height
    assert {len(row) for row in drawing.rows} == {width}


@given(st.integers(1, 9), st.sampled_from([Size(78, 11), Size(58, 8), Size(198, 40)]))
def test_each_digit_stands_in_a_place_of_its_own(digit: int, size: Size) -> None:
    """So another last digit leaves what the other places show."""
    one, other = (draw_time(f"1:2{last}", "0:00", size, size) for last in (0, digit))
    assert one.places == other.places
    before_last = sum(one.places[:-1])
    assert [row[:before_last] for row in one.rows] == [row[:before_last] for row in other.rows]
