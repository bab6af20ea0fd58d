"""A preset as the text of its file: a new one, or the user's own with only what changed written anew.

Comments, the user's way of writing a value and keys of a newer schema stay. Every text is read back before it is
given out: it says exactly what the preset says, or it is refused.
"""

import tomllib
from collections.abc import Iterator, MutableMapping, MutableSequence, Sequence
from typing import Any, Final, TypeAlias

import tomlkit
from pydantic import ValidationError
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, Item, Table, Whitespace

from nbd_tui.errors import PresetError
from nbd_tui.workout.duration import OPEN, exact_duration
from nbd_tui.workout.preset import Preset, parse_preset

_Tables: TypeAlias = dict[str, Any]

_LENGTHS: Final = ("duration", "set_break")
_Pairing: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]
"""How many phases they have in common, and the places of the pairs."""

_MOST_COMPARED: Final = 10_000
"""Pairs of tables; longer lists are paired by their places."""

_LISTS: Final = ("blocks", "phases")
_TABLES_OF_MUSIC: Final = ("pins", "bands")


def new_text(preset: Preset) -> str:
    """The file of a preset that has none yet.

    Raises:
        PresetError: no file could say this.
    """
    tables = _tables_of(preset)
    music = tables.pop("music", {})
    parts = ["".join(_lines(tables)), _part("cues", tables.get("cues")), _part("music", music)]
    parts += [_part(f"music.{name}", music.get(name)) for name in _TABLES_OF_MUSIC]
    parts += ["".join(_block_lines(block)) for block in tables["blocks"]]
    return _proved("\n".join(filter(None, parts)), preset)


def changed_text(text: str, preset: Preset) -> str:
    """`text`, which is a preset's file, changed to say what `preset` says.

    Raises:
        PresetError: `text` is no preset, or is written in a way that cannot be changed without harm.
    """
    try:
        document = tomlkit.parse(text)
        before, _ = parse_preset(tomllib.loads(text))
        _sync_table(document, _tables_of(before), _tables_of(preset))
        return _proved(tomlkit.dumps(document), preset)
    except (TOMLKitError, ValueError, LookupError) as reason:
        raise PresetError("this file cannot be changed by the program without harm to it") from reason


def _proved(text: str, preset: Preset) -> str:
    try:
        written, _ = parse_preset(tomllib.loads(text))
    except (ValidationError, ValueError) as reason:
        raise PresetError("this preset cannot be written to a file") from reason
    if written != preset.model_copy(update={"schema_version": written.schema_version}):
        raise PresetError("this file cannot be changed by the program without harm to it")
    return text


def _tables_of(preset: Preset) -> _Tables:
    """What is not the default, as plain tables, lengths in the way people write them."""
    tables = preset.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for block in tables["blocks"]:
        for table in (block, *block["phases"]):
            table.update({key: _length(table[key]) for key in _LENGTHS if key in table})
    return tables


def _length(seconds: float | None) -> str:
    return OPEN if seconds is None else exact_duration(seconds)


def _sync_table(table: MutableMapping[str, Any], before: _Tables, after: _Tables) -> None:
    """Changes in `table` only what differs between the two."""
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if new is None:
            table.pop(key, None)
        elif key in _LISTS:
            _sync_list(table[key], before[key], after[key])
        elif isinstance(new, dict) and isinstance(table.get(key), MutableMapping):
            _sync_table(table[key], old or {}, new)
        else:
            _put(table, key, tomlkit.item(new) if isinstance(table, TOMLDocument) else _item(new))


def _put(table: MutableMapping[str, Any], key: str, value: Item) -> None:
    """Sets a key; a new one above the comments that end the table, for they speak of what comes next."""
    below: list[Item] = []
    if isinstance(table, Table) and key not in table and "phases" not in table:
        while table.value.body and table.value.body[-1][0] is None:
            below.insert(0, table.value.body.pop()[1])
    table[key] = value
    if isinstance(table, Table):
        for item in below:
            if isinstance(item, Comment | Whitespace):
                table.add(item)


