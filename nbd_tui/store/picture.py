"""Home as it was painted last. The next start shows it while the program is still being loaded.

It holds for the same files (`recall.Files`) in a terminal of the same size and kind; any other start does without.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from nbd_tui.paths import Places
from nbd_tui.store.recall import Files

_OF_THE_TERMINAL: Final = (
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "TTY_COMPATIBLE",
    "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_FILTERS",
)
"""Variables that change what is painted: by us, by Rich and by Textual."""

_SIZES: Final = ("COLUMNS", "LINES")
"""Variables that say another size than the terminal's own; nobody knows which holds."""

_LONGEST: Final = 1 << 20
"""Characters; a longer picture takes longer to show than to paint, and is not kept."""


def picture_key(files: Files, size: tuple[int, int], environ: Mapping[str, str], encoding: str | None) -> str | None:
    """What tells pictures apart; None where no picture holds.

    Args:
        files: that say what is painted.
        size: columns and rows of the terminal.
        environ: of the process.
        encoding: in which is painted.
    """
    if any(environ.get(name) for name in _SIZES):
        return None
    kind = tuple(environ.get(name) for name in _OF_THE_TERMINAL)
    return hashlib.blake2b(repr((files.digest, *size, kind, encoding)).encode(), digest_size=16).hexdigest()


def kept_picture(places: Places, key: str) -> str | None:
    """The picture of this key, ready for the terminal; None: there is none."""
    try:
        with _file_of(places).open(encoding="utf-8") as file:
            kept = json.loads(file.read(2 * _LONGEST))
        return str(kept["picture"]) if kept["key"] == key else None
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None


def keep_picture(places: Places, key: str, picture: str) -> None:
    """Keeps a picture in place of the last one; one that cannot be written is painted anew the next time."""
    if len(picture) > _LONGEST or kept_picture(places, key) == picture:
        return
    from nbd_tui.store.safe_write import write_text

    with suppress(OSError, UnicodeError):
        write_text(_file_of(places), json.dumps({"key": key, "picture": picture}))


def _file_of(places: Places) -> Path:
    return places.cache / "first-picture.json"
