"""The energy curve over a track, and the intensity of all of it."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.energy import CURVE_HZ, energy_curve, intensity
from nbd_tui.library.analysis.features import Features, features_of
from nbd_tui.library.analysis.onsets import find_onsets
from nbd_tui.library.analysis.rhythm import Rhythm, hear_rhythm
from nbd_tui.model.units import RATE
from tests.accuracy.generator.make import make_track
from tests.unit.library.analysis.signals import noise, sine, stereo


def in_parts(*levels: float, seconds: float = 4.0) -> Features:
    """Noise at one level after another."""
    return features_of(np.concatenate([noise(seconds, peak=level) for level in levels]))


def test_the_curve_follows_the_level_in_decibels() -> None:
    values = energy_curve(in_parts(0.1, 0.025, 0.0, 0.1)).values
    at = [values[round(CURVE_HZ * middle)] for middle in (2, 6, 10, 14)]
    assert at == pytest.approx([1.0, 0.5, 0.0, 1.0], abs=0.05)


def test_a_lull_of_half_a_second_shows() -> None:
    samples = noise(8)
    samples[4 * RATE : round(4.5 * RATE)] = 0
    assert min(energy_curve(features_of(samples)).values[14:20]) < 0.2


def test_the_curve_does_not_depend_on_the_mastering_level() -> None:
    loud, soft = (energy_curve(in_parts(level, level / 3)).values for level in (0.2, 0.002))
    assert loud == pytest.approx(soft, abs=0.01)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 1.0, 7.9])
def test_there_is_a_value_for_every_quarter_of_a_second(seconds: float) -> None:
    features = features_of(noise(seconds))
    assert len(energy_curve(features).values) == int(features.duration_s * CURVE_HZ) + 1


@given(st.lists(st.floats(0, 2, width=32), min_size=1, max_size=8), st.integers(1, 3000))
@settings(max_examples=30)
def test_both_stay_between_nothing_and_one(levels: list[float], frames: int) -> None:
    features = features_of(np.concatenate([noise(frames / RATE, peak=level) for level in levels]))
    assert all(0 <= value <= 1 for value in energy_curve(features).values)
    assert 0 <= intensity(features, Rhythm(200.0, 1.0), find_onsets(features)) <= 1


def intensity_of(samples: Samples) -> float:
    features = features_of(samples)
    return intensity(features, hear_rhythm(features), find_onsets(features))


@cache
def made(kind: str, seed: int) -> Samples:
    return make_track(seed, kind, is_short=True).samples


PADS, ORCHESTRA, WALTZ, PUNK, METAL = ("beatless", 2), ("orchestral", 67), ("waltz", 5), ("song", 8), ("song", 19)


def test_the_harder_the_band_the_higher_the_intensity() -> None:
    pads, orchestra, waltz, punk, metal = (
        intensity_of(made(*track)) for track in (PADS, ORCHESTRA, WALTZ, PUNK, METAL)
    )
    assert max(pads, orchestra) < 0.3
    assert 0.35 < waltz < min(punk, metal)
    assert min(punk, metal) > 0.6


def test_mastering_does_not_make_a_song_intense() -> None:
    samples = made(*WALTZ)[: 40 * RATE]
    assert intensity_of(samples * np.float32(0.05)) == pytest.approx(intensity_of(samples), abs=0.01)


def test_a_quiet_intro_does_not_count() -> None:
    samples = made(*PUNK)[-40 * RATE :]
    intro = stereo(sine(220, 12.0, peak=0.002))
    assert intensity_of(np.concatenate((intro, samples))) == pytest.approx(intensity_of(samples), abs=0.1)


def test_silence_has_none() -> None:
    assert intensity_of(np.zeros((10 * RATE, 2), np.float32)) == 0.0
