"""The one place that imports `vlc`: whether libVLC is here, and why not.

Nothing but this module imports python-vlc. Its import alone may end the program (`SystemExit` from its search for the
library), and fails in many other ways on a broken installation, so all of that is caught here and told as one reason.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from nbd_tui.errors import OutputError

VlcInstance: TypeAlias = Any
"""A `vlc.Instance`; python-vlc has no types."""

_BITS = struct.calcsize("P") * 8

_WRONG_ARCHITECTURE = (
    "wrong elf class",
    "winerror 193",
    "not a valid win32",
    "incompatible architecture",
    "wrong architecture",
)
"""How loaders of Linux, Windows and macOS say that a library is of another kind of processor."""

_HINTS = {
    "darwin": "install VLC: `brew install --cask vlc`, or https://www.videolan.org/vlc/ (into Applications)",
    "win32": f"install {_BITS}-bit VLC: `winget install VideoLAN.VLC`, or https://www.videolan.org/vlc/",
    "linux": "install libVLC: `sudo apt install libvlc5 vlc-plugin-base` (Debian, Ubuntu), "
    "`sudo dnf install vlc` (Fedora), `sudo pacman -S vlc` (Arch)",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """How importing python-vlc went: the module, or the reason why there is none."""

    module: ModuleType | None
    reason: str


def load() -> ModuleType:
    """The `vlc` module, imported once for the whole process.

    Raises:
        OutputError: libVLC is missing or broken; the text says how, and what to do.
    """
    attempt = _cached_attempt()
    if attempt.module is None:
        raise OutputError(attempt.reason)
    return attempt.module


def new_instance(*arguments: str) -> VlcInstance:
    """A new `vlc.Instance` with these command-line options.

    Raises:
        OutputError: there is no libVLC, or it has no plugins (Debian's `vlc-plugin-base` left out).
    """
    instance = load().Instance(list(arguments))
    if instance is None:
        raise OutputError(
            f"libVLC does not start: its plugins are missing, or it knows not all of {' '.join(arguments)}; {hint()}"
        )
    return instance


def version() -> str:
    """Version of libVLC as it tells it, such as `3.0.24 Vetinari`; empty without libVLC."""
    module = _cached_attempt().module
    return "" if module is None else str(module.libvlc_get_version().decode("utf-8", "replace"))


def why_not() -> str:
    """One line why libVLC cannot be used and how to get it; empty when it can."""
    return _cached_attempt().reason


def hint() -> str:
    """How to get libVLC on this system, in one line."""
    return _HINTS.get(sys.platform, _HINTS["linux"])


def attempt_import(importer: Callable[[], ModuleType]) -> Attempt:
    """Runs `importer`, turning every way in which it can fail into a reason.

    The working folder is the same afterwards: python-vlc changes it on Windows, and leaves it so when loading fails.
    """
    folder = _working_folder()
    try:
        return Attempt(importer(), "")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the boundary: a broken libVLC must not take the workout with it
        return Attempt(None, f"{_reason(error)}; {hint()}")
    finally:
        if folder is not None:
            os.chdir(folder)


def _working_folder() -> Path | None:
    """None where it has been deleted under us."""
    try:
        return Path.cwd()
    except OSError:
        return None


@cache
def _cached_attempt() -> Attempt:
    return attempt_import(_import_vlc)


def _import_vlc() -> ModuleType:
    _show_the_way_on_macos()
    import vlc

    module: ModuleType = vlc
    return module


def _show_the_way_on_macos(system: str = sys.platform) -> None:
    """python-vlc looks in /Applications only; VLC may also lie in the user's own Applications folder."""
    contents = Path("~/Applications/VLC.app/Contents/MacOS").expanduser()
    if system != "darwin" or Path("/Applications/VLC.app").exists() or not contents.exists():
        return
    ctypes.CDLL(str(contents / "lib" / "libvlccore.dylib"))
    os.environ.setdefault("PYTHON_VLC_LIB_PATH", str(contents / "lib" / "libvlc.dylib"))
    os.environ.setdefault("PYTHON_VLC_MODULE_PATH", str(contents / "plugins"))
    os.environ.setdefault("VLC_PLUGIN_PATH", str(contents / "plugins"))


def _reason(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name == "vlc":
        return "the Python package python-vlc is not installed"
    text = str(error) if isinstance(error, OSError) else _loader_message()
    if any(mark in text.lower() for mark in _WRONG_ARCHITECTURE):
        return f"the VLC found is not for this Python, which is {_BITS}-bit"
    if isinstance(error, SystemExit) or not str(error):
        return f"libVLC cannot be loaded{f' ({text})' if text else ''}"
    return f"libVLC cannot be loaded ({str(error).splitlines()[0]})"


def _loader_message() -> str:
    """What the system's loader says of libVLC; python-vlc swallows it on Linux."""
    try:
        ctypes.CDLL(os.environ.get("PYTHON_VLC_LIB_PATH") or "libvlc.so.5")
    except OSError as error:
        return str(error)
    return ""
