"""Names of presets, and of their files on every system. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST_ID: Final = 48
"""Characters; a file's name has at most 255 bytes, and a character up to four."""

LONGEST_NAME: Final = 60
"""As in the model."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""Names that no file can have on Windows, whatever follows the dot."""

NUMBERS: Final = range(1, 1_000)
"""Of presets that would have the same name."""


def slug(name: str) -> str:
    """A preset's id: its name in small letters and digits of any script, joined by `-`; a name for every system."""
    plain = unicodedata.normalize("NFKD", name.replace("×", "x").casefold())
    letters = unicodedata.normalize("NFC", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    words = re.findall(r"[^\W_]+", letters)
    joined = "-".join(words)[:LONGEST_ID].strip("-")
    return f"preset-{joined}".rstrip("-") if not joined or joined in _RESERVED else joined


def numbered(file_name: str, number: int) -> str:
    """`friday.toml`, `friday-2.toml`, and so on."""
    stem, dot, ending = file_name.rpartition(".")
    return file_name if number == 1 else f"{stem}-{number}{dot}{ending}"


def name_of_copy(name: str, taken: Iterable[str]) -> str:
    """A name like this one that no preset has: `Tabata copy`, `Tabata copy 2`, and so on."""
    base = re.sub(r" copy( [0-9]+)?$", "", name)
    endings = (" copy" if number == 1 else f" copy {number}" for number in NUMBERS)
    names = (base[: LONGEST_NAME - len(ending)].rstrip() + ending for ending in endings)
    others = {other.casefold() for other in taken}
    return next((found for found in names if found.casefold() not in others), name)
