"""The probe decodes files in a child process: whatever happens to that, every file is answered."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbd_tui.library.fault import Fault
from nbd_tui.library.probe import ProbeWorker
from nbd_tui.media import libvlc
from nbd_tui.model.units import RATE
from tests import audio_files
from tests.unit.library.probing import PATIENCE_S, answers, song

SABOTAGE = """
import os, signal, sys, threading
from pathlib import Path
from nbd_tui.library import probe_worker

honest = probe_worker.examine

def examine(path, cache, progress):
    with open(LOG, "a", errors="backslashreplace") as log:
        print(path.name, file=log)
    if "kill" in path.name:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    if "segfault" in path.name:
        import ctypes
        ctypes.string_at(0)
    if "hang" in path.name:
        threading.Event().wait()
    if "crawl" in path.name:
        for _ in range(15):
            progress()
            threading.Event().wait(0.1)
    if "print" in path.name:
        os.write(1, b"noise on stdout\\n" * 10_000)
        os.write(2, b"noise on stderr\\n" * 10_000)
    return honest(path, cache, progress)

probe_worker.examine = examine
probe_worker._PROGRESS_S = 0.05
probe_worker.main()
"""


OpenProbe = Callable[..., ProbeWorker]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The names of the files the child began with, a line each."""
    return tmp_path / "log"


@pytest.fixture
def open_probe(tmp_path: Path, log: Path) -> Iterator[OpenProbe]:
    """Opens probes whose child dies, hangs or prints when the file's name says so."""
    script = tmp_path / "child.py"
    script.write_text(f"LOG = {str(log)!r}\n{SABOTAGE}")
    opened: list[ProbeWorker] = []

    def open_one(stall_s: float = PATIENCE_S, give_way_s: float = PATIENCE_S) -> ProbeWorker:
        cache = tmp_path / "cache"
        command = [sys.executable, str(script), str(cache)]
        opened.append(ProbeWorker(cache, command=command, stall_s=stall_s, give_way_s=give_way_s))
        return opened[-1]

    yield open_one
    for probe in opened:
        probe.close()


def began(log: Path, name: str) -> None:
    """Waits until the child has begun with a file."""
    for _ in range(int(PATIENCE_S / 0.01)):
        if log.exists() and name in log.read_text():
            return
        threading.Event().wait(0.01)
    pytest.fail(f"{name} was not begun")


def test_a_good_file_may_be_played_as_it_is(tmp_path: Path, open_probe: OpenProbe) -> None:
    path = song(tmp_path, "a.wav")
    probe = open_probe()
    probe.request(path)
    (result,) = answers(probe, 1)

    assert (result.path, result.playable, result.frames, result.reason) == (path, path, round(1.5 * RATE), "")
    assert 0.3 < result.peak <= 1
    assert result.rms_db == pytest.approx(-20, abs=0.5)


def test_broken_files_come_back_with_their_reasons(tmp_path: Path, open_probe: OpenProbe) -> None:
    (tmp_path / "empty.flac").touch()
    (tmp_path / "text.mp3").write_text("no music here " * 500)
    audio_files.write_wav(tmp_path / "short.wav", audio_files.noise(0.3))
    names = ["empty.flac", "text.mp3", "short.wav", "gone.ogg"]
    probe = open_probe()
    probe.request(tmp_path / name for name in names)
    results = {result.path.name: result for result in answers(probe, 4)}

    assert all(results[name].playable is None for name in names)
    assert results["empty.flac"].reason == "the file is empty"
    assert results["short.wav"].reason == "only 0.3 s of sound in the file"
    assert "no such file" in results["gone.ogg"].reason
    assert results["text.mp3"].reason
    faults = {name: result.fault for name, result in results.items() if name != "text.mp3"}
    assert faults == {
        "empty.flac": Fault.FILE,
        "short.wav": Fault.CIRCUMSTANCES if libvlc.why_not() else Fault.FILE,
        "gone.ogg": Fault.CIRCUMSTANCES,
    }


