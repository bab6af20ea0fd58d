"""The system's own speech: renders a label ahead of time into a clip of the cache.

Labels come from files and are hostile: no shell is started, the text never stands among the arguments, and what an
engine could take for a command of its own is taken out.
"""

import hashlib
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.media.cue_files import clip_length_s, read_wav
from nbd_tui.media.polish import polished, write_clip
from nbd_tui.media.samples import resampled
from nbd_tui.model.units import RATE, Seconds

log = logging.getLogger(__name__)

LONGEST_TEXT: Final = 80
"""Characters; about five seconds."""
LONGEST_S: Final[Seconds] = 6.0
"""Of what is said: a longer label has no place between two bells."""
PATIENCE_S: Final[Seconds] = 10.0
"""An engine that has not said a label by then is ended; PowerShell alone takes two to start on a slow machine."""
MOST_CLIPS: Final = 400
"""Kept in the cache; about 30 MB."""
VERSION: Final = "1"
"""Of what is done to the engine's sound: another one makes all clips anew."""

_PUNCTUATION: Final = frozenset("'’.,!?:;%+&°-")
_SCRIPT: Final = """
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
[Console]::InputEncoding = New-Object System.Text.UTF8Encoding $false
$text = [Console]::In.ReadToEnd()
$bits = [System.Speech.AudioFormat.AudioBitsPerSample]::Sixteen
$sides = [System.Speech.AudioFormat.AudioChannel]::Mono
$format = New-Object System.Speech.AudioFormat.SpeechAudioFormatInfo 22050, $bits, $sides
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice.SetOutputToWaveFile($env:NBD_SPEECH_FILE, $format)
$voice.Speak($text)
$voice.Dispose()
"""

Which: TypeAlias = Callable[[str], str | None]
"""The whole path of a program, as `shutil.which`."""


@dataclass(frozen=True, slots=True)
class SpeechEngine:
    """A program that reads text on stdin and writes what it says into a WAV file."""

    name: str
    command: Callable[[Path], list[str]]
    """The command that writes into this file."""
    environment: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})
    """What it finds in its environment besides ours."""


def find_engine(platform: str = sys.platform, which: Which = shutil.which) -> SpeechEngine | None:
    """The engine of this system: SAPI on Windows, `say` on macOS, else espeak-ng or its elder; None: there is none."""
    if platform == "win32":
        return _sapi()
    if platform == "darwin" and (say := which("say")):
        return SpeechEngine("say", lambda file: [say, "-o", str(file), *_SAY_FORMAT, "-f", "-"])
    for name in ("espeak-ng", "espeak"):
        if program := which(name):
            return _espeak(name, program)
    return None


def speakable(text: str) -> str:
    """What of a label is said: letters, digits and punctuation, on one line; empty where nothing of that is in it."""
    plain = unicodedata.normalize("NFC", text).replace("×", " times ")
    counted = re.sub(r"(\d)\s*/\s*(\d)", r"\1 of \2", plain)
    said = "".join(char if _is_said(char) else " " for char in counted)
    words = " ".join(said.split())[:LONGEST_TEXT].strip(" -")
    return words if any(map(str.isalnum, words)) else ""


