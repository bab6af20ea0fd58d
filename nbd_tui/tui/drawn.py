"""A picture on the terminal while the app is still being loaded; imports nothing that takes long.

Keys that are typed meanwhile are neither shown nor lost: they wait in the terminal until the app reads them.
"""

import os
import signal
import sys
from contextlib import suppress
from typing import Any, Final

ENTER: Final = "\x1b[?1049h"
"""To the other page of the terminal, which is cleared."""

_BEFORE: Final = f"{ENTER}\x1b[?25l\x1b[?7l"
"""No cursor, and lines that do not wrap."""

_AFTER: Final = "\x1b[?7h\x1b[?1049l\x1b[?25h"

_END_SIGNALS: Final = ("SIGTERM", "SIGHUP")


class DrawnTerminal:
    """A terminal with a picture on it, until an app takes it over or it is given back."""

    def __init__(self, keys: int, screen: int) -> None:
        """A terminal that is not drawn on yet.

        Args:
            keys: file descriptor of the terminal that is typed on.
            screen: of the one that is drawn on.
        """
        self._keys = keys
        self._screen = screen
        self._modes: list[Any] | None = None
        """As they were before; None: it is not ours."""
        self._signals: list[int] = []
        """Those that would end the program with the picture left behind, were they not answered."""

    @property
    def is_drawn(self) -> bool:
        """There is something to take over, or to give back."""
        return self._modes is not None

    def draw(self, picture: str) -> None:
        """Draws, and has the keys wait as an app would.

        Raises:
            OSError: the terminal cannot be drawn on.
        """
        if sys.platform == "win32":
            raise OSError("not here")
        import termios

        try:
            self._modes = termios.tcgetattr(self._keys)
            self._answer_signals()  # before anything is changed that would be left behind
            termios.tcsetattr(self._keys, termios.TCSANOW, _waiting(self._modes))
        except termios.error as error:
            self.hand_over()
            raise OSError(*error.args) from error
        _write(self._screen, _BEFORE + picture)

    def hand_over(self) -> list[Any] | None:
        """Leaves it to an app to give the terminal back, in the modes it had before (`termios.tcgetattr`)."""
        while self._signals:
            signal.signal(self._signals.pop(), signal.SIG_DFL)
        modes, self._modes = self._modes, None
        return modes

    def take_back(self, modes: list[Any] | None) -> None:
        """Is given back by us after all, into these modes: the app that it was handed over to could not begin."""
        self._modes = modes

    def give_back(self) -> None:
        """Clears the picture away, unless an app has taken the terminal over."""
        if sys.platform == "win32" or (modes := self.hand_over()) is None:
            return
        import termios

        with suppress(OSError):
            _write(self._screen, _AFTER)
        with suppress(termios.error):
            termios.tcsetattr(self._keys, termios.TCSANOW, modes)

    def _answer_signals(self) -> None:
        for number in (getattr(signal, name) for name in _END_SIGNALS):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
                self._signals.append(number)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _waiting(modes: list[Any]) -> list[Any]:
    """Modes in which keys wait one by one, unseen; none of them is a signal or something of the terminal's own."""
    import termios

    assert sys.platform != "win32"  # noqa: S101 - for the type checker
    read, write, control, local, *rest = modes
    read &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    return [read, write, control, local, *rest]


def _write(descriptor: int, text: str) -> None:
    """All of it.

    Raises:
        OSError: it cannot be written.
    """
    left = memoryview(text.encode(errors="replace"))
    while left:
        left = left[os.write(descriptor, left) :]
