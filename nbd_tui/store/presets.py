"""The presets there are: the built-in ones and the user's files. A broken file hides no other."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from nbd_tui.errors import NbdError, PresetError, nearest, printable, shown, system_reason
from nbd_tui.model.units import Seconds
from nbd_tui.paths import asset
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment, Timeline

if TYPE_CHECKING:  # the first screen is painted without pydantic
    from nbd_tui.soundtrack.pin import Pin, WorkoutPins
    from nbd_tui.userfile import TomlFile
    from nbd_tui.workout.music import PinWish
    from nbd_tui.workout.preset import Preset

BUILTIN_ORDER = ("boxing-12x3", "boxing-3x2", "tabata", "mma-5x5", "mma-3x5", "emom-10", "circuit", "strength", "demo")
"""As Home lists them: the fights first, the demo last; a built-in preset not named here comes after these."""

DEMO_ID = "demo"

_PLAYLISTS = (".m3u", ".m3u8")


@dataclass(frozen=True, slots=True)
class PresetOutline:
    """What is shown of a preset that is not under way."""

    name: str
    description: str
    phases: tuple[tuple[PhaseKind, Seconds | None], ...]
    """Kind and length of each; None: open."""

    @property
    def timeline(self) -> Timeline:
        """The phases in their places, without labels, numbers and cues."""
        starts_s = accumulate((length_s or 0.0 for _, length_s in self.phases), initial=0.0)
        places = enumerate(zip(self.phases, starts_s, strict=False))
        segments = (Segment(index, kind, "", start_s, length_s) for index, ((kind, length_s), start_s) in places)
        return Timeline(self.name, tuple(segments))


@dataclass(frozen=True, slots=True)
class LoadedPreset:
    """A preset and where it comes from.

    One that an earlier start found good (`store.recall`) has its outline at once, and its model as soon as that is
    asked for.
    """

    id: str
    """The file's name without `.toml`; what `nbd run` takes."""
    model: "Preset | None"
    """`preset` never is None."""
    builtin: bool
    file: Path
    warnings: tuple[str, ...] = ()
    unknown: Mapping[str, object] = field(default_factory=dict)
    """What a newer schema says and this version does not know: key path to value, kept for when the file is written."""
    text: str = field(default="", repr=False)
    """The file as it was read: tells whether it has changed since."""
    recalled: PresetOutline | None = field(default=None, compare=False, repr=False)

    @property
    def preset(self) -> "Preset":
        """What the file says.

        Raises:
            PresetError: it was recalled, wrongly.
        """
        if self.model is None:
            from nbd_tui.userfile import toml_of

            object.__setattr__(self, "model", _parsed(toml_of(self.text.encode(), self.file, PresetError))[0])
        assert self.model is not None  # noqa: S101 - made above
        return self.model

    @property
    def outline(self) -> PresetOutline:
        """What is shown of it."""
        if self.recalled is None:
            from nbd_tui.workout.compile import compile_timeline

            segments = compile_timeline(self.preset).segments
            phases = tuple((segment.kind, segment.duration_s) for segment in segments)
            object.__setattr__(self, "recalled", PresetOutline(self.preset.name, self.preset.description, phases))
        assert self.recalled is not None  # noqa: S101 - made above
        return self.recalled

    @property
    def pins(self) -> "WorkoutPins":
        """The music the preset asks for; relative paths begin at the preset's folder.

        Raises:
            PresetError: `~somebody` names no home folder.
        """
        from nbd_tui.soundtrack.pin import WorkoutPins
        from nbd_tui.workout.pinned import pinned_phases

        return WorkoutPins(
            {kind: self._pin(wish) for kind, wish in self.preset.music.pins.items()},
            {index: self._pin(wish) for index, wish in pinned_phases(self.preset).items()},
        )

    def _pin(self, wish: "PinWish") -> "Pin":
        return pin_of(wish, None if wish.path is None else self._whole_path(wish.path))

    def _whole_path(self, path: str) -> Path:
        try:
            return Path(os.path.abspath(self.file.parent / Path(path).expanduser()))  # noqa: PTH100 (links stay)
        except RuntimeError:
            raise PresetError(f"{shown(path)}: there is no such home folder", file=self.file) from None


def pin_of(wish: "PinWish", path: Path | None) -> "Pin":
    """A pin as it is written, with its whole path."""
    from nbd_tui.soundtrack.pin import Pin

    return Pin(path, wish.from_s, wish.drop_s, wish.album or "", path is not None and _is_one_track(path))


def _is_one_track(path: Path) -> bool:
    """Whether what is pinned is a file, and no playlist."""
    try:
        return path.is_file() and path.suffix.lower() not in _PLAYLISTS
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Presets:
    """All presets that can be used, in the order in which they are shown, and the reasons why others cannot."""

    loaded: tuple[LoadedPreset, ...]
    errors: tuple[PresetError, ...] = ()


