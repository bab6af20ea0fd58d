"""A terminal that is drawn on before there is an app: what is typed waits, and it is always given back."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from nbd_tui.tui.drawn import DrawnTerminal

if sys.platform == "win32":
    pytest.skip("no such terminals", allow_module_level=True)

import termios


class Terminal:
    """Both ends of one."""

    def __init__(self) -> None:
        self.user, self.end = os.openpty()
        self.before = termios.tcgetattr(self.end)
        self.drawn = DrawnTerminal(self.end, self.end)

    @property
    def modes(self) -> list[object]:
        return termios.tcgetattr(self.end)

    def shows(self) -> str:
        return os.read(self.user, 65_536).decode()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.drawn.hand_over()
    os.close(made.user)
    os.close(made.end)


def test_keys_wait_unseen_and_none_is_a_signal(terminal: Terminal) -> None:
    terminal.drawn.draw("♪ Home")
    assert terminal.shows().endswith("♪ Home")
    typed = b"q\r\x03\x1a\x11\x16"
    os.write(terminal.user, typed)
    assert os.read(terminal.end, 100) == typed
    os.set_blocking(terminal.user, False)
    with pytest.raises(BlockingIOError):
        terminal.shows()


def test_it_is_given_back_once_as_it_was(terminal: Terminal) -> None:
    terminal.drawn.draw("Home")
    terminal.shows()
    assert terminal.modes != terminal.before
    terminal.drawn.give_back()
    assert terminal.modes == terminal.before
    assert terminal.shows().endswith("\x1b[?1049l\x1b[?25h")
    terminal.drawn.give_back()
    os.set_blocking(terminal.user, False)
    with pytest.raises(BlockingIOError):
        terminal.shows()


def test_who_takes_it_over_gives_it_back(terminal: Terminal) -> None:
    terminal.drawn.draw("Home")
    terminal.shows()
    assert terminal.drawn.hand_over() == terminal.before
    terminal.drawn.give_back()
    assert terminal.modes != terminal.before
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_in_order_until_an_app_answers_it(terminal: Terminal, number: int) -> None:
    terminal.drawn.draw("Home")
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(number)
    assert ended.value.code == 128 + number
    terminal.drawn.give_back()
    assert signal.getsignal(number) is signal.SIG_DFL


def test_what_is_no_terminal_is_not_drawn_on(terminal: Terminal) -> None:
    with open(os.devnull) as null:  # noqa: PTH123 - `os.devnull` is a word
        drawn = DrawnTerminal(null.fileno(), terminal.end)
        with pytest.raises(OSError):  # noqa: PT011 - whatever the system says
            drawn.draw("Home")
        drawn.give_back()
    os.set_blocking(terminal.user, False)
    with pytest.raises(BlockingIOError):
        terminal.shows()


def test_a_signal_while_the_modes_are_changed_leaves_them_as_they_were(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = termios.tcsetattr

    def changed(*arguments: object) -> None:
        change(*arguments)  # type: ignore[arg-type]
        monkeypatch.undo()
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(termios, "tcsetattr", changed)
    with pytest.raises(SystemExit):
        terminal.drawn.draw("Home")
    terminal.drawn.give_back()
    assert terminal.modes == terminal.before


def test_an_app_that_cannot_begin_has_it_given_back(terminal: Terminal) -> None:
    terminal.drawn.draw("Home")
    terminal.shows()
    terminal.drawn.take_back(terminal.drawn.hand_over())
    terminal.drawn.give_back()
    assert terminal.modes == terminal.before
    assert terminal.shows().endswith("\x1b[?1049l\x1b[?25h")
