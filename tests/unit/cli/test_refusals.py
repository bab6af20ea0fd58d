"""What the user gets wrong: a message with file, key and hint, exit code 2, nothing started, nothing changed."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbd_tui.cli.terminal import require_terminal
from nbd_tui.errors import UserError
from tests.unit.cli.conftest import Nbd, Told

pytestmark = pytest.mark.usefixtures("nothing_starts")


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True if not self.closed else super().isatty()


GOOD = 'name = "Good"\n[[blocks]]\nphases = [{ kind = "work", duration = 5 }]\n'


def refused(told: Told, *words: str) -> None:
    assert told.code == 2, told
    assert told.out == ""
    assert told.err.startswith("nbd: ")
    assert "Traceback" not in told.err
    for word in words:
        assert word in told.err, (word, told.err)


@pytest.fixture(params=[True, False], ids=["plain", "screen"])
def plain(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ("--plain",) if request.param else ()


def test_a_preset_nobody_knows(nbd: Nbd, plain: tuple[str, ...]) -> None:
    refused(nbd("run", "tabatta", *plain), "tabatta", 'did you mean "tabata"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "X"\n[[blocks]]\nphases = [{ kind = "work", duraton = 5 }]\n', ("blocks.0.phases.0", "duration")),
        ('name = "X"\n[[blocks]]\nphases = [{ kind = "work", duration = -5 }]\n', ("blocks.0.phases.0.duration", "-5")),
        (
            'name = "X"\n[[blocks]]\nrepeat = 1000000000\nphases = [{ kind = "work", duration = 5 }]\n',
            ("blocks.0.repeat", "line 3"),
        ),
        ('name = "X"\n[[blocks]\n', ("line 2",)),
        ("", ("empty",)),
    ],
    ids=["wrong key", "negative", "10^9 repeats", "not TOML", "empty"],
)
def test_a_broken_preset(nbd: Nbd, config: Path, text: str, words: tuple[str, ...], plain: tuple[str, ...]) -> None:
    file = config / "presets" / "broken.toml"
    file.write_text(text, encoding="utf-8")
    for name in ("broken", str(file)):
        refused(nbd("run", name, *plain), str(file), *words)
    assert file.read_text(encoding="utf-8") == text


def test_a_preset_that_is_not_utf8(nbd: Nbd, config: Path) -> None:
    file = config / "presets" / "latin.toml"
    file.write_bytes('name = "Kräfte"'.encode("latin-1"))
    refused(nbd("run", "latin", "--plain"), str(file), "UTF-8")
    assert file.read_bytes() == 'name = "Kräfte"'.encode("latin-1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[audio]\nmusic_volume = "loud"\n', ("audio.music_volume", "line 2")),
        ("[audio]\nmusik_volume = 5\n", ("audio.musik_volume", "music_volume")),
        ("[audio\n", ("line 1",)),
        ('[keys]\n"workout.skip" = "space"\n', ("keys.workout.skip", "workout.pause")),
        ('[music]\npins = { wrok = "~" }\n', ("music.pins", "work")),
    ],
    ids=["wrong type", "wrong key", "not TOML", "key clash", "wrong phase"],
)
@pytest.mark.parametrize("command", [("run", "tabata", "--plain"), ("run", "tabata"), ("scan",)])
def test_broken_settings(nbd: Nbd, config: Path, text: str, words: tuple[str, ...], command: tuple[str, ...]) -> None:
    file = config / "settings.toml"
    file.write_text(text, encoding="utf-8")
    refused(nbd(*command), str(file), *words)
    assert file.read_text(encoding="utf-8") == text


def test_a_music_folder_that_is_not_there(nbd: Nbd, tmp_path: Path, plain: tuple[str, ...]) -> None:
    refused(nbd("run", "tabata", "--music", tmp_path / "gone", *plain), str(tmp_path / "gone"), "o such")


def test_a_music_folder_without_permission(
    nbd: Nbd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: tuple[str, ...]
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()

    listed = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    refused(nbd("run", "tabata", "--music", locked, *plain), str(locked), "ermission denied")


def test_a_file_for_a_music_folder(nbd: Nbd, tmp_path: Path) -> None:
    file = tmp_path / "song.mp3"
    file.write_bytes(b"")
    refused(nbd("run", "tabata", "--plain", "--music", file), str(file), "folder")


def test_no_name_is_no_preset(nbd: Nbd, plain: tuple[str, ...]) -> None:
    refused(nbd("run", "", *plain), 'no preset ""')


@pytest.mark.parametrize("command", [("run", "tabata"), ("demo",), ()], ids=" ".join)
@pytest.mark.parametrize("missing", ["__stdin__", "__stderr__", "both"])
def test_a_screen_without_a_terminal(
    nbd: Nbd, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], missing: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for stream in ("__stdin__", "__stderr__"):
        monkeypatch.setattr(sys, stream, io.StringIO() if missing in {stream, "both"} else Terminal())
    refused(nbd(*command), "needs a terminal", "nbd run ", " --plain")


@pytest.mark.skipif(sys.platform == "win32", reason="consoles of Windows have no TERM")
@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_screen_in_a_terminal_that_cannot_draw(nbd: Nbd, monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    monkeypatch.setenv("TERM", term)
    for stream in ("__stdin__", "__stderr__"):
        monkeypatch.setattr(sys, stream, Terminal())
    refused(nbd("run", "tabata"), term, "nbd run tabata --plain")


def test_a_closed_or_missing_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = Terminal()
    closed.close()
    monkeypatch.setattr(sys, "__stderr__", Terminal())
    for stream in (closed, None):
        monkeypatch.setattr(sys, "__stdin__", stream)
        with pytest.raises(UserError):
            require_terminal()


def test_a_folder_to_scan_that_is_not_there(nbd: Nbd, tmp_path: Path) -> None:
    refused(nbd("scan", tmp_path / "gone"), str(tmp_path / "gone"))


def test_an_unknown_command(nbd: Nbd) -> None:
    told = nbd("rnu")
    assert told.code == 2
    assert "Traceback" not in told.err
