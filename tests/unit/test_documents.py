"""What README, CONTRIBUTING and CHANGELOG say is so."""

import json
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

import nbd_tui
from nbd_tui.cli.plain import ASKS, COMMANDS
from nbd_tui.keymap import BINDINGS, bindings_in, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.media.output.choose import LADDERS
from nbd_tui.paths import asset
from nbd_tui.session.report import Report
from nbd_tui.store.presets import BUILTIN_ORDER, load_preset_file
from nbd_tui.workout.compile import compile_timeline

CHECKOUT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "assets/README.md")


def text_of(document: str) -> str:
    return (CHECKOUT / document).read_text(encoding="utf-8")


def fenced(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(document), re.MULTILINE | re.DOTALL)


def rows_after(document: str, mark: str) -> list[tuple[str, ...]]:
    """The rows of the table below `<!-- mark -->`, without its head."""
    table = text_of(document).split(f"<!-- {mark} -->\n")[1].split("\n\n")[0]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()[2:]]


@pytest.mark.parametrize("scope", ["workout", "home"])
def test_the_keys_are_those_of_the_program(scope: str) -> None:
    expected = [
        (" ".join(key_label(key) for key in keys_of(binding.id, {})), binding.label) for binding in bindings_in(scope)
    ]
    assert rows_after("README.md", f"keys: {scope}") == expected


@pytest.mark.parametrize("number", range(2))
def test_the_presets_shown_can_be_played(number: int, tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    file.write_text(fenced("README.md", "toml")[number], encoding="utf-8")
    loaded = load_preset_file(file)
    assert not loaded.warnings
    assert compile_timeline(loaded.preset).segments


def test_every_preset_shown_is_tested() -> None:
    assert len(fenced("README.md", "toml")) == 2


def test_the_json_shown_has_the_fields_of_reports() -> None:
    fields = Report.__dataclass_fields__.keys()
    for line in fenced("README.md", "json")[0].splitlines():
        shown = json.loads(line)
        assert shown.keys() <= fields
        assert Report(**shown).as_json() == shown


def test_the_letters_of_plain_mode_are_those_shown() -> None:
    expected = [
        (f"`{binding.letter}`", binding.label.removesuffix(ASKS)) for binding in BINDINGS if binding.letter in COMMANDS
    ]
    assert rows_after("README.md", "letters") == expected
    assert len(expected) == len(COMMANDS)


def test_the_outputs_named_are_those_there_are() -> None:
    for output in LADDERS.keys() - {"auto"}:
        assert re.search(rf"`(--output )?{output}`", text_of("README.md"))


def test_the_builtin_presets_are_all_there() -> None:
    assert {file.stem for file in asset("presets").glob("*.toml")} == set(BUILTIN_ORDER)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_inside_the_checkout_lead_somewhere(document: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text_of(document))
    local = [target for target in targets if "://" not in target]
    assert not [target for target in local if not (CHECKOUT / document).parent.joinpath(target).exists()]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_make_targets_named_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", text_of(document), re.MULTILINE))
    assert named
    assert named <= targets


def test_the_layers_drawn_are_those_of_the_contract() -> None:
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    drawn = text_of("CONTRIBUTING.md").split("<!-- layers -->\n")[1].split("```")[1]
    names = re.findall(r"^ {0,2}(\w+(?: \| \w+)?)(?=  |$)", drawn, re.MULTILINE)
    assert names == [layer.replace("nbd_tui.", "") for layer in layers]


def test_the_version_has_its_entry() -> None:
    assert re.search(
        rf"^## \[{re.escape(nbd_tui.__version__)}\] – \d{{4}}-\d\d-\d\d$", text_of("CHANGELOG.md"), re.MULTILINE
    )


def test_the_minimum_python_is_the_same_everywhere() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    minimum = project["requires-python"].removeprefix(">=")
    assert f"Python {minimum} or newer" in text_of("README.md")
    assert f"({minimum.replace('.', ', ')})" in text_of("Makefile")
    tested = re.search(r'python: \["(.*)"\]', text_of(".github/workflows/ci.yml"))
    assert tested is not None
    classified = [name.rpartition(" ")[2] for name in project["classifiers"] if "Python :: 3." in name]
    assert tested[1].split('", "') == classified
    assert classified[0] == minimum
