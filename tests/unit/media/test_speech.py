"""The system's speech: a contract any engine fulfils, with engines made for the test, and labels of every kind."""

import json
import os
import stat
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.media import speech
from nbd_tui.media.cue_files import load_clip, read_wav
from nbd_tui.media.polish import LEVEL_DB, PEAK_DB, spoken_level
from nbd_tui.media.speech import LONGEST_TEXT, Speech, SpeechEngine, find_engine, speakable
from nbd_tui.model.units import RATE, to_gain

ENGINE: Final = """
import json, math, os, struct, sys, wave
file, heard = sys.argv[1], sys.argv[2]
text = sys.stdin.buffer.read().decode("utf-8")
with open(heard, "a", encoding="utf-8") as log:
    log.write(json.dumps({"text": text, "arguments": sys.argv[3:]}) + "\\n")
def tone(seconds, rate=22050, loudness=3000):
    quiet = [0] * (rate // 4)
    said = [int(loudness * math.sin(i * 0.3)) for i in range(int(seconds * rate))]
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(struct.pack("<%dh" % (len(quiet) * 2 + len(said)), *quiet, *said, *quiet))
"""


HANGS = "import threading; threading.Event().wait()"


class Bench:
    """A folder with an engine of its own, and a note of what the engine was told."""

    def __init__(self, folder: Path, body: str = "tone(0.5)", patience_s: float = 20.0) -> None:
        self.folder = folder / "clips"
        self._log = folder / "heard.json"
        script = folder / "engine.py"
        script.write_text(ENGINE + body, encoding="utf-8")
        command = lambda file: [sys.executable, "-S", "-E", str(script), str(file), str(self._log)]  # noqa: E731
        self.speech = Speech(SpeechEngine("fake", command), self.folder, patience_s)

    @property
    def heard(self) -> list[str]:
        """The texts the engine has read."""
        if not self._log.exists():
            return []
        return [json.loads(line)["text"].strip() for line in self._log.read_text("utf-8").splitlines()]

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.suffix != ".wav")


def test_a_label_becomes_a_clip_like_those_that_are_shipped(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    file = bench.speech.clip("Left hook")
    samples, rate = read_wav(file)
    assert bench.heard == ["Left hook"]
    assert rate == RATE
    assert len(samples) / RATE == pytest.approx(0.5, abs=0.05), "the silence around it is cut off"
    assert np.abs(samples).max() <= to_gain(PEAK_DB)
    assert 20 * np.log10(spoken_level(samples[:, 0].astype(float), rate)) == pytest.approx(LEVEL_DB, abs=1.5)
    assert load_clip(file).shape[1] == 2
    assert bench.left() == []


def test_what_was_said_once_is_not_said_again_unless_its_clip_is_gone_or_broken(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    file = bench.speech.clip("Left hook")
    assert bench.speech.clip("Left hook") == file
    assert len(bench.heard) == 1
    file.write_bytes(b"RIFF nonsense")
    assert bench.speech.clip("Left  hook ") == file
    assert len(bench.heard) == 2
    assert bench.speech.clip("Right hook") != file


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("--help", "help"),
        ("-w /etc/passwd", "w etc passwd"),
        ("$(touch owned) `id`; rm -rf | cat & echo", "touch owned id ; rm -rf cat & echo"),
        ("<speak><audio src='file:///x'/></speak>", "speak audio src 'file: x' speak"),
        ("[[rate 500]] hi [[:phoneme]]", "rate 500 hi :phoneme"),
        ("\x1b[31mred\x07\x00\n\r\tline\u202etwo", "31mred line two"),
        ("Set 2/3 × 5", "Set 2 of 3 times 5"),
        ("Liegestütze, 10 % härter", "Liegestütze, 10 % härter"),
        ("スクワット", "スクワット"),
        ("स्क्वाट", "स्क्वाट"),
        ("a" * 500, "a" * LONGEST_TEXT),
    ],
)
def test_of_a_hostile_label_only_words_reach_the_engine(label: str, said: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.speech.clip(label)
    assert bench.heard == [said]


@pytest.mark.parametrize("label", ["", "   ", "---", "🥊🥊", "<>[]", "\x00\x1b"])
def test_a_label_without_a_word_in_it_is_not_given_to_the_engine(label: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with pytest.raises(DecodeError, match="nothing in the label"):
        bench.speech.clip(label)
    assert bench.heard == []


@given(st.text(max_size=200))
def test_what_is_said_is_short_on_one_line_and_holds_no_command(text: str) -> None:
    said = speakable(text)
    assert len(said) <= LONGEST_TEXT
    assert not said.startswith("-")
    assert said.isprintable()
    assert not set(said) & set('<>[]{}()|\\`$"*#^~@=\n')


def in_bin(program: str) -> str:
    return f"/bin/{program}"


def test_nothing_of_the_label_stands_among_the_arguments(tmp_path: Path) -> None:
    for engine in filter(None, (find_engine("linux", in_bin), find_engine("darwin", in_bin))):
        command = engine.command(tmp_path / "x.wav")
        assert str(tmp_path / "x.wav") in command
        assert command[-1] in {"--stdin", "-"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit(3)", "failed .exit code 3."),
        ("", "No such file"),
        ("open(file, 'wb').write(b'RIFF nonsense')", "raw.wav"),
        ("tone(9.0)", "longer than|16 bits"),
        ("tone(0.5, loudness=0)", "nothing is said"),
        ("tone(0)", "nothing is said"),
        ("os.kill(os.getpid(), 9) if os.name == 'posix' else sys.exit(9)", "failed"),
    ],
)
def test_an_engine_that_fails_costs_this_label_only_and_leaves_nothing_behind(
    body: str, reason: str, tmp_path: Path
) -> None:
    bench = Bench(tmp_path, body)
    with pytest.raises(DecodeError, match=reason) as caught:
        bench.speech.clip("Left hook")
    assert not isinstance(caught.value, CircumstanceError)
    assert list(bench.folder.iterdir()) == []


def test_an_engine_that_hangs_is_ended(tmp_path: Path) -> None:
    bench = Bench(tmp_path, HANGS, patience_s=0.5)
    with pytest.raises(CircumstanceError, match="hangs"):
        bench.speech.clip("Left hook")
    assert list(bench.folder.iterdir()) == []


def test_the_end_of_a_session_ends_an_engine_that_hangs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, HANGS, patience_s=600)
    failures: list[Exception] = []

    def render() -> None:
        try:
            bench.speech.clip("Left hook")
        except DecodeError as error:
            failures.append(error)

    thread = threading.Thread(target=render)
    thread.start()
    wait_until(lambda: bool(bench.heard))
    bench.speech.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert failures
    with pytest.raises(CircumstanceError, match="over"):
        bench.speech.clip("Right hook")


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    for _ in range(round(seconds / 0.02)):
        if true():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came about")


