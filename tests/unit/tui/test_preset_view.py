"""What Home says of a preset."""

from pathlib import Path

from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.preset_view import preset_view, sum_text, warning_lines
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, Phase, Preset
from tests.screens.fake_session import builtin


def test_totals_by_kind() -> None:
    view = preset_view(builtin("mma-5x5"))
    work = next(total for total in view.totals if total.kind is PhaseKind.WORK)
    assert (work.count, work.length) == (5, "25:00")
    assert [total.kind.value for total in view.totals] == ["prepare", "warm-up", "work", "rest", "cool-down"]
    assert view.rounds == 5
    assert view.facts == f"{view.length} · 5 rounds · built-in"


def test_open_phases_are_told() -> None:
    view = preset_view(builtin("strength"))
    work = next(total for total in view.totals if total.kind is PhaseKind.WORK)
    assert work.length == "open"
    assert view.length.endswith(" +")


def test_sums() -> None:
    assert sum_text(1500.0, has_open=False) == "25:00"
    assert sum_text(0.0, has_open=True) == "open"


def test_a_row_fills_its_width() -> None:
    view = preset_view(builtin("boxing-12x3"))
    assert len(view.row(27)) == 27
    assert view.row(27).startswith("Boxing 12 × 3")
    assert view.row(27).endswith(" 12")


def test_foreign_names_are_text() -> None:
    phase = Phase(kind=PhaseKind.WORK, duration_s=60.0)
    preset = Preset(name="[/foo] [Remix]", description="a\nb [bold]", blocks=(Block(phases=(phase,)),))
    view = preset_view(LoadedPreset("x", preset, builtin=False, file=Path("x.toml")))
    assert view.name == "[/foo] [Remix]"
    assert view.description == "a b [bold]"
    assert view.facts == "1:00 · 1 round · x.toml"


def test_warnings_say_how_to_see_more() -> None:
    assert warning_lines((), (), 80, 3) == []
    one = warning_lines(("foo.toml: line 3: ???",), (), 80, 3)
    assert one == ["! foo.toml: line 3: ??? (see nbd presets)"]
    many = warning_lines(("a.toml: x", "b.toml: y", "c.toml: z"), ("no music folder",), 80, 3)
    assert many == ["! no music folder", "! a.toml: x", "! b.toml: y (+1 more: nbd presets)"]
    assert warning_lines(("a.toml: x", "b.toml: y"), (), 80, 1) == ["! a.toml: x (+1 more: nbd presets)"]
    assert warning_lines((), ("no music folder",), 80, 1) == ["! no music folder"]
    assert all(len(line) <= 30 for line in warning_lines(("x" * 100,), (), 30, 1))


def test_the_reason_has_room_beside_any_name() -> None:
    (line,) = warning_lines((f"{'my_long_preset_' * 9}.toml: line 12: blocks.0.repeat: must be at least 1",), (), 78, 4)
    assert line == "! my_long_preset_my_long_pres…: line 12: blocks.0.repeat: must be at least 1"
    (line,) = warning_lines((f"a.toml: {'why ' * 50}",), (), 60, 4)
    assert line.startswith("! a.toml: why why ")
    assert line.endswith("… (see nbd presets)")
    assert len(line) <= 60
