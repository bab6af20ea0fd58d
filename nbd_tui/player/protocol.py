"""What the app and the player say to each other: frozen data, pickled, over the player's stdin and stdout."""

import pickle
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Final

from nbd_tui.audio.score import Levels, MixerReport, Score
from nbd_tui.model.units import Frames, Monotonic

STARTING: Final = "the sound is starting"
"""Reason of the silence while the first output is being opened."""


class OutputChoice(StrEnum):
    """What the user asked for; `auto` takes vlc, then device, then silent."""

    AUTO = "auto"
    VLC = "vlc"
    DEVICE = "device"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Configure:
    """First message: how to begin.

    `frame` is to be heard at `at`: a player that starts later, or whose output is slow, begins at a later frame, so
    that the frame axis of a session goes on through a new player.
    """

    output: OutputChoice
    cue_folder: str
    frame: Frames
    at: Monotonic
    levels: Levels = field(default_factory=Levels)


@dataclass(frozen=True, slots=True)
class SetScore:
    """Replaces everything not rendered yet."""

    score: Score


@dataclass(frozen=True, slots=True)
class SetLevels:
    """New volumes."""

    levels: Levels


@dataclass(frozen=True, slots=True)
class Close:
    """Fade out over 100 ms and end. End of file on stdin means the same."""


ToPlayer = Configure | SetScore | SetLevels | Close


@dataclass(frozen=True, slots=True)
class Status:
    """Ten times a second."""

    rendered: Frames
    """The first frame not rendered yet, on the session's frame axis, at `now`."""
    now: Monotonic
    heard_frame: Frames | None
    """With `heard_at`: this frame of the session's axis is heard at that time; None before the first sound."""
    heard_at: Monotonic | None
    output: str
    """Name of the output in use: vlc, device, silent."""
    reason: str
    """Why it is not the first choice, or why it is silent; empty when all is as asked."""
    peak: float
    """Largest sample since the last status."""
    underruns: int
    """Voices that had to wait for frames, since the start."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """What the mixer reported."""

    report: MixerReport


@dataclass(frozen=True, slots=True)
class SourceFailed:
    """A file could not be opened or broke while playing."""

    path: str
    reason: str


FromPlayer = Status | Mixed | SourceFailed


def write_message(stream: IO[bytes], message: ToPlayer | FromPlayer) -> None:
    """Sends one message: four bytes of length (big endian), then the pickle.

    Raises:
        OSError: nobody reads any more (ValueError when the stream was closed here).
    """
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def read_message(stream: IO[bytes]) -> object | None:
    """The next message, or None when the other end is gone, also in the middle of one."""
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == 4 else b""
    if len(head) < 4 or len(data) < size:
        return None
    message: object = pickle.loads(data)
    return message
