"""What the system tells the app: to end, to be put down, to go on."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from textual.app import SuspendNotSupported

from nbd_tui.model.units import Seconds
from nbd_tui.tui.gloved import GlovedApp

PAUSED_S: Final[Seconds] = 0.2
"""So long after it was told to pause a session has paused, and its journal says so."""

_END_SIGNALS: Final = ("SIGTERM", "SIGHUP")


class SignalledApp(GlovedApp, inherit_bindings=False):
    """An app that ends cleanly when it is told to, and gives the terminal back while it is put down."""

    _stands = False
    _ended_by = 0
    """The signal that has told it to end before it stood."""

    def pause_session(self) -> bool:
        """Pauses what runs; whether there was something."""
        return False

    def close_session(self) -> None:
        """Ends what runs."""

    def action_suspend(self) -> None:
        """Pauses the workout, then gives the terminal back to the shell until `fg`."""
        if self.pause_session():
            self.set_timer(PAUSED_S, self._suspend_now)
        else:
            self._suspend_now()

    def _suspend_now(self) -> None:
        from nbd_tui.tui.suspending import TerminalGoneError, stop_until_in_front

        try:
            with self.suspend():
                stop_until_in_front(sys.__stdin__.fileno() if sys.__stdin__ else 0)
        except SuspendNotSupported:
            return
        except TerminalGoneError:
            self.close_session()
            os._exit(128 + signal.SIGHUP)  # there is no terminal to restore, and painting would wait for it for ever

    def answer_signals(self) -> None:
        """Ends cleanly when the system, or the closing terminal, says so: exit code 128 + the signal's number.

        Textual's own answer to SIGCONT is not wanted: it takes every one for the end of a suspension and starts a
        second writer to the terminal; a closing terminal sends one as well, and the end would wait for that writer.
        """
        for name in _END_SIGNALS:
            if number := getattr(signal, name, None):
                self._answer(number, partial(self._end_by, number))
        if sys.platform != "win32":
            self._answer(signal.SIGTSTP, self.action_suspend)
            self._answer(signal.SIGCONT, self.refresh)

    def first_screen_stands(self) -> bool:
        """From now on a signal ends the app at once; before, Textual cannot end without an error.

        Returns:
            Whether the app goes on: no signal has come until now.
        """
        self._stands = True
        if self._ended_by:
            self._end_by(self._ended_by)
        return not self._ended_by

    def _end_by(self, number: int) -> None:
        self._ended_by = number
        if self._stands:
            self.exit(128 + number)

    def _answer(self, number: signal.Signals, answer: Callable[[], object]) -> None:
        """Has the event loop do something at a signal, where the system and the thread allow that."""
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(number, answer)
