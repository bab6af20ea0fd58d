"""What a command refuses before it starts anything: music that is not there."""

from pathlib import Path

from nbd_tui.errors import LibraryError, PresetError, Problem
from nbd_tui.library.playlists import pinned_files
from nbd_tui.store.presets import LoadedPreset


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
        reason = (error.strerror or str(error)).lower()
        raise LibraryError(f"the music folder cannot be read: {reason}", file=folder) from error


def check_pins(preset: LoadedPreset) -> None:
    """Refuses a preset whose pinned music is not there.

    Raises:
        PresetError: with the key of every pin that leads nowhere.
    """
    problems = []
    for kind, path in preset.pins.items():
        try:
            pinned_files(path)
        except LibraryError as error:
            problems.append(Problem(f"{path}: {error.message}", key=f"music.pins.{kind}", hint=error.hint))
    if problems:
        raise PresetError("the music it asks for cannot be used", file=preset.file, problems=tuple(problems))
