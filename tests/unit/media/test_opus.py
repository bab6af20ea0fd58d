"""What an Opus file says of itself, and the copy that libVLC is given."""

import wave
from pathlib import Path

import pytest
import soundfile

from nbd_tui.media import opus
from nbd_tui.model.units import RATE, Frames
from tests import audio_files

PRE_SKIP = 312
"""Of libopus' own encoder."""


def test_it_tells_its_pre_skip_and_length(tmp_path: Path) -> None:
    path = audio_files.write_opus(tmp_path / "x.opus", audio_files.noise(1.5, 48_000))

    assert opus.look(path) == opus.OpusFile(PRE_SKIP, 72_000 + PRE_SKIP)


def test_the_copy_has_a_right_checksum_and_leaves_out_nothing(tmp_path: Path) -> None:
    path = audio_files.write_opus(tmp_path / "x.opus", audio_files.noise(1.5, 48_000))
    opus.copy_whole(path, tmp_path / "y.opus")
    whole, _ = soundfile.read(tmp_path / "y.opus")

    assert opus.look(tmp_path / "y.opus") == opus.OpusFile(0, 72_000 + PRE_SKIP)
    assert len(whole) == 72_000 + PRE_SKIP
    assert path.stat().st_size == (tmp_path / "y.opus").stat().st_size


@pytest.mark.parametrize("content", [b"", b"OggS", b"OggS" + bytes(60), b"\0" * 100])
def test_what_is_none_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    vorbis = audio_files.write_ogg(tmp_path / "x.ogg", audio_files.noise(0.5))

    assert opus.look(tmp_path / "x") is None
    assert opus.look(tmp_path / "none") is None
    assert opus.look(tmp_path) is None
    assert opus.look(vorbis) is None


@pytest.mark.parametrize(
    ("missing", "begins"), [(0, PRE_SKIP), (opus.LEFT_OUT, PRE_SKIP - opus.LEFT_OUT), (10**9, PRE_SKIP)]
)
def test_the_beginning_that_is_left_out_is_not_a_number_of_running_streams(
    tmp_path: Path, missing: int, begins: int
) -> None:
    decoded = tmp_path / "x.wav"
    write_wave(decoded, RATE)
    opus.cut(decoded, opus.OpusFile(PRE_SKIP, opus.OPUS_RATE + missing))

    with wave.open(str(decoded)) as file:
        assert file.getnframes() == RATE - round(begins * RATE / opus.OPUS_RATE)


def write_wave(path: Path, frames: Frames) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframesraw(bytes(frames * 4))
