"""TOML files the user edits by hand: read with care, and every mistake in them told with its place."""

import re
import stat
import tomllib
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from nbd_tui.errors import Problem, UserError, did_you_mean, printable, shown, system_reason

if TYPE_CHECKING:  # the first screen is painted without it
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

KeyPath: TypeAlias = tuple[int | str, ...]
"""The way to a value: table keys and list indices, as `("blocks", 0, "phases", 1, "duration")`."""

LARGEST_BYTES = 128 * 1024
"""More is no file written by hand."""

_MOST_PARSED_CHARACTERS = 1_000_000
"""Bounds the search for lines in one file to about a second."""

_MOST_PROBLEMS = 20
_LONGEST_REASON = 160


class _Prefixes:
    """What the first n lines of a text say, with a bound on the work; None where they are no TOML of their own."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._tables: dict[int, dict[str, Any] | None] = {}
        self._parsed_characters = 0

    @property
    def exhausted(self) -> bool:
        """No more is parsed; what is not known by now stays uncertain."""
        return self._parsed_characters > _MOST_PARSED_CHARACTERS

    def tables(self, count: int) -> dict[str, Any] | None:
        """The tables of the first `count` lines; an array that goes on below is closed."""
        if count not in self._tables:
            self._tables[count] = self._parse("\n".join(self.lines[:count]))
        return self._tables[count]

    def _parse(self, text: str) -> dict[str, Any] | None:
        for end in ("", "\n]", "\n]]"):
            self._parsed_characters += len(text)
            try:
                return tomllib.loads(text + end)
            except (ValueError, RecursionError):
                continue
        return None


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file that is TOML: its text and its tables."""

    file: Path
    text: str
    tables: dict[str, Any]
    _prefixes: _Prefixes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_prefixes", _Prefixes(self.text))

    def line_of(self, path: KeyPath) -> int | None:
        """The 1-based line on which `path` gets its value (a table: begins), None where that is not certain.

        Certain, since the lines up to it are TOML that has the key, and the lines above it are TOML that has it not.
        """
        without, having = 0, len(self._prefixes.lines)
        if not path or not _has(self.tables, path):
            return None
        while having - without > 1:
            middle = self._readable_between(without, having)
            if self._prefixes.exhausted:
                return None
            if middle is None:
                # One value over several lines: it begins where it is put into a table that was there before.
                return without + 1 if isinstance(self._value_in(without, path[:-1]), dict) else None
            if _has(self._prefixes.tables(middle), path):
                having = middle
            else:
                without = middle
        return having

    def line_meant(self, path: KeyPath) -> int | None:
        """As `line_of`, for a path as our models have it, which the file may spell in another way.

        A key with a dot in it may stand there without quotes, as tables; in place of a table there may be one value,
        which means one of the table's.
        """
        outer, last = path[:-1], path[-1:]
        spellings = (path, (*outer, *(part for step in last for part in str(step).split("."))))
        lines = (self.line_of(spelling) for spelling in spellings)
        is_one_value = _has(self.tables, outer) and not isinstance(_value(self.tables, outer), dict | list)
        return next((line for line in lines if line), self.line_of(outer) if is_one_value else None)

    def _value_in(self, count: int, path: KeyPath) -> object:
        """What the first `count` lines have at `path`, or None."""
        tables = self._prefixes.tables(count)
        return _value(tables, path) if _has(tables, path) else None

    def _readable_between(self, low: int, high: int) -> int | None:
        """A count of lines between the two that is TOML of its own, the middle one first."""
        middle = (low + high) // 2
        for count in chain(range(middle, low, -1), range(middle + 1, high)):
            if self._prefixes.exhausted:
                return None
            if self._prefixes.tables(count) is not None:
                return count
        return None


def read_toml(file: Path, error: type[UserError]) -> TomlFile:
    """Reads a TOML file.

    Raises:
        UserError: of the type `error`, for whatever keeps it from being read: it is missing, a folder, not readable,
            too large, not UTF-8, not TOML. Says where, when the place is certain.
    """
    return toml_of(read_bytes(file, error), file, error)


def toml_of(content: bytes, file: Path, error: type[UserError]) -> TomlFile:
    """What `content` says as the content of `file`.

    Raises:
        UserError: of the type `error`: it is not UTF-8, or not TOML.
    """
    text = _text(file, content, error)
    try:
        return TomlFile(file, text, tomllib.loads(text))
    except RecursionError:
        raise error("this is not a file we can read: it is nested too deeply", file=file) from None
    except ValueError as reason:
        raise error("this is not TOML", file=file, problems=(_syntax_problem(reason),), hint=_SYNTAX_HINT) from None


def problems_of(error: "ValidationError", model: "type[BaseModel]", source: TomlFile) -> tuple[Problem, ...]:
    """What pydantic refused in `source`, in the user's words: the first few problems, from top to end."""
    found = error.errors(include_url=False)
    told = [details for details in found if not _follows_from_others(details, found)]
    problems = [_problem(details, model, source) for details in told[:_MOST_PROBLEMS]]
    return tuple(sorted(problems, key=lambda problem: problem.line or len(source.text) + 1))