@pytest.mark.skipif(bool(libvlc.why_not()), reason=libvlc.why_not() or "-")
def test_a_folder_of_mixed_formats(tmp_path: Path, open_probe: OpenProbe) -> None:
    samples = audio_files.noise(1.5)
    direct = [song(tmp_path, "a.wav"), audio_files.write_flac(tmp_path / "a.flac", samples)]
    direct += [audio_files.write_mp3(tmp_path / "a.mp3", samples), audio_files.write_ogg(tmp_path / "a.ogg", samples)]
    copied = [audio_files.write_opus(tmp_path / "a.opus", audio_files.noise(1.5, 48_000))]
    copied += [audio_files.write_m4a(tmp_path / "a.m4a", samples), audio_files.write_aiff(tmp_path / "a.aiff", samples)]
    probe = open_probe()
    probe.request([*direct, *copied])
    results = {result.path: result for result in answers(probe, 7)}

    assert {result.reason for result in results.values()} == {""}
    assert all(results[path].playable == path for path in direct)
    copies = {results[path].playable for path in copied}
    assert all(copy is not None and copy.parent == tmp_path / "cache" for copy in copies)
    assert len(copies) == 3


@pytest.mark.parametrize(("name", "fault"), [("kill.wav", Fault.CIRCUMSTANCES), ("segfault.wav", Fault.FILE)])
def test_a_file_that_kills_its_decoder_fails_and_the_others_go_on(
    tmp_path: Path, open_probe: OpenProbe, name: str, fault: Fault
) -> None:
    paths = [song(tmp_path, "a.wav"), song(tmp_path, name), song(tmp_path, "b.wav")]
    probe = open_probe()
    probe.request(paths)
    first, killed, last = answers(probe, 3)

    assert (first.playable, last.playable) == (paths[0], paths[2])
    assert killed.playable is None
    assert "decoder died" in killed.reason
    assert killed.fault is fault


def test_a_file_that_hangs_its_decoder_is_given_up_for_now(tmp_path: Path, open_probe: OpenProbe, log: Path) -> None:
    hanging = song(tmp_path, "hang.wav")
    probe = open_probe(stall_s=1.0)
    probe.request([hanging, song(tmp_path, "b.wav")])
    hung, other = answers(probe, 2)

    assert (hung.playable, hung.reason) == (None, "decoding made no progress for 1 s")
    assert hung.fault is Fault.CIRCUMSTANCES
    assert other.playable
    probe.request(hanging)
    answers(probe, 1)
    assert log.read_text().split() == ["hang.wav", "b.wav", "hang.wav"], "another time it may go well"


def test_a_file_that_takes_long_but_gets_on_is_played(tmp_path: Path, open_probe: OpenProbe) -> None:
    path = song(tmp_path, "crawl.wav")
    probe = open_probe(stall_s=0.7)
    probe.request(path)

    assert answers(probe, 1)[0].playable == path


def test_what_is_wanted_at_once_does_not_wait_for_a_file_that_takes_long(
    tmp_path: Path, open_probe: OpenProbe, log: Path
) -> None:
    long, urgent, other = song(tmp_path, "crawl.wav"), song(tmp_path, "urgent.wav"), song(tmp_path, "other.wav")
    probe = open_probe(give_way_s=0.0)
    probe.request([long, other])
    began(log, "crawl.wav")
    probe.request(urgent, front=True)

    assert [result.path for result in answers(probe, 3)] == [urgent, long, other]
    assert log.read_text().split() == ["crawl.wav", "urgent.wav", "crawl.wav", "other.wav"]


