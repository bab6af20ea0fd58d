"""Copies of tracks at another tempo: their length, their pitch, and where their attacks are."""

import sys
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.errors import CircumstanceError
from nbd_tui.media.decode import open_stream
from nbd_tui.media.stretching import HEADROOM_DB, LONGEST, stretch_file
from nbd_tui.model.speed import Speed
from nbd_tui.model.units import RATE, Frames, to_gain

HIT_S = 0.05
TONE_HZ = 440.0
LENGTH_S = 33
"""Longer than one part."""
HITS = tuple(range(RATE // 2, LENGTH_S * RATE - RATE, RATE * 15 // 32))
"""A beat at 128 BPM."""


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hits of noise over a tone."""
    chance = np.random.default_rng(3)
    seconds = np.arange(LENGTH_S * RATE) / RATE
    samples = 0.1 * np.sin(2 * np.pi * TONE_HZ * seconds)
    decay = np.exp(-np.arange(int(HIT_S * RATE)) / (0.01 * RATE))
    for hit in HITS:
        samples[hit : hit + len(decay)] += 0.7 * chance.uniform(-1, 1, len(decay)) * decay
    path = tmp_path_factory.mktemp("music") / "track.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(np.rint(samples * 32_767).astype("<i2")[:, None], 2, axis=1).tobytes())
    return path


def read(path: Path) -> npt.NDArray[np.float64]:
    stream, parts = open_stream(path), []
    while (chunk := stream.read(1 << 20)) is not None:
        parts.append(chunk[:, 0])
    stream.close()
    return np.concatenate(parts).astype(np.float64)


def lag(track: npt.NDArray[np.float64], copy: npt.NDArray[np.float64], hit: Frames, expected: Frames) -> int:
    """So many frames late the copy has an attack, by the shift at which both are most alike."""
    attack = track[hit - 30 : hit + 300]
    near = copy[expected - 30 - 100 : expected + 300 + 100]
    return int(np.argmax(np.correlate(near, attack, "valid"))) - 100


@pytest.mark.parametrize("factor", [0.94, 1.06])
def test_a_copy_keeps_the_pitch_and_has_its_attacks_in_place(track: Path, tmp_path: Path, factor: float) -> None:
    speed, marked = Speed.of(factor), HITS[5::20]
    stretch_file(track, tmp_path / "copy.wav", speed, marked)
    original, copy = read(track), read(tmp_path / "copy.wav")
    assert len(copy) == speed.frame(len(original))
    lags = {hit: lag(original, copy, hit, speed.frame(hit)) for hit in HITS}
    assert max(map(abs, lags.values())) <= RATE // 500
    assert max(abs(lags[hit]) for hit in marked) <= RATE // 3000
    spectrum = np.abs(np.fft.rfft(copy[:RATE] * np.hanning(RATE)))
    assert np.argmax(spectrum) == TONE_HZ
    level = np.std(copy) / np.std(original)
    assert level == pytest.approx(to_gain(-HEADROOM_DB), rel=0.1)


def test_where_one_part_of_a_copy_ends_and_the_next_begins_nothing_clicks(track: Path, tmp_path: Path) -> None:
    speed = Speed.of(1.05)
    stretch_file(track, tmp_path / "copy.wav", speed, ())
    copy = read(tmp_path / "copy.wav")
    seam = speed.frame(LONGEST)
    steps = np.abs(np.diff(copy[seam - 500 : seam + 500]))
    assert max(steps) < 0.15 * np.max(np.abs(copy))


def test_the_same_track_gives_the_same_copy(track: Path, tmp_path: Path) -> None:
    for name in ("one.wav", "two.wav"):
        stretch_file(track, tmp_path / name, Speed.of(0.97), HITS[:1])
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()


def test_without_the_library_there_is_no_copy(track: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_stretch", None)
    with pytest.raises(CircumstanceError, match="python-stretch"):
        stretch_file(track, tmp_path / "copy.wav", Speed.of(0.97), ())


@given(st.integers(9_400, 10_600), st.lists(st.integers(0, 10**9), min_size=2))
def test_frames_of_a_track_keep_their_order_in_a_copy(steps: int, frames: list[Frames]) -> None:
    speed = Speed(steps)
    for one, next_one in pairwise(sorted(frames)):
        assert speed.frame(one) <= speed.frame(next_one)
        assert abs(speed.frame(one) - one / speed.factor) <= 0.5 + 1e-6
    assert speed.track_s(speed.played_s(123.0)) == pytest.approx(123.0)
