"""A real terminal for the tests: a shell in tmux, typed into and read back."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import Final

from tests.e2e.hearing import wait_for
from tests.e2e.program import Gym, children_of

ANSWER_S: Final = 10.0
"""How long the tests wait for the screen; only a program that hangs takes so long."""

PROMPT: Final = r"^\[(\d+)\]ready> *$"
"""The shell's, with the exit code of the last command."""

_BLOCKS: Final = {" ": "..", "▀": "#.", "▄": ".#", "█": "##"}

_DIGITS: Final = {
    "###/#.#/###": "0",
    "##./.#./###": "1",
    "###/..#/###/#../###": "2",
    "###/..#/.##/..#/###": "3",
    "#.#/###/..#": "4",
    "###/#../###/..#/###": "5",
    "###/#../###/#.#/###": "6",
    "####/...#/..#./.#..": "7",
    "###/#.#/###/#.#/###": "8",
    "###/#.#/###/..#/###": "9",
    "#/./#": ":",
}
"""Shapes of the digits, each row and column that repeats its neighbour left out: the same at every size."""


class Terminal:
    """A tmux server of its own with one window, in which a shell waits at `PROMPT`."""

    def __init__(self, gym: Gym, size: tuple[int, int]) -> None:
        self._folder = tempfile.mkdtemp(prefix="nbd-tmux-")
        self._env = gym.environment | {"TMUX_TMPDIR": self._folder, "LC_ALL": "C.UTF-8"}
        for name in ("COLUMNS", "LINES"):  # of the tests' own terminal
            self._env.pop(name, None)
        self._env.pop("TMUX", None)
        self._asked = 0
        self._size = size

    def open(self) -> None:
        """Opens the window and waits for the shell."""
        width, height = map(str, self._size)
        shell = "exec env PS1='[$?]ready> ' sh -i"
        self._tmux("new-session", "-d", "-s", "gym", "-x", width, "-y", height, shell)
        self.wait_for_prompt()

    def run(self, *arguments: str) -> int:
        """Types a command of the program; its process id."""
        self.type(f"{sys.executable} -m nbd_tui {' '.join(arguments)}")
        self.press("Enter")
        wait_for(self.programs, ANSWER_S, "the program")
        return self.programs()[0]

    def type(self, text: str) -> None:
        """Types text as it is."""
        self._tmux("send-keys", "-t", "gym", "-l", text)

    def press(self, *keys: str) -> None:
        """Presses keys, as tmux names them."""
        self._tmux("send-keys", "-t", "gym", *keys)

    def strike(self, *bursts: str, gap_s: float = 0.3) -> None:
        """Types bursts of keys as a gloved hand does: all keys of one at once, the bursts `gap_s` apart.

        tmux itself waits between them, so that a busy machine does not stretch the time by much.
        """
        words: list[str] = []
        for burst in bursts:
            words += [
                *([";", "run-shell", f"sleep {gap_s}", ";"] if words else []),
                "send-keys",
                "-t",
                "gym",
                "-l",
                burst,
            ]
        self._tmux(*words)

    def rest(self, seconds: float) -> None:
        """Types nothing for a while: some keys mean another thing so soon after others."""
        self._tmux("run-shell", f"sleep {seconds}")

    def resize(self, width: int, height: int) -> None:
        """Makes the window another size."""
        self._tmux("resize-window", "-t", "gym", "-x", str(width), "-y", str(height))

    @property
    def rows(self) -> list[str]:
        """What the window shows."""
        return self._tmux("capture-pane", "-p", "-t", "gym").split("\n")

    @property
    def text(self) -> str:
        """What the window shows, as one text."""
        return "\n".join(self.rows)

    @property
    def seconds(self) -> int | None:
        """What the big digits say; None where none can be read, as in a window caught half painted."""
        time = big_time(self.rows)
        return seconds_of(time) if re.fullmatch(r"\d+:\d\d", time) else None

    def wait_for_text(self, *patterns: str, seconds: float = ANSWER_S) -> list[str]:
        """Waits until the window shows all of these at once; what they matched: the first group, or the whole."""
        found: list[str] = []

        def look() -> bool:
            text = self.text
            matches = [re.search(pattern, text, re.MULTILINE) for pattern in patterns]
            found[:] = [match[1] if match.re.groups else match[0] for match in matches if match]
            return len(found) == len(patterns)

        self._wait(look, seconds, f"{patterns} on the screen")
        return found

    def wait_until_gone(self, pattern: str, seconds: float = ANSWER_S) -> None:
        """Waits until the window no longer shows it."""
        self._wait(lambda: not re.search(pattern, self.text, re.MULTILINE), seconds, f"the end of {pattern!r}")

    def wait_for_time(self, least: int, most: int) -> int:
        """Waits until the big digits are between two numbers of seconds; what they say."""
        found: list[int] = []

        def look() -> bool:
            seconds = self.seconds
            found[:] = [] if seconds is None else [seconds]
            return seconds is not None and least <= seconds <= most

        self._wait(look, ANSWER_S, f"{least} to {most} s in big digits")
        return found[0]

    def wait_for_large_digits(self, width: int, height: int) -> None:
        """Waits until the digits are readable from ten metres: 60 % of the width, 40 % of the height."""

        def look() -> bool:
            drawing = big_drawing(self.rows)
            left = min((len(row) - len(row.lstrip()) for row in drawing), default=0)
            return len(drawing) >= 0.4 * height and max(map(len, drawing)) - left >= 0.6 * width

        self._wait(look, ANSWER_S, f"digits large enough for {width}×{height}")

    def wait_for_prompt(self, seconds: float = ANSWER_S) -> int:
        """Waits until the shell is back; the exit code it shows."""
        self._wait(lambda: re.match(PROMPT, self._last_row()), seconds, "the shell's prompt")
        return int((re.match(PROMPT, self._last_row()) or ["", "-1"])[1])

    def line_settings(self) -> str:
        """A checksum of the terminal line's settings (echo, line editing, …), asked of the shell."""
        self._asked += 1
        self.type(f'echo "<{self._asked}:$(stty -g | cksum)>"')
        self.press("Enter")
        found = self.wait_for_text(rf"^<{self._asked}:(.*)>$")[0]
        self.wait_for_prompt()
        return found

    @property
    def modes(self) -> dict[str, str]:
        """What a program may leave behind: the alternate screen, a hidden cursor, mouse and keypad modes."""
        names = ("alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "keypad_cursor_flag", "insert_flag")
        values = self._tmux("display-message", "-p", "-t", "gym", " ".join(f"#{{{name}}}" for name in names))
        return dict(zip(names, values.split(), strict=True))

    def programs(self) -> list[int]:
        """Process ids of what the shell runs."""
        shell = int(self._tmux("display-message", "-p", "-t", "gym", "#{pane_pid}"))
        return children_of(shell)

    def close_window(self) -> None:
        """Closes the terminal over whatever runs in it."""
        self._tmux("kill-server")

    def close(self) -> None:
        """Ends everything; what a failed test has left is killed."""
        left = self._left()
        subprocess.run([*self._command, "kill-server"], env=self._env, capture_output=True, check=False)
        shutil.rmtree(self._folder, ignore_errors=True)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _left(self) -> list[int]:
        """Process ids of what runs in the window; none where it is closed."""
        try:
            return self.programs()
        except subprocess.CalledProcessError:
            return []

    def _last_row(self) -> str:
        rows = [row for row in self.rows if row.strip()]
        return rows[-1] if rows else ""

    def _wait(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        try:
            wait_for(condition, seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen:\n{self.text}") from None

    @property
    def _command(self) -> Sequence[str]:
        return ("tmux", "-u", "-L", "e2e", "-f", "/dev/null")

    def _tmux(self, *words: str) -> str:
        told = subprocess.run(
            [*self._command, *words], env=self._env, capture_output=True, text=True, timeout=20, check=True
        )
        return told.stdout


@contextmanager
def opened(gym: Gym, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """A terminal, closed with the block."""
    terminal = Terminal(gym, size)
    try:
        terminal.open()
        yield terminal
    finally:
        terminal.close()


def descendants_of(pid: int) -> list[int]:
    """Process ids of a process's children and theirs."""
    children = children_of(pid)
    return children + [deeper for child in children for deeper in descendants_of(child)]


def seconds_of(time: str) -> int:
    """`1:05` in seconds."""
    minutes, seconds = time.split(":")
    return 60 * int(minutes) + int(seconds)


def big_time(rows: Sequence[str]) -> str:
    """The time drawn in half blocks, as text; empty where there is none, `?` for a shape that is no digit."""
    drawing = big_drawing(rows)
    if len(drawing) < 4:
        return ""
    width = max(map(len, drawing))
    pixels = ["".join(_BLOCKS[cell][half] for cell in row.ljust(width)) for row in drawing for half in (0, 1)]
    columns = ["".join(column) for column in zip(*pixels, strict=True)]
    shapes = [list(group) for lit, group in groupby(columns, key=lambda column: "#" in column) if lit]
    return "".join(_DIGITS.get(_simplified(shape), "?") for shape in shapes)


def big_drawing(rows: Sequence[str]) -> list[str]:
    """The most rows in succession that are drawn in half blocks."""

    def is_drawn(row: str) -> bool:
        return bool(row.strip()) and not row.strip(" ▀▄█")

    return max((list(group) for drawn, group in groupby(rows, key=is_drawn) if drawn), key=len, default=[])


def _simplified(columns: Sequence[str]) -> str:
    """Rows of a shape without margins, and without rows and columns that repeat the one before."""
    fewer = [column for column, _ in groupby(columns)]
    rows = ["".join(row) for row in zip(*fewer, strict=True)]
    lit = [index for index, row in enumerate(rows) if "#" in row]
    return "/".join(row for row, _ in groupby(rows[lit[0] : lit[-1] + 1]))
