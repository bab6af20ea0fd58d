"""The player asks to be served first, and does without where it must."""

import os

import pytest

from nbd_tui.player.priority import NICENESS, put_first

PRIO_PROCESS = 0
"""As everywhere but on Windows, which has no such name."""


def test_it_asks_to_be_first_and_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, int]] = []

    def refuse(which: int, who: int, priority: int) -> None:
        asked.append((which, who, priority))
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    monkeypatch.setattr(os, "PRIO_PROCESS", PRIO_PROCESS, raising=False)
    put_first()

    assert asked == [(PRIO_PROCESS, 0, NICENESS)]
