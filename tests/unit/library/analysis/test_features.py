"""What is kept of a track: where it lies in time, how much power, and that chunks make no difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.features import BANDS, ENVELOPE_HZ, FeatureMaker, Features, features_of
from nbd_tui.model.units import RATE
from tests.unit.library.analysis.signals import cut, noise, sine, stereo


def made_of(samples: Samples, places: list[int]) -> Features:
    maker = FeatureMaker()
    for chunk in cut(samples, places):
        maker.add(chunk)
    return maker.finish()


@given(st.lists(st.integers(0, 5 * RATE), max_size=6), st.integers(0, 4))
@settings(max_examples=25, deadline=None)
def test_chunks_make_no_difference(places: list[int], seconds: int) -> None:
    samples = noise(seconds + 0.123)
    whole, joined = features_of(samples), made_of(samples, places)
    assert whole.frames == joined.frames == len(samples)
    for name in ("bands", "low", "middle", "high", "loud", "envelope"):
        assert np.array_equal(getattr(whole, name), getattr(joined, name)), name


@pytest.mark.parametrize("frames", [0, 1, 87, 88, 511, 512, 513, 32_767, 32_768, 32_769, 100_000])
def test_there_is_a_row_for_every_hop_and_a_value_for_every_two_milliseconds(frames: int) -> None:
    heard = features_of(np.zeros((frames, 2), np.float32))
    assert heard.frames == frames
    assert len(heard.bands) == len(heard.low) == len(heard.loud) == int(frames / RATE * heard.fps) + 1
    assert heard.bands.shape[1] == BANDS
    assert len(heard.envelope) == int(frames / RATE * ENVELOPE_HZ)
    assert not heard.bands.any()


@pytest.mark.parametrize("at_s", [0.0, 0.5, 0.74303, 1.2345, 1.9])
def test_a_click_is_where_it_is(at_s: float) -> None:
    samples = np.zeros((2 * RATE, 2), np.float32)
    samples[round(at_s * RATE)] = 1.0
    heard = features_of(samples)
    power = heard.bands.sum(axis=1)
    centre = (np.arange(len(power)) * power).sum() / power.sum() / heard.fps
    assert centre == pytest.approx(at_s, abs=0.01 if at_s else 0.02)
    assert int(heard.envelope.argmax()) / ENVELOPE_HZ == pytest.approx(at_s, abs=0.0025)


@pytest.mark.parametrize(
    ("hertz", "where"), [(60, "low"), (110, "low"), (200, "middle"), (1000, "middle"), (3000, "high"), (9000, "high")]
)
def test_power_is_found_in_its_range(hertz: float, where: str) -> None:
    heard = features_of(stereo(sine(hertz, 2.0)))
    inside = slice(20, -20)
    for name in ("low", "middle", "high"):
        expected = 0.125 if name == where else 0.0
        assert getattr(heard, name)[inside].mean() == pytest.approx(expected, rel=0.05, abs=2e-3), name
    assert heard.envelope[100:-100].mean() == pytest.approx(0.125, rel=0.05)


def test_what_lies_above_eleven_kilohertz_is_not_mistaken_for_something_lower() -> None:
    heard = features_of(stereo(sine(15_000, 2.0)))
    assert heard.bands[20:-20].sum() < 1e-4 * features_of(stereo(sine(7000, 2.0))).bands[20:-20].sum()


def test_bands_go_from_low_to_high() -> None:
    loudest = [int(features_of(stereo(sine(hertz, 0.5))).bands[20].argmax()) for hertz in (50, 200, 1000, 4000, 10_000)]
    assert loudest == sorted(set(loudest))


def test_one_silent_channel_halves_the_amplitude() -> None:
    both, one = (
        features_of(noise(1)[:, :1] * np.ones(2, np.float32)),
        features_of(noise(1) * np.array([1, 0], np.float32)),
    )
    assert one.middle[10:-10].mean() == pytest.approx(both.middle[10:-10].mean() / 4, rel=1e-3)


def test_an_inverted_channel_is_heard_as_loud_as_one_that_is_not() -> None:
    left = noise(3)[:, 0]
    plain, inverted = features_of(stereo(left)), features_of(stereo(left, -left))
    for name in ("bands", "low", "loud", "envelope"):
        assert np.allclose(getattr(plain, name), getattr(inverted, name), rtol=1e-3, atol=1e-9), name


def test_channels_that_turn_against_each_other_later_are_still_heard() -> None:
    left = noise(5)[:, 0]
    right = left * np.where(np.arange(len(left)) < 2 * RATE, 1, -1)
    heard = features_of(stereo(left, right))
    later = slice(round(3.4 * heard.fps), -5)
    assert np.allclose(heard.loud[later], features_of(stereo(left)).loud[later], rtol=1e-2)


def test_damage_is_silence() -> None:
    samples = noise(2)
    samples[40_000:40_010] = np.nan
    samples[50_000] = np.inf
    samples[60_000] = 1e30
    heard = features_of(samples)
    for name in ("bands", "low", "middle", "high", "loud", "envelope"):
        assert np.isfinite(getattr(heard, name)).all(), name


def test_a_constant_offset_is_not_loud() -> None:
    heard = features_of(np.full((2 * RATE, 2), 0.7, np.float32))
    for name in ("bands", "low", "middle", "high", "loud"):
        assert getattr(heard, name)[10:-10].max() < 1e-6, name
