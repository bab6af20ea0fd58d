"""What the last start found good, so that the next one can show it without checking all of it again.

Home needs of the settings four keys and of each preset its outline. Reading these out of files anew takes a third of
the way to the first screen, nearly all of it the import of pydantic. So the end of a run leaves a note in the cache
that says what the files then said; it holds only as long as every file is the same, byte by byte.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbd_tui import __version__
from nbd_tui.errors import NbdError
from nbd_tui.paths import Places, asset
from nbd_tui.store.presets import LoadedPreset, PresetOutline
from nbd_tui.workout.phase import PhaseKind

_FORM: Final = 1
"""Of the note; another form is not read."""

_NO_NOTE: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What comes of a note that is missing, cut off or made by somebody else."""

_CHECKERS: Final = (
    "settings.py",
    "keymap.py",
    "workout/preset.py",
    "workout/music.py",
    "workout/compile.py",
    "store/presets.py",
)
"""Who says what is good: a note made by others of the same version holds no longer."""

_PLAIN: Final = ("theme", "gloves", "favourites", "broken", "keys")
"""Fields of `FirstLook` that stand in the note as they are."""

_LARGEST_BYTES: Final = 1 << 20
"""A longer note would take longer to read than the files, and is not written."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the first screen needs."""

    theme: str
    gloves: bool
    favourites: tuple[str, ...]
    keys: Mapping[str, str]
    presets: tuple[LoadedPreset, ...]
    broken: tuple[str, ...]
    """A line for each preset that cannot be used."""


@dataclass(frozen=True, slots=True)
class Files:
    """The user's settings and everybody's presets, as they are on the disk now."""

    settings: bytes | None
    """None: there is no such file."""
    presets: tuple[tuple[Path, bytes], ...]
    checkers: tuple[int, ...]
    """When the modules were written that check them."""

    @property
    def digest(self) -> str:
        """Another one for other contents, names or places, and for another version of the program."""
        parts = [
            f"{_FORM} {__version__} {self.checkers}".encode(),
            b"-" if self.settings is None else b"+" + self.settings,
        ]
        parts += [part for file, content in self.presets for part in (os.fsencode(file), content)]
        found = hashlib.blake2b(digest_size=16)
        for part in parts:
            found.update(len(part).to_bytes(8))
            found.update(part)
        return found.hexdigest()


def files_now(places: Places) -> Files | None:
    """The files, or None where one of them is out of the ordinary: that is for those to tell who check it."""
    try:
        folders = (places.presets, asset("presets"))
        presets = tuple((file, _content(file)) for folder in folders for file in _preset_files(folder))
        settings = _content(places.settings_file) if os.path.lexists(places.settings_file) else None
        package = Path(__file__).parents[1]
        return Files(settings, presets, tuple((package / name).stat().st_mtime_ns for name in _CHECKERS))
    except (OSError, ValueError, NbdError):
        return None


def recall(places: Places, files: Files | None) -> FirstLook | None:
    """What the note says of these files; None where there is no note that does."""
    if files is None:
        return None
    try:
        note = json.loads(_content(_note_of(places)))
        return _first_look(note["look"]) if note["digest"] == files.digest else None
    except _NO_NOTE:
        return None


def is_noted(places: Places, files: Files) -> bool:
    """Whether the note says these files."""
    return recall(places, files) is not None


def remember(places: Places, files: Files, look: FirstLook) -> None:
    """Notes what `files` say; what cannot be noted, or written, is read anew the next time."""
    if any(loaded.unknown for loaded in look.presets):
        return
    from nbd_tui.store.safe_write import write_text

    told = {**{name: getattr(look, name) for name in _PLAIN}, "presets": [_told(loaded) for loaded in look.presets]}
    text = json.dumps({"digest": files.digest, "look": told})
    if len(text) <= _LARGEST_BYTES:
        with suppress(OSError):
            write_text(_note_of(places), text)


def _told(loaded: LoadedPreset) -> dict[str, Any]:
    outline = loaded.outline
    return {
        "file": str(loaded.file),
        "builtin": loaded.builtin,
        "warnings": loaded.warnings,
        "text": loaded.text,
        "name": outline.name,
        "description": outline.description,
        "phases": outline.phases,
    }


def _first_look(told: Mapping[str, Any]) -> FirstLook:
    return FirstLook(
        theme=str(told["theme"]),
        gloves=bool(told["gloves"]),
        favourites=tuple(map(str, told["favourites"])),
        keys={str(binding): str(keys) for binding, keys in told["keys"].items()},
        presets=tuple(map(_preset, told["presets"])),
        broken=tuple(map(str, told["broken"])),
    )


def _preset(told: Mapping[str, Any]) -> LoadedPreset:
    phases = tuple(
        (PhaseKind(kind), None if length_s is None else float(length_s)) for kind, length_s in told["phases"]
    )
    file = Path(told["file"])
    return LoadedPreset(
        id=file.stem,
        model=None,
        builtin=bool(told["builtin"]),
        file=file,
        warnings=tuple(map(str, told["warnings"])),
        text=str(told["text"]),
        recalled=PresetOutline(str(told["name"]), str(told["description"]), phases),
    )


def _note_of(places: Places) -> Path:
    return places.cache / "first-look.json"


def _preset_files(folder: Path) -> Iterable[Path]:
    files = sorted(folder.iterdir()) if folder.is_dir() else ()
    return (file for file in files if file.suffix.lower() == ".toml" and not file.name.startswith("."))


def _content(file: Path) -> bytes:
    """All of an ordinary file of an ordinary size.

    Raises:
        OSError: it cannot be read.
        ValueError: it is something else.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise ValueError(file)
    with file.open("rb") as opened:
        content = opened.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise ValueError(file)
    return content
