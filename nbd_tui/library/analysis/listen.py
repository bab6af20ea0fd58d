"""Puts the listeners together: samples in, a `Hearing` out."""

from collections.abc import Iterable

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.features import FeatureMaker
from nbd_tui.model.hearing import Hearing


def listen(chunks: Iterable[Samples]) -> Hearing:
    """Hears a whole track.

    Args:
        chunks: its samples in order, float32 (frames, 2), finite, full scale at 1.0.
    """
    maker = FeatureMaker()
    for chunk in chunks:
        maker.add(chunk)
    features = maker.finish()
    return Hearing(features.frames)
