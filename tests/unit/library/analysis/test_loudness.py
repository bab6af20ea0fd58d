"""Loudness: the test signals of EBU Tech 3341 (version 4, 2023) that can be generated in stereo, and music-like ones
against the filters of ITU-R BS.1770-4 in full."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.loudness import STEP, LoudnessMaker, integrated
from nbd_tui.model.units import RATE
from tests.unit.library.analysis.signals import Signal, cut, noise, sine, stereo, tones


def loudness(samples: Samples) -> float | None:
    maker = LoudnessMaker()
    maker.add(samples)
    return maker.finish()


def filtered(samples: Signal, taps: list[float], feedback: list[float]) -> Signal:
    """Direct form, as the standard draws it, by its response over far more samples than it rings."""
    points = 1 << int(np.ceil(np.log2(len(samples) + RATE)))
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(points, 1 / RATE) / 48_000)
    response = np.polyval(taps[::-1], z) / np.polyval(feedback[::-1], z)
    found: Signal = np.fft.irfft(np.fft.rfft(samples, points) * response, points)[: len(samples)]
    return found


def reference(samples: Samples) -> float | None:
    """Loudness with the K-weighting applied to the samples."""
    power = np.zeros(len(samples))
    for channel in samples.T.astype(np.float64):
        shelved = filtered(channel, [1.53512485958697, -2.69169618940638, 1.19839281085285],
                           [1.0, -1.69065929318241, 0.73248077421585])  # fmt: skip
        power += filtered(shelved, [1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621]) ** 2
    steps = len(power) // STEP
    return integrated(power[: steps * STEP].reshape(steps, STEP).sum(axis=1))


EBU = {
    "1: -23 dBFS": ([(-23.0, 20.0)], -23.0),
    "2: -33 dBFS": ([(-33.0, 20.0)], -33.0),
    "3: the relative gate": ([(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)], -23.0),
    "4: both gates": ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
    "5: two levels": ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
}


@pytest.mark.parametrize("case", EBU)
def test_ebu_tech_3341(case: str) -> None:
    parts, expected = EBU[case]
    assert loudness(tones(*parts)) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("hertz", [30, 60, 100, 500, 2000, 4000, 8000, 12_000, 16_000])
def test_tones_are_weighted_as_the_standard_has_it(hertz: float) -> None:
    samples = stereo(sine(hertz, 3.0))
    assert loudness(samples) == pytest.approx(reference(samples), abs=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sounds_of_every_kind_are_as_loud_as_with_the_filters_themselves(seed: int) -> None:
    chance = np.random.default_rng(seed)
    swell = np.interp(np.arange(8 * RATE), np.arange(9) * RATE, chance.uniform(0, 1, 9))[:, None]
    beats = np.exp(-((np.arange(8 * RATE) % (RATE // 2)) / 3000))[:, None] * stereo(sine(55, 8.0))
    samples = (noise(8, seed) * swell + beats).astype(np.float32)
    assert loudness(samples) == pytest.approx(reference(samples), abs=0.1)


def test_a_mono_file_decoded_to_two_channels_is_three_units_louder_than_one_channel() -> None:
    left = sine(1000, 5.0)
    both, one = loudness(stereo(left)), loudness(stereo(left, np.zeros_like(left)))
    assert both is not None
    assert one == pytest.approx(both - 3.01, abs=0.01)


def test_an_inverted_channel_is_as_loud() -> None:
    left = sine(1000, 2.0)
    assert loudness(stereo(left, -left)) == pytest.approx(loudness(stereo(left)), abs=1e-3)


@pytest.mark.parametrize("frames", [0, 1, 4 * STEP - 1])
def test_less_than_a_gating_block_has_no_loudness(frames: int) -> None:
    assert loudness(noise(1)[:frames]) is None


def test_silence_and_a_mere_offset_have_no_loudness() -> None:
    assert loudness(np.zeros((5 * RATE, 2), np.float32)) is None
    assert loudness(np.full((5 * RATE, 2), 0.5, np.float32)) is None


def test_a_full_scale_square_wave() -> None:
    square = np.sign(sine(441, 2.0) + 1e-9)
    assert loudness(stereo(square)) == pytest.approx(reference(stereo(square)), abs=0.05)


@given(st.lists(st.integers(0, 6 * RATE), max_size=6))
@settings(max_examples=15, deadline=None)
def test_chunks_make_no_difference(places: list[int]) -> None:
    samples, maker = noise(5.05), LoudnessMaker()
    for chunk in cut(samples, places):
        maker.add(chunk)
    assert maker.finish() == loudness(samples)


@given(st.lists(st.floats(0, 10), max_size=30))
@settings(max_examples=100)
def test_gating_stays_within_the_powers(powers: list[float]) -> None:
    found = integrated(np.array(powers) * STEP)
    if found is not None:
        assert 10 ** ((found + 0.691) / 10) <= max(powers) * 1.0001
