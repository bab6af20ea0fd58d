from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.errors import PresetError, Problem, UserError, did_you_mean, nearest, printable, shown


def test_a_message_has_file_line_key_and_hint() -> None:
    problem = Problem("is not a known key", key="blocks.0.repat", line=7, hint='did you mean "repeat"?')
    error = PresetError("this preset cannot be used", file=Path("a.toml"), problems=(problem,), hint="look there")
    assert isinstance(error, UserError)
    assert str(error).splitlines() == [
        "a.toml: this preset cannot be used",
        '  line 7: blocks.0.repat: is not a known key (did you mean "repeat"?)',
        "  hint: look there",
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert str(UserError("no such preset")) == "no such preset"
    assert str(Problem("is empty")) == "is empty"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        (True, "true"),
        (3, "3"),
        pytest.param(10**5000, "a huge number", id="huge"),
        (0.5, "0.5"),
        ({}, "a table"),
        ([], "a list"),
        (None, "None"),
    ],
)
def test_values_are_shown_as_they_were_written(value: object, text: str) -> None:
    assert shown(value) == text


@given(st.text())
def test_hostile_text_is_shown_short_and_without_control_characters(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable("ab" + text * 50)) <= 700
    assert printable("[/foo] Ж é") == "[/foo] Ж é"


def test_the_nearest_word_is_found_in_any_case() -> None:
    assert nearest("Tabta", ["tabata", "circuit"]) == "tabata"
    assert nearest("boxng", ["Boxing", "x"]) == "Boxing"
    assert nearest("zzz", ["tabata", "circuit"]) is None
    assert nearest("x" * 100_000, ["tabata"]) is None


def test_a_hint_names_the_nearest_word_or_all_of_them() -> None:
    assert did_you_mean("wrk", ["work", "rest"], otherwise="kinds") == 'did you mean "work"?'
    assert did_you_mean("zzz", ["work", "rest"], otherwise="kinds") == "kinds: work, rest"
    assert did_you_mean("zzz", [], otherwise="kinds") == ""
