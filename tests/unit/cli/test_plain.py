"""`nbd run --plain`: what it says, what it obeys, how it ends."""

import io
import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import ClassVar

import pytest

from nbd_tui.cli import plain
from nbd_tui.cli.plain import COMMANDS, Printer, answer_signals, help_line, obey, tell
from nbd_tui.cli.wiring import Program
from nbd_tui.keymap import Action
from nbd_tui.session.pins import Pins
from nbd_tui.session.report import Report
from nbd_tui.session.snapshot import SessionSnapshot, snapshot_of
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.preset import parse_preset
from nbd_tui.workout.timeline import Timeline
from tests.unit.cli.conftest import Nbd

PRESET = 'name = "Quick"\n[[blocks]]\nphases = [{ kind = "work", duration = 1, label = "Kräfte ♪" }]\n'
COMPLETED = Report("finished", 1.0, 1.0, text="completed")
STOPPED = Report("finished", 1.0, 1.0, text="stopped")


class Session:
    """Notes what it is sent."""

    def __init__(self) -> None:
        self.sent: list[Action | str] = []
        self.closed = False

    def send(self, action: Action) -> None:
        self.sent.append(action)

    def pause(self) -> None:
        self.sent.append("pause")

    def end(self) -> None:
        self.sent.append("end")

    def snapshot(self) -> SessionSnapshot:
        timeline = compile_timeline(parse_preset(tomllib.loads(PRESET))[0])
        return snapshot_of(Engine(timeline).position(0.0), timeline)

    def close(self) -> None:
        self.closed = True


