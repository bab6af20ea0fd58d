"""The probe's child process: what it answers by itself, and what becomes of the files where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

from nbd_tui.library import probe_worker
from nbd_tui.library.fault import Fault
from nbd_tui.library.probe import ProbeWorker
from nbd_tui.library.probe_child import worker_command
from nbd_tui.media import libvlc
from nbd_tui.media.pcm_cache import PcmCache
from tests import audio_files
from tests.unit.library.probing import answers


@pytest.mark.parametrize("ending", ["wav", "aiff"])
def test_every_way_of_decoding_tells_its_progress(tmp_path: Path, ending: str) -> None:
    if ending == "aiff" and libvlc.why_not():
        pytest.skip(libvlc.why_not())
    write = audio_files.write_wav if ending == "wav" else audio_files.write_aiff
    path = write(tmp_path / f"a.{ending}", audio_files.noise(1.5))
    told: list[bool] = []
    answer = probe_worker.examine(path, PcmCache(tmp_path / "cache"), lambda: told.append(True))

    assert "playable" in answer
    assert len(told) > 5


def test_without_libvlc_it_is_told_what_to_install_and_the_file_is_not_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libvlc, "why_not", lambda: "libVLC cannot be loaded")
    (tmp_path / "a.M4A").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    (tmp_path / "odd.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + bytes(100))
    cache = PcmCache(tmp_path / "cache")
    told = {name: probe_worker.examine(tmp_path / name, cache, lambda: None) for name in ("a.M4A", "odd.wav")}

    assert told["a.M4A"]["reason"].startswith("m4a needs libVLC; install")
    assert {message["fault"] for message in told.values()} == {Fault.CIRCUMSTANCES}, "libVLC might play it all"


def test_a_child_that_does_not_start_fails_the_files_with_the_reason(tmp_path: Path) -> None:
    probe = ProbeWorker(tmp_path / "cache", command=[sys.executable, "-c", "raise SystemExit(3)"])
    probe.request(tmp_path / f"{number}.wav" for number in range(5))
    results = answers(probe, 5)
    probe.close()

    assert all(result.playable is None for result in results)
    assert all("does not start (exit code 3)" in result.reason for result in results)
    assert {result.fault for result in results} == {Fault.WORKER}


def test_a_child_that_did_not_start_is_tried_again_for_later_files(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = f"open({str(started)!r}, 'a').write('x'); raise SystemExit(3)"
    probe = ProbeWorker(tmp_path / "cache", command=[sys.executable, "-c", code])
    for _ in range(2):
        before = len(started.read_text()) if started.exists() else 0
        probe.request([tmp_path / "a.wav", tmp_path / "b.wav"])
        answers(probe, 2)
        assert len(started.read_text()) > before
    probe.close()


def test_a_missing_interpreter_fails_the_files_with_the_reason(tmp_path: Path) -> None:
    probe = ProbeWorker(tmp_path / "cache", command=[str(tmp_path / "no-python")])
    probe.request(tmp_path / "a.wav")
    (result,) = answers(probe, 1)
    probe.close()

    assert "does not start" in result.reason


def test_the_child_knows_nothing_of_screens_and_databases(tmp_path: Path) -> None:
    code = "import sys; import nbd_tui.library.probe_worker; print(*sys.modules, sep='\\n')"
    command = worker_command(tmp_path)
    found = subprocess.run(
        [command[0], "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    modules = {name.partition(".")[0] for name in found.stdout.split()}

    assert "nbd_tui" in modules
    assert not modules & {"textual", "rich", "pydantic", "sqlite3", "typer", "tomlkit", "vlc"}
