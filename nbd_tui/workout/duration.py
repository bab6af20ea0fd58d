"""Lengths of time as people write them: `3:00`, `45s`, `1m30`, `1:00:00`, `90`."""

import math
import re

from nbd_tui.errors import shown
from nbd_tui.model.units import Seconds

OPEN = "open"
"""Written instead of a length: the phase lasts until the user presses done."""

SHORTEST_S: Seconds = 0.1
LONGEST_S: Seconds = 24 * 3600.0

_EXAMPLE = 'write it like "3:00", "45s", "1m30" or 90'
_LONGEST_TEXT = 40
_IMAGINABLE_HOURS = 1_000
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLOCK = re.compile(r"(?:(?P<h>[0-9]+):(?=[0-9]+:))?(?P<m>[0-9]+):(?P<s>[0-9]+(?:\.[0-9]+)?)")
_UNITS = re.compile(
    r"""(?:(?P<h>[0-9]+(?:\.[0-9]+)?)\s*(?:hours|hour|hrs|hr|h)\s*)?
        (?:(?P<m>[0-9]+(?:\.[0-9]+)?)\s*(?:minutes|minute|mins|min|m)\s*)?
        (?:(?P<s>[0-9]+(?:\.[0-9]+)?)\s*(?:seconds|second|secs|sec|s)\s*)?
        (?P<bare>[0-9]+)?""",
    re.VERBOSE,
)


class DurationError(ValueError):
    """A length that cannot be used; the text says what was understood and gives an example."""


def parse_duration(value: object) -> Seconds:
    """The length in seconds; a bare number, in quotes or not, is seconds.

    Raises:
        DurationError: not a length, or one shorter than `SHORTEST_S` or longer than `LONGEST_S`.
    """
    seconds = _seconds_of_text(value) if isinstance(value, str) else _seconds_of_number(value)
    if math.isnan(seconds):
        raise DurationError(f"nan is not a length of time; {_EXAMPLE}")
    if seconds < SHORTEST_S:
        raise DurationError(
            f"{shown(value)} means {seconds:g} s, but a length must be at least {SHORTEST_S:g} s; {_EXAMPLE}"
        )
    if seconds > LONGEST_S:
        raise DurationError(f"{shown(value)} means {too_long(seconds)}, but 24 hours is the longest; {_EXAMPLE}")
    return seconds


def too_long(seconds: Seconds) -> str:
    """A length of more than a day in words: `25 hours`, and nothing absurd."""
    hours = seconds / 3600
    return f"{hours:.4g} hours" if 24.01 <= hours < _IMAGINABLE_HOURS else "more than 24 hours"


def parse_duration_or_open(value: object) -> Seconds | None:
    """As `parse_duration`, and None for `open` (and for None itself).

    Raises:
        DurationError: neither a length nor `open`.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() == OPEN):
        return None
    try:
        return parse_duration(value)
    except DurationError as error:
        raise DurationError(f'{error}, or "{OPEN}" for a phase that lasts until you press done') from None


def format_duration(seconds: Seconds) -> str:
    """`m:ss`, from an hour on `h:mm:ss`, with milliseconds only where there are any: what `parse_duration` reads back.

    `seconds` is finite and not negative.
    """
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{clock}.{milliseconds:03}".rstrip("0") if milliseconds else clock


def exact_duration(seconds: Seconds) -> str:
    """As `format_duration`; a number of seconds where milliseconds are not enough for `parse_duration` to give it back.

    `seconds` is a length that `parse_duration` gives.
    """
    text = format_duration(seconds)
    return text if parse_duration(text) == seconds else str(seconds)


def _seconds_of_number(value: object) -> Seconds:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DurationError(f"{shown(value)} is not a length of time; {_EXAMPLE}")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _seconds_of_text(value: str) -> Seconds:
    text = value.strip().lower()
    if not text or len(text) > _LONGEST_TEXT:
        raise DurationError(f"{shown(value)} is not a length of time; {_EXAMPLE}")
    sign = -1.0 if text.startswith("-") else 1.0
    text = text.removeprefix("-").removeprefix("+").lstrip()
    if _NUMBER.fullmatch(text):
        return sign * float(text)
    if match := _CLOCK.fullmatch(text):
        return sign * _seconds_of_clock(value, match)
    if match := _UNITS.fullmatch(text):
        return sign * _seconds_of_units(value, match)
    raise DurationError(f"{shown(value)} is not a length of time; {_EXAMPLE}")


def _seconds_of_clock(value: str, match: re.Match[str]) -> Seconds:
    hours, minutes, seconds = match["h"], match["m"], match["s"]
    whole = seconds.partition(".")[0]
    if len(whole) != 2:
        raise DurationError(f"{shown(value)} is read as minutes:seconds, and seconds have two digits; {_EXAMPLE}")
    if int(whole) >= 60:
        raise DurationError(f"{shown(value)} has {whole} seconds after the colon, and 59 is the most; {_EXAMPLE}")
    if hours is not None and (len(minutes) != 2 or int(minutes) >= 60):
        raise DurationError(f'{shown(value)} is read as hours:minutes:seconds, like "1:05:00"')
    return int(hours or 0) * 3600.0 + int(minutes) * 60.0 + float(seconds)


def _seconds_of_units(value: str, match: re.Match[str]) -> Seconds:
    hours, minutes, seconds, bare = match["h"], match["m"], match["s"], match["bare"]
    if bare is not None:
        if seconds is not None or len(bare) != 2 or int(bare) >= 60:
            raise DurationError(f"{shown(value)} is not a length of time; {_EXAMPLE}")
        minutes, seconds = (minutes, bare) if minutes is not None else (bare, seconds)
    return float(hours or 0) * 3600.0 + float(minutes or 0) * 60.0 + float(seconds or 0)