def test_without_an_engine_or_a_place_for_clips_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(CircumstanceError, match="no speech engine"):
        Speech(None, tmp_path).clip("Left hook")
    gone = SpeechEngine("gone", lambda _: [str(tmp_path / "gone")])
    with pytest.raises(CircumstanceError, match="gone"):
        Speech(gone, tmp_path / "clips").clip("Left hook")
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CircumstanceError):
        Speech(gone, tmp_path / "file" / "clips").clip("Left hook")


def test_old_clips_make_room_for_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "MOST_CLIPS", 2)
    bench = Bench(tmp_path)
    first = bench.speech.clip("one")
    os.utime(first, (1, 1))
    others = {bench.speech.clip("two"), bench.speech.clip("three")}
    assert set(bench.folder.glob("*.wav")) == others


def test_stereo_and_other_rates_are_taken(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tone(0.5, rate=48000)")
    assert len(load_clip(bench.speech.clip("Left hook"))) / RATE == pytest.approx(0.5, abs=0.05)


def test_the_engine_of_each_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"espeak": "/usr/bin/espeak", "say": "/usr/bin/say"}
    linux, mac = find_engine("linux", there.get), find_engine("darwin", there.get)
    assert linux is not None
    assert mac is not None
    assert (linux.name, mac.name) == ("espeak", "say")
    assert find_engine("linux", {**there, "espeak-ng": "/usr/bin/espeak-ng"}.get) != linux
    assert find_engine("linux", lambda _: None) is None
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert find_engine("win32", there.get) is None
    powershell = tmp_path / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    powershell.parent.mkdir(parents=True)
    powershell.write_text("#!/bin/sh\n")
    powershell.chmod(powershell.stat().st_mode | stat.S_IXUSR)
    windows = find_engine("win32", there.get)
    assert windows is not None
    assert windows.command(tmp_path / "x.wav")[0] == str(powershell)
    assert windows.environment(tmp_path / "x.wav") == {"NBD_SPEECH_FILE": str(tmp_path / "x.wav")}
    assert not [part for part in windows.command(tmp_path / "x.wav") if "x.wav" in part]


def test_a_clip_says_its_length_and_has_one_side(tmp_path: Path) -> None:
    with wave.open(str(Bench(tmp_path).speech.clip("Left hook")), "rb") as clip:
        assert (clip.getnchannels(), clip.getsampwidth()) == (1, 2)
