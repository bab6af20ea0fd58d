"""A whole track: every kind of garbage gives a clean answer, and chunks make no difference."""

import math
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.listen import listen
from nbd_tui.model.hearing import STEADY, Hearing
from nbd_tui.model.units import RATE
from tests.unit.library.analysis.signals import cut, noise, sine, stereo, tones


def assert_clean(hearing: Hearing, frames: int) -> None:
    assert hearing.frames == frames
    numbers = (hearing.bpm, hearing.lufs, hearing.true_peak_db, hearing.confidence, hearing.intensity)
    assert all(math.isfinite(number) for number in numbers if number is not None)
    assert 0 <= hearing.confidence <= 1
    assert 0 <= hearing.intensity <= 1
    assert all(0 <= value <= 1 for value in hearing.energy.values)
    assert len(hearing.energy.values) == int(4 * frames / RATE) + 1
    assert all(0 <= beat <= hearing.duration_s for beat in hearing.beats_s)
    assert set(hearing.downbeats_s) <= set(hearing.beats_s)
    assert all(0 <= drop.at_s <= hearing.duration_s for drop in hearing.drops)
    assert not hearing.drops or hearing.confidence >= STEADY


@pytest.mark.parametrize("frames", [0, 1, 500, 4_410, RATE // 2, RATE - 1, 2 * RATE, 5 * RATE])
def test_short_tracks(frames: int) -> None:
    assert_clean(listen([noise(6)[:frames]]), frames)


def square(right: int = 1) -> Samples:
    left = np.sign(sine(100, 12.0) + 1e-9)
    return stereo(left, right * left)


GARBAGE: dict[str, Callable[[], Samples]] = {
    "silence": lambda: np.zeros((12 * RATE, 2), np.float32),
    "almost silence": lambda: noise(12, peak=1e-6),
    "an offset": lambda: np.full((12 * RATE, 2), 0.9, np.float32),
    "a square wave": square,
    "one channel": lambda: noise(12) * np.array([1, 0], np.float32),
    "an inverted channel": lambda: square(-1),
    "noise": lambda: noise(12, peak=0.5),
    "a tone": lambda: tones((-6.0, 12.0)),
    "nothing but damage": lambda: np.full((12 * RATE, 2), np.nan, np.float32),
    "far above full scale": lambda: noise(12, peak=1e20),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_has_neither_beat_nor_drop(kind: str) -> None:
    hearing = listen(cut(GARBAGE[kind](), list(range(0, 12 * RATE, 8192))))
    assert_clean(hearing, 12 * RATE)
    assert hearing.confidence < STEADY
    assert not hearing.drops


def test_silence_has_no_loudness_peak_or_energy() -> None:
    hearing = listen([GARBAGE["silence"]()])
    assert (hearing.bpm, hearing.lufs, hearing.true_peak_db, hearing.intensity) == (None, None, None, 0.0)
    assert not any(hearing.energy.values)


def test_damage_within_music_is_silence() -> None:
    samples = noise(6)
    samples[RATE : RATE + 5] = [np.nan, np.inf]
    samples[2 * RATE] = -1e30
    hearing = listen([samples])
    assert_clean(hearing, 6 * RATE)
    assert hearing.lufs == pytest.approx(listen([noise(6)]).lufs, abs=0.1)


def test_channels_that_cancel_each_other_are_heard() -> None:
    left = clicks(30)
    plain, inverted = listen([stereo(left)]), listen([stereo(left, -left)])
    assert plain.is_steady
    assert inverted.is_steady
    assert inverted.bpm == pytest.approx(plain.bpm, rel=1e-3)
    assert inverted.beats_s == pytest.approx(plain.beats_s, abs=0.005)


def clicks(seconds: int, bpm: float = 120.0) -> np.typing.NDArray[np.float64]:
    period = round(60 / bpm * RATE)
    at = np.arange(seconds * RATE) % period
    sound: np.typing.NDArray[np.float64] = 0.5 * np.exp(-at / 2000) * np.sin(2 * np.pi * 80 * at / RATE)
    sound += 0.1 * np.exp(-at / 300) * np.random.default_rng(5).standard_normal(len(at))
    return sound


@given(st.lists(st.integers(0, 20 * RATE), max_size=8))
@settings(max_examples=5, deadline=None)
def test_chunks_make_no_difference(places: list[int]) -> None:
    track, whole = heard_whole()
    assert listen(cut(track, places)) == whole


@cache
def heard_whole() -> tuple[Samples, Hearing]:
    track = stereo(clicks(20))
    return track, listen([track])


def test_chunks_may_share_their_memory() -> None:
    """Nothing holds on to the chunks: the same array is filled anew for each."""

    def chunks() -> Iterator[Samples]:
        chunk = np.empty((RATE, 2), np.float32)
        for second in range(8):
            chunk[:] = noise(1, second)
            yield chunk

    joined = np.concatenate([noise(1, second) for second in range(8)])
    assert listen(chunks()) == listen([joined])
