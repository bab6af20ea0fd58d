"""What is built and installed from this checkout works without it.

Each installation is an empty virtual environment outside the checkout. To need no network, and no minute for each, its
dependencies are those of the running environment, through a .pth file: Python reads no .pth files behind such an entry,
so an editable nbd-tui of the running environment is not found through it. nbd-tui itself comes from what was built.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

import nbd_tui

pytestmark = pytest.mark.install

CHECKOUT: Final = Path(__file__).parents[2]
ASSETS: Final = ("cues", "demo", "presets", "voice")
"""Folders of `assets/` that the program needs at run time."""

MOST_BYTES: Final = 14_000_000
"""Of the wheel: 8 MB of demo tracks, 4 MB of cues, 1.5 MB of voice, the code."""

DESCRIBE: Final = """
import json
from importlib.metadata import metadata
from pathlib import Path
import nbd_tui
from nbd_tui.paths import asset, example_settings
print(json.dumps({
    "package": str(Path(nbd_tui.__file__).resolve().parent),
    "version": metadata("nbd-tui")["Version"],
    "assets": {name: sorted(p.relative_to(asset(name)).as_posix() for p in asset(name).rglob("*") if p.is_file())
               for name in ("cues", "demo", "presets", "voice")},
    "settings": example_settings().read_text(encoding="utf-8"),
}))
"""


@dataclass(frozen=True, slots=True)
class Built:
    """What `python -m build` makes: the sdist, and the wheel made from that sdist."""

    wheel: Path
    sdist: Path
    tree: Path
    """The sdist, unpacked."""


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; in an environment that knows nothing of the checkout or of the user."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [os.fspath(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, CHECKOUT, cwd=out)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(out / "tree", filter="data")
    (tree,) = (out / "tree").iterdir()
    return Built(wheel, sdist, tree)


@pytest.fixture(scope="module")
def in_wheel(built: Built) -> dict[str, int]:
    """Every file of the wheel and its length in bytes."""
    with zipfile.ZipFile(built.wheel) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist()}


class Installation:
    """An environment with nbd-tui in it."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        self.folder = folder
        self.empty = folder / "empty"
        venv.create(folder, symlinks=os.name != "nt")
        self.empty.mkdir()
        self._scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        packages = Path(
            run(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
        )
        here = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        (packages / "dependencies.pth").write_text("\n".join(dict.fromkeys(here)), encoding="utf-8")
        assert not self._knows_nbd_tui()
        run(
            *(self.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"),
            *("--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed", *arguments),
            cwd=self.empty,
        )

    @property
    def python(self) -> Path:
        return self._scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def nbd(self) -> Path:
        return self._scripts / ("nbd.exe" if os.name == "nt" else "nbd")

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run(self.python, "-c", DESCRIBE, cwd=self.empty))
        return found

    def _knows_nbd_tui(self) -> bool:
        find = (
            "import importlib.util as util; found = util.find_spec('nbd_tui'); print(found.origin if found else None)"
        )
        return run(self.python, "-c", find, cwd=self.empty).strip() != "None"


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installation(
    request: pytest.FixtureRequest, built: Built, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    arguments: dict[str, list[str | Path]] = {
        "wheel": [built.wheel],
        "sdist": [built.sdist],
        "editable": ["--editable", built.tree],
    }
    kind: str = request.param
    return Installation(tmp_path_factory.mktemp(kind), *arguments[kind])


def shipped(folder: str) -> list[str]:
    """The files of an asset folder of the checkout."""
    root = CHECKOUT / "assets" / folder
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_an_installation_finds_everything_it_needs(installation: Installation, built: Built) -> None:
    found = installation.describe()
    package = Path(found["package"])
    assert package.is_relative_to(installation.folder.resolve()) or package == (built.tree / "nbd_tui").resolve()
    assert not package.is_relative_to(CHECKOUT)
    assert found["version"] == nbd_tui.__version__
    assert found["assets"] == {name: shipped(name) for name in ASSETS}
    assert all(found["assets"].values())
    assert found["settings"] == (CHECKOUT / "config.example.toml").read_text(encoding="utf-8")


def test_an_installation_answers(installation: Installation) -> None:
    assert run(installation.nbd, "--version", cwd=installation.empty) == f"nbd {nbd_tui.__version__}\n"
    listed = run(installation.nbd, "presets", cwd=installation.empty)
    assert "tabata" in listed
    assert run(installation.python, "-m", "nbd_tui", "presets", cwd=installation.empty) == listed


def test_the_wheel_holds_the_program_and_nothing_else(in_wheel: dict[str, int]) -> None:
    info = f"nbd_tui-{nbd_tui.__version__}.dist-info/"
    assert {name.partition("/")[0] + "/" for name in in_wheel} == {"nbd_tui/", info}
    assets = {name.split("/")[2] for name in in_wheel if name.startswith("nbd_tui/_assets/")}
    assert assets == {*ASSETS, "config.example.toml"}
    hidden = {name for name in in_wheel if any(part.startswith(".") for part in name.split("/"))}
    assert not hidden
    endings = {Path(name).suffix for name in in_wheel if not name.startswith(info)}
    assert endings == {".py", ".tcss", ".typed", ".toml", ".wav", ".ogg", ".json"}
    assert [name for name in in_wheel if name.endswith(".json")] == ["nbd_tui/_assets/demo/heard.json"]


def test_the_wheel_is_complete(in_wheel: dict[str, int]) -> None:
    package = CHECKOUT / "nbd_tui"
    code = {path.relative_to(CHECKOUT).as_posix() for path in package.rglob("*") if path.suffix in {".py", ".tcss"}}
    assert code <= in_wheel.keys()
    assert "nbd_tui/py.typed" in in_wheel
    assert any(name.endswith(".tcss") for name in code)
    assert any(name.endswith("licenses/LICENSE") for name in in_wheel)


def test_the_wheel_has_a_sane_size(built: Built, in_wheel: dict[str, int]) -> None:
    assert built.wheel.stat().st_size < MOST_BYTES
    assert sum(in_wheel.values()) < 2 * MOST_BYTES


def test_the_sdist_has_what_building_and_testing_take(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:  # its tree may have been run by now, and been compiled
        there = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "Makefile", "LICENSE", "README.md", "config.example.toml", ".ci/run"} <= there
    assert "tests/conftest.py" in there
    assert any(name.startswith("assets/scripts/") for name in there)
    unwanted = {"__pycache__", ".keep", ".git", ".venv", ".mypy_cache", ".pytest_cache", ".hypothesis"}
    assert not [name for name in there if unwanted & set(name.split("/"))]


def test_an_installation_without_its_assets_says_so(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.tree / "nbd_tui", tmp_path / "nbd_tui")
    command = [sys.executable, "-m", "nbd_tui", "presets"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "lacks assets/presets; install nbd-tui again" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
