"""Music that is not there: `--music` is refused before anything starts, for a pin other music plays."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from nbd_tui.errors import LibraryError, PresetError, printable, system_reason
from nbd_tui.library.playlists import pinned_files
from nbd_tui.library.walk import walk
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.session.pins import ShelfT, pin_note
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.workout.phase import PhaseKind


def check_music(folder: Path) -> None:
    """Refuses a `--music` that cannot be read.

    Raises:
        LibraryError: it is not there, is no folder, or may not be read.
    """
    try:
        if folder.is_file():
            raise LibraryError("this is a file, not a folder", file=folder, hint="--music takes a folder")
        next(folder.iterdir(), None)
    except FileNotFoundError:
        raise LibraryError("there is no such folder", file=folder, hint="check the name after --music") from None
    except OSError as error:
        reason = system_reason(error).lower()
        raise LibraryError(f"the music folder cannot be read: {reason}", file=folder) from error


def usable_pins(pins: Mapping[ShelfT, Pin]) -> tuple[dict[ShelfT, Pin], tuple[str, ...]]:
    """The pins behind which there is music, and a note for each of the others: the workout goes on without those.

    Whether the library has an album is found out later.
    """
    reasons = {shelf: pin_problem(pin.path) if pin.path else "" for shelf, pin in pins.items()}
    notes = tuple(pin_note(shelf, pins[shelf].name, reason) for shelf, reason in reasons.items() if reason)
    return {shelf: pin for shelf, pin in pins.items() if not reasons[shelf]}, notes


def pin_problems(pins: Mapping[PhaseKind, Pin]) -> Iterator[str]:
    """A line for every pin of the settings that leads nowhere, with its key and its whole path."""
    yield from _problems({f"music.pins.{kind}": pin.path for kind, pin in pins.items() if pin.path})


def preset_pin_problems(preset: LoadedPreset) -> tuple[str, ...]:
    """The same for a preset, also for music of single blocks, rounds and phases."""
    try:
        pins = preset.pins
    except PresetError as error:
        return (f"music: {error.message}; other music plays",)
    kinds = {f"music.pins.{kind}": pin.path for kind, pin in pins.kinds.items() if pin.path}
    phases = {pin.path: "music" for pin in pins.phases.values() if pin.path}
    return (*_problems(kinds), *(line for path, key in phases.items() for line in _problems({key: path})))


def _problems(paths: Mapping[str, Path]) -> Iterator[str]:
    for key, path in paths.items():
        if reason := pin_problem(path):
            yield f"{key}: {printable(with_home_as_tilde(path), 1_000)}: {reason}; other music plays"


def pin_problem(path: Path) -> str:
    """Why a pin cannot be used, without a look at every file of a folder; empty when it can."""
    try:
        if path.is_dir():
            return "" if next(walk([path]), None) else "there is no audio file in it"
        pinned_files(path)
    except LibraryError as error:
        return error.message
    except OSError as error:  # a path that is too long, or inside a folder that may not be read
        return f"it cannot be read: {system_reason(error).lower()}"
    return ""
