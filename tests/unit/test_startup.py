"""What each way into the program imports: quick answers stay quick, the player small, the core pure."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import nbd_tui
from nbd_tui import paths
from nbd_tui.audio.score import CueHit, CueSounded, Score, SourceRef, VoiceSpan
from nbd_tui.model.units import RATE
from nbd_tui.player.protocol import Configure, Mixed, OutputChoice, SetScore, read_message, write_message

PACKAGE = Path(nbd_tui.__file__).parent
PATIENCE_S = 60.0

HEAVY = {"textual", "rich", "vlc", "miniaudio", "numpy", "sqlite3", "tomlkit", "tinytag", "wakepy", "asyncio"}
"""Nothing that only answers at the prompt needs any of these."""

SCREENS_AND_STORES = {"textual", "rich", "pydantic", "sqlite3", "typer", "tomlkit", "tinytag", "wakepy", "asyncio"}
"""What the player process must not have."""

RUN_MAIN = """
import json, sys
from pathlib import Path
target = Path(sys.argv[1])
sys.argv[:] = ["nbd", *sys.argv[2:]]
from nbd_tui.__main__ import main
try:
    main()
finally:
    target.write_text(json.dumps(sorted(sys.modules)))
"""

IMPORT = """
import importlib, json, sys
from pathlib import Path
for name in sys.argv[2:]:
    importlib.import_module(name)
Path(sys.argv[1]).write_text(json.dumps(sorted(sys.modules)))
"""

SERVE = """
import json, sys
from pathlib import Path
from nbd_tui.player.process import serve
serve(sys.stdin.buffer, sys.stdout.buffer)
Path(sys.argv[1]).write_text(json.dumps(sorted(sys.modules)))
"""


def run(code: str, target: Path, arguments: Iterable[str]) -> tuple[set[str], "subprocess.CompletedProcess[str]"]:
    """The names of all modules a fresh Python has at the end of `code`."""
    command = [sys.executable, "-c", code, str(target), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE_S, check=False)
    assert target.exists(), done.stderr
    return set(json.loads(target.read_text(encoding="utf-8"))), done


def top(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def modules_below(*names: str) -> list[str]:
    """Every module of these packages (or these modules), found by their files: nothing is imported here."""
    files = [
        file for name in names for file in (PACKAGE / f"{name}.py", *(PACKAGE / name).rglob("*.py")) if file.exists()
    ]
    dotted = [".".join(("nbd_tui", *file.relative_to(PACKAGE).with_suffix("").parts)) for file in files]
    return [name.removesuffix(".__init__") for name in dotted if not name.endswith(".__main__")]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("--version",), f"nbd {nbd_tui.__version__}"),
        (("--help",), "doctor"),
        (("-h",), "doctor"),
        (("run", "--help"), "--plain"),
        (("scan", "--help"), "--yes"),
        (("doctor", "--help"), "--silent"),
        (("demo", "--help"), "--output"),
        (("presets", "--help"), "List the presets"),
        (("analyse", "--help"), "--explain"),
        (("tracks", "--help"), "--json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_help_and_version_answer_without_the_heavy_packages(
    tmp_path: Path, arguments: tuple[str, ...], answer: str
) -> None:
    modules, done = run(RUN_MAIN, tmp_path / "modules", arguments)
    assert done.returncode == 0, done.stderr
    assert answer in done.stdout
    assert "nbd_tui.cli.commands" in modules
    assert not top(modules) & HEAVY


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)], ids=" ".join)
def test_version_and_the_first_help_need_none_of_our_layers(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules, _ = run(RUN_MAIN, tmp_path / "modules", arguments)
    ours = {name for name in modules if name.startswith("nbd_tui.")}
    assert ours <= {"nbd_tui.__main__", "nbd_tui.cli", "nbd_tui.cli.commands", "nbd_tui.errors"}
    assert "pydantic" not in modules


@pytest.mark.parametrize("arguments", [("rnu",), ("run",), ("run", "tabata", "--jsno"), ("--wrong",)], ids=" ".join)
def test_a_slip_at_the_prompt_is_told_at_once(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules, done = run(RUN_MAIN, tmp_path / "modules", arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not top(modules) & {"textual", "rich", "vlc", "numpy"}


HOME_NEEDS_NOT = {"typer", "numpy", "sqlite3", "tomlkit", "tinytag", "vlc", "miniaudio", "wakepy", "jeepney"}
"""What must not stand between the user and the first screen."""

KNOWN_SINCE_THE_LAST_TIME = {"pydantic", "pydantic_core", "tomllib", "nbd_tui.settings", "nbd_tui.workout.preset"}
"""What only reads anew the files that an earlier start found good."""

FIRST_SCREEN = """
import json, os, sys
from pathlib import Path
target = Path(sys.argv[1])
sys.argv[:] = ["nbd"]
import nbd_tui.cli.screen as screen
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.home import HomeScreen

