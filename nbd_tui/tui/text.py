"""How the screens write times and foreign text. Pure."""

import math
import unicodedata
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size

from nbd_tui.model.units import Seconds

MOST_CHARACTERS: Final = 300
"""Of a text from a file; what no line can show is not measured either."""

_NEVER_SHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Unicode categories a terminal may act upon (control, format and bidi marks) or cannot encode (surrogates)."""

_WIDTH_SELECTORS: Final = frozenset("\ufe0e\ufe0f")
"""Terminals disagree on the width of what these follow."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs the screens draw with."""

    ascii_only: bool
    note: str
    dot: str
    ellipsis: str
    dash: str
    line: str
    line_end: str
    line_left: str
    marker: str
    bars: str
    """Bars of 0 to 8 eighths of a row."""
    star: str
    """Marks a favourite."""


UNICODE: Final = Glyphs(False, "♪", "·", "…", "–", "━", "╸", "─", "▲", " ▁▂▃▄▅▆▇█", "★")  # noqa: FBT003 - the field says it
ASCII: Final = Glyphs(True, "~", "-", "...", "-", "=", "-", "-", "^", "    .::##", "*")  # noqa: FBT003 - the field says it

_ASCII_FOR: Final = str.maketrans({
    "♪": "~", "·": "-", "…": "...", "–": "-", "—": "-", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "•": "*",
    "★": "*",
})  # fmt: skip


def glyphs_for(encoding: str | None) -> Glyphs:
    """Block characters where the terminal's encoding has them, else plain ASCII."""
    try:
        "♪·…–━╸─▲▁█▀▄".encode(encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return UNICODE


def to_ascii(text: str) -> str:
    """`text` with the nearest plain signs; what has none becomes `?`."""
    return text.translate(_ASCII_FOR).encode("ascii", "replace").decode("ascii")


def clean(text: str, most: int = MOST_CHARACTERS) -> str:
    """Foreign text made harmless: one line, nothing a terminal would obey, nothing of doubtful width."""
    return "".join(map(_shown, text[:most])).strip()


def _shown(char: str) -> str:
    if char in _WIDTH_SELECTORS:
        return ""
    category = unicodedata.category(char)
    if category not in _NEVER_SHOWN:
        return char
    if category in {"Cs", "Cn"}:
        return "?"
    return "" if category == "Cf" else " "


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` cut to at most `width` cells, with an ellipsis where something was cut."""
    if cell_len(text) <= width:
        return text
    kept = width - cell_len(ellipsis)
    return set_cell_size(text, kept).rstrip() + ellipsis if kept > 0 else set_cell_size(text, max(0, width))


def pad(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` cut or filled to exactly `width` cells."""
    return set_cell_size(fit(text, width, ellipsis), max(0, width))


def whole_seconds_left(seconds: Seconds) -> int:
    """Whole seconds rounded up, never 0: what a running countdown shows."""
    return max(1, math.ceil(seconds - 1e-6))


def clock(seconds: int) -> str:
    """`m:ss`; from an hour on `h:mm:ss`."""
    minutes, second = divmod(max(0, seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def clock_tenths(seconds: Seconds) -> str:
    """`m:ss.s`, cut to the tenth; from an hour on `h:mm:ss.s`."""
    tenths = int(max(0.0, seconds) * 10 + 1e-6)
    return f"{clock(tenths // 10)}.{tenths % 10}"


def spaced(word: str) -> str:
    """A word wide enough to be read from far: `W O R K`."""
    return " ".join(word.upper())


def broken(text: str, width: int) -> tuple[str, str]:
    """The words of `text` that fit into `width` cells, and the others; all are in the first where one word does not."""
    if cell_len(text) <= width:
        return text, ""
    words = text.split(" ")
    count = next((n for n in range(len(words) - 1, 0, -1) if cell_len(" ".join(words[:n])) <= width), len(words))
    return " ".join(words[:count]), " ".join(words[count:])


def left_of(text: str, right: str, width: int, ellipsis: str = "…") -> str:
    """`text` cut so that what stands at the right end of a line of `width` cells keeps its room, if a third is left."""
    room = width - cell_len(right) - 2
    return fit(text, room, ellipsis) if right and 3 * room >= width else text


def split_line(parts: tuple[str, str, str], width: int, ellipsis: str = "…") -> tuple[str, str, str]:
    """Three parts of one line, which together fill `width` exactly.

    The left part keeps its text longest, then the right; the middle is centred on the line as far as the others let it,
    and left out where it would be cut to less than four cells.
    """
    left, middle, right = parts
    left = fit(left, width, ellipsis)
    room = width - cell_len(left)
    right = fit(right, room - 2, ellipsis) if right and room > 5 else ""
    room -= cell_len(right)
    middle = fit(middle, room - 4, ellipsis) if middle and room >= 8 else ""
    before = max(2 if middle else 0, (width - cell_len(middle)) // 2 - cell_len(left))
    before = min(before, max(0, room - cell_len(middle) - (2 if right and middle else 0)))
    after = room - before - cell_len(middle)
    return left, " " * before + middle + " " * after, right
