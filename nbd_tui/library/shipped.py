"""What was heard in the demo tracks when the program was made: shipped beside them, so that nobody has to listen again.

The file is written by `assets/scripts/hear_demo.py`. It speaks of the tracks byte by byte as they were then; of a track
that is another by now it says nothing.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from nbd_tui.library.hearing_message import from_message
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.sound import Sound

FILE: Final = "heard.json"
"""In the folder of the tracks: `{"version": of the analysis, "tracks": {name: {"digest", "head", "hearing"}}}`."""
DIGEST_BYTES: Final = 16

log = logging.getLogger(__name__)


class Shipped(NamedTuple):
    """What is shipped of one track."""

    sound: Sound
    hearing: Hearing


def shipped_hearings(folder: Path) -> dict[Path, Shipped]:
    """What is known of the tracks of a folder that are still as they were; nothing where nothing is shipped."""
    file = folder / FILE
    if not file.is_file():
        return {}
    try:
        tracks = json.loads(file.read_text(encoding="utf-8"))["tracks"]
        return {folder / name: _shipped(told) for name, told in tracks.items() if _is_same(folder / name, told)}
    except (OSError, ValueError, TypeError, LookupError, AttributeError):  # of an installation that somebody changed
        log.exception("%s cannot be used: the demo tracks play without it", file)
        return {}


def digest_of(file: Path) -> str:
    """Tells the bytes of a file from those of others.

    Raises:
        OSError: it cannot be read.
    """
    return hashlib.blake2b(file.read_bytes(), digest_size=DIGEST_BYTES).hexdigest()


def _is_same(file: Path, told: Mapping[str, Any]) -> bool:
    return file.is_file() and digest_of(file) == told["digest"]


def _shipped(told: Mapping[str, Any]) -> Shipped:
    hearing = from_message(told["hearing"])
    return Shipped(Sound(bytes.fromhex(told["head"]), hearing.frames), hearing)