def key_text(path: KeyPath) -> str:
    """`blocks.0.phases.1.duration`."""
    return ".".join(printable(str(step)) for step in path)


_SYNTAX_HINT = 'text is written in "quotes", a table begins with [name], and each key stands once: key = value'


def read_bytes(file: Path, error: type[UserError]) -> bytes:
    """The content of an ordinary file of `LARGEST_BYTES` at most.

    Raises:
        UserError: of the type `error`, for whatever keeps it from being read.
    """
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise error("this is a folder, not a file", file=file)
        if not stat.S_ISREG(mode):
            raise error("this is not an ordinary file", file=file)
        with file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise error("there is no such file", file=file) from None
    except (OSError, ValueError) as reason:
        text = system_reason(reason)
        raise error(f"this file cannot be read: {text}", file=file) from None
    if len(content) > LARGEST_BYTES:
        raise error(f"this file is larger than {LARGEST_BYTES // 1024} KB, which no file of this kind is", file=file)
    return content


def _text(file: Path, content: bytes, error: type[UserError]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise error("this file is UTF-16, not UTF-8", file=file, hint="save it again as UTF-8")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as reason:
        byte = Problem(
            f"byte 0x{content[reason.start]:02x} is not UTF-8", line=content.count(b"\n", 0, reason.start) + 1
        )
        raise error("this file is not UTF-8", file=file, problems=(byte,), hint="save it again as UTF-8") from None


def _syntax_problem(reason: ValueError) -> Problem:
    if not isinstance(reason, tomllib.TOMLDecodeError):  # Python's own limit, told in words for programmers
        return Problem("a number in it has thousands of digits")
    text = str(reason)
    place = re.search(r" \(at line ([0-9]+), column ([0-9]+)\)$", text)
    if place is None:
        return Problem(printable(text, _LONGEST_REASON))
    return Problem(f"{printable(text[: place.start()], _LONGEST_REASON)} at column {place[2]}", line=int(place[1]))


def _has(tables: object, path: KeyPath) -> bool:
    try:
        _value(tables, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _value(tables: Any, path: KeyPath) -> Any:  # noqa: ANN401 - whatever a TOML file holds
    for step in path:
        tables = tables[step]
    return tables


def _follows_from_others(details: "ErrorDetails", found: "list[ErrorDetails]") -> bool:
    """A list that came out too short only because items in it were refused."""
    depth = len(details["loc"])
    return details["type"] == "too_short" and any(
        other["loc"][:depth] == details["loc"] and len(other["loc"]) > depth for other in found
    )


def _problem(details: "ErrorDetails", model: "type[BaseModel]", source: TomlFile) -> Problem:
    path = tuple(step for step in details["loc"] if step != "[key]")
    message, hint = _words(details, path, model)
    is_missing = details["type"] == "missing"
    line = source.line_of(path[:-1]) if is_missing else source.line_meant(path)
    return Problem(message, key=key_text(path), line=line, hint=hint)


def _words(details: "ErrorDetails", path: KeyPath, model: "type[BaseModel]") -> tuple[str, str]:
    """Message and hint."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    last = str(path[-1]) if path else ""
    if kind == "refused":
        words = (context["message"], context["hint"])
    elif kind == "extra_forbidden":
        words = ("is not a known key", did_you_mean(last, _known_keys(model, path[:-1]), otherwise="known keys"))
    elif kind in {"enum", "literal_error"}:
        choices = re.findall(r"'([^']*)'", context["expected"])
        subject = last if details["loc"][-1] == "[key]" else str(value)
        words = (f"{shown(value)} is not one of the choices", did_you_mean(subject, choices, otherwise="choices"))
    elif kind in {"tuple_type", "list_type"} and isinstance(value, dict):
        words = ("must be a list of tables", f"begin each one with [[{last}]] in double brackets")
    elif (expected := _EXPECTED.get(kind)) is not None:
        words = (f"must be {expected.format(**context)}, not {shown(value)}", "")
    elif (plain := _PLAIN.get(kind)) is not None:
        words = (plain.format(**context), "")
    else:
        words = (printable(details["msg"][:1].lower() + details["msg"][1:], _LONGEST_REASON), "")
    return words


_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "path_type": "a path in quotes",
    "model_type": "a table",
    "dict_type": "a table",
    "tuple_type": "a list",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
}

_PLAIN = {
    "missing": "is missing",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must not be empty",
    "string_too_long": "is too long: {max_length} characters are the most",
    "too_short": "must have at least one entry",
}


def _known_keys(model: "type[BaseModel]", path: KeyPath) -> list[str]:
    """The keys of the table at `path`, as they are written in a file."""
    for step in path:
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        if isinstance(step, str) and step in fields:
            inner = _model_in(fields[step].annotation)
            if inner is None:
                return []
            model = inner
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: object) -> "type[BaseModel] | None":
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
