"""Mixers over a ramp, whose samples say where they come from."""

import numpy as np

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import (
    Levels,
    SourceRef,
    VoiceSpan,
)
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import Frames
from tests.unit.audio.sources import STEP, Shelf, ramp

BEEP: Samples = np.full((1_000, 2), 0.25, np.float32)
NO_DUCK = Levels(duck_db=0.0)
LONG = 400_000


def make(shelf: Shelf | None = None, start: Frames = 0, levels: Levels = NO_DUCK) -> Mixer:
    return Mixer({"beep": BEEP}, shelf or Shelf(ramp=ramp(0, LONG)), start, levels)


def span(start: Frames, end: Frames | None, in_point: Frames = 0, name: str = "v", path: str = "ramp") -> VoiceSpan:
    return VoiceSpan(name, SourceRef(path, in_point), start, end)


def positions(samples: Samples) -> list[int]:
    """Where in the ramp each frame comes from."""
    return [round(float(sample) / STEP) for sample in samples[:, 0]]