def load_presets(folder: Path, builtin_folder: Path | None = None) -> Presets:
    """The user's presets by name, then the built-in ones in `BUILTIN_ORDER`.

    A preset of the user's takes the place of the built-in one with the same id. `folder` need not exist.
    """
    errors: list[PresetError] = []
    user = _load_all(_files_in(folder, errors), builtin=False, errors=errors)
    builtin = _load_all(_builtin_files(builtin_folder, errors), builtin=True, errors=errors)
    builtin.sort(key=lambda loaded: (_rank(loaded.id), loaded.id))
    replaced = {loaded.id: loaded.preset.name for loaded in builtin}
    own = [_replacing(loaded, replaced.get(loaded.id)) for loaded in user]
    own.sort(key=lambda loaded: (loaded.preset.name.casefold(), loaded.id))
    taken = {loaded.id for loaded in own}
    return Presets((*own, *(loaded for loaded in builtin if loaded.id not in taken)), tuple(errors))


def load_preset_file(file: Path, *, builtin: bool = False) -> LoadedPreset:
    """One preset.

    Raises:
        PresetError: the file cannot be used; every problem with its key, its line where that is certain, and a hint.
    """
    from nbd_tui.userfile import read_toml

    source = read_toml(file, PresetError)
    if not source.tables:
        raise PresetError("this file is empty", file=file, hint="a preset has at least a name and one block of phases")
    preset, unknown = _parsed(source)
    warnings = tuple(f"`{printable(key)}` is not known to this version" for key in unknown)
    return LoadedPreset(file.stem, preset, builtin, file, warnings, unknown, source.text)


def _parsed(source: "TomlFile") -> "tuple[Preset, dict[str, object]]":
    from pydantic import ValidationError

    from nbd_tui.userfile import problems_of
    from nbd_tui.workout.preset import SCHEMA_VERSION, Preset, parse_preset

    try:
        return parse_preset(source.tables)
    except ValidationError as error:
        version = source.tables.get("schema_version")
        is_newer = isinstance(version, int) and version > SCHEMA_VERSION
        problems = problems_of(error, Preset, source)
        newer = "a newer nbd-tui wrote this file" if is_newer else ""
        raise PresetError("this preset cannot be used", file=source.file, problems=problems, hint=newer) from None


def find_preset(name_or_path: str, presets: Presets) -> LoadedPreset:
    """The preset that is meant: by its id, by its name (in any case), or by the path of its file.

    Raises:
        PresetError: there is none, it is broken, or several have the name.
    """
    wanted = name_or_path.strip().casefold()
    by_id = [loaded for loaded in presets.loaded if loaded.id.casefold() == wanted]
    found = by_id or [loaded for loaded in presets.loaded if loaded.preset.name.casefold() == wanted]
    if len(found) > 1:
        exact = [loaded for loaded in found if name_or_path in {loaded.id, loaded.preset.name}]
        if len(exact) != 1:
            ids = ", ".join(printable(loaded.id) for loaded in found)
            raise PresetError(f"several presets are called {shown(name_or_path)}", hint=f"use one of their ids: {ids}")
        found = exact
    broken = [error for error in presets.errors if error.file is not None and error.file.stem.casefold() == wanted]
    if broken and not any(not loaded.builtin for loaded in found):
        raise broken[0]
    return found[0] if found else _from_path(name_or_path, presets)


def _from_path(name_or_path: str, presets: Presets) -> LoadedPreset:
    try:
        file = Path(name_or_path).expanduser()
        is_path = file.suffix.lower() == ".toml" or len(file.parts) > 1 or file.is_file()
    except (OSError, RuntimeError, ValueError):
        is_path = False
    if is_path:
        return load_preset_file(file)
    raise PresetError(f"there is no preset {shown(name_or_path)}", hint=_nearest_hint(name_or_path, presets))


def _nearest_hint(wanted: str, presets: Presets) -> str:
    ids = [loaded.id for loaded in presets.loaded]
    by_name = {loaded.preset.name: loaded.id for loaded in presets.loaded}
    guess = nearest(wanted, [*ids, *by_name])
    if guess is not None:
        return f'did you mean "{by_name.get(guess, guess)}"?'
    return f"presets are: {', '.join(map(printable, ids))}" if ids else ""


def _load_all(files: list[Path], *, builtin: bool, errors: list[PresetError]) -> list[LoadedPreset]:
    loaded: list[LoadedPreset] = []
    for file in files:
        try:
            loaded.append(load_preset_file(file, builtin=builtin))
        except PresetError as error:
            errors.append(error)
    return loaded


def _files_in(folder: Path, errors: list[PresetError]) -> list[Path]:
    """The TOML files of a folder; hidden ones (a file manager's, an editor's) are not the user's presets."""
    try:
        names = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as reason:
        text = system_reason(reason)
        errors.append(PresetError(f"this folder of presets cannot be read: {text}", file=folder))
        return []
    return [file for file in names if file.suffix.lower() == ".toml" and not file.name.startswith(".")]


def _builtin_files(folder: Path | None, errors: list[PresetError]) -> list[Path]:
    try:
        return _files_in(asset("presets") if folder is None else folder, errors)
    except NbdError as reason:
        errors.append(PresetError(str(reason)))
        return []


def _replacing(loaded: LoadedPreset, builtin_name: str | None) -> LoadedPreset:
    if builtin_name is None:
        return loaded
    note = f'takes the place of the built-in preset "{builtin_name}"'
    return replace(loaded, warnings=(*loaded.warnings, note))


def _rank(preset_id: str) -> int:
    return BUILTIN_ORDER.index(preset_id) if preset_id in BUILTIN_ORDER else len(BUILTIN_ORDER)
