"""What the workout screen drops when there is no room, and what it never drops."""

from dataclasses import fields

import pytest

from nbd_tui.tui.workout_layout import WorkoutLayout, too_small, workout_layout


def rows_used(layout: WorkoutLayout) -> int:
    spaces = 2 * layout.space + layout.word_space
    return layout.digits + layout.header + layout.track + layout.hints + layout.energy + layout.strip + spaces + 4


@pytest.mark.parametrize("energy", [False, True])
@pytest.mark.parametrize("height", range(12, 121))
def test_every_row_is_given_away_and_the_digits_get_40_percent(height: int, energy: bool) -> None:
    layout = workout_layout(height, energy=energy)
    assert energy or not layout.energy
    assert rows_used(layout) == height
    assert layout.digits >= 0.4 * height


def test_short_screens_drop_strip_energy_hints_track_header_in_that_order() -> None:
    order: list[str] = []
    for height in range(40, 7, -1):
        layout = workout_layout(height, energy=True)
        gone = {field.name for field in fields(layout) if not getattr(layout, field.name)} & {
            "strip", "energy", "hints", "track", "header",
        }  # fmt: skip
        order += sorted(gone - set(order))
    assert order == ["strip", "energy", "hints", "track", "header"]


def test_the_sizes_of_the_sketch() -> None:
    assert workout_layout(15).strip == 0
    assert workout_layout(15).digits >= 7
    assert workout_layout(24).strip == 3
    assert workout_layout(24).digits >= 11
    assert workout_layout(60).digits >= 25


@pytest.mark.parametrize(
    ("width", "height", "small"), [(40, 12, False), (39, 12, True), (40, 11, True), (200, 5, True), (80, 24, False)]
)
def test_too_small(width: int, height: int, small: bool) -> None:
    assert too_small(width, height) is small
