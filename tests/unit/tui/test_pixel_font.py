"""Big digits: shape, size and place."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from nbd_tui.tui.widgets.big_time import draw_time
from nbd_tui.tui.widgets.pixel_font import Scale, largest_scale, render_digits, text_columns

CHARS = "0123456789:.+- "
TIMES = ("3:00", "12:34", "1:02:03")


def text_rows(scale: Scale, *, ascii_only: bool) -> int:
    """Two pixel rows share a row of half blocks."""
    return scale.pixels if ascii_only else (scale.pixels + 1) // 2


def lit_cells(rows: Sequence[str]) -> tuple[int, int]:
    """Width and height of the box around what is drawn."""
    columns = [place for row in rows for place, char in enumerate(row) if char != " "]
    filled = [place for place, row in enumerate(rows) if row.strip()]
    return max(columns) - min(columns) + 1, max(filled) - min(filled) + 1


def test_smallest_scale_is_the_font_itself() -> None:
    assert render_digits("3", Scale(5, 7), ascii_only=True) == [
        "#####",
        "    #",
        "    #",
        " ####",
        "    #",
        "    #",
        "#####",
    ]


def test_half_blocks_hold_two_pixel_rows_each() -> None:
    assert render_digits("4:", Scale(5, 7)) == ["█   █  ", "█▄▄▄█ ▀", "    █ ▀", "    ▀  "]


def test_whole_multiples_repeat_every_pixel() -> None:
    small = render_digits("12:34", Scale(5, 7), ascii_only=True)
    large = render_digits("12:34", Scale(15, 21), ascii_only=True)
    assert large == ["".join(char * 3 for char in row) for row in small for _ in range(3)]


@pytest.mark.parametrize("columns", range(5, 26))
def test_every_scale_has_the_size_it_says(columns: int) -> None:
    for pixels, ascii_only in product(range(7, 30), (False, True)):
        scale = Scale(columns, pixels)
        rows = render_digits(CHARS, scale, ascii_only=ascii_only)
        assert {len(row) for row in rows} == {text_columns(CHARS, columns)}
        assert len(rows) == text_rows(scale, ascii_only=ascii_only)
        assert set("".join(rows)) <= set("# " if ascii_only else "▀▄█ ")


@pytest.mark.parametrize("scale", [Scale(columns, pixels) for columns in (5, 9, 13, 19) for pixels in (7, 12, 17, 20)])
def test_digits_differ_at_every_scale(scale: Scale) -> None:
    drawings = {tuple(render_digits(char, scale)) for char in CHARS}
    assert len(drawings) == len(CHARS)


@pytest.mark.parametrize("scale", [Scale(4, 7), Scale(5, 6)])
def test_a_smaller_scale_is_refused(scale: Scale) -> None:
    with pytest.raises(ValueError, match="5×7"):
        render_digits("1", scale)


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(ValueError, match="'x'"):
        render_digits("1x", Scale(5, 7))


@given(st.text(CHARS, min_size=1, max_size=8), st.integers(0, 250), st.integers(0, 80), st.booleans())
def test_largest_scale_fits_and_none_means_no_room(text: str, width: int, height: int, ascii_only: bool) -> None:
    scale = largest_scale(text, width, height, ascii_only=ascii_only)
    if scale is None:
        assert text_columns(text, 5) > width or text_rows(Scale(5, 7), ascii_only=ascii_only) > height
    else:
        assert text_columns(text, scale.columns) <= width
        assert text_rows(scale, ascii_only=ascii_only) <= height


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("share", [0.45, 0.6, 0.8])
def test_digits_fill_what_ten_metres_need(time: str, share: float) -> None:
    """At least 40 % of the height and 60 % of the width of any screen from 60×15 up."""
    for width, height in product(range(60, 251, 5), range(15, 81, 5)):
        room = Size(width, max(7, int(share * height + 0.999)))
        drawn_width, drawn_height = lit_cells(draw_time(time, time, room, Size(width, height)).rows)
        assert drawn_width >= 0.6 * width, (width, height)
        assert drawn_height >= 0.4 * height, (width, height)


@pytest.mark.parametrize("size", [Size(60, 8), Size(80, 13), Size(200, 40)])
def test_numbers_keep_their_place_when_they_change_width(size: Size) -> None:
    wide = draw_time("10:00", "00:00", size, size).rows
    narrow = draw_time("9:00", "00:00", size, size).rows
    seconds = 2 * size.width // 5
    assert [row[-seconds:] for row in wide] == [row[-seconds:] for row in narrow]
    assert wide != narrow


def test_a_size_without_room_for_the_font_gets_plain_text() -> None:
    rows = draw_time("12:34", "00:00", Size(12, 3), Size(12, 3)).rows
    assert [row.strip() for row in rows] == ["", "12:34", ""]


@pytest.mark.parametrize("size", [Size(0, 0), Size(3, 1), Size(1, 5), Size(40, 1)])
def test_any_size_is_drawn_with_its_number_of_rows(size: Size) -> None:
    assert len(draw_time("1:23", "0:00", size, size).rows) >= size.height
