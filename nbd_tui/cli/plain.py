"""`nbd run --plain`: a workout without a screen, for logs and screen readers."""

import json
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final, TextIO

from nbd_tui.cli.wiring import Program, preset_pins
from nbd_tui.keymap import BINDINGS, Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.report import Report
from nbd_tui.session.studio import Session
from nbd_tui.store.presets import find_preset, load_presets
from nbd_tui.workout.compile import compile_timeline

LAST_SOUND_S: Final[Seconds] = 4.0
"""The finish is heard to its end before the program leaves."""

COMMANDS: Final[dict[str, Action]] = {binding.letter: Action(binding.id) for binding in BINDINGS if binding.letter}


def run_plain(name: str, music: Path | None, output: str | None, *, as_json: bool) -> int:
    """Runs a preset; 0 when it was completed, 1 when it was stopped."""
    with ExitStack() as stack:
        program = Program(stack)
        preset = find_preset(name, load_presets(program.places.presets))
        reports: SimpleQueue[Report] = SimpleQueue()
        studio = program.studio(output, music)
        session = studio.begin(compile_timeline(preset.preset), preset_pins(preset.pins), reports.put)
        stack.callback(session.close)
        end_on_signals(session)
        threading.Thread(target=obey, args=(sys.stdin, session), name="commands", daemon=True).start()
        return tell(reports, as_json=as_json)


def obey(commands: TextIO, session: Session) -> None:
    """Sends a session the letters it reads, one or more a line; unknown ones are answered with the list."""
    for line in commands:
        for letter in line.strip() or " ":
            if action := COMMANDS.get("p" if letter == " " else letter):
                session.send(action)
            else:
                print(help_line(), file=sys.stderr)


def help_line() -> str:
    """The letters of plain mode."""
    return ", ".join(f"{binding.letter} {binding.label}" for binding in BINDINGS if binding.letter)


def tell(reports: SimpleQueue[Report], *, as_json: bool) -> int:
    """Prints what happens until the workout is over."""
    while True:
        report = reports.get()
        show(report, as_json=as_json)
        if report.event == "finished":
            break
    if report.text != "completed":
        return 1
    hear_out(reports, as_json=as_json)
    return 0


def hear_out(reports: SimpleQueue[Report], *, as_json: bool) -> None:
    """Prints what still comes while the finish sounds."""
    over = threading.Event()
    timer = threading.Timer(LAST_SOUND_S, over.set)
    timer.start()
    while not over.is_set():
        try:
            show(reports.get(timeout=0.1), as_json=as_json)
        except Empty:
            continue


def show(report: Report, *, as_json: bool) -> None:
    """One report: everything as JSON, what people care about as a line."""
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=True), flush=True)
    elif report.event != "heard":
        print(printable(report.as_line()), flush=True)


def printable(line: str) -> str:
    """Text from tags without control characters, in what the terminal can encode."""
    encoding = sys.stdout.encoding or "utf-8"
    clean = "".join(char if char.isprintable() else "�" for char in line)
    return clean.encode(encoding, errors="replace").decode(encoding)


def end_on_signals(session: Session) -> None:
    """SIGINT, SIGTERM and SIGHUP stop the workout, which ends the program in the ordinary way."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        session.send(Action.STOP)

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if number := getattr(signal, name, None):
            signal.signal(number, stop)