async def painted(app):
    async with app.run_test(size=(80, 24)):
        pass

def run_to_end(self):
    self._go_on = HomeScreen._look = HomeScreen.look_back = lambda *_: None  # they come after the first screen
    import asyncio
    asyncio.run(painted(self))
    target.write_text(json.dumps(sorted(sys.modules)))
    return 0

NbdApp.run_to_end = run_to_end
screen.require_terminal = lambda *_: None
from nbd_tui.__main__ import main
main()
"""


def test_home_is_painted_without_what_it_can_do_without(tmp_path: Path) -> None:
    settings = paths.places().settings_file  # with one, nobody is asked what new users are
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch()
    modules, done = run(FIRST_SCREEN, tmp_path / "modules", [])
    assert done.returncode == 0, done.stderr
    assert "nbd_tui.tui.screens.home" in modules
    unwanted = (modules | top(modules)) & HOME_NEEDS_NOT
    assert not unwanted
    late = {"help", "history", "settings", "summary", "workout", "first_run"}
    assert not modules & {f"nbd_tui.tui.screens.{name}" for name in late}
    assert not modules & {"nbd_tui.session.conductor", "nbd_tui.audio.mixer", "nbd_tui.library.scan"}
    again, done = run(FIRST_SCREEN, tmp_path / "modules", [])
    assert done.returncode == 0, done.stderr
    unwanted = (again | top(again)) & {*HOME_NEEDS_NOT, *KNOWN_SINCE_THE_LAST_TIME}
    assert not unwanted
    assert not again & {"nbd_tui.session.studio", "nbd_tui.library.probe", "nbd_tui.player.client"}


def test_the_picture_of_home_is_there_before_anything_heavy(tmp_path: Path) -> None:
    modules, done = run(IMPORT, tmp_path / "modules", ["nbd_tui.cli.first_picture"])
    assert done.returncode == 0, done.stderr
    assert not top(modules) & {*HEAVY, "typer", "pydantic", "tempfile"}
    assert not modules & {"nbd_tui.cli.screen", "nbd_tui.cli.wiring", "nbd_tui.tui.app", "nbd_tui.settings"}


def test_presets_are_listed_without_sound_or_screen(tmp_path: Path) -> None:
    modules, done = run(RUN_MAIN, tmp_path / "modules", ["presets"])
    assert "tabata" in done.stdout
    assert not top(modules) & {"textual", "rich", "vlc", "miniaudio", "numpy", "sqlite3", "wakepy"}


@pytest.mark.parametrize(
    ("packages", "unwanted"),
    [
        (("model", "audio"), {*HEAVY, "pydantic", "typer", "platformdirs"} - {"numpy"}),
        (("workout",), {*HEAVY, "typer", "platformdirs"}),
        (("soundtrack",), {*HEAVY, "typer", "platformdirs"} - {"numpy"}),
        (("keymap", "keynames", "errors", "paths"), {*HEAVY, "pydantic", "typer", "platformdirs"}),
        (("media", "player"), SCREENS_AND_STORES),
        (("store", "library", "session"), {"textual", "rich", "vlc", "typer", "wakepy"}),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)
def test_layers_import_no_more_than_they_should(tmp_path: Path, packages: tuple[str, ...], unwanted: set[str]) -> None:
    names = modules_below(*packages)
    assert len(names) >= len(packages)
    modules, _ = run(IMPORT, tmp_path / "modules", names)
    assert not top(modules) & unwanted


def test_a_player_that_has_played_has_neither_screen_nor_store(tmp_path: Path) -> None:
    cues = paths.asset("cues", "sharp")
    bell = CueHit("bell", "bell-single", 0, snap=True)
    voice = VoiceSpan("song", SourceRef(str(cues / "finish.wav")), 0, RATE, snap=True)
    command = [sys.executable, "-c", SERVE, str(tmp_path / "modules")]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as player,
    ):
        assert player.stdin is not None
        assert player.stdout is not None
        write_message(player.stdin, Configure(OutputChoice.SILENT, os.fspath(cues), 0, 0.0))
        write_message(player.stdin, SetScore(Score(1, voices=(voice,), cues=(bell,))))
        while (message := read_message(player.stdout)) is not None:
            if isinstance(message, Mixed) and isinstance(message.report, CueSounded):
                break
        player.stdin.close()
    assert message is not None, (tmp_path / "log").read_text(encoding="utf-8")
    modules = set(json.loads((tmp_path / "modules").read_text(encoding="utf-8")))
    assert "nbd_tui.audio.voice" in modules
    assert not top(modules) & SCREENS_AND_STORES
    ours = {name.split(".")[1] for name in modules if name.startswith("nbd_tui.")}
    assert ours <= {"player", "media", "audio", "model", "errors", "paths"}