class Studio:
    """Begins sessions that say what they are told to, and are over."""

    says: ClassVar[list[Report]] = []
    sessions: ClassVar[list[Session]] = []

    def begin(
        self,
        _timeline: Timeline,
        _pins: Pins,
        listen: Callable[[Report], None],
        note: str,
        announcer: object = None,
        kept: object = None,
        **_wishes: object,
    ) -> Session:
        assert announcer is None, "it is off until it is asked for"
        if note:
            listen(Report("music", 0.0, 5.0, text=note))
        for report in self.says:
            listen(report)
        self.sessions.append(Session())
        return self.sessions[-1]


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> type[Studio]:
    monkeypatch.setattr(Program, "studio", lambda *_arguments, **_options: Studio())
    monkeypatch.setattr(plain, "LAST_SOUND_S", 0.0)
    monkeypatch.setattr(signal, "signal", lambda _number, _handler: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    Studio.says, Studio.sessions = [], []
    return Studio


def test_every_letter_is_obeyed() -> None:
    session = Session()
    obey(io.StringIO("p\nsb\n  +-\n" + "".join(COMMANDS) + "\n"), session)
    assert session.sent[:5] == [Action.PAUSE, Action.SKIP, Action.BACK, Action.ADD_TIME, Action.REMOVE_TIME]
    assert session.sent[5:] == list(COMMANDS.values())
    assert set(COMMANDS.values()) == set(Action)


@pytest.mark.parametrize("line", ["z\n", "\n", "hello world\n", "�\n"])
def test_an_unknown_letter_is_answered_with_the_list_once(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    obey(io.StringIO(line), Session())
    assert capsys.readouterr().err == help_line() + "\n"
    assert "R restart the workout, " in help_line()
    assert help_line().endswith("q end the workout")


def test_commands_that_are_no_text_are_survived(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session()
    obey(io.TextIOWrapper(io.BytesIO(b"\xff\xfe\x00\np\n"), encoding="utf-8"), session)
    assert session.sent[-1] is Action.PAUSE
    assert "commands:" in capsys.readouterr().err


def test_no_commands_at_all_are_survived() -> None:
    session = Session()
    obey(None, session)
    obey(io.StringIO(""), session)
    assert session.sent == []


@pytest.mark.parametrize(("last", "code"), [(COMPLETED, 0), (STOPPED, 1)])
def test_how_it_ends(nbd: Nbd, config: Path, studio: type[Studio], last: Report, code: int) -> None:
    (config / "presets" / "quick.toml").write_text(PRESET, encoding="utf-8")
    studio.says = [Report("session", 0.0, 5.0), last]
    told = nbd("run", "quick", "--plain")
    assert told.code == code
    assert told.out.splitlines()[0] == "0:00  the workout begins"
    assert studio.sessions[0].closed


def test_json_is_an_object_a_line(nbd: Nbd, config: Path, studio: type[Studio]) -> None:
    (config / "presets" / "quick.toml").write_text(PRESET, encoding="utf-8")
    studio.says = [
        Report("session", 0.0, 5.0),
        Report("track", 0.5, 5.5, title="[/foo] \x1b[31m ♪", in_point_s=0.0),
        Report("heard", 0.5, 5.5, cue_id="1"),
        COMPLETED,
    ]
    told = nbd("run", "quick", "--json")
    events = [json.loads(line) for line in told.out.splitlines()]
    assert [event["event"] for event in events] == ["session", "track", "heard", "finished"]
    assert events[1] == {
        "event": "track", "session_s": 0.5, "at": 5.5, "title": "[/foo] \x1b[31m ♪", "in_point_s": 0.0
    }  # fmt: skip
    assert told.out.isascii()


def test_pins_that_lead_nowhere_are_told_and_stop_nothing(nbd: Nbd, config: Path, studio: type[Studio]) -> None:
    (config / "presets" / "quick.toml").write_text(PRESET + '[music.pins]\nwork = "gone.m3u"\n', encoding="utf-8")
    (config / "presets" / "strange.toml").write_text(
        PRESET + '[music.pins]\nwork = "~nobody-of-that-name/calm"\n', encoding="utf-8"
    )
    studio.says = [COMPLETED]
    told = nbd("run", "quick", "--plain")
    assert told.code == 0
    assert told.out.splitlines()[0] == ("0:00  work pin gone.m3u: there is no such file or folder; other music plays")
    told = nbd("run", "strange", "--plain")
    assert told.code == 0
    assert "no such home folder; other music plays" in told.out


def test_a_line_is_not_said_twice_and_carries_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    reports: SimpleQueue[Report] = SimpleQueue()
    for report in (
        Report("paused", 3.0, 3.0),
        Report("key", 3.0, 3.0, text="paused"),
        Report("heard", 3.0, 3.0, cue_id="1"),
        Report("track", 4.0, 4.0, title="[Remix]\x1b[2J\r\n\u202e", artist="B\0"),
        STOPPED,
    ):
        reports.put(report)
    assert tell(reports, Printer(as_json=False)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "0:03  paused",
        "0:04  ♪ [Remix]�[2J��� by B�",
        "0:01  stopped",
    ]


def test_a_terminal_without_the_letters_gets_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", ascii_only)
    assert plain.printable("♪ Kräfte") == "? Kr?fte"


def test_joined_emoji_and_words_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    boxer, persian = "\U0001f93c\U0001f3fd\u200d\u2642\ufe0f", "\u0645\u06cc\u200c\u062f\u0648\u06cc\u062f"
    Printer(as_json=False).show(Report("track", 1.0, 1.0, title=boxer, artist=f"{persian}\u202e\u2066"))
    assert capsys.readouterr().out == f"0:01  ♪ {boxer} by {persian}��\n"


def test_signals_stop_interrupt_or_suspend_the_workout(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Callable[[int, object], None]] = {}
    killed: list[int] = []
    monkeypatch.setattr(signal, "signal", lambda number, handler: handlers.update({number: handler}))
    monkeypatch.setattr(os, "kill", lambda _pid, number: killed.append(number))
    session = Session()
    answer_signals(session)
    handlers[signal.SIGINT](signal.SIGINT, None)
    assert session.sent == [Action.STOP]
    handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert session.sent == [Action.STOP, "end"]
    if sys.platform != "win32":
        handlers[signal.SIGHUP](signal.SIGHUP, None)
        handlers[signal.SIGTSTP](signal.SIGTSTP, None)
        assert session.sent == [Action.STOP, "end", "end", "pause"]
        assert killed == [signal.SIGSTOP], "suspended once it is paused"


def started(tmp_path: Path) -> "subprocess.Popen[bytes]":
    preset = tmp_path / "long.toml"
    preset.write_text(PRESET.replace("duration = 1", "duration = 600"), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", "nbd_tui", "run", str(preset), "--plain", "--output", "silent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip


def test_the_real_program_obeys_in_a_terminal_of_ascii(tmp_path: Path) -> None:
    with started(tmp_path) as program:
        out, err = program.communicate(b"z\xff\nq\n", timeout=60)
    assert program.returncode == 1
    assert b"Kr?fte ?: work, 10:00" in out
    assert b"stopped" in out
    assert err.startswith(b"commands: ")
    assert b"Traceback" not in err


def test_the_real_program_ends_quietly_when_nobody_reads(tmp_path: Path) -> None:
    with started(tmp_path) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline()
        program.stdout.close()
        program.stdin.write(b"p\np\n")
        program.stdin.flush()
        assert program.wait(60) == 1
        assert program.stderr is not None
        assert program.stderr.read() == b""
        program.stdin.close()


def test_the_help_needs_no_studio(nbd: Nbd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "studio", SimpleNamespace())
    assert "--json" in nbd("run", "--help").out
