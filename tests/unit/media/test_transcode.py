"""libVLC turns what we cannot read into WAV: the same each time, whatever the name, and never without an end."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from nbd_tui.errors import CircumstanceError, DecodeError, OutputError
from nbd_tui.media import libvlc, opus, transcode
from nbd_tui.media.decode import open_stream, survey
from nbd_tui.model.units import RATE
from tests import audio_files

needs_libvlc = pytest.mark.skipif(bool(libvlc.why_not()), reason=libvlc.why_not() or "-")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    samples = audio_files.noise(3)
    audio_files.write_m4a(folder / "x.m4a", samples)
    audio_files.write_opus(folder / "x.opus", audio_files.noise(3, 48_000))
    audio_files.write_aiff(folder / "x.aiff", samples)
    audio_files.write_aiff(folder / "mono.aiff", samples[:, :1])
    return folder


@needs_libvlc
@pytest.mark.parametrize("name", ["x.m4a", "x.opus", "x.aiff", "mono.aiff"])
def test_the_copy_is_as_long_and_as_loud_as_the_file_and_the_same_each_time(
    folder: Path, tmp_path: Path, name: str
) -> None:
    for target in ("1.wav", "2.wav"):
        transcode.transcode(folder / name, tmp_path / target)
    found, expected = survey(tmp_path / "1.wav"), survey(audio_files.write_wav(tmp_path / "0", audio_files.noise(3)))

    assert (tmp_path / "1.wav").read_bytes() == (tmp_path / "2.wav").read_bytes()
    assert abs(found.frames - 3 * RATE) < 0.2 * RATE
    assert abs(found.rms_db - expected.rms_db) < 2
    open_stream(tmp_path / "1.wav", RATE).close()


@needs_libvlc
def test_changing_the_sample_rate_adds_nothing_of_its_own(tmp_path: Path) -> None:
    tone = np.asarray(np.sin(2 * np.pi * 1000 * np.arange(4 * 48_000) / 48_000) / 2, np.float32)
    transcode.transcode(audio_files.write_aiff(tmp_path / "x.aiff", tone[:, None], 48_000), tmp_path / "x.wav")
    samples, rate = soundfile.read(tmp_path / "x.wav")
    spectrum = np.abs(np.fft.rfft(samples[RATE : 2 * RATE, 0] * np.hanning(RATE)))

    assert rate == RATE
    assert spectrum.argmax() == 1000
    assert np.delete(spectrum, np.s_[990:1010]).max() < spectrum.max() * 10 ** (-60 / 20)


@needs_libvlc
@pytest.mark.parametrize("name", ["quote ' \" {x},y=z:;#.m4a", "%41 ü ☃ [/b] $(x) `y`.m4a", "-- :sout=none.m4a"])
def test_names_with_any_character(folder: Path, tmp_path: Path, name: str) -> None:
    if sys.platform == "win32":
        name = "".join(character for character in name if character not in '"`:')
    odd = tmp_path / name.removesuffix(".m4a").replace("/", "_")
    odd.mkdir()
    source = odd / name.replace("/", "_")
    source.write_bytes((folder / "x.m4a").read_bytes())
    transcode.transcode(source, odd / "copy.wav")

    assert survey(odd / "copy.wav").frames > 2 * RATE


@needs_libvlc
@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the file system takes only names in Unicode")
def test_names_that_are_not_utf8(folder: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xe9t\xe9")
    odd.mkdir()
    source = odd / os.fsdecode(b"caf\xe9.m4a")
    source.write_bytes((folder / "x.m4a").read_bytes())
    transcode.transcode(source, odd / "copy.wav")

    assert survey(odd / "copy.wav").frames > 2 * RATE


@needs_libvlc
@pytest.mark.parametrize(("option", "lost_s"), [(opus.OPTION, 0.0), (":demux=any", 0.0735)])
def test_opus_is_heard_from_its_first_sample_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, lost_s: float
) -> None:
    """Without FFmpeg's demuxer what libVLC leaves out is silence, and the rest is in its place."""
    monkeypatch.setattr(opus, "OPTION", option)
    source = audio_files.write_opus(tmp_path / "x.opus", audio_files.noise(2, 48_000))
    transcode.transcode(source, tmp_path / "x.wav")
    found, expected = (soundfile.read(path)[0][:, 0] for path in (tmp_path / "x.wav", source))
    expected = np.interp(np.arange(2 * RATE) / RATE, np.arange(len(expected)) / 48_000, expected)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.opus", "x.wav"]
    assert abs(len(found) - 2 * RATE) < 0.01 * RATE
    for place_s in (lost_s, 0.1, 1.0):
        start = round(place_s * RATE)
        likeness = np.correlate(found[start : start + RATE // 5], expected[start : start + RATE // 10], "valid")
        assert np.argmax(likeness) / RATE < 0.001
    assert not found[: round(0.95 * lost_s * RATE)].any()
    assert found[: RATE // 20].any() == (lost_s == 0.0)


@needs_libvlc
@pytest.mark.parametrize("content", [b"", b"just text", bytes(range(256)) * 40])
def test_what_is_no_music_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.m4a").write_bytes(content)

    with pytest.raises(DecodeError, match="not a sound file"):
        transcode.transcode(tmp_path / "x.m4a", tmp_path / "x.wav")


@needs_libvlc
def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="not a sound file"):
        transcode.transcode(tmp_path / "gone.m4a", tmp_path / "x.wav")


@needs_libvlc
def test_a_file_cut_in_the_middle_gives_what_it_has(folder: Path, tmp_path: Path) -> None:
    data = (folder / "x.opus").read_bytes()
    (tmp_path / "x.opus").write_bytes(data[: len(data) * 2 // 3])
    transcode.transcode(tmp_path / "x.opus", tmp_path / "x.wav")

    assert 1.2 * RATE < survey(tmp_path / "x.wav").frames < 2.5 * RATE


class Hanging:
    """A player that writes `content` and then neither goes on nor ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
        self.left = False

        @contextmanager
        def running(_source: Path, target: Path, _options: object) -> Iterator[tuple[SimpleNamespace, threading.Event]]:
            target.write_bytes(content)
            try:
                yield SimpleNamespace(get_state=lambda: None), threading.Event()
            finally:
                self.left = True

        monkeypatch.setattr(transcode, "_running", running)
        monkeypatch.setattr(transcode, "_LOOK_S", 0.001)


def test_a_decoder_that_hangs_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Hanging(monkeypatch, b"some")

    with pytest.raises(CircumstanceError, match="hung"):
        transcode.transcode(tmp_path / "x.m4a", tmp_path / "x.wav", stall_s=0.005)
    assert player.left


def test_a_file_that_is_too_long_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Hanging(monkeypatch, bytes(4 * 2 * RATE))

    with pytest.raises(DecodeError, match="longer than"):
        transcode.transcode(tmp_path / "x.m4a", tmp_path / "x.wav", longest_s=1.5)
    assert player.left


def test_without_libvlc_the_reason_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OutputError("libVLC cannot be loaded; install it")

    monkeypatch.setattr(libvlc, "load", missing)

    with pytest.raises(CircumstanceError, match=r"only libVLC .* install it"):
        transcode.transcode(tmp_path / "x.m4a", tmp_path / "x.wav")
    with pytest.raises(CircumstanceError, match="install it"):
        transcode.transcoder_version()
