"""The analysis over files and database: whatever a file does to its worker, every file has its answer and none is done
twice."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.analyse import AnalysisProgress, AnalysisReport, Workshop, analyse, listen_now
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.crew import scratch_folder
from nbd_tui.library.listener import limit_s
from nbd_tui.library.scan import scan
from nbd_tui.media import libvlc
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.units import RATE
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import TrackStore
from tests import audio_files

PATIENCE_S = 60.0

SABOTAGE = """
import ctypes, os, signal, sys, threading
from nbd_tui.library.analysis import worker

honest_attend, honest_listen = worker.attend, worker.listen

def note(word):
    with open(LOG, "a", errors="backslashreplace") as log:
        print(word, file=log)

def attend(path, *others):
    note(f"began {path.name}")
    if "segfault" in path.name:
        ctypes.string_at(0)
    if "kill" in path.name and not ("once" in path.name and open(LOG).read().count(path.name) > 1):
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    if "hang" in path.name:
        threading.Event().wait()
    return honest_attend(path, *others)

def listen(chunks):
    heard = honest_listen(chunks)
    note("heard")
    return heard

worker.attend, worker.listen = attend, listen
worker.main()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def workshop(tmp_path: Path, log: Path) -> Workshop:
    """Its workers die or hang where a file's name says so, and write down what they do."""
    script = tmp_path / "worker.py"
    script.write_text(f"LOG = {str(log)!r}\n{SABOTAGE}")
    log.touch()

    def command(cache: Path, scratch: Path) -> Sequence[str]:
        return [sys.executable, str(script), str(cache), str(scratch)]

    return Workshop(tmp_path / "cache", tmp_path / "cache" / "pcm", workers=2, command=command)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        yield connection


@pytest.fixture
def store(connection: sqlite3.Connection) -> HearingStore:
    return HearingStore(connection)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


Run = Callable[[], AnalysisReport]


@pytest.fixture
def run(music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop) -> Run:
    """Scans and analyses the folder."""

    def once() -> AnalysisReport:
        scan([music], TrackStore(connection))
        return analyse(store, store.pending(VERSION), workshop)

    return once


def song(folder: Path, name: str, seed: int = 1, seconds: float = 1.5) -> Path:
    return audio_files.write_wav(folder / name, audio_files.noise(seconds, seed=seed))


def times_heard(log: Path) -> int:
    return log.read_text().split().count("heard")


def problems(store: HearingStore) -> dict[str, str]:
    return {row.path.name: row.problem for row in store.rows()}


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


