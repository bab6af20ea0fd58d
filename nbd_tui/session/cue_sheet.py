"""The cue sheet beside a rendered session: which track begins when. Pure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.plan import Soundtrack

CD_FRAMES: Final = 75
"""A cue sheet counts in so many frames a second."""
MOST_TRACKS: Final = 99
"""A cue sheet has no more; what follows belongs to the last one."""


def cue_sheet(soundtrack: Soundtrack, title: str, audio: Path) -> str:
    """The text of the sheet.

    Args:
        soundtrack: what was rendered.
        title: of the whole.
        audio: the rendered file; the sheet names it without its folder.
    """
    return "\n".join(_lines(soundtrack, title, audio)) + "\n"


def _lines(soundtrack: Soundtrack, title: str, audio: Path) -> Iterator[str]:
    kind = "MP3" if audio.suffix.lower() == ".mp3" else "WAVE"
    yield f"TITLE {_quoted(title)}"
    yield f"FILE {_quoted(audio.name)} {kind}"
    for number, slot in enumerate(_changes(soundtrack), 1):
        track = slot.song.track
        yield f"  TRACK {number:02d} AUDIO"
        yield f"    TITLE {_quoted(track.title or slot.song.path.stem)}"
        if track.artist:
            yield f"    PERFORMER {_quoted(track.artist)}"
        yield f"    REM PHASE {_quoted(soundtrack.places[slot.place].kind.value)}"
        if number == 1 and slot.start_s > 0:
            yield f"    INDEX 00 {cd_time(0.0)}"
        yield f"    INDEX 01 {cd_time(slot.start_s)}"


def _changes(soundtrack: Soundtrack) -> Iterator[Slot]:
    """The slots with which another track begins."""
    before, count = None, 0
    for slot in soundtrack.slots:
        if slot.song.path != before and count < MOST_TRACKS:
            count += 1
            yield slot
        before = slot.song.path


def cd_time(time_s: Seconds) -> str:
    """A time as `minutes:seconds:frames`."""
    seconds, frames = divmod(int(max(0.0, time_s) * CD_FRAMES), CD_FRAMES)
    return f"{seconds // 60:02d}:{seconds % 60:02d}:{frames:02d}"


def _quoted(text: str) -> str:
    """A sheet has no escapes: quotes become apostrophes, and nothing leaves the line."""
    clean = "".join(char if char.isprintable() else " " for char in text)
    return f'"{clean.replace(chr(34), chr(39)).strip()}"'
