"""What a file sounds like, whatever its name, its place and its tags are."""

from typing import Final, NamedTuple

from nbd_tui.model.units import RATE, Frames, Seconds

HEAD_S: Final[Seconds] = 30.0
"""So much of the beginning of a file tells it from others."""
HEAD_FRAMES: Final[Frames] = round(HEAD_S * RATE)
HEAD_BYTES: Final = 16
"""Length of `Sound.head`."""


class Sound(NamedTuple):
    """The beginning and the length of a decoded file."""

    head: bytes
    """BLAKE2b of its first `HEAD_S`, as 16-bit PCM; `HEAD_BYTES` long."""
    frames: Frames
    """Length of our own decode."""

    @property
    def key(self) -> bytes:
        """As the database has it."""
        return self.head + self.frames.to_bytes(8, "big")
