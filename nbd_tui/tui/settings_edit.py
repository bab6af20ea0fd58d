"""Asks for another value of a setting, in the way that suits its kind."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from textual.app import App

from nbd_tui.keymap import binding_of, keymap_problems, keys_of
from nbd_tui.keynames import key_label
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_settings import SettingKey, SettingsPort
from nbd_tui.tui.screens.dialogs import ChooseDialog, EntryDialog, PhaseColours, PressKeyDialog, keys_text
from nbd_tui.tui.screens.folder_picker import pick_path
from nbd_tui.tui.settings_view import (
    Kind,
    Row,
    bounds_text,
    is_changed,
    key_clashes,
    number_from,
    path_text,
    pin_text,
    stepped,
    value_of,
)
from nbd_tui.tui.text import Glyphs, clean
from nbd_tui.workout.music import PinWish
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:
    from nbd_tui.settings import Settings

THEME = ("screen", "theme")


@dataclass(frozen=True, slots=True)
class Change:
    """New values (None: the default again), all written at once, and the row they are about."""

    row: Row
    values: Mapping[SettingKey, object | None]


class Asking:
    """The dialogs, used in a worker; each answers a change, words why there is none, or None for a no."""

    def __init__(self, app: App[Any], services: Services, glyphs: Glyphs) -> None:
        self._app = app
        self._services = services
        self._port = services.settings
        self._glyphs = glyphs

    async def ask(self, row: Row) -> Change | str | None:
        """Asks for one row."""
        value = value_of(row, self._port.current)
        ways: dict[Kind, Callable[[], Awaitable[Change | str | None]]] = {
            Kind.CHOICE: lambda: self._choice(row, value),
            Kind.NUMBER: lambda: self._entry(row, value),
            Kind.TEXT: lambda: self._entry(row, value),
            Kind.FOLDERS: lambda: self._folders(row, value),
            Kind.PINS: lambda: self._pin(row, value),
            Kind.KEYS: lambda: self.key(row),
        }
        if row.kind is Kind.SWITCH:
            return Change(row, {row.key: stepped(row, value, 1)})
        if row.kind not in ways:
            return f"{row.name}: changed where it is used, or in the file"
        return await ways[row.kind]()

    async def key(self, row: Row, *, further: bool = False) -> Change | str | None:
        """The key that is pressed next, in place of those there are or beside them."""
        binding_id = row.key[1]
        words = f"A further key for: {row.name}" if further else f"The key for: {row.name}"
        about = f"now {keys_text(keys_of(binding_id, self._port.current.keys))}"
        pressed = await self._app.push_screen_wait(PressKeyDialog(words, self._glyphs, about))
        if pressed is None:
            return None
        own = keys_of(binding_id, self._port.current.keys)
        if pressed in own and further:
            return f"{key_label(pressed)} is already: {row.name}"
        wanted = {binding_id: ",".join((*own, pressed) if further else (pressed,))}
        if not (clashes := key_clashes(binding_id, pressed, self._port.current.keys)):
            return self._keys_change(row, wanted)
        return await self._clash(row, wanted, pressed, clashes)

    async def _clash(
        self, row: Row, wanted: dict[str, str], pressed: str, clashes: tuple[str, ...]
    ) -> Change | str | None:
        """The key is another action's: take it from there, or leave all as it is."""
        remapped = self._port.current.keys
        own = keys_of(row.key[1], remapped)
        freed = [key for key in own if key not in wanted[row.key[1]].split(",")]
        left = {other: [key for key in keys_of(other, remapped) if key != pressed] for other in clashes}
        given = {other: list(dict.fromkeys([*keys, *freed])) for other, keys in left.items()}
        others = " and ".join(f"“{binding_of(other).label}”" for other in clashes)
        stays = f"{row.name} stays {keys_text(own)}"
        if not all(given.values()):
            return f"{key_label(pressed)} is {others}, which would be without a key"
        gets = " and ".join(f"“{binding_of(other).label}” gets {keys_text(keys)}" for other, keys in given.items())
        ways = [("swap", f"swap: {gets}"), ("leave", "leave both as they are")]
        question = f"{key_label(pressed)} is already {others}"
        answer = await self._app.push_screen_wait(ChooseDialog(question, ways, self._glyphs))
        if answer != "swap":
            return stays
        return self._keys_change(row, {**wanted, **{other: ",".join(keys) for other, keys in given.items()}})

    def _keys_change(self, row: Row, wanted: Mapping[str, str]) -> Change | str:
        """The change, unless the keymap forbids it."""
        problems = keymap_problems({**self._port.current.keys, **wanted})
        if problems:
            return clean(problems[0].message)
        return Change(row, {("keys", binding_id): keys or None for binding_id, keys in wanted.items()})

    async def _choice(self, row: Row, value: str) -> Change | None:
        shown = self._app.theme
        answer = await self._app.push_screen_wait(
            ChooseDialog(
                row.name,
                [(choice, choice) for choice in row.choices],
                self._glyphs,
                chosen=value,
                about=row.about,
                on_move=self._show_theme if row.key == THEME else lambda _: None,
                sample=PhaseColours if row.key == THEME else None,
            )
        )
        self._app.theme = shown
        return None if answer is None else Change(row, {row.key: answer})

    def _show_theme(self, name: str) -> None:
        self._app.theme = name

    async def _entry(self, row: Row, value: Any) -> Change | None:  # noqa: ANN401 - number or text
        def problem(text: str) -> str:
            if row.kind is Kind.TEXT:
                return ""
            number = number_from(row, text)
            if number is None:
                return "a whole number, please" if row.whole else "a number, please"
            within = (row.low is None or number >= row.low) and (row.high is None or number <= row.high)
            return "" if within else f"{bounds_text(row)}, please"

        text = value if isinstance(value, str) else f"{value:g}"
        answer = await self._app.push_screen_wait(EntryDialog(row.name, text, self._glyphs, problem, about=row.about))
        if answer is None:
            return None
        return Change(row, {row.key: answer if row.kind is Kind.TEXT else number_from(row, answer)})

    async def _folders(self, row: Row, folders: tuple[Path, ...]) -> Change | str | None:
        answer = "add"
        if folders:
            away = [(str(place), f"take away {path_text(folder)}") for place, folder in enumerate(folders)]
            chosen = await self._app.push_screen_wait(
                ChooseDialog("Music folders", [("add", "add a folder…"), *away], self._glyphs)
            )
            if chosen is None:
                return None
            answer = chosen
        if answer != "add":
            return Change(row, {row.key: [folder for place, folder in enumerate(folders) if place != int(answer)]})
        added = await pick_path(self._app, self._services, self._glyphs, "Music folder")
        if added is None:
            return None
        if added in folders:
            return f"{path_text(added)} is already among them"
        return Change(row, {row.key: [*folders, added]})

    async def _pin(self, row: Row, pins: Mapping[PhaseKind, PinWish]) -> Change | None:
        kinds = [
            (kind.value, f"{kind.value:<10} {pin_text(pins[kind]) if kind in pins else 'any music'}")
            for kind in PhaseKind
        ]
        chosen = await self._app.push_screen_wait(
            ChooseDialog("Music for which phases?", kinds, self._glyphs, about=row.about)
        )
        if chosen is None:
            return None
        kind = PhaseKind(chosen)
        if kind in pins:
            ways = [("other", "another track, folder or playlist…"), ("none", "any music")]
            answer = await self._app.push_screen_wait(ChooseDialog(f"Music for {kind}", ways, self._glyphs))
            if answer != "other":
                return None if answer is None else Change(row, {(*row.key, kind.value): None})
        path = await pick_path(self._app, self._services, self._glyphs, f"Music for {kind}", files=True)
        return None if path is None else Change(row, {(*row.key, kind.value): path})


def without_last_key(row: Row, port: SettingsPort) -> Change | str:
    """One key less for an action that has several."""
    keys = keys_of(row.key[1], port.current.keys)
    if len(keys) < 2:
        return f"{row.name} needs a key: enter, then press another"
    return Change(row, {row.key: ",".join(keys[:-1])})


def written_value(rows: Mapping[str, Row], key: SettingKey, settings: "Settings") -> object | None:
    """What to write to have the present value again; None: the default."""
    row = rows.get(".".join(key))
    if row is not None:
        return _plain(value_of(row, settings)) if is_changed(row, settings) else None
    table = value_of(rows[".".join(key[:-1])], settings)
    return _plain(table.get(key[-1])) if isinstance(table, Mapping) else None


def _plain(value: object) -> object:
    """A value as tables, texts and numbers; paths are still paths, that they are written as people write them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if not isinstance(value, BaseModel):
        return value
    table: Any = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(table, str):
        return Path(table)
    return {**table, "path": Path(table["path"])} if "path" in table else table
