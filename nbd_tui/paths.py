"""Where things live: the user's places (platformdirs) and the files shipped with the program."""

import os
from dataclasses import dataclass
from pathlib import Path

from nbd_tui.errors import NbdError

APP_NAME = "nbd-tui"


@dataclass(frozen=True, slots=True)
class Places:
    """The user's files. Nothing is created by naming a place."""

    settings_file: Path
    presets: Path
    data: Path
    state: Path
    cache: Path

    @property
    def database(self) -> Path:
        """Tracks and history."""
        return self.data / "nbd.sqlite"

    @property
    def log(self) -> Path:
        """The rotating log of the program and its player."""
        return self.state / "log"

    @property
    def journal(self) -> Path:
        """Folder of the journals of sessions that run or were interrupted."""
        return self.state / "journal"

    @property
    def pcm_cache(self) -> Path:
        """Decoded copies of files that only libVLC can read."""
        return self.cache / "pcm"

    @property
    def speech_cache(self) -> Path:
        """Labels that the system's speech has said."""
        return self.cache / "speech"


def places() -> Places:
    """The user's places; `NBD_CONFIG_FILE` names the settings file, `NBD_DATA_DIR` moves data, state and cache."""
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    settings_file = _from_environment("NBD_CONFIG_FILE") or dirs.user_config_path / "settings.toml"
    if root := _from_environment("NBD_DATA_DIR"):
        return Places(settings_file, settings_file.parent / "presets", root / "data", root / "state", root / "cache")
    return Places(
        settings_file, settings_file.parent / "presets", dirs.user_data_path, dirs.user_state_path, dirs.user_cache_path
    )


def _from_environment(name: str) -> Path | None:
    """The whole path in an environment variable, `~` expanded where there is a home; None: unset or empty."""
    if not (value := os.environ.get(name)):
        return None
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        return Path(value).absolute()


def asset(*parts: str) -> Path:
    """A file or folder shipped with the program: `asset("cues", "sharp")`.

    Installed packages carry `assets/` inside the package, a checkout (or an editable install) beside it.

    Raises:
        NbdError: the installation lacks it.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "_assets", package.parent / "assets"):
        if (found := root.joinpath(*parts)).exists():
            return found
    raise NbdError(f"this installation lacks assets/{'/'.join(parts)}; install nbd-tui again")


def example_settings() -> Path:
    """The `config.example.toml` shipped with the program.

    Raises:
        NbdError: the installation lacks it.
    """
    name = "config.example.toml"
    package = Path(__file__).resolve().parent
    for folder in (package / "_assets", package.parent):
        if (found := folder / name).is_file():
            return found
    raise NbdError(f"this installation lacks {name}; install nbd-tui again")


def with_home_as_tilde(path: Path) -> str:
    """`path` as shown to people: the home folder is written `~`."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
