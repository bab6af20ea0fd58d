"""Home as it was painted last, on a real terminal: drawn where it holds, and the terminal left as it was."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nbd_tui.cli.first_picture import home_drawn, keep_home
from nbd_tui.paths import places
from nbd_tui.store.recall import files_now

if sys.platform == "win32":
    pytest.skip("nothing is drawn there", allow_module_level=True)

import termios

SIZE = (80, 24)


class Terminal:
    """Both ends of one; the standard streams are at the one of the program."""

    def __init__(self, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.user, self.end = os.openpty()
        stack.callback(os.close, self.user)
        os.set_blocking(self.user, False)
        self._stack, self._monkeypatch = stack, monkeypatch
        self._stack.callback(os.close, self.end)
        termios.tcsetwinsize(self.end, SIZE[::-1])
        self.speaks("utf-8")

    def speaks(self, encoding: str) -> None:
        for name, mode in (("__stdin__", "r"), ("__stdout__", "w"), ("__stderr__", "w")):
            stream = self._stack.enter_context(os.fdopen(os.dup(self.end), mode, encoding=encoding))
            self._monkeypatch.setattr(sys, name, stream)

    @property
    def modes(self) -> list[object]:
        return termios.tcgetattr(self.end)

    def shown(self) -> str:
        try:
            return os.read(self.user, 65_536).decode()
        except BlockingIOError:
            return ""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:
        yield Terminal(stack, monkeypatch)


def keep(picture: str, size: tuple[int, int] = SIZE) -> None:
    where = places()
    keep_home(where, files_now(where), picture, size)
    for thread in threading.enumerate():
        if thread.name == "picture":
            thread.join()


def test_what_was_painted_is_drawn_by_the_next_start(config: Path, terminal: Terminal) -> None:
    before = terminal.modes
    keep("HOME!")
    with home_drawn() as drawn:
        assert drawn is not None
        assert terminal.shown().endswith("HOME!")
        assert terminal.modes != before
    assert terminal.modes == before
    assert terminal.shown().endswith("\x1b[?1049l\x1b[?25h")


def assert_nothing_drawn(terminal: Terminal) -> None:
    before = terminal.modes
    with home_drawn() as drawn:
        assert drawn is None
        assert terminal.modes == before
    assert (terminal.shown(), terminal.modes) == ("", before)


def test_nothing_is_drawn_before_something_was_painted(config: Path, terminal: Terminal) -> None:
    assert_nothing_drawn(terminal)


def test_nothing_is_drawn_in_a_window_of_another_size(config: Path, terminal: Terminal) -> None:
    keep("HOME!")
    termios.tcsetwinsize(terminal.end, (25, 80))
    assert_nothing_drawn(terminal)


def test_nothing_is_drawn_once_a_file_has_changed(config: Path, terminal: Terminal) -> None:
    keep("HOME!")
    (config / "settings.toml").write_text('[home]\nfavourites = ["tabata"]\n', encoding="utf-8")
    assert_nothing_drawn(terminal)


def test_nothing_is_kept_nor_drawn_in_another_encoding(config: Path, terminal: Terminal) -> None:
    terminal.speaks("latin-1")
    keep("HOME!")
    assert not places().cache.exists()
    assert_nothing_drawn(terminal)