def _sync_list(tables: MutableSequence[Any], before: Sequence[_Tables], after: Sequence[_Tables]) -> None:
    """Pairs like with like; what has no partner is put in or taken out. From the end, so that places stay right."""
    old, new = len(before), len(after)
    for old_partner, new_partner in [*reversed(_partners(before, after)), (-1, -1)]:
        for place in range(old - 1, old_partner, -1):
            _take_out(tables, place)
        for place in range(new - 1, new_partner, -1):
            tables.insert(old_partner + 1, _table(after[place], inline=not isinstance(tables, AoT)))
        if old_partner >= 0:
            _sync_table(tables[old_partner], before[old_partner], after[new_partner])
        old, new = old_partner, new_partner


def _partners(before: Sequence[_Tables], after: Sequence[_Tables]) -> list[tuple[int, int]]:
    """Places of tables that are the same one before and after, in order: those with the most phases in common."""
    if len(before) * len(after) > _MOST_COMPARED:
        return list(zip(range(len(before)), range(len(after)), strict=False))
    best: list[list[_Pairing]] = [[(0, ())] * (len(after) + 1)]
    for row, old in enumerate(before):
        line: list[_Pairing] = [(0, ())]
        for column, new in enumerate(after):
            common, pairs = best[row][column]
            like = _likeness(old, new)
            paired: _Pairing = (common + like, (*pairs, (row, column))) if like else (0, ())
            line.append(max(best[row][column + 1], line[column], paired, key=lambda choice: choice[0]))
        best.append(line)
    return list(best[-1][-1][1])


def _likeness(old: _Tables, new: _Tables) -> int:
    """How many kinds of phase two tables have in common."""
    kinds = [{phase["kind"] for phase in table.get("phases", [table])} for table in (old, new)]
    return len(kinds[0] & kinds[1])


def _take_out(tables: MutableSequence[Any], place: int) -> None:
    """Removes a table; comments below its last key speak of what comes after it, and stay."""
    comments = _comments_below(tables[place]) if isinstance(tables, AoT) else []
    del tables[place]
    if not comments:
        return
    if place > 0:
        for comment in comments:
            _last_table(tables[place - 1]).add(tomlkit.comment(comment))
    elif tables:
        tables[0].comment("; ".join(filter(None, [tables[0].trivia.comment.lstrip("# "), *comments])))


def _comments_below(table: Table) -> list[str]:
    found: list[str] = []
    for key, item in reversed(_last_table(table).value.body):
        if key is not None:
            break
        if isinstance(item, Comment):
            found.insert(0, item.as_string().strip().lstrip("# "))
    return found


def _last_table(table: Table) -> Table:
    """The table whose lines come last in this one's text."""
    phases = table.get("phases")
    return phases[-1] if isinstance(phases, AoT) and len(phases) else table


def _part(header: str, table: _Tables | None) -> str:
    lines = list(_lines(table or {}))
    return "".join([f"[{header}]\n", *lines]) if lines else ""


def _block_lines(block: _Tables) -> Iterator[str]:
    yield from ("[[blocks]]\n", *_lines(block))
    for phase in block["phases"]:
        yield from ("[[blocks.phases]]\n", *_lines(phase))


def _lines(table: _Tables) -> Iterator[str]:
    for key, value in table.items():
        if key not in {*_LISTS, *_TABLES_OF_MUSIC, "cues"}:
            yield f"{tomlkit.key(key).as_string()} = {_item(value).as_string()}\n"


def _item(value: object) -> Item:
    """A value on one line, tables in braces."""
    return _inline(value) if isinstance(value, dict) else tomlkit.item(value)


def _list_of_tables(tables: Sequence[_Tables]) -> AoT:
    listed = tomlkit.aot()
    for table in tables:
        listed.append(_table(table))
    return listed


def _table(data: _Tables, *, inline: bool = False) -> Item:
    """A block or a phase; `inline` as one value in braces."""
    if inline:
        return _inline(data)
    table = tomlkit.table()
    for key, value in data.items():
        table.add(key, _list_of_tables(value) if key in _LISTS else _item(value))
    return table


def _inline(data: _Tables) -> Item:
    table = tomlkit.inline_table()
    for key, value in data.items():
        table.append(key, _inline_list(value) if key in _LISTS else _item(value))
    return table


def _inline_list(tables: Sequence[_Tables]) -> Item:
    listed = tomlkit.array()
    for table in tables:
        listed.append(_inline(table))
    return listed
