"""`nbd presets`."""

from nbd_tui.cli.checks import preset_pin_problems
from nbd_tui.paths import places, with_home_as_tilde
from nbd_tui.store.presets import LoadedPreset, load_presets
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.duration import format_duration


def list_presets() -> int:
    """Prints every preset, and what is wrong with the broken ones; 2 when there are any."""
    presets = load_presets(places().presets)
    width = max((len(preset.id) for preset in presets.loaded), default=0)
    for preset in presets.loaded:
        print(f"{preset.id:{width}}  {total(preset):>14}  {preset.preset.name}{'' if preset.builtin else '  (yours)'}")
        for warning in (*preset.warnings, *preset_pin_problems(preset)):
            print(f"{'':{width}}  ! {warning}")
    for error in presets.errors:
        print(f"\n{error}")
    print(f"\nyour presets: {with_home_as_tilde(places().presets)}")
    return 2 if presets.errors else 0


def total(loaded: LoadedPreset) -> str:
    """Length as people say it: `31:20`, with `+ open` where a phase has no length."""
    timeline = compile_timeline(loaded.preset)
    return format_duration(timeline.total_s) + (" + open" if timeline.has_open else "")
