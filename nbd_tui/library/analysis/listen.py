"""Puts the listeners together: samples in, a `Hearing` out."""

from collections.abc import Iterable

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.blocks import Blocks, tidy
from nbd_tui.library.analysis.drops import find_drops
from nbd_tui.library.analysis.energy import energy_curve, intensity
from nbd_tui.library.analysis.features import FeatureMaker, Features
from nbd_tui.library.analysis.loudness import LoudnessMaker
from nbd_tui.library.analysis.onsets import find_onsets
from nbd_tui.library.analysis.rhythm import hear_rhythm
from nbd_tui.library.analysis.truepeak import TruePeakMaker
from nbd_tui.model.hearing import STEADY, Hearing
from nbd_tui.model.units import Decibels


def listen(chunks: Iterable[Samples]) -> Hearing:
    """Hears a whole track.

    Args:
        chunks: its samples in order, (frames, 2), full scale at 1.0, of any size. Samples that are not finite count as
            silence.
    """
    features, lufs, true_peak_db = _measure(chunks)
    onsets = find_onsets(features)
    rhythm = hear_rhythm(features, onsets)
    return Hearing(
        features.frames,
        bpm=rhythm.bpm,
        confidence=rhythm.confidence,
        is_constant=rhythm.is_constant,
        beats_s=tuple(rhythm.beats_s.tolist()),
        downbeats_s=tuple(rhythm.downbeats_s.tolist()),
        lufs=lufs,
        true_peak_db=true_peak_db,
        intensity=intensity(features, rhythm, onsets),
        energy=energy_curve(features),
        drops=find_drops(features, rhythm) if rhythm.confidence >= STEADY else (),
    )


def _measure(chunks: Iterable[Samples]) -> tuple[Features, Decibels | None, Decibels | None]:
    """The one pass over the samples: features, loudness, true peak."""
    blocks, makers = Blocks(), (FeatureMaker(), LoudnessMaker(), TruePeakMaker())
    for chunk in chunks:
        for block in blocks.take(chunk):
            _give(block, makers)
    _give(blocks.rest(), makers)
    features, loudness, peak = makers
    return features.finish(), loudness.finish(), peak.finish()


def _give(block: Samples, makers: tuple[FeatureMaker, LoudnessMaker, TruePeakMaker]) -> None:
    clean = tidy(block)
    for maker in makers:
        maker.add(clean)
