"""The settings: a row for each key of the model, changed at once, explained below."""

import asyncio
from functools import partial
from pathlib import PurePath
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbd_tui.errors import SettingsError
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import fitting, hint, screen_bindings
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.settings_edit import Asking, Change, without_last_key, written_value
from nbd_tui.tui.settings_view import (
    Kind,
    Row,
    bounds_text,
    in_words,
    is_changed,
    setting_rows,
    stepped,
    value_of,
    value_text,
)
from nbd_tui.tui.text import Glyphs, clean, fit, pad, to_ascii
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.too_small import TooSmall

_STATUS_S: Final = 0.2
_AUDIBLE: Final = frozenset({"cue_volume", "cue_set", "output", "duck_db", "music_volume"})
"""Keys of [audio] whose change is answered by a bell."""
_WITH_MUSIC: Final = frozenset({"duck_db", "music_volume"})


class SettingsScreen(SizedScreen):
    """Every setting, its value and its meaning; each change is written at once."""

    SCOPE = "settings"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["../styles/dialogs.tcss", "../styles/settings.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings(
            "settings",
            {
                "settings.edit": "edit",
                "settings.more": "step(1)",
                "settings.less": "step(-1)",
                "settings.reset": "reset",
                "settings.undo": "undo",
                "settings.bell": "bell",
                "settings.back": "back",
            },
        )
    ]

    def __init__(self, services: Services, glyphs: Glyphs, start_at: str = "") -> None:
        """The settings of `services`.

        Args:
            services: Everything the screen may use.
            glyphs: What to draw with.
            start_at: The key the bar stands on at first, as `audio.cue_set`.
        """
        super().__init__()
        self._services = services
        self._port = services.settings
        self._glyphs = glyphs
        self._start_at = start_at
        self._rows = {".".join(row.key): row for row in setting_rows()}
        self._undo: list[Change] = []

    def compose(self) -> ComposeResult:
        """Title, rows, meaning, answer, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        yield ChoiceList(*self._options(), id="rows", markup=False)
        with Vertical(id="meaning"):
            yield SplitLine(self._glyphs, id="named", left_style="bold")
            yield Static(id="about", markup=False)
        yield SplitLine(self._glyphs, id="echo", left_style="bold $accent")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Chooses the first row and begins to watch the sound."""
        self.query_one(TooSmall).lines = ("SETTINGS",)
        rows = self.query_one(ChoiceList)
        rows.focus()
        rows.action_move("first")
        rows.choose(self._start_at)
        self._show_sound()
        self.set_interval(_STATUS_S, self._show_sound)

    def fit(self, size: Size) -> None:
        """Rows to the width, fewer lines of meaning on a low screen."""
        file = clean(with_home_as_tilde(self._port.file))
        self.query_one("#title", SplitLine).show("SETTINGS", "", file)
        self.query_one("#meaning").styles.height = 4 if size.height < 20 else 5
        self._show_rows()
        keys = self._services.keys
        hints = [
            hint(("settings.less", "settings.more"), "change", keys),
            hint("settings.edit", "edit", keys),
            hint("settings.reset", "default", keys),
            hint("settings.undo", "undo", keys),
            hint("settings.bell", "bell", keys),
            hint("settings.back", "back", keys),
            hint("app.help", "all keys", keys),
        ]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Says what the chosen row is."""
        row = self._row
        if row is None:
            return
        default = f"default {value_text(row, row.default)}"
        self.query_one("#named", SplitLine).show(row.name, "", default)
        about = " · ".join(fact for fact in (row.about, self._bounds(row), self._port.when(row.key)) if fact)
        self.query_one("#about", Static).update(self._plain(clean(about)))

    @on(OptionList.OptionSelected)
    def clicked(self) -> None:
        """A click edits."""
        self.action_edit()

    def go_to(self, key: str) -> None:
        """Puts the bar on a key, as `audio.cue_set`."""
        self.query_one(ChoiceList).choose(key)

    def action_back(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Ends the program; everything is written."""
        self.app.exit(0)

    def action_edit(self) -> None:
        """Asks for another value."""
        if (row := self._row) is not None:
            in_background(self, partial(self._edit, row), exclusive=True)

    async def action_step(self, steps: int) -> None:
        """One more or one less, the next choice or the one before."""
        row = self._row
        if row is None:
            return
        if row.kind is Kind.KEYS:
            in_background(self, partial(self._edit_keys, row, steps), exclusive=True)
            return
        if row.kind not in {Kind.CHOICE, Kind.SWITCH, Kind.NUMBER}:
            self.action_edit()
            return
        value = value_of(row, self._port.current)
        if (moved := stepped(row, value, steps)) == value:
            self.say(f"{row.name} {value_text(row, value)}: no {'more' if steps > 0 else 'less'}")
        else:
            await self._change(Change(row, {row.key: moved}))

    async def action_reset(self) -> None:
        """The default again."""
        row = self._row
        if row is not None and is_changed(row, self._port.current):
            await self._change(Change(row, {row.key: None}))
        elif row is not None:
            self.say(f"{row.name} is at its default")

    async def action_undo(self) -> None:
        """What was there before the last change."""
        if not self._undo:
            self.say("nothing to undo")
            return
        change = self._undo.pop()
        self.go_to(".".join(change.row.key))
        await self._change(change, is_undo=True)

    def action_bell(self) -> None:
        """Rings, with music."""
        self.say(f"test bell{self._ring(music=True)}")

    async def _edit(self, row: Row) -> None:
        """In a worker: asks, and changes what was answered."""
        await self._take(await Asking(self.app, self._services, self._glyphs).ask(row))

    async def _edit_keys(self, row: Row, steps: int) -> None:
        """In a worker: a further key for an action, or its last one away."""
        asking = Asking(self.app, self._services, self._glyphs)
        await self._take(await asking.key(row, further=True) if steps > 0 else without_last_key(row, self._port))

    async def _take(self, answer: Change | str | None) -> None:
        """A change, or words why there is none."""
        if isinstance(answer, str):
            self.say(answer)
        elif answer is not None:
            await self._change(answer)

    async def _change(self, change: Change, *, is_undo: bool = False) -> None:
        """Writes, away from this thread; says what holds now, or why it does not."""
        row, settings = change.row, self._port.current
        before = Change(row, {key: written_value(self._rows, key, settings) for key in change.values})
        try:
            await asyncio.to_thread(self._port.change_all, change.values)
        except SettingsError as error:
            self.say(in_words(error))
            return
        self._port.apply()
        if not is_undo:
            self._undo.append(before)
        self._show_rows()
        self.explain()
        self._tell(row)

    def _tell(self, row: Row) -> None:
        """The value that holds now, heard where it can be."""
        when = self._port.when(row.key)
        heard = row.key[0] == "audio" and row.key[1] in _AUDIBLE
        silence = self._ring(music=row.key[1] in _WITH_MUSIC) if heard else ""
        value = value_text(row, value_of(row, self._port.current))
        self.say(f"{row.name}: {value}{f', {when}' if when else ''}{silence}")

    def _ring(self, *, music: bool) -> str:
        """Rings; why it is not heard at once, as the end of a line."""
        reason = self._port.ring(music=music)
        return f" ({clean(reason)})" if reason else ""

    @property
    def _row(self) -> Row | None:
        return self._rows.get(self.query_one(ChoiceList).chosen or "")

    def _options(self) -> list[Option]:
        options, group = [], ""
        for name, row in self._rows.items():
            if row.group != group:
                group = row.group
                options.append(Option(self._plain(group), disabled=True))
            options.append(Option(row.name, id=name))
        return options

    def _show_rows(self) -> None:
        rows, settings = self.query_one(ChoiceList), self._port.current
        width = self.size.width - 4
        names = max(16, min(44, width - 32, max(len(row.name) for row in self._rows.values()) + 2))
        for place, option in enumerate(rows.options):
            if option.id is not None:
                prompt = self._prompt(self._rows[option.id], settings, names, width)
                rows.replace_option_prompt_at_index(place, prompt)

    def _prompt(self, row: Row, settings: Any, names: int, width: int) -> Content:  # noqa: ANN401 - the model
        value = fit(value_text(row, value_of(row, settings)), width - names - 2, self._glyphs.ellipsis)
        name = pad(row.name, names, self._glyphs.ellipsis)
        mark = "* " if is_changed(row, settings) else "  "
        return Content(self._plain(f"{mark}{name}{value}"))

    @staticmethod
    def _bounds(row: Row) -> str:
        """Of a number whose meaning does not tell them."""
        return "" if row.choices or row.high is None or f"{row.high:g}" in row.about else bounds_text(row)

    def say(self, words: str) -> None:
        """Answers on the line for it."""
        echo = self.query_one("#echo", SplitLine)
        echo.show(clean(words), "", echo.parts[2])

    def _show_sound(self) -> None:
        if self.is_current:
            echo = self.query_one("#echo", SplitLine)
            echo.show(echo.parts[0], "", clean(self._services.sound_line()))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
