"""The analysis over files and database: every file has its answer, and none is heard twice."""

import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.library.analyse import AnalysisProgress, AnalysisReport, Workshop, analyse, listen_now
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.scan import scan
from nbd_tui.media import libvlc
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.units import RATE
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import TrackStore
from tests import audio_files
from tests.unit.library.analysing import Run, song, times_heard


def test_every_file_is_heard_and_a_second_run_does_nothing(
    run: Run, music: Path, store: HearingStore, log: Path
) -> None:
    for number in range(3):
        song(music, f"{number}.wav", number, seconds=1.5 + number)
    assert run() == AnalysisReport(heard=3)
    assert all(row.is_heard for row in store.rows())
    hearing = store.hearing(music / "2.wav")
    assert hearing is not None
    assert hearing.frames == round(3.5 * RATE)
    before = log.read_text()
    assert run() == AnalysisReport()
    assert log.read_text() == before


def test_progress_goes_to_the_end_and_knows_what_is_left(
    music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop
) -> None:
    song(music, "a.wav")
    song(music, "b.wav", 2)
    (music / "c.wav").write_bytes(b"RIFF....WAVE no music at all")
    scan([music], TrackStore(connection))
    told: list[AnalysisProgress] = []
    analyse(store, store.pending(VERSION), workshop, told.append)
    assert [progress.done for progress in told] == list(range(len(told)))
    assert told[0].time_left_s is None
    assert told[-1].time_left_s == 0
    assert told[-1].per_minute > 0


def test_the_time_left_is_that_of_the_music_left() -> None:
    progress = AnalysisProgress(10, done=4, elapsed_s=60.0, done_s=800.0, left_s=1600.0)
    assert progress.per_minute == 4
    assert progress.time_left_s == 120


