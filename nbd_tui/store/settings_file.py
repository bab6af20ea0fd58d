"""Changing one setting in the user's file: comments, order and everything else they wrote stay."""

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Item

from nbd_tui.errors import SettingsError, system_reason
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.settings import is_absent, settings_of
from nbd_tui.store.safe_write import write_text
from nbd_tui.userfile import TomlFile, read_bytes, toml_of

SettingKey: TypeAlias = tuple[str, ...]
"""Table and key, as `("audio", "music_volume")`."""

NEW_FILE: Final = "# Settings of nbd-tui. Every key and its meaning: the settings screen, or config.example.toml.\n"
"""The first line of a file that the program makes."""

_BOM: Final = "\ufeff".encode()
_ATTEMPTS: Final = 5
"""A file that an editor saves between our reading and writing is read anew, so often."""

_LONGEST_VALUE_LINES: Final = 200
"""A value over more lines is changed by the parsed document or not at all."""

_COMMENT_OR_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)

_Tables: TypeAlias = dict[str, Any]
_Changes: TypeAlias = Mapping[SettingKey, object | None]


def change_settings(file: Path, changes: Mapping[SettingKey, object | None]) -> None:
    """Sets several keys at once, as two bindings that swap their keys need it. The file is read anew each time.

    Args:
        file: The settings file; it and its folder are made as needed.
        changes: Table and key, as `("audio", "music_volume")` or `("music", "pins", "work")`, to a text, number, truth
            value or path, or a list or dict of them; None takes a key away, so that its default holds again.

    Raises:
        SettingsError: the file cannot be read or written, or with these changes it could not be used; it stays as it
            is.
    """
    wanted = {key: None if value is None else _as_toml(value, file) for key, value in changes.items()}
    for _ in range(_ATTEMPTS):
        before = b"" if is_absent(file) else read_bytes(file, SettingsError)
        after = _changed(before, file, wanted)
        if before == (b"" if is_absent(file) else read_bytes(file, SettingsError)):
            if after != before:
                _write(file, after)
            return
    raise SettingsError("another program is writing this file; nothing was changed", file=file)


def make_settings_file(file: Path) -> None:
    """Makes a settings file that sets nothing, where there is none.

    Raises:
        SettingsError: it cannot be written.
    """
    if is_absent(file):
        _write(file, NEW_FILE.encode())


def _changed(before: bytes, file: Path, changes: _Changes) -> bytes:
    """The content with the changes, with the line ends and the mark at its beginning that it had."""
    source = toml_of(before, file, SettingsError)
    for key, value in changes.items():
        written = _spelling(source.tables, key)
        if value is None and not _has(source.tables, written):
            continue
        if not source.text:
            source = toml_of(NEW_FILE.encode(), file, SettingsError)
        source = toml_of(_changed_text(source, written, value).encode(), file, SettingsError)
    settings_of(source)
    ends = "\r\n" if before.count(b"\r\n") > before.count(b"\n") // 2 else "\n"
    return (_BOM if before.startswith(_BOM) else b"") + source.text.replace("\n", ends).encode()


def _changed_text(source: TomlFile, key: SettingKey, value: object | None) -> str:
    """The first of the ways to write it that says what is wanted, nothing else, and loses no comment."""
    expected, comments = _with(source.tables, key, value), Counter(_comments(source.text))
    for text in _ways(source, key, value):
        with suppress(SettingsError):
            tables = _pruned(toml_of(text.encode(), source.file, SettingsError).tables)
            if tables == expected and comments <= Counter(_comments(text)):
                return text
    raise SettingsError(
        f"{'.'.join(key)} cannot be changed in this file without touching the rest of it",
        file=source.file,
        hint="change it in an editor",
    )


def _ways(source: TomlFile, key: SettingKey, value: object | None) -> Iterator[str]:
    """Texts to try, the best first; what the parser accepts is more than its editor can do."""
    if value is None:
        ways = (_rewritten, _edited)
    else:
        ways = (_edited, _rewritten) if _has(source.tables, key) else (_inserted, _edited)
    for way in ways:
        with suppress(TOMLKitError, KeyError, TypeError, AttributeError, ValueError, IndexError):
            yield from way(source, key, value)


def _inserted(source: TomlFile, key: SettingKey, value: object | None) -> Iterator[str]:
    """A new line: below the commented example of the key, below the last key of its table, in a new table."""
    while len(key) > 2 and not _has(source.tables, key[:-1]):
        key, value = key[:-1], {key[-1]: value}
    lines = source.text.split("\n")
    new = f"{tomlkit.key(key[-1]).as_string()} = {_item(value).as_string()}"
    header = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(map(_quoted, key[:-1])) + r"\s*\]")
    for start in [number for number, line in enumerate(lines) if header.match(line)]:
        for place in _places_below(lines, start, key[-1]):
            yield "\n".join([*lines[:place], new, *lines[place:]])
    if key[0] not in source.tables:
        gap = "" if not source.text else "\n" if source.text.endswith("\n") else "\n\n"
        yield f"{source.text}{gap}[{tomlkit.key(list(key[:-1])).as_string()}]\n{new}\n"


