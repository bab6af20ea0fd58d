"""Big digits: a 5×7 pixel font, stretched to any size and drawn with half blocks. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

FONT_COLUMNS: Final = 5
FONT_ROWS: Final = 7

_GLYPHS: Final[dict[str, tuple[str, ...]]] = {
    "0": ("#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####"),
    "1": (".##..", "..#..", "..#..", "..#..", "..#..", "..#..", ".###."),
    "2": ("#####", "....#", "....#", "#####", "#....", "#....", "#####"),
    "3": ("#####", "....#", "....#", ".####", "....#", "....#", "#####"),
    "4": ("#...#", "#...#", "#...#", "#####", "....#", "....#", "....#"),
    "5": ("#####", "#....", "#....", "#####", "....#", "....#", "#####"),
    "6": ("#####", "#....", "#....", "#####", "#...#", "#...#", "#####"),
    "7": ("#####", "....#", "....#", "...#.", "..#..", "..#..", "..#.."),
    "8": ("#####", "#...#", "#...#", "#####", "#...#", "#...#", "#####"),
    "9": ("#####", "#...#", "#...#", "#####", "....#", "....#", "#####"),
    "+": (".....", "..#..", "..#..", "#####", "..#..", "..#..", "....."),
    "-": (".....", ".....", ".....", "#####", ".....", ".....", "....."),
    " ": (".....",) * FONT_ROWS,
    ":": (".", ".", "#", ".", "#", ".", "."),
    ".": (".", ".", ".", ".", ".", ".", "#"),
}

_COLUMNS_ADDED: Final = ((0, 0, 0, 0, 0), (0, 0, 1, 0, 0), (0, 1, 0, 1, 0), (0, 1, 1, 1, 0), (1, 0, 2, 0, 1))
"""Cells each font column gets on top, for a remainder of 0 to 4: alike on both sides, strokes before gaps."""

_ROWS_ADDED: Final = (
    (0, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 1, 0, 0, 0),
    (1, 0, 0, 0, 0, 0, 1),
    (1, 0, 0, 1, 0, 0, 1),
    (0, 1, 1, 0, 1, 1, 0),
    (0, 1, 1, 1, 1, 1, 0),
    (1, 1, 1, 0, 1, 1, 1),
)
"""Pixels each font row gets on top, for a remainder of 0 to 6: alike above and below."""

_STRETCH: Final = 1.5
"""How far width and height may leave the font's own proportion."""

_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


class Scale(NamedTuple):
    """The size of one digit. Whole multiples of 5 and 7 are the font's own shape; what lies between is stretched."""

    columns: int
    """Terminal columns, at least 5."""
    pixels: int
    """Pixel rows, at least 7; two of them share a row of half blocks, in ASCII each has its own."""


def text_columns(text: str, digit_columns: int) -> int:
    """Terminal columns `text` takes with digits that wide."""
    if not text:
        return 0
    return sum(sum(_column_widths(char, digit_columns)) for char in text) + _gap(digit_columns) * (len(text) - 1)


def render_digits(text: str, scale: Scale, *, ascii_only: bool = False) -> list[str]:
    """Draws `text` as rows of equal length.

    Args:
        text: Characters of `0-9 : . + -` and the blank, which is as wide as a digit.
        scale: Size of one digit.
        ascii_only: Draw with `#`, a pixel a row, for terminals without block characters.

    Raises:
        ValueError: a character the font does not have, or a scale under 5×7.
    """
    if unknown := set(text) - _GLYPHS.keys():
        raise ValueError(f"the font has no {''.join(sorted(unknown))!r}")
    if scale.columns < FONT_COLUMNS or scale.pixels < FONT_ROWS:
        raise ValueError(f"the smallest scale is {FONT_COLUMNS}×{FONT_ROWS}")
    pixels = list(_pixel_rows(text, scale))
    if ascii_only:
        return ["".join("#" if lit else " " for lit in row) for row in pixels]
    if len(pixels) % 2:
        pixels.append([False] * len(pixels[0]))
    return [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(pixels[::2], pixels[1::2], strict=True)
    ]


def largest_scale(
    text: str, width: int, height: int, *, least: tuple[int, int] = (0, 0), ascii_only: bool = False
) -> Scale | None:
    """The largest scale at which `text` fits into `width` × `height` cells; None where none fits.

    Width and height scale apart, each up to half as much again as the font's own shape has, and further only until the
    text takes `least` columns and rows.
    """
    columns = _widest(text, width)
    pixels_a_row = 1 if ascii_only else 2
    pixels = height * pixels_a_row
    if columns is None or pixels < FONT_ROWS or not text:
        return None
    natural_columns = pixels * 2 / pixels_a_row * FONT_COLUMNS / FONT_ROWS
    natural_pixels = columns * pixels_a_row / 2 * FONT_ROWS / FONT_COLUMNS
    least_columns = (_widest(text, least[0]) or 0) + 1
    return Scale(
        max(FONT_COLUMNS, min(columns, max(int(_STRETCH * natural_columns), least_columns))),
        max(FONT_ROWS, min(pixels, max(int(_STRETCH * natural_pixels), least[1] * pixels_a_row))),
    )


def _widest(text: str, width: int) -> int | None:
    """The most columns a digit may take for `text` to fit into `width`."""
    columns = max(FONT_COLUMNS, width * FONT_COLUMNS // max(1, text_columns(text, FONT_COLUMNS)) + FONT_COLUMNS)
    while columns >= FONT_COLUMNS and text_columns(text, columns) > width:
        columns -= 1
    return columns if columns >= FONT_COLUMNS else None


def _gap(digit_columns: int) -> int:
    return digit_columns // FONT_COLUMNS


def _column_widths(char: str, digit_columns: int) -> list[int]:
    """Terminal columns of each font column of a character; the colon's one is as wide as a digit's stroke."""
    base, rest = divmod(digit_columns, FONT_COLUMNS)
    widths = [base + added for added in _COLUMNS_ADDED[rest]]
    return widths if len(_GLYPHS[char][0]) == FONT_COLUMNS else widths[:1]


def _row_heights(pixels: int) -> list[int]:
    base, rest = divmod(pixels, FONT_ROWS)
    return [base + added for added in _ROWS_ADDED[rest]]


def _pixel_rows(text: str, scale: Scale) -> Iterator[list[bool]]:
    gap = [False] * _gap(scale.columns)
    for font_row, height in enumerate(_row_heights(scale.pixels)):
        row: list[bool] = []
        for place, char in enumerate(text):
            row += gap if place else []
            for lit, width in zip(_GLYPHS[char][font_row], _column_widths(char, scale.columns), strict=True):
                row += [lit == "#"] * width
        for _ in range(height):
            yield list(row)
