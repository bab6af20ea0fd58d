"""libVLC may be missing or broken in many ways; each gives a reason and never an end of the program."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from nbd_tui.errors import OutputError
from nbd_tui.media import libvlc


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def importer() -> NoReturn:
        raise error

    return importer


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(1), "libVLC cannot be loaded"),
        (NotImplementedError(), "libVLC cannot be loaded"),
        (NotImplementedError("Cannot find libvlc lib"), "Cannot find libvlc lib"),
        (NameError("no function 'libvlc_new'"), "libvlc_new"),
        (AttributeError("undefined symbol: libvlc_x\nsecond line"), "undefined symbol: libvlc_x)"),
        (KeyError("ProgramFiles"), "ProgramFiles"),
        (ModuleNotFoundError("No module named 'vlc'", name="vlc"), "python-vlc is not installed"),
        (OSError("libvlc.so.5: wrong ELF class: ELFCLASS32"), "not for this Python, which is"),
        (OSError("[WinError 193] %1 is not a valid Win32 application"), "not for this Python, which is"),
        (OSError("mach-o file, but is an incompatible architecture (have 'x86_64')"), "not for this Python, which is"),
        (OSError("cannot open shared object file"), "cannot open shared object file"),
    ],
)
def test_a_failed_import_is_told_as_one_line_with_a_hint(error: BaseException, said: str) -> None:
    attempt = libvlc.attempt_import(raising(error))

    assert attempt.module is None
    assert said in attempt.reason
    assert libvlc.hint() in attempt.reason
    assert "\n" not in attempt.reason


def test_the_working_folder_is_the_same_after_a_failed_import(tmp_path: Path) -> None:
    def moves_and_fails() -> NoReturn:
        os.chdir(tmp_path)
        raise OSError("no libvlc.dll")

    before = Path.cwd()
    libvlc.attempt_import(moves_and_fails)

    assert Path.cwd() == before


def test_ctrl_c_during_the_import_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        libvlc.attempt_import(raising(KeyboardInterrupt()))


def test_load_says_why_there_is_no_libvlc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libvlc, "_cached_attempt", lambda: libvlc.Attempt(None, "no libVLC; install it"))

    with pytest.raises(OutputError, match="install it"):
        libvlc.load()
    assert libvlc.version() == ""
    assert libvlc.why_not() == "no libVLC; install it"


def test_an_instance_without_plugins_is_an_error_not_a_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutPlugins:
        @staticmethod
        def Instance(arguments: list[str]) -> None:  # noqa: N802 - python-vlc's name
            return None

    module: Any = WithoutPlugins
    monkeypatch.setattr(libvlc, "_cached_attempt", lambda: libvlc.Attempt(module, ""))

    with pytest.raises(OutputError, match="plugins"):
        libvlc.new_instance("--quiet")


def test_the_libvlc_of_this_machine_tells_its_version() -> None:
    if libvlc.why_not():
        pytest.skip(libvlc.why_not())
    assert libvlc.version()[0].isdigit()
    assert libvlc.load() is libvlc.load()
