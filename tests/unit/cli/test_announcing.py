"""The announcer as the settings ask for it."""

import importlib
from contextlib import ExitStack
from pathlib import Path

import pytest

from nbd_tui.cli.wiring import Program
from nbd_tui.media.speech import SpeechEngine
from nbd_tui.settings import Settings
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import Preset

PRESET = Preset.model_validate(
    {
        "name": "Any",
        "blocks": [
            {"phases": [{"kind": "work", "duration": 30, "label": "Squats"}, {"kind": "rest", "duration": 20}]},
            {"phases": [{"kind": "work", "duration": 30, "label": "Round 2 of 2"}]},
        ],
    }
)


def program(stack: ExitStack, announcer: str) -> Program:
    return Program(stack, settings=Settings.model_validate({"audio": {"announcer": announcer}}), logs=False)


def test_nobody_speaks_unless_asked_to() -> None:
    with ExitStack() as stack:
        assert program(stack, "off").announcer(compile_timeline(PRESET)) is None
        assert Program(stack, settings=Settings(), logs=False).settings.audio.announcer == "off"


def test_a_change_of_the_settings_holds_from_the_next_session_on() -> None:
    timeline = compile_timeline(PRESET)
    with ExitStack() as stack:
        running = program(stack, "off")
        assert running.announcer(timeline) is None
        running.settings = Settings.model_validate({"audio": {"announcer": "words"}})
        announcer = running.announcer(timeline)
        assert announcer is not None
        announcer.close()


def test_a_voice_that_was_not_installed_costs_no_workout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("nbd_tui.paths.__file__", str(tmp_path / "nbd_tui" / "paths.py"))
    with ExitStack() as stack:
        announcer = program(stack, "words").announcer(compile_timeline(PRESET))
        assert announcer is not None
        announcer.close()


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        (SpeechEngine("espeak-ng", lambda file: [str(file)]), "speech      espeak-ng"),
        (None, "speech      none: the announcer says rounds and phases, but not your labels (espeak-ng would)"),
    ],
)
def test_the_doctor_tells_who_would_say_the_labels(
    engine: SpeechEngine | None, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor = importlib.import_module("nbd_tui.cli.doctor")
    monkeypatch.setattr(doctor, "find_engine", lambda: engine)
    monkeypatch.setattr(Program, "sound", lambda _program, _output: pytest.fail("no sound is needed for it"))
    monkeypatch.setattr(doctor, "_hear", lambda _program, bell: False)
    doctor.run_doctor(bell=False)
    assert told in capsys.readouterr().out.splitlines()
