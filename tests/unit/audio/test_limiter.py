"""Nothing passes the ceiling, and nothing below it is touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from nbd_tui.audio.limiter import CEILING, LOOKAHEAD, Limiter
from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import CueHit, Levels, Score, SourceRef, VoiceSpan
from nbd_tui.audio.source import Samples
from tests.unit.audio.sources import Shelf, noise, tone


def limited(samples: Samples, block: int = 221) -> Samples:
    """Through a limiter, its delay taken off."""
    limiter = Limiter()
    stream = np.concatenate((samples, np.zeros((LOOKAHEAD, 2), np.float32)))
    for start in range(0, len(stream), block):
        limiter.process(stream[start : start + block])
    return stream[LOOKAHEAD:]


def four_times(mono: Samples) -> Samples:
    """The wave between the samples, by band-limited interpolation over the whole of it."""
    spectrum = np.fft.rfft(mono)
    return np.asarray(np.fft.irfft(spectrum, 4 * len(mono)) * 4, np.float32)


def music(seed: int, frames: int) -> Samples:
    """Noise with the spectrum of rock music: level to 1 kHz, then 6 dB an octave down, nothing above 17 kHz."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(frames))
    hertz = np.fft.rfftfreq(frames, 1 / 44_100)
    mono = np.fft.irfft(spectrum * (hertz < 17_000) / np.maximum(1.0, hertz / 1_000), frames)
    mono *= 0.9 / np.abs(mono).max()
    return np.stack((mono, mono), axis=1).astype(np.float32)


def test_below_the_ceiling_every_bit_passes() -> None:
    samples = tone(1_000, 5_000, loudness=0.88)
    assert np.array_equal(limited(samples), samples)
    quiet = noise(1, 5_000)
    assert np.array_equal(limited(quiet), quiet)


def test_after_a_peak_the_gain_comes_back_to_exactly_one() -> None:
    samples = np.concatenate((tone(400, 4_410, loudness=1.6), tone(400, 44_100, loudness=0.3)))
    out = limited(samples)
    assert np.abs(out[4_500:5_000]).max() < 0.25
    assert np.array_equal(out[-10_000:], samples[-10_000:])


def test_a_loud_wave_is_turned_down_not_bent() -> None:
    samples = tone(500, 22_050, loudness=2.0)
    out = limited(samples)[5_000:15_000, 0].astype(np.float64)
    window = np.hanning(len(out))
    power = np.abs(np.fft.rfft(out * window)) ** 2
    fundamental = round(500 * len(out) / 44_100)
    near = power[fundamental - 5 : fundamental + 6].sum()
    assert np.abs(out).max() == pytest.approx(CEILING, rel=0.02)
    assert 1 - near / power.sum() < 1e-3


@pytest.mark.parametrize("hertz", [60, 997, 5_003, 9_001, 11_025 + 3])
def test_the_wave_between_the_samples_stays_near_the_ceiling(hertz: float) -> None:
    loud = limited(tone(hertz, 8_192, loudness=1.5))
    wave = four_times(loud[2_000:6_000, 0] * np.hanning(4_000).astype(np.float32))
    assert np.abs(wave).max() < CEILING * 10 ** (0.7 / 20)


@pytest.mark.parametrize("gain_db", [3.0, 9.0])
@pytest.mark.parametrize("seed", range(4))
def test_no_crest_of_music_passes_minus_one_decibel(gain_db: float, seed: int) -> None:
    loud = music(seed, 44_100) * np.float32(10 ** (gain_db / 20))
    wave = four_times(np.concatenate((limited(loud)[:, 0], np.zeros(2_000, np.float32))))
    assert np.abs(wave).max() > 1.0 * CEILING * 10 ** (-0.5 / 20), "it is loud"
    assert np.abs(wave).max() < 10 ** (-1 / 20) * 1.001


def test_a_wave_that_peaks_between_its_samples_is_limited_too() -> None:
    mono = 1.2 * np.sin(2 * np.pi * (np.arange(8_192) / 4 + 1 / 8))  # a quarter of the rate: no sample sees the peak
    samples = np.stack((mono, mono), axis=1).astype(np.float32)
    assert np.abs(samples).max() < CEILING
    wave = four_times(limited(samples)[2_000:6_000, 0] * np.hanning(4_000).astype(np.float32))
    assert np.abs(wave).max() < CEILING * 10 ** (0.1 / 20)


def test_a_sudden_peak_is_met_by_a_gain_that_is_already_down() -> None:
    samples: Samples = np.full((8_000, 2), 0.3, np.float32)
    samples[4_000] = 3.0
    out = limited(samples)
    gain = out[:, 0] / samples[:, 0]
    assert 0.9 * CEILING / 3.0 < gain[4_000] < CEILING / 3.0
    assert np.abs(np.diff(gain)).max() < 1.5 * (1.0 - gain[4_000]) / 64
    assert np.all(gain[: 4_000 - LOOKAHEAD] == 1.0)


@settings(deadline=None, max_examples=60)
@given(
    npst.arrays(np.float32, st.tuples(st.integers(1, 400), st.just(2)), elements=st.floats(-4, 4, width=32)),
    st.integers(1, 300),
)
def test_no_sample_passes_the_ceiling_in_any_blocks(samples: Samples, block: int) -> None:
    out = limited(samples, block)
    assert np.abs(out).max() <= CEILING
    assert np.allclose(out, limited(samples, 100_000), atol=1e-5)
    assert np.all(np.sign(out) * np.sign(samples) >= 0)
    assert np.all(np.abs(out) <= np.abs(samples) * np.float32(1 + 1e-6))


ANY_SAMPLE = st.floats(width=32, allow_nan=True, allow_infinity=True)


@settings(deadline=None, max_examples=40)
@given(
    npst.arrays(np.float32, st.tuples(st.integers(1, 600), st.just(2)), elements=ANY_SAMPLE),
    st.floats(-60, 200),
)
def test_whatever_a_file_or_its_tags_hold_the_stream_stays_within_the_ceiling(samples: Samples, gain_db: float) -> None:
    mixer = Mixer({"beep": samples}, Shelf(a=samples), levels=Levels())
    voices = tuple(VoiceSpan(str(i), SourceRef("a"), 40 * i, None, gain_db=gain_db) for i in range(3))
    mixer.set_score(Score(voices=voices, cues=(CueHit("c", "beep", 100, gain_db=gain_db),)))
    out = mixer.render(1_500)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= CEILING
