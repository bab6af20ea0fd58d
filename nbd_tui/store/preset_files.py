"""The user's presets as files: made, changed, copied, renamed, put aside and brought back.

Nothing of the user's is ever written over unseen: new files take free names, and a file that another program has
changed since it was read is left alone.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final, TypeAlias

from nbd_tui.errors import PresetError, UserError, shown, system_reason
from nbd_tui.store.preset_names import LONGEST_NAME, NUMBERS, name_of_copy, numbered, slug
from nbd_tui.store.presets import LoadedPreset, Presets, load_preset_file, load_presets
from nbd_tui.store.safe_write import move_to_free_name, write_new_text, write_text

if TYPE_CHECKING:
    from nbd_tui.workout.preset import Preset

TRASH: Final = ".trash"
"""Folder in the folder of presets where deleted ones wait for `TRASH_DAYS`."""

TRASH_DAYS: Final = 30

_TOO_MANY: Final = "there are too many presets of this name"

_BOM: Final = "\ufeff"

Signature: TypeAlias = tuple[tuple[str, int, int], ...]


class PresetChangedError(PresetError):
    """Another program has changed or removed the file since it was read; it was left alone."""


@dataclass(frozen=True, slots=True)
class DeletedPreset:
    """A preset put aside, and what is needed to bring it back."""

    id: str
    name: str
    file: Path
    aside: Path
    favourite: bool


class PresetShelf:
    """The user's presets, and which of all presets are favourites. For any thread; methods wait for the disk."""

    def __init__(
        self,
        folder: Path,
        favourites: Callable[[], tuple[str, ...]] = tuple,
        keep_favourites: Callable[[tuple[str, ...]], object] = lambda _: None,
        *,
        builtin_folder: Path | None = None,
    ) -> None:
        """A shelf over a folder, which need not exist yet.

        Args:
            folder: Of the user's presets.
            favourites: The ids of those there are, as they are now; not all need have a preset.
            keep_favourites: Writes others down; a `UserError` says why it cannot.
            builtin_folder: In place of the presets that come with the program.
        """
        self._folder = folder
        self._read_favourites = favourites
        self._keep_favourites = keep_favourites
        self._builtin_folder = builtin_folder
        self._one_at_a_time = RLock()
        self._trouble = ""

    @property
    def favourites(self) -> tuple[str, ...]:
        """Ids, the latest last."""
        return self._read_favourites()

    def load(self) -> Presets:
        """All presets, as `load_presets` has them."""
        return load_presets(self._folder, self._builtin_folder)

    def signature(self) -> Signature:
        """Something that changes when a file of the folder does: name, time and size of each."""
        try:
            files = [(file.name, file.stat()) for file in self._folder.iterdir() if file.suffix.lower() == ".toml"]
        except OSError:
            return ()
        return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))

    def save(self, preset: "Preset") -> LoadedPreset:
        """A new file, named after the preset.

        Raises:
            PresetError: it cannot be written.
        """
        from nbd_tui.store.preset_document import new_text

        with self._changing(None):
            return self._written_to_free_file(preset.name, new_text(preset))

    def update(self, loaded: LoadedPreset, preset: "Preset") -> LoadedPreset:
        """Writes what has changed into the preset's own file; comments and keys we do not know stay.

        Raises:
            PresetChangedError: the file is no longer what was read.
            PresetError: it comes with the program, or cannot be written.
        """
        from nbd_tui.store.preset_document import changed_text

        if loaded.builtin:
            raise PresetError(f"{shown(loaded.preset.name)} comes with the program", hint="change a copy of it")
        with self._changing(loaded.file):
            raw = self._unchanged(loaded)
            write_text(loaded.file, _as_before(changed_text(_plain(raw), preset), raw))
            return load_preset_file(loaded.file)

    def copy(self, loaded: LoadedPreset, changed: "Preset | None" = None) -> LoadedPreset:
        """A preset of the user's own like `loaded`, with its comments, under a new name; also of a built-in one.

        Args:
            loaded: What to copy.
            changed: What the copy says, its name included; by default the same under a name that says it is a copy.

        Raises:
            PresetError: it cannot be written.
        """
        from nbd_tui.store.preset_document import changed_text

        preset = changed or _renamed(loaded.preset, self._name_of_copy(loaded))
        with self._changing(None):
            return self._written_to_free_file(preset.name, changed_text(loaded.text, preset))

    def rename(self, loaded: LoadedPreset, name: str) -> LoadedPreset:
        """Another name for a preset, and for its file; it stays a favourite.

        Raises:
            PresetChangedError: the file is no longer what was read.
            PresetError: the name cannot be used, or the file cannot be written.
        """
        renamed = self.update(loaded, _renamed(loaded.preset, name))
        if slug(renamed.preset.name) == loaded.id:
            return renamed
        with self._changing(loaded.file):
            try:
                file = self._moved(loaded.file, self._free_files(renamed.preset.name))
            except OSError:
                return renamed
            if loaded.id in self.favourites:
                self._favour(tuple(file.stem if one == loaded.id else one for one in self.favourites))
            return load_preset_file(file)

    def delete(self, loaded: LoadedPreset) -> DeletedPreset:
        """Puts a preset aside, whatever its file says by now.

        Raises:
            PresetError: it comes with the program, or cannot be moved.
        """
        if loaded.builtin:
            raise PresetError(f"{shown(loaded.preset.name)} comes with the program and stays")
        with self._changing(loaded.file):
            trash = loaded.file.parent / TRASH
            trash.mkdir(exist_ok=True)
            aside = self._moved(loaded.file, (trash / numbered(loaded.file.name, number) for number in NUMBERS))
            with suppress(OSError):
                os.utime(aside)  # the day from which on it waits
            favourite = loaded.id in self.favourites
            if favourite:
                self._favour(tuple(one for one in self.favourites if one != loaded.id))
            return DeletedPreset(loaded.id, loaded.preset.name, loaded.file, aside, favourite)

    def empty_trash(self, now: float) -> None:
        """Removes for good what was deleted `TRASH_DAYS` ago; what cannot be removed stays.

        Args:
            now: On the clock of the files, in seconds since 1970.
        """
        with self._one_at_a_time, suppress(OSError):
            for file in (self._folder / TRASH).glob("*.toml"):
                with suppress(OSError):
                    found = file.lstat()
                    if now - max(found.st_mtime, found.st_ctime) > TRASH_DAYS * 86_400:
                        file.unlink()

    def restore(self, deleted: DeletedPreset) -> LoadedPreset:
        """Brings a preset back, byte for byte; under another id where its own has been taken meanwhile.

        Raises:
            PresetError: it is not there any more, or cannot be moved.
        """
        with self._changing(deleted.file):
            names = (numbered(deleted.file.name, number) for number in NUMBERS)
            file = self._moved(deleted.aside, map(deleted.file.with_name, names))
            if deleted.favourite:
                self._favour((*self.favourites, file.stem))
            return load_preset_file(file)

    def set_favourite(self, preset_id: str, *, wanted: bool) -> None:
        """Makes a preset a favourite, or one like all others.

        Raises:
            UserError: it cannot be written down; nothing has changed.
        """
        with self._one_at_a_time:
            others = tuple(one for one in self.favourites if one != preset_id)
            chosen = (*others, preset_id) if wanted else others
            if chosen != self.favourites:
                self._keep_favourites(chosen)

    def news(self) -> str:
        """What of the favourites could not be written down when a file was changed, once; else empty."""
        with self._one_at_a_time:
            trouble, self._trouble = self._trouble, ""
            return trouble

    def _favour(self, chosen: tuple[str, ...]) -> None:
        """As well as it can be done: a star that cannot be written down stops no change of a file, and is told."""
        try:
            self._keep_favourites(chosen)
        except UserError as reason:
            self._trouble = f"its star was not kept: {reason.message}"

    @contextmanager
    def _changing(self, file: Path | None) -> Iterator[None]:
        """One change at a time; what the disk refuses is told in the user's words."""
        with self._one_at_a_time:
            try:
                yield
            except OSError as reason:
                what = system_reason(reason)
                raise PresetError(f"nothing was changed: {what}", file=file or self._folder) from reason

    def _unchanged(self, loaded: LoadedPreset) -> str:
        """The whole text of the file, which still is what was read."""
        try:
            raw = loaded.file.read_bytes().decode("utf-8")
        except FileNotFoundError:
            raise PresetChangedError("this file is gone; nothing was written", file=loaded.file) from None
        except UnicodeDecodeError:
            raw = ""
        if _plain(raw) != loaded.text:
            raise PresetChangedError("another program has changed this file; it was left alone", file=loaded.file)
        return raw

    def _name_of_copy(self, loaded: LoadedPreset) -> str:
        return name_of_copy(loaded.preset.name, [other.preset.name for other in self.load().loaded])

    def _written_to_free_file(self, name: str, text: str) -> LoadedPreset:
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._free_files(name):
            try:
                write_new_text(file, text)
            except FileExistsError:
                continue
            return load_preset_file(file)
        raise PresetError(_TOO_MANY, file=self._folder)

    def _moved(self, file: Path, places: Iterator[Path]) -> Path:
        """Moves a file to the first of the places that is free; returns it."""
        for place in places:
            try:
                move_to_free_name(file, place)
            except FileExistsError:
                continue
            return place
        raise PresetError(_TOO_MANY, file=self._folder)

    def _free_files(self, name: str) -> Iterator[Path]:
        """Files for a preset of this name, the best first, without those whose id a preset has already."""
        presets = self.load()
        taken = {loaded.id.casefold() for loaded in presets.loaded}
        taken |= {error.file.stem.casefold() for error in presets.errors if error.file is not None}
        wanted = slug(name)
        for number in NUMBERS:
            file = self._folder / numbered(f"{wanted}.toml", number)
            if file.stem.casefold() not in taken:
                yield file


def _renamed(preset: "Preset", name: str) -> "Preset":
    from pydantic import ValidationError

    from nbd_tui.workout.preset import Preset

    try:
        return Preset.model_validate({**dict(preset), "name": name})
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        words = "a name needs at least one character that can be seen"
        if found["type"] == "string_too_long":
            words = f"a name has at most {LONGEST_NAME} characters, and this one has {len(name)}"
        elif found["type"] == "refused":
            words = f"a name {found['ctx']['message']}"
        raise PresetError(words) from None


def _plain(raw: str) -> str:
    """A file's text as `read_toml` has it."""
    return raw.removeprefix(_BOM).replace("\r\n", "\n")


def _as_before(text: str, raw: str) -> str:
    """`text` with the line ends and the mark at the front that `raw` has."""
    ends = text.replace("\n", "\r\n") if "\r\n" in raw else text
    return _BOM + ends if raw.startswith(_BOM) else ends
