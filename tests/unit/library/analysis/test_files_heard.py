"""Files of every make, through our own decoder into the analysis."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.listen import listen
from nbd_tui.media.decode import open_stream
from nbd_tui.model.hearing import Hearing
from tests.audio_files import write_flac, write_float_wav, write_wav
from tests.unit.library.analysis.signals import sine, stereo

SECONDS = 6.0
LEVEL = 10 ** (-23 / 20)


def heard(path: Path) -> Hearing:
    return listen(chunks(path))


def chunks(path: Path) -> Iterator[Samples]:
    with closing(open_stream(path)) as stream:
        while (chunk := stream.read(8192)) is not None:
            yield chunk


def tone(rate: int = 44_100, channels: int = 2) -> Samples:
    wave = LEVEL * np.sin(2 * np.pi * 1000 * np.arange(round(SECONDS * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


@pytest.mark.parametrize("kind", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_width_of_sample(tmp_path: Path, kind: str) -> None:
    assert heard(write_wav(tmp_path / "tone.wav", tone(), kind=kind)).lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 96_000])
def test_every_rate(tmp_path: Path, rate: int) -> None:
    found = heard(write_flac(tmp_path / "tone.flac", tone(rate), rate))
    assert found.duration_s == pytest.approx(SECONDS, abs=0.01)
    assert found.lufs == pytest.approx(-23.0, abs=0.5)  # the decoder's resampler dulls 8 kHz, for the ear as well


def test_a_mono_file_is_as_loud_as_the_two_speakers_that_play_it(tmp_path: Path) -> None:
    assert heard(write_wav(tmp_path / "tone.wav", tone(channels=1))).lufs == pytest.approx(-23.0, abs=0.1)


def test_surround_is_heard_as_it_is_played(tmp_path: Path) -> None:
    found = heard(write_flac(tmp_path / "tone.flac", tone(channels=6)))
    assert found.duration_s == pytest.approx(SECONDS, abs=0.01)
    assert found.lufs is not None
    assert -30 < found.lufs < -10


def test_damage_in_a_file_of_floats(tmp_path: Path) -> None:
    samples = stereo(sine(1000, SECONDS, LEVEL))
    samples[50_000:50_010] = np.nan
    samples[60_000] = np.inf
    samples[70_000] = 1e9
    found = heard(write_float_wav(tmp_path / "tone.wav", samples))
    assert found.lufs is not None
    assert found.true_peak_db is not None
    assert found.true_peak_db < 9
