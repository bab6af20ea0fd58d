"""What of the big time is painted anew."""

from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region, Size

from nbd_tui.tui.widgets.big_time import changed_rows, draw_time

DRAWINGS = st.lists(st.text(" █▀", max_size=3), min_size=5, max_size=5)


def test_a_second_later_only_the_rows_in_which_the_digits_differ_are_painted_anew() -> None:
    before, after = (draw_time(time, "3:00", Size(80, 20), Size(80, 24)) for time in ("2:39", "2:38"))
    changed = changed_rows(before, after, 80)
    assert changed is not None
    assert 0 < changed.height < 20 / 2, "9 and 8 differ in one stroke"


def test_nothing_is_painted_anew_where_nothing_changes() -> None:
    rows = draw_time("2:41", "3:00", Size(80, 20), Size(80, 24))
    assert changed_rows(rows, list(rows), 80) is None


@given(before=DRAWINGS, after=DRAWINGS)
def test_every_row_that_differs_is_painted_anew(before: list[str], after: list[str]) -> None:
    changed = changed_rows(before, after, 3) or Region(0, 0, 0, 0)
    assert all(changed.contains(2, y) for y in range(5) if before[y] != after[y])
