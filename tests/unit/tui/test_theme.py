"""The colours do what they are for on every kind of terminal."""

import pytest
from rich.color import Color, ColorSystem

from nbd_tui.tui.theme import BRIGHT, THEME, TINT
from nbd_tui.tui.workout_view import Mood

PHASES = [mood.value for mood in Mood if mood not in {Mood.PAUSED, Mood.FINISHED}]


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def number(colour: str, system: ColorSystem) -> int | None:
    return Color.parse(colour).downgrade(system).number


def test_every_mood_has_its_colours() -> None:
    assert set(BRIGHT) == set(TINT) == {mood.value for mood in Mood}


@pytest.mark.parametrize("mood", [mood.value for mood in Mood])
def test_digits_and_text_can_be_read_on_the_tint(mood: str) -> None:
    assert contrast(BRIGHT[mood], TINT[mood]) >= (4.5 if mood == "rest" else 6.0)
    assert THEME.foreground is not None
    assert contrast(THEME.foreground, TINT[mood]) >= 9


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
def test_phases_differ_on_few_colours(system: ColorSystem) -> None:
    assert len({number(BRIGHT[mood], system) for mood in PHASES}) == len(PHASES)


def test_tints_differ_on_256_colours() -> None:
    assert len({number(TINT[mood], ColorSystem.EIGHT_BIT) for mood in PHASES}) == len(PHASES)


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
@pytest.mark.parametrize("mood", [mood.value for mood in Mood])
def test_digits_never_vanish_in_their_tint(mood: str, system: ColorSystem) -> None:
    assert number(BRIGHT[mood], system) != number(TINT[mood], system)


def test_without_colour_digits_still_stand_out() -> None:
    """NO_COLOR turns colours to greys of the same luminance."""
    assert all(contrast(BRIGHT[mood], TINT[mood]) >= 4.5 for mood in BRIGHT)
