"""The settings as rows of a screen, read off the model: whatever key it gets, it has a row. Pure but for its source."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nbd_tui.errors import SettingsError
from nbd_tui.keymap import BINDINGS, binding_of, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.settings import Settings
from nbd_tui.tui.ports_settings import SettingKey
from nbd_tui.tui.text import clean, clock
from nbd_tui.workout.music import PinWish


class Kind(Enum):
    """How a row is changed."""

    CHOICE = auto()
    SWITCH = auto()
    NUMBER = auto()
    TEXT = auto()
    FOLDERS = auto()
    PINS = auto()
    KEYS = auto()
    LIST = auto()
    """Shown here, changed elsewhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key of the settings."""

    key: SettingKey
    name: str
    """In people's words."""
    kind: Kind
    about: str
    """What it is: the docstring of the key."""
    default: object
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    """Numbers without a fraction."""

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return scope_heading(binding_of(self.key[1]).scope) if self.kind is Kind.KEYS else self.key[0]

    @property
    def unit(self) -> str:
        """Of a number, from the end of its key's name."""
        return next((unit for end, unit in _UNITS if self.key[-1].endswith(end)), "")

    @property
    def step(self) -> float:
        """By what one press changes a number: 5 of 100, 1 dB, 10 ms, a quarter of a second."""
        return next((step for end, step in _STEPS if self.key[-1].endswith(end)), 1.0)


SCOPES: Final = {
    "everywhere": "keys everywhere",
    "home": "keys on Home",
    "workout": "keys in a workout",
}
"""Headings of the bindings."""


def scope_heading(scope: str) -> str:
    """The heading of the bindings of a screen."""
    return SCOPES.get(scope, f"keys in {scope}")


_UNITS: Final = (
    ("_volume", " %"), ("outliers", " %"), ("_db", " dB"), ("_lufs", " LUFS"), ("_ms", " ms"), ("_s", " s"),
)  # fmt: skip
_STEPS: Final = (
    ("_volume", 5.0), ("outliers", 5.0), ("_db", 1.0), ("_ms", 10.0), ("wind_s", 5.0), ("rest_s", 5.0), ("_s", 0.25),
)  # fmt: skip


@cache
def setting_rows() -> tuple[Row, ...]:
    """A row for every key of the model, in its order; the bindings last."""
    tables = [
        row
        for table, info in Settings.model_fields.items()
        if isinstance(model := info.annotation, type) and issubclass(model, BaseModel)
        for row in _rows_of(table, model)
    ]
    return (*tables, *map(_key_row, (binding.id for binding in BINDINGS)))


def value_of(row: Row, settings: Settings) -> Any:  # noqa: ANN401 - whatever a setting is
    """What the settings say."""
    if row.kind is Kind.KEYS:
        return ",".join(keys_of(row.key[1], settings.keys))
    return getattr(getattr(settings, row.key[0]), row.key[1])


def is_changed(row: Row, settings: Settings) -> bool:
    """Whether it is another than the default."""
    return bool(value_of(row, settings) != row.default)


def value_text(row: Row, value: Any) -> str:  # noqa: ANN401
    """A value in people's words, harmless, on one line."""
    ways: dict[Kind, Callable[[], str]] = {
        Kind.SWITCH: lambda: "on" if value else "off",
        Kind.NUMBER: lambda: f"{value:g}{row.unit}",
        Kind.KEYS: lambda: "  ".join(key_label(key) for key in value.split(",")),
        Kind.FOLDERS: lambda: ", ".join(map(path_text, value)) or "none: the demo tracks",
        Kind.PINS: lambda: ", ".join(f"{kind}: {pin_text(pin)}" for kind, pin in value.items()),
        Kind.LIST: lambda: ", ".join(map(str, value)),
    }
    return clean(ways.get(row.kind, lambda: str(value))()) or "none"


def pin_text(pin: PinWish) -> str:
    """A pin as people write it, with what of a track is chosen."""
    what = clean(f"album {pin.album}") if pin.path is None else path_text(Path(pin.path))
    cut = (("from", pin.from_s), ("drop", pin.drop_s))
    return ", ".join([what, *(f"{name} {clock(round(at_s))}" for name, at_s in cut if at_s is not None)])


