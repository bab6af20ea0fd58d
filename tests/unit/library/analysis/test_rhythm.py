"""Tempo, beats and bars of tracks made of clicks, and of features that no music has."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.library.analysis.attacks import attacks_of
from nbd_tui.library.analysis.beats import Pulse
from nbd_tui.library.analysis.features import BANDS, ENVELOPE_HZ, Features, features_of
from nbd_tui.library.analysis.onsets import find_onsets
from nbd_tui.library.analysis.rhythm import Rhythm, hear_rhythm
from nbd_tui.library.analysis.tactus import EVIDENCE, evidence
from nbd_tui.library.analysis.tempo import find_tempo
from nbd_tui.model.hearing import STEADY
from nbd_tui.model.units import RATE, to_frames

Samples = npt.NDArray[np.float32]


def _silence(length_s: float) -> Samples:
    return np.zeros((to_frames(length_s), 2), np.float32)


def _hit(samples: Samples, at_s: float, hertz: float, level: float) -> None:
    """Adds a decaying tone of a tenth of a second."""
    start = to_frames(at_s)
    time_s = np.arange(RATE // 10) / RATE
    tone = level * np.sin(2 * np.pi * hertz * time_s) * np.exp(-time_s * 40)
    stop = min(len(samples), start + len(tone))
    samples[start:stop] += tone[: stop - start, None].astype(np.float32)


def _snare(samples: Samples, at_s: float, level: float) -> None:
    """Adds a burst of noise of a tenth of a second."""
    start = to_frames(at_s)
    time_s = np.arange(RATE // 10) / RATE
    burst = level * np.random.default_rng(1).uniform(-1, 1, len(time_s)) * np.exp(-time_s * 40)
    stop = min(len(samples), start + len(burst))
    samples[start:stop] += burst[: stop - start, None].astype(np.float32)


def _drums(bpm: float, length_s: float = 40.0, first_s: float = 0.3, beats_a_bar: int = 4) -> Samples:
    """Kick on one (and on three of four), snare on the other beats, hats on each and between; a low note on one."""
    samples = _silence(length_s)
    for beat, at_s in enumerate(np.arange(first_s, length_s - 0.5, 60 / bpm)):
        place = beat % beats_a_bar
        if place in (0, 2 if beats_a_bar == 4 else 0):
            _hit(samples, at_s, 60.0, 0.7)
        else:
            _snare(samples, at_s, 0.5)
        _hit(samples, at_s, 7000.0, 0.1)
        _hit(samples, at_s + 30 / bpm, 7000.0, 0.08)
        if place == 0:
            _hit(samples, at_s, 110.0 if beat % (2 * beats_a_bar) else 130.0, 0.5)
    return samples


def _heard(samples: Samples) -> Rhythm:
    return hear_rhythm(features_of(samples))


@pytest.mark.parametrize("bpm", [92.0, 120.0, 137.5, 160.0])
def test_the_tempo_of_a_drum_machine_is_exact(bpm: float) -> None:
    rhythm = _heard(_drums(bpm))

    assert rhythm.bpm == pytest.approx(bpm, rel=5e-4)
    assert rhythm.is_constant
    assert rhythm.confidence >= STEADY


def test_beats_lie_on_the_drums() -> None:
    rhythm = _heard(_drums(120.0, first_s=0.3))

    errors_s = (rhythm.beats_s - 0.3 + 0.25) % 0.5 - 0.25
    assert np.abs(errors_s).max() < 0.02
    assert len(rhythm.beats_s) == pytest.approx(79, abs=1.1)


@pytest.mark.parametrize("length_s", [0.0, 1.0, 3.9, 30.0])
def test_silence_has_no_tempo(length_s: float) -> None:
    rhythm = _heard(_silence(length_s))

    assert rhythm.bpm is None
    assert rhythm.confidence == 0
    assert not len(rhythm.beats_s)


def test_a_single_beat_is_no_tempo() -> None:
    samples = _silence(20.0)
    _hit(samples, 8.0, 60.0, 0.8)

    assert _heard(samples).confidence < STEADY


def test_noise_has_no_steady_beat() -> None:
    noise = np.random.default_rng(4).normal(0, 0.2, (to_frames(40), 2)).astype(np.float32)

    assert _heard(noise).confidence < STEADY


def test_a_tempo_that_speeds_up_is_followed() -> None:
    samples = _silence(60.0)
    at_s, beats_s = 0.5, []
    while at_s < 59.5:
        beats_s.append(at_s)
        _hit(samples, at_s, 60.0 if len(beats_s) % 2 else 1800.0, 0.7)
        at_s += 60 / (100 + at_s / 2)
    rhythm = _heard(samples)

    assert not rhythm.is_constant
    nearest_s = np.abs(rhythm.beats_s[:, None] - np.array(beats_s)[None, :]).min(axis=0)
    assert np.mean(nearest_s < 0.05) > 0.95


def _any_features(seed: int, fps: float, rows: int, level: float) -> Features:
    random = np.random.default_rng(seed)
    bands = (level * random.random((rows, BANDS)) ** 8).astype(np.float32)
    power = bands.mean(axis=1)
    envelope = np.zeros(int(rows / fps * ENVELOPE_HZ), np.float32)
    return Features(int(rows / fps * RATE), fps, bands, power, power, power, power, envelope)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    fps=st.sampled_from([50.0, 86.1328125, 100.0]),
    rows=st.integers(1, 3000),
    level=st.sampled_from([0.0, 1e-12, 1.0, 1e12]),
)
def test_whatever_the_features_the_rhythm_is_well_formed(seed: int, fps: float, rows: int, level: float) -> None:
    features = _any_features(seed, fps, rows, level)
    rhythm = hear_rhythm(features)

    assert 0 <= rhythm.confidence <= 1
    assert rhythm.bpm is None or 20 < rhythm.bpm < 400
    assert np.all(np.diff(rhythm.beats_s) > 0)
    assert np.all((rhythm.beats_s >= 0) & (rhythm.beats_s < max(features.duration_s, 1e-9)))
    assert set(rhythm.downbeats_s.tolist()) <= set(rhythm.beats_s.tolist())


@pytest.mark.parametrize("beats_a_bar", [3, 4, 5, 7])
def test_bars_begin_with_the_kick_and_the_bass(beats_a_bar: int) -> None:
    rhythm = _heard(_drums(120.0, first_s=0.3, beats_a_bar=beats_a_bar))

    bar_s = beats_a_bar * 0.5
    errors_s = (rhythm.downbeats_s - 0.3 + bar_s / 2) % bar_s - bar_s / 2
    assert rhythm.beats_per_bar == beats_a_bar
    assert len(rhythm.downbeats_s) == pytest.approx(40 / bar_s, abs=1.1)
    assert np.abs(errors_s).max() < 0.03


def _hat(samples: Samples, at_s: float, level: float) -> None:
    """Adds a hiss of a tenth of a second."""
    start = to_frames(at_s)
    time_s = np.arange(RATE // 10) / RATE
    hiss = np.diff(np.random.default_rng(2).uniform(-1, 1, len(time_s) + 1)) * np.exp(-time_s * 30)
    stop = min(len(samples), start + len(hiss))
    samples[start:stop] += (level * hiss[: stop - start, None]).astype(np.float32)


def test_kicks_are_the_beat_and_loud_hats_between_them_are_not() -> None:
    samples = _silence(40.0)
    for beat, at_s in enumerate(np.arange(0.25, 39.5, 60 / 126)):
        _hit(samples, at_s, 55.0, 0.8)
        _hat(samples, at_s + 30 / 126, 0.15)
        if beat % 2:
            _snare(samples, at_s, 0.3)
    rhythm = _heard(samples)

    assert rhythm.bpm == pytest.approx(126, rel=1e-3)
    period_s = 60 / 126
    assert np.abs((rhythm.beats_s - 0.25 + period_s / 2) % period_s - period_s / 2).max() < 0.03


def test_hats_on_the_eighths_do_not_double_a_slow_song() -> None:
    samples = _drums(84.0)
    for at_s in np.arange(0.3, 39.0, 30 / 84):
        _hat(samples, at_s, 0.06)

    assert _heard(samples).bpm == pytest.approx(84, rel=1e-3)


@pytest.mark.parametrize("bar", [(4, 4), (4, 5, 3), (7,)])
def test_at_twice_the_tempo_the_snare_repeats_after_four_beats_and_not_after_two(bar: tuple[int, ...]) -> None:
    """Whatever the bars: a mean over them says little where they are not all alike."""
    samples, at_s = _silence(40.0), 0.3
    for beats in itertools.cycle(bar):
        for beat in range(beats):
            if beat % 2:
                _snare(samples, at_s, 0.5)
            else:
                _hit(samples, at_s, 60.0, 0.7)
            at_s += 0.6
        if at_s > 37:
            break
    features = features_of(samples)
    onsets = find_onsets(features)
    beats_s = np.arange(0.3, 38.0, 0.6)
    once, twice = (
        evidence(attacks_of(features, onsets), find_tempo(onsets), Pulse(times_s, bpm, is_constant=True))
        for times_s, bpm in ((beats_s, 100.0), (np.arange(0.3, 38.0, 0.3), 200.0))
    )

    after_four = EVIDENCE.index("snare: after four rather than two")
    assert twice[after_four] > once[after_four] + 0.3


def test_a_song_with_two_tempi_is_not_constant_and_followed_in_both() -> None:
    samples = np.concatenate((_drums(112.0, 30.0), _drums(140.0, 50.0)))
    rhythm = _heard(samples)

    assert not rhythm.is_constant
    intervals_s = np.diff(rhythm.beats_s)
    first, second = rhythm.beats_s[:-1] < 25, (rhythm.beats_s[:-1] > 36) & (rhythm.beats_s[:-1] < 75)
    assert 60 / np.mean(intervals_s[first]) == pytest.approx(112, rel=0.02)
    assert 60 / np.mean(intervals_s[second]) == pytest.approx(140, rel=0.02)


def test_voices_that_beat_against_each_other_are_no_beat() -> None:
    time_s = np.arange(40 * RATE) / RATE
    voices = ((220.0, 0.1), (222.0, 0.015), (329.6, 0.1), (331.6, 0.015))
    tones = [level * np.sin(2 * np.pi * hertz * time_s) for hertz, level in voices]
    samples = np.repeat(np.sum(tones, axis=0)[:, None], 2, axis=1).astype(np.float32)

    assert _heard(samples).confidence < STEADY
