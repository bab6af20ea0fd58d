import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.workout.duration import LONGEST_S, DurationError, format_duration, parse_duration, parse_duration_or_open


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3:00", 180),
        ("0:05", 5),
        ("90:00", 5400),
        ("1:00:00", 3600),
        ("1:02:03", 3723),
        ("0:12.5", 12.5),
        ("45s", 45),
        ("45 sec", 45),
        ("2m", 120),
        ("1.5m", 90),
        ("1m30", 90),
        ("1m30s", 90),
        ("1M30S", 90),
        (" 1 min 30 s ", 90),
        ("1h", 3600),
        ("1h30", 5400),
        ("1h30m15", 5415),
        ("1 hour 5 minutes", 3900),
        ("90", 90),
        ("12.5", 12.5),
        ("+20", 20),
        (90, 90),
        (0.5, 0.5),
        ("24h", LONGEST_S),
    ],
)
def test_reads_lengths_as_people_write_them(written: object, seconds: float) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("-3:00", "-180 s"),
        (-5, "-5 s"),
        (0, "at least"),
        ("0:00", "0 s"),
        (0.001, "at least 0.1 s"),
        (float("nan"), "nan"),
        (float("inf"), "24 hours is the longest"),
        (float("-inf"), "at least"),
        (10**400, "24 hours is the longest"),
        (-(10**400), "at least"),
        ("25h", "25 hours"),
        ("25h30m", "25.5 hours"),
        (24 * 3600 + 1, "means more than 24 hours"),
        (1e29, "means more than 24 hours"),
        ("9" * 30, "24 hours is the longest"),
        ("1:7", "two digits"),
        ("1:75", "59 is the most"),
        ("1:75:00", "hours:minutes:seconds"),
        ("1:5:00", "hours:minutes:seconds"),
        ("1:00:00:00", "not a length"),
        ("three minutes", '"three minutes" is not a length'),
        ("", "not a length"),
        ("s", "not a length"),
        ("1m75", "not a length"),
        ("1m5", "not a length"),
        ("1s30", "not a length"),
        ("1e3", "not a length"),
        ("٣:٠٠", "not a length"),
        ("inf", "not a length"),
        ("open", "not a length"),
        ("x" * 1_000_000, "…"),
        ("\x1b[31m", "x1b[31m"),
        (True, "true is not a length"),
        (None, "not a length"),
        ([3], "a list is not a length"),
        ({"minutes": 3}, "a table is not a length"),
    ],
)
def test_refuses_what_is_no_length_and_says_what_was_understood(written: object, says: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(written)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


def test_a_refusal_gives_an_example() -> None:
    with pytest.raises(DurationError, match='"3:00", "45s", "1m30" or 90'):
        parse_duration("soon")


@pytest.mark.parametrize("written", ["open", " Open ", None])
def test_open_is_no_length_where_it_is_allowed(written: object) -> None:
    assert parse_duration_or_open(written) is None


def test_open_is_offered_where_it_is_allowed() -> None:
    assert parse_duration_or_open("0:20") == 20
    with pytest.raises(DurationError, match='or "open"'):
        parse_duration_or_open("opne")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (5, "0:05"), (180, "3:00"), (3599, "59:59"), (3600, "1:00:00"), (12.5, "0:12.5"), (59.9999, "1:00")],
)
def test_writes_lengths_as_clocks(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(min_value=100, max_value=24 * 3600 * 1000))
def test_what_is_written_is_read_back(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-9)


@given(
    st.one_of(st.text(), st.from_regex(r"-?[0-9:hms. ]{1,12}", fullmatch=True), st.integers(), st.floats(), st.none())
)
def test_gives_a_length_in_bounds_or_a_refusal_and_nothing_else(written: object) -> None:
    try:
        seconds = parse_duration(written)
    except DurationError:
        return
    assert 0 < seconds <= LONGEST_S
    assert math.isfinite(seconds)
