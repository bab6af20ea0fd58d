"""Whatever a file does to its worker, or whoever stops it: every other file is heard, and nothing is lost."""

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.analyse import AnalysisProgress, AnalysisReport, Workshop, analyse, listen_now
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.crew import scratch_folder
from nbd_tui.library.listener import limit_s
from nbd_tui.library.scan import scan
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import TrackStore
from tests.unit.library.analysing import PATIENCE_S, Run, problems, song


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
