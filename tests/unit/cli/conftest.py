"""Runs commands in this process, as a terminal would."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from nbd_tui.__main__ import main
from nbd_tui.cli.wiring import Program


@dataclass(frozen=True)
class Told:
    """How a command ended."""

    code: int
    out: str
    err: str


class Nbd(Protocol):
    """Runs `nbd` with arguments."""

    def __call__(self, *arguments: str | Path) -> Told: ...


@pytest.fixture
def nbd(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nbd:
    def run(*arguments: str | Path) -> Told:
        monkeypatch.setattr(sys, "argv", ["nbd", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        code = ended.value.code
        return Told(code if isinstance(code, int) else 0 if code is None else 1, told.out, told.err)

    return run


@pytest.fixture
def config(isolated_user_dirs: Path) -> Path:
    """The folder of the settings, with a folder of presets in it."""
    folder = isolated_user_dirs / "config"
    (folder / "presets").mkdir(parents=True)
    return folder


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is to be refused must not start a player first."""

    def started(*_arguments: object, **_options: object) -> object:
        raise AssertionError("a player was started")

    monkeypatch.setattr(Program, "studio", started)


@pytest.fixture(autouse=True)
def no_log_left_over() -> Iterator[None]:
    """Each command adds a handler to the program's log."""
    log = logging.getLogger("nbd_tui")
    before = log.handlers[:]
    yield
    for handler in log.handlers[:]:
        if handler not in before:
            log.removeHandler(handler)
            handler.close()