def path_text(path: Path) -> str:
    """A path as people write it."""
    return clean(with_home_as_tilde(path))


def stepped(row: Row, value: Any, steps: int) -> Any:  # noqa: ANN401
    """The value some presses further; it stops at the bounds, a choice and a switch go round."""
    if row.kind is Kind.SWITCH:
        return not value
    if row.kind is Kind.CHOICE:
        return row.choices[(row.choices.index(value) + steps) % len(row.choices)]
    moved = round(value / row.step + steps) * row.step
    bounded = max(moved if row.low is None else row.low, min(moved if row.high is None else row.high, moved))
    return int(bounded) if row.whole else float(bounded)


def number_from(row: Row, text: str) -> float | int | None:
    """What was typed, with a comma or the unit as people write them; None where it is no number."""
    written = text.strip().removesuffix(row.unit.strip()).strip().replace(",", ".").replace("−", "-")
    try:
        return int(written) if row.whole else float(written)
    except ValueError:
        return None


def bounds_text(row: Row) -> str:
    """`0 to 100`, `one of …`; empty where anything goes."""
    if row.choices:
        return f"one of {', '.join(row.choices)}"
    if row.low is not None and row.high is not None:
        return f"{row.low:g} to {row.high:g}{row.unit}"
    return ""


def key_clashes(binding_id: str, key: str, remapped: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the other actions that `key` has where it would meet this one."""
    own = binding_of(binding_id)
    return tuple(
        other.id
        for other in BINDINGS
        if other.id != binding_id
        and (other.scope == own.scope or "everywhere" in {other.scope, own.scope})
        and key in keys_of(other.id, remapped)
    )


def _rows_of(table: str, model: type[BaseModel]) -> Iterator[Row]:
    about = docstrings(model)
    for name, info in model.model_fields.items():
        yield _row((table, name), info, about.get(name, ""))


def _row(key: SettingKey, info: FieldInfo, about: str) -> Row:
    base = _bare(info.annotation)
    default = info.get_default(call_default_factory=True)
    name = (
        key[-1]
        .replace("_", " ")
        .replace(" lufs", " loudness")
        .removesuffix(" db")
        .removesuffix(" ms")
        .removesuffix(" s")
    )
    low = next((float(found.ge) for found in info.metadata if isinstance(found, Ge)), None)  # type: ignore[arg-type]
    high = next((float(found.le) for found in info.metadata if isinstance(found, Le)), None)  # type: ignore[arg-type]
    choices = tuple(map(str, get_args(base))) if get_origin(base) is Literal else ()
    return Row(key, name, _kind(base), about, default, choices, low, high, base is int)


def _kind(base: object) -> Kind:
    origin = get_origin(base)
    has_paths = not {Path, PinWish}.isdisjoint(map(_bare, get_args(base)))
    of_paths = {tuple: Kind.FOLDERS, dict: Kind.PINS}
    plain = {bool: Kind.SWITCH, int: Kind.NUMBER, float: Kind.NUMBER, str: Kind.TEXT}
    if origin is Literal:
        return Kind.CHOICE
    if has_paths and origin in of_paths:
        return of_paths[origin]
    return next((kind for kept, kind in plain.items() if base is kept), Kind.LIST)


def _bare(annotation: object) -> object:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _key_row(binding_id: str) -> Row:
    binding = binding_of(binding_id)
    about = f"The keys for: {binding.label}. Enter, then press the new key."
    return Row(("keys", str(binding_id)), binding.label, Kind.KEYS, about, ",".join(keys_of(binding_id, {})))


def docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The docstring below each field; none where the source is not at hand."""
    try:
        body = ast.parse(inspect.getsource(model)).body[0]
    except (OSError, TypeError, SyntaxError, IndentationError):
        return {}
    found = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, below in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            found[field.target.id] = inspect.cleandoc(str(getattr(below.value, "value", "")))
    return found


def in_words(error: SettingsError) -> str:
    """What went wrong, on one line."""
    if error.problems:
        problem = error.problems[0]
        return clean(f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}")
    return clean(error.message)
