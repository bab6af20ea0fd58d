"""The driver over a terminal that is drawn on: where it cannot begin, the terminal is given back all the same."""

import os
import sys
from typing import Any

import pytest
from textual.app import App

if sys.platform == "win32":
    pytest.skip("no such terminals", allow_module_level=True)

import termios

from textual.drivers.linux_driver import LinuxDriver

from nbd_tui.tui.drawn import DrawnTerminal
from nbd_tui.tui.taking_over import taking_over


async def test_a_driver_that_cannot_begin_leaves_the_terminal_to_be_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_driver: LinuxDriver) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(LinuxDriver, "start_application_mode", fail)
    user, end = os.openpty()
    before = termios.tcgetattr(end)
    drawn = DrawnTerminal(end, end)
    app: App[Any] = App()
    try:
        drawn.draw("Home")
        with pytest.raises(RuntimeError, match="new thread"):
            taking_over(drawn, lambda: None)(app).start_application_mode()
        assert drawn.is_drawn
        drawn.give_back()
        assert termios.tcgetattr(end) == before
    finally:
        os.close(user)
        os.close(end)
