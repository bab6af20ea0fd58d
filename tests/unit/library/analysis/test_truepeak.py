"""True peak: the test signals 15 to 23 of EBU Tech 3341, and signals whose peak between the samples is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.truepeak import TruePeakMaker
from nbd_tui.model.units import RATE
from tests.unit.library.analysis.signals import Signal, cut, noise, sine, stereo


def true_peak(samples: Samples) -> float | None:
    maker = TruePeakMaker()
    maker.add(samples)
    return maker.finish()


def level(peak: float) -> float:
    return float(20 * np.log10(peak))


@pytest.mark.parametrize(
    ("part", "degrees", "peak", "expected"),
    [(4, 0.0, 0.5, -6.0), (4, 45.0, 0.5, -6.0), (6, 60.0, 0.5, -6.0), (8, 67.5, 0.5, -6.0), (4, 45.0, 1.41, 3.0)],
    ids=["15", "16", "17", "18", "19"],
)
def test_ebu_tech_3341_tones(part: int, degrees: float, peak: float, expected: float) -> None:
    fade = np.interp(np.arange(2 * RATE), [0, RATE / 10, 1.9 * RATE, 2 * RATE], [0, 1, 1, 0])
    assert true_peak(stereo(fade * sine(RATE / part, 2.0, peak, degrees))) == pytest.approx(expected, abs=0.2)


def at_four_times_the_rate() -> Signal:
    """A sine at a sixth of the rate, half scale, in which one period is at full scale; nothing above the half rate."""
    length = 4 * 4096
    at = np.arange(length)
    loud = (at >= length // 2) & (at < length // 2 + 24)
    wave = np.where(loud, 1.0, 0.5) * np.sin(2 * np.pi * at / 24)
    spectrum = np.fft.rfft(wave)
    spectrum[len(spectrum) // 4 - 100 :] = 0
    return np.fft.irfft(spectrum, length)


@pytest.mark.parametrize("offset", [0, 1, 2, 3], ids=["20", "21", "22", "23"])
def test_ebu_tech_3341_one_period_sampled_at_four_phases(offset: int) -> None:
    wave = at_four_times_the_rate()
    assert true_peak(stereo(wave[offset::4])) == pytest.approx(level(float(np.abs(wave).max())), abs=0.3)


def music_like(seed: int) -> Samples:
    """Noise with the spectrum of music: 3 dB less per octave, nothing above 20 kHz."""
    spectrum = np.fft.rfft(noise(2, seed), axis=0)
    hertz = np.fft.rfftfreq(2 * RATE, 1 / RATE)[:, None]
    wave = np.fft.irfft(spectrum * (hertz > 20) * (hertz < 20_000) / np.sqrt(hertz + 1), axis=0)
    samples: Samples = (0.2 * wave / wave.std()).astype(np.float32)
    return samples


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gain", [0.1, 1.0], ids=["open", "clipped now and then"])
def test_sounds_against_their_spectrum_continued(seed: int, gain: float) -> None:
    samples = np.clip(gain * music_like(seed), -1, 1)
    times = 8
    between = np.fft.irfft(np.fft.rfft(samples, axis=0), len(samples) * times, axis=0) * times
    assert true_peak(samples) == pytest.approx(level(float(np.abs(between).max())), abs=0.3)


@pytest.mark.parametrize("seed", range(4))
def test_square_waves_of_every_length_read_at_least_what_a_meter_of_twelve_taps_reads(seed: int) -> None:
    """What is clipped most of the time has its peaks anywhere, and a spectrum up to the very end."""
    samples = np.clip(5.0 * music_like(seed), -1, 1)
    between = [np.sinc(np.arange(-5, 7) - part) * np.cos(np.pi / 12 * (np.arange(-5, 7) - part)) ** 2 for part in
               (0.25, 0.5, 0.75)]  # fmt: skip
    meter = max(float(np.abs(np.convolve(channel, taps)).max()) for channel in samples.T for taps in between)
    found = true_peak(samples)
    assert found is not None
    assert level(meter) - 0.2 <= found <= level(meter) + 1.0


@pytest.mark.parametrize("at_frame", [0, 1, *range(70_530, 70_591), 99_998])
def test_a_peak_at_any_border_is_found(at_frame: int) -> None:
    """Two equal samples at the end of what they are the samples of: the peak lies between them."""
    samples = np.zeros((100_000, 2), np.float32)
    samples[at_frame : at_frame + 2, 1] = 0.5
    assert true_peak(samples) == pytest.approx(level(0.5 * 4 / np.pi), abs=0.15)


def test_the_louder_channel_counts() -> None:
    quiet, loud = sine(1000, 1.0, 0.1), sine(1000, 1.0, 0.7)
    assert true_peak(stereo(quiet, loud)) == true_peak(stereo(-loud, quiet)) == pytest.approx(level(0.7), abs=0.01)


def test_silence_has_no_peak() -> None:
    assert true_peak(np.zeros((RATE, 2), np.float32)) is None
    assert true_peak(np.zeros((0, 2), np.float32)) is None


@given(st.lists(st.integers(0, 4 * RATE), max_size=6))
@settings(max_examples=15, deadline=None)
def test_chunks_make_no_difference_and_no_sample_is_above_the_peak(places: list[int]) -> None:
    samples, maker = noise(4, peak=0.3), TruePeakMaker()
    for chunk in cut(samples, places):
        maker.add(chunk)
    found = maker.finish()
    assert found == true_peak(samples)
    assert found is not None
    assert found >= level(float(np.abs(samples).max())) - 1e-6
