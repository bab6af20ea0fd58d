"""Suspending the program: the terminal as it was, the process really stopped, and all of it back with `fg`."""

import os
import signal
import sys


class TerminalGoneError(Exception):
    """The terminal was closed while the program was suspended."""


def stop_until_in_front(terminal: int) -> None:
    """Stops this process until it is continued in the foreground of a terminal; does nothing where there is no such.

    One that is continued in the background (`bg`) may not paint: it stops again.

    Args:
        terminal: a file descriptor of it.

    Raises:
        TerminalGoneError: it was closed in the meantime.
    """
    if sys.platform == "win32":
        return
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        while os.tcgetpgrp(terminal) != os.getpgrp():
            os.kill(os.getpid(), signal.SIGSTOP)
    except OSError as error:
        raise TerminalGoneError from error