class Speech:
    """Says labels into clips. `clip` may block for `PATIENCE_S`; `stop` (of another thread) ends it at once.

    Args:
        engine: says them; None: none is said.
        folder: keeps the clips; the newest `MOST_CLIPS`.
        patience_s: how long the engine may take for a label.
    """

    def __init__(self, engine: SpeechEngine | None, folder: Path, patience_s: Seconds = PATIENCE_S) -> None:
        self._engine = engine
        self._folder = folder
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def clip(self, label: str) -> Path:
        """The clip that says a label, made where it is not there yet.

        Raises:
            DecodeError: this label cannot be said.
            CircumstanceError: no label can be: there is no engine, or it hangs, or nothing can be written.
        """
        text = speakable(label)
        if self._engine is None:
            raise CircumstanceError("there is no speech engine")
        if not text:
            raise DecodeError("nothing in the label can be said")
        file = self._folder / f"{_digest(self._engine.name, text)}.wav"
        if not _is_usable(file):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._make(self._engine, text, file)
                self._prune()
            except OSError as error:
                raise CircumstanceError(f"{self._engine.name}: {error.strerror or error}") from error
        return file

    def stop(self) -> None:
        """Ends the engine; nothing is said any more."""
        with self._lock:
            self._stopped = True
            if self._running is not None:
                _end(self._running)

    def _make(self, engine: SpeechEngine, text: str, file: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
            raw, clip = Path(folder) / "raw.wav", Path(folder) / "clip.wav"
            self._run(engine, text, raw)
            samples, rate = read_wav(raw)
            if len(samples) > LONGEST_S * rate:
                raise DecodeError(f"it takes longer than {LONGEST_S:g} s to say")
            mono = resampled(samples, rate, RATE).mean(axis=1, dtype=np.float64)
            write_clip(clip, polished(mono, RATE), RATE)
            clip.replace(file)

    def _run(self, engine: SpeechEngine, text: str, file: Path) -> None:
        with self._lock:
            if self._stopped:
                raise CircumstanceError("the session is over")
            self._running = running = _started(engine, file)
        try:
            running.communicate(f"{text}\n".encode(), timeout=self._patience_s)
        except subprocess.TimeoutExpired:
            raise CircumstanceError(f"{engine.name} hangs") from None
        finally:
            with self._lock:
                self._running = None
                _end(running)
        if running.returncode:
            raise DecodeError(f"{engine.name} failed (exit code {running.returncode})")

    def _prune(self) -> None:
        clips = sorted(self._folder.glob("*.wav"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in clips[MOST_CLIPS:]:
            with suppress(OSError):
                file.unlink()


def _is_said(char: str) -> bool:
    """Letters, the marks on them, digits and harmless punctuation."""
    return char.isalnum() or char in _PUNCTUATION or unicodedata.category(char) in {"Mn", "Mc"}


_SAY_FORMAT: Final = ("--file-format=WAVE", "--data-format=LEI16@22050")


def _espeak(name: str, program: str) -> SpeechEngine:
    """Reads stdin to its end, as UTF-8; markup is not looked at (that would take `-m`)."""
    return SpeechEngine(name, lambda file: [program, "-v", "en", "-s", "155", "-b", "1", "-w", str(file), "--stdin"])


def _sapi() -> SpeechEngine | None:
    """Windows' own voices through the PowerShell that comes with it, by its whole path: none of the working folder."""
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    program = Path(root, "System32", "WindowsPowerShell", "v1.0", "powershell.exe")
    if not program.is_file():
        return None
    command = [str(program), "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", _SCRIPT]
    return SpeechEngine("Windows speech", lambda _: command, lambda file: {"NBD_SPEECH_FILE": str(file)})


def _started(engine: SpeechEngine, file: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        engine.command(file),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **engine.environment(file)},
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _end(running: "subprocess.Popen[bytes]") -> None:
    """Kills it, and on POSIX what it has started; waits until it is gone."""
    if running.poll() is None:
        with suppress(OSError):
            os.killpg(running.pid, signal.SIGKILL) if os.name == "posix" else running.kill()
    with suppress(subprocess.TimeoutExpired):
        running.wait(1.0)


def _digest(engine: str, text: str) -> str:
    return hashlib.blake2b(f"{VERSION}\0{engine}\0{text}".encode(), digest_size=16).hexdigest()


def _is_usable(file: Path) -> bool:
    """Whether the clip is there and whole; being asked for keeps it from being pruned."""
    try:
        usable = clip_length_s(file) > 0.0
        os.utime(file)
    except (DecodeError, OSError):
        return False
    return usable
