"""The colours do what they are for, for every eye and on every kind of terminal."""

from itertools import combinations
from typing import get_args

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from nbd_tui.settings import ScreenSettings
from nbd_tui.tui.attributes import attributes_of
from nbd_tui.tui.theme import DEFAULT_THEME, MONO, PALETTES, RING, SAFE, SIXTEEN, THEMES, Look, theme_at_start
from nbd_tui.tui.workout_view import Mood
from tests.colours import EYES, contrast, distance, mixed

MOODS = [mood.value for mood in Mood]
PHASES = [mood.value for mood in Mood if mood not in {Mood.PAUSED, Mood.FINISHED}]
SIDE_BY_SIDE = [("work", "last"), ("work", "rest"), ("last", "rest"), ("work", "prepare"), ("work", "paused"),
                ("rest", "paused"), ("work", "warm-up"), ("rest", "prepare")]  # fmt: skip
"""What follows each other, and what must never be taken for the other."""

IN_COLOUR = [name for name in PALETTES if name != "mono"]
LOOKS = [pytest.param(look, id=f"{name}-{mood}") for name in PALETTES for mood, look in PALETTES[name].items()]
VGA = [
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
]  # fmt: skip
"""What Rich takes the sixteen colours for; on a terminal they are what its user likes."""

HINTS, DIM = 0.75, 2 / 3


def number(colour: str, system: ColorSystem) -> int | None:
    return Color.parse(colour).downgrade(system).number


def pair(look: Look, system: ColorSystem) -> tuple[int | None, int | None]:
    behind, time = look.time
    return number(time, system), number(behind, system)


def test_settings_and_themes_name_the_same_palettes() -> None:
    offered = get_args(ScreenSettings.model_fields["theme"].annotation)
    assert set(offered) == set(PALETTES) == {theme.name for theme in THEMES}
    assert ScreenSettings().theme == DEFAULT_THEME == THEMES[0].name


@pytest.mark.parametrize("name", PALETTES)
def test_every_mood_has_its_look(name: str) -> None:
    assert set(PALETTES[name]) == set(MOODS)


@pytest.mark.parametrize("look", LOOKS)
def test_digits_and_text_can_be_read_on_the_tint(look: Look) -> None:
    behind, time = look.time
    assert contrast(time, behind) >= 7
    assert contrast(look.digits, look.tint) >= 6.5
    assert contrast(look.text, look.tint) >= 9
    for share in (HINTS, DIM):
        assert contrast(mixed(look.text, look.tint, share), look.tint) >= 4.5


@pytest.mark.parametrize("name", IN_COLOUR)
def test_to_usual_eyes_no_two_phases_are_alike(name: str) -> None:
    for one, other in combinations(PHASES, 2):
        looks = PALETTES[name][one], PALETTES[name][other]
        assert max(distance(looks[0].bar, looks[1].bar), distance(looks[0].tint, looks[1].tint)) >= 10, (one, other)
    for one, other in SIDE_BY_SIDE:
        assert distance(PALETTES[name][one].bar, PALETTES[name][other].bar) >= 15, (one, other)


@pytest.mark.parametrize("eyes", EYES)
def test_the_safe_palette_is_told_apart_by_every_eye(eyes: str) -> None:
    for one, other in combinations(MOODS, 2):
        assert distance(SAFE[one].bar, SAFE[other].bar, eyes) >= 6, (one, other)
    for one, other in SIDE_BY_SIDE:
        assert distance(SAFE[one].bar, SAFE[other].bar, eyes) >= 12, (one, other)


def test_the_check_for_other_eyes_finds_what_it_is_for() -> None:
    """Gym timers' green and amber are one colour to many."""
    nearest = min(distance(RING["last"].bar, RING[other].bar, "deuteranopia") for other in ("work", "rest"))
    assert nearest < 12


@pytest.mark.parametrize("name", IN_COLOUR)
def test_digits_of_phases_differ_on_256_colours(name: str) -> None:
    palette = PALETTES[name]
    assert len({pair(palette[mood], ColorSystem.EIGHT_BIT) for mood in PHASES}) == len(PHASES)


def test_on_sixteen_colours_everything_is_exactly_one_of_them_and_no_two_phases_are_alike() -> None:
    assert [number(colour, ColorSystem.STANDARD) for colour in VGA] == list(range(16))
    used = {colour for look in SIXTEEN.values() for colour in (look.bar, look.tint, look.digits, look.text, *look.time)}
    assert used <= set(VGA)
    alike = {pair(SIXTEEN[mood], ColorSystem.STANDARD) for mood in [*PHASES, "paused"]}
    assert len(alike) == len(PHASES) + 1
    assert len({number(SIXTEEN[mood].bar, ColorSystem.STANDARD) for mood in PHASES}) == len(PHASES)


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
@pytest.mark.parametrize("look", LOOKS)
def test_digits_never_vanish_in_their_tint(look: Look, system: ColorSystem) -> None:
    behind, time = look.time
    assert number(time, system) != number(behind, system)
    assert number(look.digits, system) != number(look.tint, system)
    assert number(look.text, system) != number(look.tint, system)


def test_without_colours_the_last_seconds_of_work_look_like_neither_work_nor_rest() -> None:
    def looks(mood: str) -> tuple[bool, bool]:
        """Whether the screen and the time on it are inverse."""
        return tuple(  # type: ignore[return-value]
            bool(attributes_of(Style(color=front, bgcolor=behind)).reverse)
            for behind, front in ((MONO[mood].tint, MONO[mood].text), MONO[mood].time)
        )

    assert len({looks(mood) for mood in ("work", "last", "rest")}) == 3


@pytest.mark.parametrize(
    ("wanted", "environ", "colour_system", "expected"),
    [
        ("ring", {}, "truecolor", "ring"),
        ("colour-blind", {"NO_COLOR": ""}, "256", "colour-blind"),
        ("ring", {"NO_COLOR": "1"}, "truecolor", "mono"),
        ("ring", {}, "standard", "16-colours"),
        ("colour-blind", {}, "windows", "16-colours"),
        ("mono", {}, "standard", "mono"),
        ("ring", {}, None, "ring"),
    ],
)
def test_the_first_theme_is_one_the_terminal_has_colours_for(
    wanted: str, environ: dict[str, str], colour_system: str | None, expected: str
) -> None:
    assert theme_at_start(wanted, environ, colour_system) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style(color="#ffffff", bgcolor="#000000"), Style()),
        (Style(color="#000000", bgcolor="#ffffff", bold=True), Style(reverse=True, bold=True)),
        (Style(color="#ffffff", bgcolor="#000000", reverse=True), Style(reverse=True)),
        (Style(color="#606060", bgcolor="#000000"), Style(dim=True)),
        (Style(color="#909090", bgcolor="#ffffff"), Style(reverse=True)),
        (Style(bgcolor="#808080"), Style(reverse=True)),
        (Style(bgcolor="#303030"), Style()),
        (Style(underline=True), Style(underline=True)),
    ],
)
def test_without_colours_light_is_inverse_and_faint_is_dim(style: Style, expected: Style) -> None:
    assert attributes_of(style) == expected
    assert attributes_of(style).color is attributes_of(style).bgcolor is None
