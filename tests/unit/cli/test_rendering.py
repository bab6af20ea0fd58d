"""`nbd render`."""

import shutil
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.cli.rendering import progress_words
from nbd_tui.media.encoding import Encoding
from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE
from nbd_tui.paths import places
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore
from tests.audio_files import noise, write_wav
from tests.unit.cli.conftest import Nbd
from tests.unit.soundtrack.planning import drop, heard

PRESET = """
name = "Short one"
[[blocks]]
phases = [{ kind = "rest", duration = 20 }, { kind = "work", duration = 10 }]
"""
OPEN = """
name = "Open end"
[[blocks]]
phases = [{ kind = "work", duration = 10 }, { kind = "cool-down", duration = "open" }]
"""


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of noise."""
    return write_wav(tmp_path_factory.mktemp("tracks") / "any.wav", noise(30.0))


@pytest.fixture
def music(tmp_path: Path, config: Path, track: Path) -> Path:
    """Three tracks in the library, as if they had been analysed, and two presets."""
    (config / "presets" / "short.toml").write_text(PRESET)
    (config / "presets" / "open.toml").write_text(OPEN)
    folder = tmp_path / "music"
    folder.mkdir()
    files = [folder / f"{number}.wav" for number in range(3)]
    for file in files:
        shutil.copy(track, file)
    with closing(open_database(places().database).connect()) as connection:
        tracks = [Track(file, f"Title {file.stem}", "Artist", duration_s=30.0) for file in files]
        stamps = [FileStamp(file.stat().st_size, file.stat().st_mtime_ns) for file in files]
        TrackStore(connection).save([ScannedTrack(*one) for one in zip(tracks, stamps, strict=True)])
        store = HearingStore(connection)
        for number, pending in enumerate(store.pending(1)):
            hearing = heard(30.0, 130.0, [drop(12.0, 5.0)])
            store.save(pending, Sound(number.to_bytes(HEAD_BYTES), hearing.frames), hearing, 1)
    return folder


def leftovers(folder: Path) -> list[str]:
    """What is there besides the folders of the tests."""
    return sorted(file.name for file in folder.iterdir() if file.is_file())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_wav_file_and_its_cue_sheet(nbd: Nbd, music: Path, out: Path) -> None:
    target = out / "session.wav"
    told = nbd("render", "short", "-o", target, "--library", music, "--seed", "3")
    assert told.code == 0, told.err
    assert leftovers(out) == ["session.cue", "session.wav"]
    with wave.open(str(target), "rb") as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        assert 30.0 < file.getnframes() / RATE < 38.0
        samples = np.frombuffer(file.readframes(30 * RATE), "<i2")
    assert np.abs(samples[10 * RATE :]).max() > 1000
    sheet = (out / "session.cue").read_text("utf-8")
    assert 'TITLE "Short one"' in sheet
    assert 'PERFORMER "Artist"' in sheet
    assert "1 of 1 bells with a drop" in told.out
    assert told.out.splitlines()[-1] == "seed 3: the same with --seed 3"
    assert nbd("render", "short", "-o", out / "again.wav", "--library", music, "--seed", "3").code == 0
    assert (out / "again.wav").read_bytes() == target.read_bytes()


@pytest.mark.parametrize("name", ["session.wav", "session.cue"])
def test_what_is_there_stays_unless_forced(nbd: Nbd, music: Path, out: Path, name: str) -> None:
    (out / name).write_text("precious")
    told = nbd("render", "short", "-o", out / "session.wav", "--library", music)
    assert told.code == 2
    assert "is there already" in told.err
    assert "--force" in told.err
    assert (out / name).read_text() == "precious"
    assert nbd("render", "short", "-o", out / "session.wav", "--library", music, "--force").code == 0
    assert leftovers(out) == ["session.cue", "session.wav"]
    assert (out / name).read_bytes() != b"precious"


def test_ctrl_c_leaves_nothing(nbd: Nbd, music: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(target: Path, _kind: Encoding, blocks: Iterator[Samples], _frames: int) -> None:
        target.write_bytes(next(blocks).tobytes())
        raise KeyboardInterrupt

    monkeypatch.setattr("nbd_tui.cli.rendering.encode", interrupted)
    told = nbd("render", "short", "-o", out / "session.wav", "--library", music)
    assert told.code == 130
    assert "nothing was written" in told.err
    assert leftovers(out) == []


def test_a_full_disk_leaves_nothing_and_says_so(
    nbd: Nbd, music: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nbd_tui.cli.rendering.encode", full)
    told = nbd("render", "short", "-o", out / "session.wav", "--library", music)
    assert told.code == 2
    assert "No space left" in told.err
    assert leftovers(out) == []


def test_an_open_phase_gets_a_length_which_is_said(nbd: Nbd, music: Path, out: Path) -> None:
    told = nbd("render", "open", "-o", out / "a.wav", "--library", music, "--open", "0:05")
    assert told.code == 0, told.err
    assert "open phases last 0:05" in told.out
    with wave.open(str(out / "a.wav"), "rb") as file:
        assert 15.0 < file.getnframes() / RATE < 23.0
    told = nbd("render", "open", "-o", out / "b.wav", "--library", music, "--open", "soon")
    assert told.code == 2
    assert "--open" in told.err


def test_what_cannot_be_is_refused_before_any_work(
    nbd: Nbd, music: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: str | Path) -> str:
        told = nbd("render", "short", "--library", music, *arguments)
        assert told.code == 2
        assert leftovers(out) == []
        return told.err

    assert ".wav, .flac, .ogg, .opus, .mp3" in refused("-o", out / "session.aiff")
    assert "there is no such folder" in refused("-o", out / "none" / "session.wav")
    assert "cannot be written: " in refused("-o", out / f"{'x' * 5000}.wav")
    assert "montage, steady" in refused("-o", out / "session.wav", "--arc", "zigzag")
    assert "choose one" in refused("-o", out / "session.wav", "--music", music)
    monkeypatch.setattr("nbd_tui.media.libvlc.why_not", lambda: "it is not installed")
    assert "without libVLC only .wav" in refused("-o", out / "session.mp3")


def test_a_track_that_is_gone_is_replaced(nbd: Nbd, music: Path, out: Path) -> None:
    for name in ("0.wav", "1.wav"):
        (music / name).unlink()
    told = nbd("render", "short", "-o", out / "session.wav", "--library", music, "--seed", "3")
    assert told.code == 0, told.err
    assert ".wav: " in told.out
    assert "other music plays" in told.out
    sheet = (out / "session.cue").read_text("utf-8")
    assert 'TITLE "Title 2"' in sheet
    assert "Title 0" not in sheet
    assert "Title 1" not in sheet


def test_progress_says_rate_and_time_left() -> None:
    assert progress_words(0, 60 * RATE, 0.0) == "rendering 0 %, 0:00 of 1:00"
    words = progress_words(30 * RATE, 60 * RATE, 0.5)
    assert words == "rendering 50 %, 0:30 of 1:00, 60 × real time, 0:00 left"