def test_a_file_that_hangs_does_not_hold_up_what_is_wanted_at_once(
    tmp_path: Path, open_probe: OpenProbe, log: Path
) -> None:
    hanging, urgent = song(tmp_path, "hang.wav"), song(tmp_path, "urgent.wav")
    probe = open_probe(give_way_s=0.2)
    probe.request(hanging)
    began(log, "hang.wav")
    probe.request(urgent, front=True)

    assert answers(probe, 1)[0].playable == urgent


def test_what_is_wanted_at_once_is_itself_not_put_off(tmp_path: Path, open_probe: OpenProbe, log: Path) -> None:
    first, second = song(tmp_path, "crawl.wav"), song(tmp_path, "second.wav")
    probe = open_probe(give_way_s=0.0)
    probe.request(first)
    began(log, "crawl.wav")
    probe.request(first, front=True)
    probe.request(second, front=True)

    assert [result.path for result in answers(probe, 2)] == [first, second]
    assert log.read_text().split() == ["crawl.wav", "second.wav"]


def test_what_a_decoder_prints_does_not_disturb(tmp_path: Path, open_probe: OpenProbe) -> None:
    path = song(tmp_path, "print.wav")
    probe = open_probe()
    probe.request(path)

    assert answers(probe, 1)[0].playable == path


def test_asking_again_is_answered_without_decoding_again(tmp_path: Path, open_probe: OpenProbe, log: Path) -> None:
    path = song(tmp_path, "a.wav")
    probe = open_probe()
    probe.request(path)
    first = answers(probe, 1)
    probe.request([path])

    assert answers(probe, 1) == first
    assert log.read_text().split() == ["a.wav"]


@pytest.mark.skipif(bool(libvlc.why_not()), reason=libvlc.why_not() or "-")
def test_a_copy_that_has_left_the_cache_is_made_again(tmp_path: Path, open_probe: OpenProbe) -> None:
    path = audio_files.write_aiff(tmp_path / "a.aiff", audio_files.noise(1.5))
    probe = open_probe()
    probe.request(path)
    (first,) = answers(probe, 1)
    assert first.playable is not None
    first.playable.unlink()
    probe.request(path)

    assert answers(probe, 1) == [first]
    assert first.playable.exists()


def test_what_is_wanted_first_overtakes_what_waits(tmp_path: Path, open_probe: OpenProbe) -> None:
    paths = [song(tmp_path, f"{number}.wav") for number in range(5)]
    probe = open_probe(stall_s=1.0)
    probe.request(song(tmp_path, "hang.wav"))
    probe.request(paths)
    probe.request([paths[3], paths[2]], front=True)

    names = [result.path.stem for result in answers(probe, 6)]
    assert [name for name in names if name != "hang"] == ["3", "2", "0", "1", "4"]


def test_names_in_any_bytes_come_back_as_they_were(tmp_path: Path, open_probe: OpenProbe) -> None:
    path = tmp_path / ("caf\udce9 \n ☃.wav" if sys.platform.startswith("linux") else "café ☃.wav")
    path.write_bytes(song(tmp_path, "a.wav").read_bytes())
    probe = open_probe()
    probe.request(path)

    assert answers(probe, 1)[0].playable == path


def test_closing_in_the_middle_of_a_file_is_quick_and_leaves_no_thread(tmp_path: Path, open_probe: OpenProbe) -> None:
    probe = open_probe()
    probe.request(song(tmp_path, "hang.wav"))
    probe.close()
    probe.close()

    assert not any(thread.name == "probe" and thread.is_alive() for thread in threading.enumerate())


def test_the_child_ends_when_its_parent_is_gone_even_in_the_middle_of_a_file(
    tmp_path: Path, open_probe: OpenProbe
) -> None:
    open_probe().close()  # writes the script
    child = subprocess.Popen(
        [sys.executable, str(tmp_path / "child.py"), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b'{"path": "hang.wav"}\n')
    child.stdin.flush()
    assert child.stdout.readline() == b'{"ready": true}\n'
    child.communicate(timeout=PATIENCE_S)

    assert child.returncode == 0