class TestFailures:
    @pytest.mark.parametrize("name", ["segfault.wav", "kill.wav"])
    def test_a_file_that_kills_its_worker_fails_alone_and_once(
        self, run: Run, music: Path, store: HearingStore, name: str, log: Path
    ) -> None:
        for number in range(4):
            song(music, f"{number}.wav", number)
        song(music, name, 9)
        report = run()
        assert (report.heard, [failure.path.name for failure in report.failures]) == (4, [name])
        assert "decoder died of it" in problems(store)[name]
        assert run() == AnalysisReport(), "not again until it changes"
        os.utime(music / name, (1, 1))
        assert [failure.path.name for failure in run().failures] == [name]

    def test_a_worker_that_somebody_kills_costs_nothing(self, run: Run, music: Path, log: Path) -> None:
        song(music, "kill once.wav")
        assert run() == AnalysisReport(heard=1)
        assert log.read_text().splitlines().count("began kill once.wav") == 2

    def test_what_is_no_music_has_its_reason(self, run: Run, music: Path, store: HearingStore) -> None:
        song(music, "short.wav", seconds=0.3)
        (music / "gone.wav").write_bytes(song(music, "a.wav").read_bytes())
        assert len(run().failures) == 1
        assert problems(store) == {"short.wav": "only 0.3 s of sound in the file", "a.wav": "", "gone.wav": ""}

    def test_a_file_that_is_gone_is_tried_again(
        self, music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop
    ) -> None:
        path = song(music, "a.wav")
        scan([music], TrackStore(connection))
        data = path.read_bytes()
        stamp = path.stat()
        path.unlink()
        report = analyse(store, store.pending(VERSION), workshop)
        assert "no such file" in report.failures[0].reason
        path.write_bytes(data)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert analyse(store, store.pending(VERSION), workshop) == AnalysisReport(heard=1)

    def test_a_file_has_its_time_and_no_more(
        self, music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop, log: Path
    ) -> None:
        song(music, "hang.wav")
        song(music, "later.wav", 2)
        scan([music], TrackStore(connection))

        def clock() -> float:
            return 1000.0 if "hang" in log.read_text() else 0.0

        report = analyse(store, store.pending(VERSION), replace(workshop, clock=clock, workers=1))
        assert report.heard == 1
        assert problems(store) == {"hang.wav": "it took longer than 62 s", "later.wav": ""}
        assert len(store.pending(VERSION)) == 1, "another time it may go well"

    def test_workers_that_do_not_start_fail_no_file(
        self, music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop
    ) -> None:
        song(music, "a.wav")
        scan([music], TrackStore(connection))
        broken = replace(workshop, command=lambda *_: [sys.executable, "-c", "raise SystemExit(3)"])
        report = analyse(store, store.pending(VERSION), broken)
        assert "does not start (exit code 3)" in report.trouble
        assert not report.failures
        assert len(store.pending(VERSION)) == 1
        with pytest.raises(LibraryError, match="does not start"):
            listen_now([music / "a.wav"], broken)


class TestStopping:
    def test_what_was_finished_is_kept_and_the_next_run_goes_on(
        self, music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop, run: Run, log: Path
    ) -> None:
        for number in range(6):
            song(music, f"{number}.wav", number)
        scan([music], TrackStore(connection))
        done = 0

        def progress(told: AnalysisProgress) -> None:
            nonlocal done
            done = told.done

        report = analyse(store, store.pending(VERSION), workshop, progress, lambda: done >= 2)
        assert report.stopped
        assert report.heard >= 2
        assert len(store.pending(VERSION)) == 6 - report.heard
        assert run() == AnalysisReport(heard=6 - report.heard)

    def test_it_ends_in_the_middle_of_a_file_and_leaves_nothing(
        self, music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop, log: Path
    ) -> None:
        song(music, "hang.wav")
        scan([music], TrackStore(connection))
        report = analyse(store, store.pending(VERSION), workshop, should_stop=lambda: "hang" in log.read_text())
        assert report == AnalysisReport(stopped=True)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("analysis")]
        assert not list(workshop.cache.glob("analysis-*"))
        assert problems(store) == {"hang.wav": ""}

    @pytest.mark.skipif(os.name == "nt", reason="a signal is sent")
    def test_the_worker_ends_with_its_parent(self, tmp_path: Path, workshop: Workshop, log: Path, music: Path) -> None:
        song(music, "hang.wav")
        child = subprocess.Popen(
            [*workshop.command(tmp_path, tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert child.stdin is not None
        child.stdin.write(b'{"path": "hang.wav"}\n')
        child.communicate(timeout=PATIENCE_S)
        assert child.returncode == 0


def test_what_a_killed_run_has_left_is_removed_and_what_another_one_uses_is_not(tmp_path: Path) -> None:
    old, empty, used = (tmp_path / f"analysis-{name}" for name in ("old", "empty", "used"))
    for folder in (old, empty, used):
        folder.mkdir()
    for copy in (old / "77.wav", used / "78.wav"):
        copy.touch()
    for path in (old / "77.wav", old, empty, used):
        os.utime(path, (1, 1))
    with scratch_folder(tmp_path) as scratch:
        assert {*tmp_path.glob("analysis*")} == {used, scratch}
    assert [*tmp_path.glob("analysis*")] == [used]


def test_longer_files_have_more_time() -> None:
    assert limit_s(None, 4_000_000) == limit_s(1000.0, 1) > limit_s(10.0, 1)


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