class TestTheSameSound:
    def test_a_moved_file_is_recognised_and_keeps_its_corrections(
        self, run: Run, music: Path, store: HearingStore, log: Path
    ) -> None:
        path = song(music, "a.wav", seconds=32.0)
        run()
        store.correct(path, Correction(99.0, (1.0,)))
        store.judge(path, Opinion.LIKED)
        moved = music / "folder" / "b.wav"
        moved.parent.mkdir()
        path.rename(moved)
        assert run() == AnalysisReport(recognised=1)
        assert times_heard(log) == 1
        assert store.correction(moved) == Correction(99.0, (1.0,))
        assert [row.opinion for row in store.rows()] == [Opinion.LIKED]

    def test_a_retagged_file_is_not_heard_again(self, run: Run, music: Path, store: HearingStore, log: Path) -> None:
        path = audio_files.write_mp3(music / "a.mp3", audio_files.noise(2.0))
        run()
        tag = b"ID3\x03\x00\x00\x00\x00\x00\x0fTIT2\x00\x00\x00\x05\x00\x00\x00name"
        path.write_bytes(tag + path.read_bytes())
        assert run() == AnalysisReport(recognised=1)
        assert times_heard(log) == 1
        assert [row.title for row in store.rows()] == ["name"]
        assert store.hearing(path) is not None

    def test_another_edit_that_begins_alike_is_heard_for_itself(
        self, run: Run, music: Path, store: HearingStore, log: Path
    ) -> None:
        samples = audio_files.noise(33.0)
        short = audio_files.write_wav(music / "short.wav", samples[: 31 * RATE])
        run()
        long = audio_files.write_wav(music / "long.wav", samples)
        assert run() == AnalysisReport(heard=1)
        assert times_heard(log) == 2
        lengths = {path: hearing.frames for path in (short, long) if (hearing := store.hearing(path))}
        assert lengths == {short: 31 * RATE, long: 33 * RATE}

    def test_a_new_version_hears_all_again_and_leaves_corrections(
        self, run: Run, music: Path, store: HearingStore, workshop: Workshop, log: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = song(music, "a.wav")
        run()
        store.correct(path, Correction(99.0, (1.0,)))
        monkeypatch.setattr("nbd_tui.library.analyse.VERSION", VERSION + 1)
        newer = analyse(store, store.pending(VERSION + 1), workshop)
        assert newer == AnalysisReport(heard=1)
        assert times_heard(log) == 2
        assert store.correction(path) == Correction(99.0, (1.0,))


def broken_files(folder: Path) -> dict[str, str]:
    """Names of files, and a part of what is said of them; empty where they can be heard."""
    noise = audio_files.noise(2.0)
    hostile = noise.copy()
    hostile[::7] = np.nan
    hostile[1::7] = np.inf
    hostile[2::7] = -1e30
    audio_files.write_float_wav(folder / "nan.wav", hostile)
    audio_files.write_float_wav(folder / "loud.wav", noise * 1e6)
    audio_files.write_wav(folder / "silence.wav", noise * 0)
    audio_files.write_wav(folder / "8-bit.wav", noise, kind="PCM_U8")
    audio_files.write_wav(folder / "mono.wav", noise[:, :1])
    audio_files.write_wav(folder / "5.1.wav", np.repeat(noise, 3, axis=1))
    audio_files.write_wav(folder / "96k.wav", audio_files.noise(2.0, 96_000), 96_000)
    audio_files.write_wav(folder / "short.wav", noise[:8000])
    audio_files.write_wav(folder / "none.wav", noise[:0])
    (folder / "empty.flac").touch()
    (folder / "random.flac").write_bytes(np.random.default_rng(1).bytes(50_000))
    (folder / "cut.flac").write_bytes(audio_files.write_flac(folder / "whole.flac", noise).read_bytes()[:-30_000])
    (folder / "really an ogg.mp3").write_bytes(audio_files.write_ogg(folder / "a.ogg", noise).read_bytes())
    if sys.platform.startswith("linux"):
        (folder / "caf\udce9 \n.wav").write_bytes((folder / "mono.wav").read_bytes())
    return {"short.wav": "only 0.2 s", "none.wav": "no sound", "empty.flac": "empty", "random.flac": "not a sound"}


@pytest.mark.skipif(bool(libvlc.why_not()), reason=libvlc.why_not() or "-")
def test_whatever_is_decoded_has_a_clean_result_or_a_clear_reason(music: Path, workshop: Workshop) -> None:
    expected = broken_files(music)
    samples = audio_files.noise(2.0)
    audio_files.write_opus(music / "a.opus", audio_files.noise(2.0, 48_000))
    audio_files.write_m4a(music / "a.m4a", samples)
    found = listen_now(sorted(music.iterdir()), workshop)
    assert len(found) == len(list(music.iterdir()))
    for path, heard in found.items():
        if path.name in expected:
            assert expected[path.name] in str(heard)
        else:
            assert isinstance(heard, Hearing), (path, heard)
            assert heard.frames >= RATE
            assert not heard.is_steady
            assert not heard.drops
    assert not list(workshop.cache.glob("**/*.wav"))


def test_without_libvlc_its_files_wait_for_it(music: Path, workshop: Workshop) -> None:
    (music / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    script = Path(workshop.command(music, music)[1])
    script.write_text(
        "from nbd_tui.media import libvlc\nlibvlc.why_not = lambda: 'libVLC cannot be loaded'\n" + script.read_text()
    )
    assert str(listen_now([music / "a.m4a"], workshop)[music / "a.m4a"]).startswith("m4a needs libVLC; install")


def test_a_long_file_is_heard_whole(music: Path, workshop: Workshop) -> None:
    """Twenty minutes with little in them, at 8 kHz and 8 bits to be made quickly."""
    samples = np.zeros((8000 * 1200, 1), np.float32)
    samples[: 8000 * 20 : 4000] = 0.9
    path = audio_files.write_wav(music / "long.wav", samples, 8000, kind="PCM_U8")
    heard = listen_now([path], workshop)[path]
    assert isinstance(heard, Hearing)
    assert heard.duration_s == pytest.approx(1200, abs=0.01)
