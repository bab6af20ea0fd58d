"""`nbd run --plain`: a workout without a screen, for logs and screen readers."""

import json
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from nbd_tui.cli.checks import check_music
from nbd_tui.cli.wiring import Program, clock
from nbd_tui.keymap import BINDINGS, Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.report import Report
from nbd_tui.store.presets import LoadedPreset, find_preset, load_presets
from nbd_tui.workout.engine import EngineState

if TYPE_CHECKING:
    from nbd_tui.session.kept import Interruption, Journals
    from nbd_tui.session.snapshot import SessionSnapshot

HOW_TO_RESUME: Final = "nbd resume goes on with it, nbd resume --file keeps it as it is, nbd resume --drop forgets it"

LAST_SOUND_S: Final[Seconds] = 4.0
"""The finish is heard to its end before the program leaves."""
SIGNALS_S: Final[Seconds] = 0.2
"""How long a signal may wait: on Windows a wait for the queue is not interrupted by one."""

COMMANDS: Final[dict[str, Action]] = {binding.letter: Action(binding.id) for binding in BINDINGS if binding.letter}

ASKS: Final = " (asks)"
"""What the labels say of the screen; here nothing asks."""
JOINERS: Final = frozenset("\u200c\u200d")
"""Format characters that belong to words and emoji; the others could turn a line around."""

Reports = SimpleQueue[Report]


PAUSED_S: Final[Seconds] = 0.5
"""Before the program is suspended the workout gets so long to pause."""


class Obeying(Protocol):
    """What is needed of a session."""

    def send(self, action: Action) -> None:
        """An action of the user's."""
        ...

    def pause(self) -> None:
        """Pauses it, if it runs."""
        ...

    def end(self) -> None:
        """Has it end soon, interrupted."""
        ...

    def snapshot(self) -> "SessionSnapshot":
        """The newest state."""
        ...


def run_plain(name: str, music: Path | None, output: str | None, *, as_json: bool) -> int:
    """Runs a preset; 0 when it was completed, 1 when it was stopped, interrupted, or nobody reads what it says."""
    with ExitStack() as stack:
        program = Program(stack)
        preset = find_preset(name, load_presets(program.places.presets))
        if music is not None:
            check_music(music)
        tell_of_interrupted(program.journals)
        return play(program, stack, preset, music, output, as_json=as_json)


def play(
    program: Program,
    stack: ExitStack,
    preset: LoadedPreset,
    music: Path | None,
    output: str | None,
    *,
    as_json: bool,
    since: "Interruption | None" = None,
) -> int:
    """Runs a preset, or goes on with an interrupted session of it; returns as `run_plain`."""
    reports: Reports = SimpleQueue()
    studio = program.studio(output, music)
    session = program.begin(studio, preset, reports.put, since)
    stack.callback(session.close)
    answer_signals(session)
    threading.Thread(target=obey, args=(sys.stdin, session), name="commands", daemon=True).start()
    try:
        return tell(reports, Printer(as_json=as_json))
    except OSError:  # nobody reads any more, or the terminal was closed
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of the process)
        return 1


def tell_of_interrupted(journals: "Journals") -> None:
    """Says on stderr what was interrupted before and what can be done about it; it stays as it is."""
    if journals.is_empty:
        return
    found = journals.look()
    for note in journals.notes:
        print(printable(f"nbd: {note}", sys.stderr), file=sys.stderr, flush=True)
    for one in found:
        print(printable(f"interrupted: {one.in_a_line(journals.now)}", sys.stderr), file=sys.stderr)
    if found:
        print(f"  {HOW_TO_RESUME}", file=sys.stderr, flush=True)
    journals.close()


def obey(commands: TextIO | None, session: Obeying) -> None:
    """Sends a session the letters it reads, one or more a line; a line with an unknown one is answered with the list.

    The end of the commands does not end the workout.
    """
    if isinstance(commands, TextIOWrapper):
        commands.reconfigure(errors="replace")
    for line in commands or ():
        letters = line.strip()
        if not letters or any(letter not in COMMANDS for letter in letters):
            print(help_line(), file=sys.stderr, flush=True)
        for letter in letters:
            if action := COMMANDS.get(letter):
                session.send(action)


def help_line() -> str:
    """The letters of plain mode."""
    commands = (f"{binding.letter} {binding.label.removesuffix(ASKS)}" for binding in BINDINGS if binding.letter)
    return "commands: " + ", ".join(commands)


class Printer:
    """Prints reports: everything as JSON, or what people care about as lines, none twice in a row."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._last = ""

    def show(self, report: Report) -> None:
        """One report.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        if self._as_json:
            print(json.dumps(report.as_json(), ensure_ascii=True), flush=True)
        elif (line := printable(report.as_line())) and line != self._last:
            self._last = line
            print(line, flush=True)


def tell(reports: Reports, printer: Printer) -> int:
    """Prints what happens until the workout is over."""
    report = _next(reports)
    while report is None or report.event != "finished":
        if report is not None:
            printer.show(report)
        report = _next(reports)
    printer.show(report)
    if report.text != "completed":
        return 1
    hear_out(reports, printer, clock() + LAST_SOUND_S)
    return 0


def hear_out(reports: Reports, printer: Printer, until: Seconds) -> None:
    """Prints what still comes while the finish sounds."""
    while clock() < until:
        if report := _next(reports):
            printer.show(report)


def _next(reports: Reports) -> Report | None:
    try:
        return reports.get(timeout=SIGNALS_S)
    except Empty:
        return None


def printable(line: str, stream: TextIO | None = None) -> str:
    """Text from tags and files without control characters, in what the terminal can encode."""
    encoding = (stream or sys.stdout).encoding or "utf-8"
    clean = "".join(char if char.isprintable() or char in JOINERS else "�" for char in line)
    return clean.encode(encoding, errors="replace").decode(encoding)


def answer_signals(session: Obeying) -> None:
    """Signals end the program in the ordinary way, or suspend it.

    SIGINT stops the workout. SIGTERM and SIGHUP interrupt it: it can be taken up again. ctrl+z pauses it, and only then
    suspends the program.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        session.send(Action.STOP)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        session.end()

    def suspend(_signal: int, _frame: FrameType | None) -> None:
        session.pause()
        latest = clock() + PAUSED_S
        while session.snapshot().state is EngineState.RUNNING and clock() < latest:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGSTOP)

    answers = {"SIGINT": stop, "SIGBREAK": interrupt, "SIGTERM": interrupt, "SIGHUP": interrupt, "SIGTSTP": suspend}
    for name, answer in answers.items():
        if number := getattr(signal, name, None):
            signal.signal(number, answer)
