"""Where voices get their frames from; the mixer knows no decoder."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.audio.score import SourceRef
from nbd_tui.model.units import Frames

Samples: TypeAlias = npt.NDArray[np.float32]
"""float32[frames, 2], full scale at 1.0."""


class FrameSource(Protocol):
    """A stream of frames from one in-point onwards. Never blocks: it gives what it has."""

    @property
    def ended(self) -> bool:
        """No further frame will come, ever."""
        ...

    def read(self, frames: Frames) -> Samples:
        """The next frames, at most `frames`; fewer when no more are ready (or none are left, see `ended`)."""
        ...

    def skip(self, frames: Frames) -> None:
        """Throws away the next `frames` frames, also those not ready yet."""
        ...

    def close(self) -> None:
        """Gives up what the source holds; nothing is read afterwards."""
        ...


OpenSource: TypeAlias = Callable[[SourceRef], FrameSource]
"""Opens (or takes from those on standby) the source of a voice; must not block. Failures show as `ended`."""