def _places_below(lines: list[str], start: int, name: str) -> Iterator[int]:
    """Where in the table that begins in line `start` a new line may go, the best place first."""
    end = next((place for place in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[place])), len(lines))
    example = re.compile(rf"\s*#\s*{_quoted(name)}\s*=")
    yield from (place + 1 for place in range(start, end) if example.match(lines[place]))
    said = [place for place in range(start, end) if lines[place].strip() and not lines[place].lstrip().startswith("#")]
    yield from (place + 1 for place in reversed(said))


def _quoted(name: str) -> str:
    """A pattern for a key, with or without quotes."""
    return f"[\"']?{re.escape(name)}[\"']?"


def _edited(source: TomlFile, key: SettingKey, value: object | None) -> Iterator[str]:
    """By way of the parsed document; a list element by element first, so that comments between them stay."""
    if isinstance(value, list):
        document = tomlkit.parse(source.text)
        old = _table(document, key[:-1]).get(key[-1])
        if isinstance(old, Array) and _edit_list(old, value):
            yield document.as_string()
    document = tomlkit.parse(source.text)
    table = _table(document, key[:-1])
    if value is None:
        del table[key[-1]]
    else:
        table[key[-1]] = _item(value)
    yield document.as_string()


def _edit_list(old: Array, wanted: list[object]) -> bool:
    """Takes away what is not wanted any more and appends what is new; false: their order is another."""
    kept = [value for value in old.unwrap() if value in wanted]
    if wanted[: len(kept)] != kept:
        return False
    comments = _comments(old.as_string())
    for place in reversed(range(len(old))):
        if old[place] not in wanted:
            del old[place]
    for value in wanted[len(kept) :]:
        old.append(value)
    left = _comments(old.as_string())
    for comment in comments:
        if comment in left:
            left.remove(comment)
        else:
            old.add_line(comment=comment.lstrip("# "))
    return True


def _comments(text: str) -> list[str]:
    """The comments in the text of a value."""
    return [found for found in _COMMENT_OR_STRING.findall(text) if found.startswith("#")]


def _rewritten(source: TomlFile, key: SettingKey, value: object | None) -> Iterator[str]:
    """Its lines put away, or one put in their place; the comments in them stay above it, on lines of their own."""
    first = source.line_of(key)
    if first is None:
        return
    lines = source.text.split("\n")
    start = first - 1
    name = lines[start].partition("=")[0]
    new = [] if value is None else [f"{name}= {_item(value).as_string()}"]
    for end in range(first, min(len(lines), start + _LONGEST_VALUE_LINES) + 1):
        yield "\n".join([*lines[:start], *_comments("\n".join(lines[start:end])), *new, *lines[end:]])


def _table(document: Any, path: SettingKey) -> Any:  # noqa: ANN401 - as above
    """The table at `path`, made where there is none."""
    table = document
    for step in path:
        if step not in table:
            table[step] = tomlkit.table()
        table = table[step]
    return table


def _item(value: object) -> Item:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for key, inner in value.items():
            inline.append(key, _item(inner))
        return inline
    return tomlkit.item(value)


def _as_toml(value: object, file: Path) -> object:
    """As TOML has it: paths with `~` for the home folder, lists for tuples.

    Raises:
        SettingsError: a name that is no text, as old file systems have them.
    """
    if isinstance(value, dict):
        return {str(key): _as_toml(inner, file) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_toml(inner, file) for inner in value]
    plain = with_home_as_tilde(value) if isinstance(value, Path) else value
    if isinstance(plain, str):
        try:
            plain.encode()
        except UnicodeEncodeError:
            raise SettingsError("a settings file cannot hold this name: it is not UTF-8", file=file) from None
    return str(plain) if isinstance(plain, str) else plain


def _spelling(tables: _Tables, key: SettingKey) -> SettingKey:
    """`key` as the file has it: the quotes around a binding's id may have been forgotten, which makes tables of it."""
    apart = (*key[:-1], *key[-1].split("."))
    return apart if apart != key and not _has(tables, key) and _has(tables, apart) else key


def _has(tables: object, key: SettingKey) -> bool:
    for step in key:
        if not isinstance(tables, dict) or step not in tables:
            return False
        tables = tables[step]
    return True


def _with(tables: _Tables, key: SettingKey, value: object | None) -> _Tables:
    """The tables that are wanted."""
    changed = copy.deepcopy(tables)
    inner = changed
    for step in key[:-1]:
        inner = inner.setdefault(step, {})
        if not isinstance(inner, dict):
            return changed
    if value is None:
        inner.pop(key[-1], None)
    else:
        inner[key[-1]] = value
    return _pruned(changed)


def _pruned(tables: _Tables) -> _Tables:
    """Without the tables that are empty: they say nothing."""
    pruned = {key: _pruned(value) if isinstance(value, dict) else value for key, value in tables.items()}
    return {key: value for key, value in pruned.items() if value != {}}


def _write(file: Path, content: bytes) -> None:
    try:
        write_text(file, content.decode())
    except OSError as error:
        reason = system_reason(error).lower()
        raise SettingsError(f"this file cannot be written: {reason}; nothing was changed", file=file) from error
