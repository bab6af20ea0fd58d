"""Home: the presets, and the picture of the chosen one."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widgets import OptionList, Static

from nbd_tui.errors import NbdError
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import WeekStats
from nbd_tui.tui.background import in_background
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.home_view import last_done_line, shortened, week_line
from nbd_tui.tui.keys import first_key, fitting, hint, screen_bindings
from nbd_tui.tui.messages import PlanWorkout, StartWorkout
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import PresetView, warning_lines
from nbd_tui.tui.screens.home_prompt import HomePrompt
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.preset_list import PresetList
from nbd_tui.tui.widgets.preset_picture import PresetPicture
from nbd_tui.tui.widgets.too_small import TooSmall

TITLE: Final = "NEVER BACK DOWN"

_WITH_PICTURE: Final = 54
"""Columns from which on there is room beside the list."""

_STATUS_S: Final = 1.0
_ECHO_S: Final = 5.0

_ACTIONS: Final = {
    "home.start": "plan", "home.start_now": "start", "home.history": "app.history",
    "home.library": "app.library", "home.quit": "leave",
    "home.settings": "app.settings", "home.search": "search",
    "home.new": "new", "home.edit": "edit", "home.copy": "copy", "home.rename": "rename",
    "home.favourite": "favourite", "home.delete": "delete", "home.undo": "undo",
}  # fmt: skip


class HomeScreen(Gloved, HomePrompt):
    """Choose a preset and start it; find presets."""

    SCOPE = "home"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("home", _ACTIONS, before_fields={"home.search", "home.rename"}),
        Binding("escape", "close_prompt", show=False),
        Binding("up", "move(-1)", "choose a preset", show=False),
        Binding("down", "move(1)", "choose a preset", show=False),
    ]

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__(services, glyphs)
        self._broken = services.broken
        self._last_done: Mapping[str, date] | None = None
        self._words = ("", 0.0)
        self._news: tuple[str, ...] = ()
        self._refusal: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, list and picture, warnings, state, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title", right_style="")
        with Horizontal(id="main"):
            yield PresetList(self._glyphs, id="presets")
            yield PresetPicture(self._glyphs, id="picture")
        yield Static(id="warnings", markup=False)
        yield SplitLine(self._glyphs, id="state")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins to watch the state of music and sound, and the folder of presets."""
        self.query_one("#title", SplitLine).show(TITLE)
        self.query_one(TooSmall).lines = (TITLE,)
        self.query_one(PresetList).focus()
        self._show_state()
        self.set_interval(_STATUS_S, self._look)

    def on_screen_resume(self) -> None:
        """Shows what a workout or another screen has changed."""
        self.call_after_refresh(self._look)
        self.call_after_refresh(self.look_back)

    def fit(self, size: Size) -> None:
        """Shares the window between list and picture, and the picture between its parts."""
        self._list()
        self.query_one("#strip").styles.height = max(2, min(12, size.height // 6))
        self._show_warnings(size)
        if self._asked is None:
            self._show_hints(size.width - 2)

    @property
    def chosen(self) -> PresetView | None:
        """The preset the bar stands on."""
        return self.query_one(PresetList).chosen

    def say(self, words: str) -> None:
        """Answers a key on the line of the state."""
        self._words = (words, self._services.clock() + _ECHO_S)
        self._show_state()

    def warn(self, *words: str) -> None:
        """Adds lines to the warnings, where they stay."""
        if words:
            self._news = (*words, *self._news)
            self._show_warnings(self.size)

    def refuse(self, *words: str) -> None:
        """Says in lines why a workout could not begin, until the next key that leads away from here."""
        self._refusal = words
        self._show_warnings(self.size)

    def on_screen_suspend(self) -> None:
        """Another screen is over it."""
        self.refuse()

    async def reload(self, chosen: LoadedPreset | None = None) -> None:
        """Reads the presets anew; the bar stays on the preset it is on, or goes to `chosen`."""
        self._views, self._broken = await self._desk.load()
        if not self.is_running:
            return
        if chosen is not None and all(view.loaded.file != chosen.file for view in self._listed()):
            self._end_prompt()
        self._list(chosen)
        self._show_warnings(self.size)

    @on(OptionList.OptionHighlighted)
    def show_picture(self) -> None:
        """Pictures the preset the bar stands on."""
        if (view := self.chosen) is not None:
            self.query_one(PresetPicture).show(view, self._past(view))

    def smash(self, *, second: bool) -> None:
        """Starts the chosen preset: gloves cannot choose tracks."""
        if not second:
            self.action_start()

    def show_gloves(self) -> None:
        """Glove mode was turned."""
        self._show_hints(self.size.width - 2)

    def action_plan(self) -> None:
        """Shows the plan of the chosen preset, from where it starts."""
        if (view := self.chosen) is not None:
            self._end_prompt()
            self.post_message(PlanWorkout(view.loaded))

    def action_start(self) -> None:
        """Starts the chosen preset at once."""
        if (view := self.chosen) is not None:
            self._end_prompt()
            self.post_message(StartWorkout(view.loaded))

    def action_leave(self) -> None:
        """Ends the program; there is nothing to lose."""
        self.app.exit(0)

    def _list(self, chosen: LoadedPreset | None = None) -> None:
        favourites, listed = self._services.shelf.favourites, self._sections()
        presets, width = self.query_one(PresetList), _list_width(self.size)
        has_both = self.size.width >= _WITH_PICTURE
        self.query_one(PresetPicture).display = has_both or not listed
        presets.styles.width = width if has_both or listed else 0
        presets.show(listed, favourites, width, str(chosen.file) if chosen else "")
        if listed:
            self.show_picture()
        else:
            self._show_emptiness()

    def _show_emptiness(self) -> None:
        keys = self._services.keys
        if self._query:
            self.query_one(PresetPicture).show_nothing("Nothing found", "esc shows all presets again")
        else:
            words = "No presets: 'nbd doctor' says where they should be"
            self.query_one(PresetPicture).show_nothing(words, f"{first_key('home.new', keys)} makes one")

    def _show_warnings(self, size: Size) -> None:
        most = 1 if size.height < 20 else 4
        news = (*self._refusal, *self._news, *self._services.notices)
        lines = warning_lines(self._broken, news, size.width - 2, most)
        self.query_one("#warnings", Static).update(self._plain("\n".join(lines)))
        self.query_one("#warnings").display = bool(lines)

    def _show_hints(self, width: int) -> None:
        keys = self._services.keys
        wanted = (
            ("home.start", "plan"), ("home.start_now", "start"), ("home.new", "new"),
            ("home.history", "history"), ("home.library", "library"), ("home.settings", "settings"),
            ("home.edit", "edit"), ("home.search", "search"), ("home.favourite", "favourite"), ("home.copy", "copy"),
            ("home.delete", "delete"), ("app.help", "keys"), ("home.quit", "quit"),
        )  # fmt: skip
        hints = ["smash: start"] if self._services.gloves.on else []
        hints += [hint(one, words, keys) for one, words in wanted]
        self.query_one("#hints", SplitLine).show(fitting(hints, width))

    def _show_state(self) -> None:
        services, (said, until) = self._services, self._words
        echo = said if services.clock() < until else ""
        sound = "" if echo else clean(services.sound_line())
        left = echo or shortened(clean(services.library_line()), self.size.width - 2, beside=sound)
        self.query_one("#state", SplitLine).show(left, "", sound)

    def _look(self) -> None:
        """Once a second: the state of music and sound, and whether a file of a preset has changed."""
        if self.is_current:
            self._show_state()
            in_background(self, self._look_at_files, group="watch", exclusive=True)

    async def _look_at_files(self) -> None:
        if await self._desk.has_changed():
            await self.reload()

    def look_back(self) -> None:
        """Reads anew what was done when, in the background."""
        in_background(self, self._read_history, group="history", exclusive=True)

    async def _read_history(self) -> None:
        """What was done when; where that cannot be read, Home does without."""
        history = self._services.history
        try:
            self._last_done, week = await asyncio.to_thread(lambda: (history.last_done(), history.week()))
        except NbdError:
            return
        if self.is_running:
            self._show_past(week)

    def _show_past(self, week: WeekStats) -> None:
        self.query_one("#title", SplitLine).show(TITLE, "", week_line(week))
        if (view := self.chosen) is not None:
            self.query_one(PresetPicture).show_past(self._past(view))

    def _past(self, view: PresetView) -> str:
        return last_done_line(view.loaded.id, self._last_done, self._services.today())

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _list_width(size: Size) -> int:
    if size.width < _WITH_PICTURE:
        return size.width - 2
    return max(31, min(60, size.width * 9 // 20))
