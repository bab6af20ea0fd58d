"""The real libpulse, where there is one, and a sound server that is none."""

import ctypes
import socket
import sys
from pathlib import Path

import pytest

from nbd_tui.errors import ServerMuteError
from nbd_tui.media import libpulse

needs_libpulse = pytest.mark.skipif(libpulse.load() is None, reason="this system has no libpulse")


@needs_libpulse
def test_without_a_server_there_is_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))

    assert libpulse.reach() is None


@needs_libpulse
@pytest.mark.skipif(sys.platform == "win32", reason="libpulse is for systems with sockets in files")
def test_a_server_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libpulse, "ANSWERS_WITHIN", 0.05)
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/s")
        server.listen()
        monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/s")
        with pytest.raises(ServerMuteError):
            libpulse.reach()


def test_where_its_times_may_be_of_another_length_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libpulse, "c_long", ctypes.c_int32)
    assert libpulse.load.__wrapped__() is None


@needs_libpulse
def test_a_line_that_was_closed_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    line = libpulse.dial()
    assert line is not None
    line.close()
    line.close()
    assert not line.is_up
