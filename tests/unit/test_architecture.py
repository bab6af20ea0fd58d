"""What the import contracts of pyproject.toml leave open: that they are complete, and the rules for tests."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]
PACKAGE: Final = CHECKOUT / "nbd_tui"
TESTS: Final = CHECKOUT / "tests"
PURE: Final = {"soundtrack", "audio", "workout", "model", "keymap", "keynames"}


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, Any]]:
    tables = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = tables["tool"]["importlinter"]["contracts"]
    return found


def ours() -> set[str]:
    """The packages and modules directly below `nbd_tui`."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders | {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}


def layers(contracts: list[dict[str, Any]]) -> list[set[str]]:
    """Names of each layer, from the top down."""
    written = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [{name.strip().removeprefix("nbd_tui.") for name in line.split("|")} for line in written]


def imports_of(file: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def file_of(module: str) -> Path | None:
    """The file of a module of the tests; None: it is no module of theirs."""
    for name in (module, module.rpartition(".")[0]):
        path = CHECKOUT.joinpath(*name.split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if name.startswith("tests") and file.is_file():
                return file
    return None


def test_every_part_of_the_package_has_its_layer(contracts: list[dict[str, Any]]) -> None:
    assert set().union(*layers(contracts)) == ours()


def test_no_contract_has_an_exception(contracts: list[dict[str, Any]]) -> None:
    assert len(contracts) >= 5
    for contract in contracts:
        assert not {"ignore_imports", "unmatched_ignore_imports_alerting"} & contract.keys(), contract["name"]


def test_the_contracts_name_everything_they_are_meant_for(contracts: list[dict[str, Any]]) -> None:
    sources = {
        contract["name"]: {name.removeprefix("nbd_tui.") for name in contract["source_modules"]}
        for contract in contracts
        if contract["type"] == "forbidden"
    }
    below_screens = ours() - {"__main__", "cli", "tui"}
    assert sources["Pure layers know no I/O, clock, chance, threads, screen or codec"] == PURE
    assert sources["Textual lives in tui only"] == below_screens
    assert sources["vlc and miniaudio are imported in media only"] == ours() - {"media"}


def test_only_the_one_guarded_place_imports_each_sound_library() -> None:
    for library in ("vlc", "miniaudio"):
        importing = {
            file.relative_to(PACKAGE).parts[0]
            for file in PACKAGE.rglob("*.py")
            if any(name.partition(".")[0] == library for name in imports_of(file))
        }
        assert importing == {"media"}


def test_nothing_below_a_layer_is_imported_by_its_name_in_a_string() -> None:
    """A lazy import by `importlib` would go past the contracts."""
    for file in PACKAGE.rglob("*.py"):
        assert not any(name in {"importlib", "importlib.import_module"} for name in imports_of(file)), file


def test_the_end_to_end_tests_know_nothing_of_the_program() -> None:
    waiting = [*TESTS.joinpath("e2e").rglob("*.py"), TESTS / "conftest.py", TESTS / "__init__.py"]
    seen: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        names = set(imports_of(file))
        assert not [name for name in names if name.partition(".")[0] == "nbd_tui"], file
        waiting += [found for name in names if (found := file_of(name)) is not None]
    assert len(seen) > 2


def test_the_package_imports_no_tests() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert not any(name.partition(".")[0] in {"tests", "assets"} for name in imports_of(file)), file
