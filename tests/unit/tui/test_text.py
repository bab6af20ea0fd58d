"""Times and foreign text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nbd_tui.tui.text import (
    ASCII,
    UNICODE,
    broken,
    clean,
    clock,
    fit,
    glyphs_for,
    left_of,
    pad,
    spaced,
    split_line,
    to_ascii,
    whole_seconds_left,
)

ANY_TEXT = st.text(st.characters(codec=None), max_size=400)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (9, "0:09"), (180, "3:00"), (754, "12:34"), (3600, "1:00:00"), (36000, "10:00:00")],
)
def test_clock(seconds: int, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(("left_s", "shown"), [(180.0, 180), (179.01, 180), (179.0, 179), (0.4, 1), (0.0, 1)])
def test_seconds_left_are_rounded_up_and_never_nothing(left_s: float, shown: int) -> None:
    assert whole_seconds_left(left_s) == shown


def test_sums_of_floats_do_not_add_a_second() -> None:
    assert whole_seconds_left(sum([0.1] * 30)) == 3


def test_spaced() -> None:
    assert spaced("work") == "W O R K"


@pytest.mark.parametrize(
    ("foreign", "harmless"),
    [
        ("[/foo]", "[/foo]"),
        ("Song [Remix]", "Song [Remix]"),
        ("a\x1b[2Jb", "a [2Jb"),
        ("two\nlines\tand\x00more", "two lines and more"),
        ("\u202eevil\u2066", "evil"),
        ("broken\udcff", "broken?"),
        ("日本語", "日本語"),
        ("❤\ufe0f", "❤"),
        ("  x  ", "x"),
    ],
)
def test_foreign_text_is_shown_but_obeyed_by_no_terminal(foreign: str, harmless: str) -> None:
    assert clean(foreign) == harmless


@given(ANY_TEXT)
def test_clean_text_can_be_written_to_a_terminal(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(ANY_TEXT, st.integers(0, 120))
def test_fit_never_exceeds_the_width(text: str, width: int) -> None:
    assert cell_len(fit(clean(text), width)) <= width
    assert cell_len(pad(clean(text), width)) == width


def test_fit_marks_the_cut_and_counts_wide_signs() -> None:
    assert fit("Wolf Like Me", 8) == "Wolf Li…"
    assert fit("日本語の歌", 7) == "日本語…"
    assert fit("short", 5) == "short"


@given(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), st.integers(0, 120))
def test_split_line_fills_the_width_exactly(parts: tuple[str, str, str], width: int) -> None:
    left, middle, right = (clean(part) for part in parts)
    assert sum(cell_len(part) for part in split_line((left, middle, right), width)) == width


def test_split_line_centres_the_middle_and_keeps_the_left_longest() -> None:
    assert "".join(split_line(("ab", "mid", "z"), 21)) == "ab       mid        z"
    assert "".join(split_line(("left", "", "right"), 12)) == "left   right"
    left, _, right = split_line(("a long left part", "", "the right part"), 24)
    assert left == "a long left part"
    assert right == "the r…"


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])), st.integers(1, 40))
def test_broken_text_loses_no_word(text: str, width: int) -> None:
    first, rest = broken(text, width)
    assert " ".join([first, rest] if rest else [first]) == text
    assert not rest or cell_len(first) <= width or " " not in first.strip()


def test_what_stands_at_the_right_keeps_its_room() -> None:
    assert left_of("Voltage Corner · Nine Volt Orchard", "drop in 0:12", 40) == "Voltage Corner · Nine Vol…"
    assert left_of("Voltage Corner", "a note as long as the line is", 32) == "Voltage Corner", (
        "then it is the other's turn"
    )


def test_ascii_has_a_sign_for_every_sign() -> None:
    assert to_ascii("♪ a · b → … × 日") == "~ a - b > ... x ?"


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [
        ("utf-8", UNICODE),
        ("UTF-8", UNICODE),
        (None, UNICODE),
        ("iso-8859-1", ASCII),
        ("ascii", ASCII),
        ("nonsense", ASCII),
    ],
)
def test_glyphs_follow_the_terminals_encoding(encoding: str | None, glyphs: object) -> None:
    assert glyphs_for(encoding) is glyphs


def test_ascii_glyphs_are_ascii() -> None:
    assert f"{ASCII.note}{ASCII.dot}{ASCII.ellipsis}{ASCII.line}{ASCII.marker}{ASCII.bars}".isascii()
