"""Cue sets from folders of WAV files."""

import wave
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.errors import DecodeError
from nbd_tui.media.cue_files import ClipShelf, clip_length_s, load_clip, load_cue_set
from nbd_tui.model.units import RATE
from nbd_tui.paths import asset


def write_wav(file: Path, samples: list[int], channels: int = 1, rate: int = RATE, width: int = 2) -> None:
    with wave.open(str(file), "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        writer.writeframes(np.array(samples, "<i2").tobytes())


def test_a_mono_sound_is_heard_on_both_sides(tmp_path: Path) -> None:
    write_wav(tmp_path / "bell.wav", [0, 16384, -32768])
    (tmp_path / "readme.txt").write_text("not a sound")
    sounds = load_cue_set(tmp_path)

    assert list(sounds) == ["bell"]
    assert sounds["bell"].dtype == np.float32
    assert sounds["bell"].tolist() == [[0.0, 0.0], [0.5, 0.5], [-1.0, -1.0]]


def test_stereo_sides_stay_apart(tmp_path: Path) -> None:
    write_wav(tmp_path / "bell.wav", [16384, 0, 0, -16384], channels=2)

    assert load_cue_set(tmp_path)["bell"].tolist() == [[0.5, 0.0], [0.0, -0.5]]


@pytest.mark.parametrize("kind", ["sharp", "soft"])
def test_the_sets_we_ship_are_read(kind: str) -> None:
    sounds = load_cue_set(asset("cues", kind))

    assert {"bell-single", "bell-triple", "clapper"} <= set(sounds)
    assert all(0.1 < np.abs(sound).max() <= 1.0 for sound in sounds.values())


def test_other_rates_broken_files_and_empty_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="no cue sounds"):
        load_cue_set(tmp_path)
    write_wav(tmp_path / "bell.wav", [0], rate=48_000)
    with pytest.raises(DecodeError, match=r"bell\.wav: a cue sound has 16 bits"):
        load_cue_set(tmp_path)
    (tmp_path / "bell.wav").write_bytes(b"RIFF nonsense")
    with pytest.raises(DecodeError, match=r"bell\.wav: "):
        load_cue_set(tmp_path)


@pytest.mark.parametrize("rate", [16_000, 22_050, 32_000, 44_100, 48_000])
def test_a_clip_of_another_rate_keeps_its_length_its_pitch_and_its_level(tmp_path: Path, rate: int) -> None:
    seconds = 0.4
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * rate)) / rate)
    write_wav(tmp_path / "clip.wav", (tone * 32767).astype(int).tolist(), rate=rate)
    clip = load_clip(tmp_path / "clip.wav")

    assert clip.shape == (round(seconds * RATE), 2)
    assert clip_length_s(tmp_path / "clip.wav") == pytest.approx(seconds)
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(len(clip)) / RATE)
    inner = slice(1000, -1000)
    assert np.allclose(clip[inner, 0], expected[inner], atol=0.01)


def test_a_shelf_reads_a_clip_once_and_does_without_those_it_cannot_read(tmp_path: Path) -> None:
    good, bad, gone = str(tmp_path / "good.wav"), str(tmp_path / "bad.wav"), str(tmp_path / "gone.wav")
    write_wav(Path(good), [0, 16384])
    Path(bad).write_bytes(b"RIFF nonsense")
    shelf = ClipShelf()
    shelf.load([good, bad, gone, good])
    Path(good).unlink()
    shelf.load([good])

    assert shelf.get(bad) is None
    assert shelf.get(gone) is None
    said = shelf.get(good)
    assert said is not None
    assert said.tolist() == [[0.0, 0.0], [0.5, 0.5]]


def test_a_file_far_too_long_is_no_clip(tmp_path: Path) -> None:
    write_wav(tmp_path / "hour.wav", [0] * (11 * 8000), rate=8000)
    with pytest.raises(DecodeError):
        load_clip(tmp_path / "hour.wav")
