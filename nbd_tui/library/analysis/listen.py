"""Puts the listeners together: samples in, a `Hearing` out."""

from collections.abc import Iterable

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.drops import find_drops
from nbd_tui.library.analysis.features import FeatureMaker
from nbd_tui.library.analysis.rhythm import hear_rhythm
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
    rhythm = hear_rhythm(features)
    return Hearing(
        features.frames,
        bpm=rhythm.bpm,
        confidence=rhythm.confidence,
        is_constant=rhythm.is_constant,
        beats_s=tuple(rhythm.beats_s.tolist()),
        downbeats_s=tuple(rhythm.downbeats_s.tolist()),
        drops=find_drops(features, rhythm),
    )
