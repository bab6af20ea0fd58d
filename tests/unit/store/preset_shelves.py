"""Presets of a user, for tests of the shelf."""

from dataclasses import replace
from pathlib import Path

from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.store.presets import LoadedPreset, load_preset_file
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.quick import QuickForm, form_of, preset_of

FRIDAY = """\
# mine
name = "Friday" # !
[[blocks]]
[[blocks.phases]]
kind = "work"
duration = 30
"""


def friday(folder: Path, text: str = FRIDAY, name: str = "friday.toml") -> LoadedPreset:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return load_preset_file(folder / name)


def builtin(shelf: PresetShelf, preset_id: str) -> LoadedPreset:
    return next(loaded for loaded in shelf.load().loaded if loaded.id == preset_id and loaded.builtin)


def own(shelf: PresetShelf) -> list[str]:
    return [loaded.id for loaded in shelf.load().loaded if not loaded.builtin]


def a_preset(name: str = "Friday") -> Preset:
    return preset_of(QuickForm(name))


def other(loaded: LoadedPreset) -> Preset:
    """The same with another length of work."""
    form = form_of(loaded.preset)
    assert form is not None
    return preset_of(replace(form, work_s=77.0), loaded.preset)


def files(folder: Path) -> dict[str, bytes]:
    found = {path for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
