"""Runs the program as a user does, and reads what it says."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.e2e.hearing import wait_for

Event = dict[str, Any]

SILENT_OUTPUT: Final = ("--output", "silent")
ROUNDS: Final = """
name = "Two rounds"
[[blocks]]
repeat = 2
phases = [{ kind = "work", duration = "1:00", label = "Round {n}" }, { kind = "rest", duration = "0:30" }]
"""


@dataclass
class Gym:
    """A user's home: settings, presets, music."""

    home: Path
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    program: Path | None = None
    """A folder with another copy of the program; None: the one that is tested."""
    _workouts: list["Workout"] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Makes the folders."""
        for folder in (self.music, self.home / "config" / "presets", self.home / "data"):
            folder.mkdir(parents=True)

    @property
    def music(self) -> Path:
        """The music folder."""
        return self.home / "music"

    def settings(self, text: str) -> None:
        """Writes the settings file."""
        (self.home / "config" / "settings.toml").write_text(text, encoding="utf-8")

    def preset(self, name: str, text: str) -> None:
        """Writes a preset."""
        (self.home / "config" / "presets" / f"{name}.toml").write_text(text, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What the program is started with."""
        return self.env | {
            "NBD_CONFIG_FILE": str(self.home / "config" / "settings.toml"),
            "NBD_DATA_DIR": str(self.home / "data"),
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "nbd_tui", *arguments],
            env=self.environment, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
            cwd=self.program,
        )  # fmt: skip

    def workout(self, *arguments: str) -> "Workout":
        """Starts `nbd run --plain --json`."""
        self._workouts.append(Workout(self, ("run", *arguments)))
        return self._workouts[-1]

    def resume(self, *arguments: str) -> "Workout":
        """Starts `nbd resume --plain --json`."""
        self._workouts.append(Workout(self, ("resume", *arguments)))
        return self._workouts[-1]

    @property
    def journals(self) -> list[Path]:
        """The journals of sessions that run or were interrupted."""
        return sorted((self.home / "data" / "state" / "journal").glob("*"))

    def sessions(self) -> list[tuple[str, str, float]]:
        """Preset, outcome and worked seconds of the sessions kept, the oldest first."""
        file = self.home / "data" / "data" / "nbd.sqlite"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute("SELECT preset_id, outcome, worked_s FROM sessions ORDER BY began_utc").fetchall()

    def close(self) -> None:
        """Ends what a failed test has left running."""
        for workout in self._workouts:
            workout.close()


class Workout:
    """A running plain-mode workout."""

    def __init__(self, gym: Gym, arguments: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nbd_tui", *arguments, "--plain", "--json"],
            env=gym.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=gym.program,
        )  # fmt: skip
        self.events: list[Event] = []
        self.errors = ""
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Of the app."""
        return self._process.pid

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.events.append(json.loads(line))

    def _read_errors(self) -> None:
        self.errors = (self._process.stderr.read() if self._process.stderr else "") or ""

    def press(self, letter: str) -> None:
        """Sends a plain-mode command."""
        assert self._process.stdin is not None
        self._process.stdin.write(letter + "\n")
        self._process.stdin.flush()

    def of(self, event: str, **fields: str) -> list[Event]:
        """The events of a kind so far, with these fields."""
        wanted = {"event": event, **fields}
        return [said for said in list(self.events) if wanted.items() <= said.items()]

    def await_event(self, event: str, count: int = 1, seconds: float = 30, **fields: str) -> Event:
        """Waits until an event has been told `count` times; the last of them."""
        wait_for(lambda: len(self.of(event, **fields)) >= count or self.ended, seconds, f"{count} × {event} {fields}")
        told = self.of(event, **fields)
        assert len(told) >= count, f"ended without {count} × {event} {fields}: {self.events[-5:]} {self.errors}"
        return told[count - 1]

    def await_time(self, at: float) -> None:
        """Lets the program run until a monotonic time."""
        wait_for(lambda: time.monotonic() >= at or self.ended, max(0.0, at - time.monotonic()) + 5, "a time")

    @property
    def ended(self) -> bool:
        """The program is over."""
        return self._process.poll() is not None

    def finish(self, seconds: float = 90) -> int:
        """Waits for the end; the exit code."""
        code = self._process.wait(timeout=seconds)
        for thread in self._threads:
            thread.join(timeout=5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        return code

    def close(self) -> None:
        """Ends the program, if need be without mercy."""
        if not self.ended:
            self._process.kill()
        self.finish()

    def signal(self, number: signal.Signals) -> None:
        """Sends the app a signal."""
        self._process.send_signal(number)

    def children(self) -> list[int]:
        """Process ids of the app's children."""
        return children_of(self.pid)

    def player(self) -> int:
        """Process id of the sound process."""
        return next(pid for pid in self.children() if "nbd_tui.player" in command_of(pid))


def children_of(pid: int) -> list[int]:
    """Process ids of a process's children."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def command_of(pid: int) -> str:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
