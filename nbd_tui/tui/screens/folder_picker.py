"""Choosing a music folder: type its path, or walk the tree below it."""

import asyncio
import os
import threading
from functools import partial
from pathlib import Path, PurePath
from typing import Any, ClassVar, Final

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from nbd_tui.keymap import keys_of
from nbd_tui.keynames import key_label
from nbd_tui.library.folders import Listing, Music, count_music, look_at, meant_path, pasted_path
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import fitting
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.text_field import TypedLine
from nbd_tui.tui.widgets.too_small import TooSmall

_USE: Final = "use"
_UP: Final = "up"


async def pick_path(
    app: App[Any], services: Services, glyphs: Glyphs, title: str, *, files: bool = False
) -> Path | None:
    """Asks for a folder (or, with `files`, also a track or playlist); None: the user went back. For workers."""
    picker = FolderPicker(services, glyphs, title, files=files)
    await app.push_screen_wait(picker)
    return picker.picked


class PathLine(TypedLine):
    """A whole path that is pasted takes the place of what was there."""

    def _on_paste(self, event: events.Paste) -> None:
        if path := pasted_path(event.text):
            event.stop()
            event.prevent_default()
            self.value = path
            self.cursor_position = len(path)


class FolderPicker(SizedScreen):
    """A path, what lies below it, and how much music is there; drives are asked on threads, never on the screen's."""

    SCOPE = "picker"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["../styles/dialogs.tcss", "../styles/folder_picker.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose('cursor_up')", "choose", show=False, priority=True),
        Binding("down", "choose('cursor_down')", "choose", show=False, priority=True),
        Binding("pageup", "choose('page_up')", "a page up or down", show=False, priority=True),
        Binding("pagedown", "choose('page_down')", "a page up or down", show=False, priority=True),
        Binding("enter", "take", "use the folder, or go into the chosen one", show=False, priority=True),
        Binding("tab", "into", "complete the name, go into the folder", show=False, priority=True),
        Binding("shift+tab", "out", "to the folder above", show=False, priority=True),
        Binding("escape", "back", "back without a folder", show=False),
    ]

    def __init__(self, services: Services, glyphs: Glyphs, title: str, *, files: bool = False) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._title = title
        self._files = files
        self._listing = Listing(None)
        self._offered = _first_path()
        """What the field was given to go on from."""
        self._stop_counting = threading.Event()
        self.picked: Path | None = None
        """What was chosen."""

    def compose(self) -> ComposeResult:
        """Title, path, entries, facts, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        yield PathLine(self._offered, id="path", select_on_focus=False)
        yield ChoiceList(id="entries", markup=False)
        yield SplitLine(self._glyphs, id="facts", left_style="bold $accent")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins at the system's music folder, or at home."""
        self.query_one(TooSmall).lines = (self._title,)
        self.query_one("#entries").can_focus = False
        path = self.query_one(Input)
        path.focus()
        path.cursor_position = len(path.value)

    def on_unmount(self) -> None:
        """Nothing is counted any more."""
        self._stop_counting.set()

    def fit(self, size: Size) -> None:
        """Title and keys to the width."""
        self.query_one("#title", SplitLine).show(self._title.upper(), "", "a path, or the tree below it")
        hints = ["↑ ↓ choose", "enter use it", "tab into", "shift+tab up", "esc back"]
        hints += [f"{key_label(key)} all keys" for key in keys_of("app.help", self._services.keys) if key[1:].isdigit()]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Looks at another path; the look at the last one is of no use any more."""
        if (meant := meant_path(event.input.value, self._offered)) != event.input.value:
            self._fill(meant)
            return
        self._stop_counting.set()
        self._stop_counting = threading.Event()
        in_background(self, partial(self._look, event.value, self._stop_counting), exclusive=True, group="look")

    @on(OptionList.OptionSelected)
    def clicked(self) -> None:
        """A click is Enter on that line."""
        self.action_take()

    def action_choose(self, how: str) -> None:
        """Moves in the list while the field keeps the cursor."""
        self.query_one(ChoiceList).action_move(how)

    def action_take(self) -> None:
        """Uses the path, or goes where the bar stands."""
        chosen = self.query_one(ChoiceList).chosen
        if chosen == _UP:
            self.action_out()
        elif chosen is not None and chosen != _USE:
            self._go(chosen)
        elif self._listing.path is None or self._listing.problem:
            self.say(self._listing.problem or "looking…")
        else:
            self.picked = Path(os.path.abspath(self._listing.path))  # noqa: PTH100 - links stay
            self.dismiss(None)

    def action_into(self) -> None:
        """Goes into the chosen folder, or the first one that begins as the path ends."""
        chosen = self.query_one(ChoiceList).chosen
        if chosen is not None and chosen not in {_USE, _UP}:
            self._go(chosen)
        elif names := self._names:
            self._go(names[0])

    def action_out(self) -> None:
        """To the folder above."""
        if self._listing.folder is not None:
            path = self._listing.folder
            self._write(path if self._listing.path != path else path.parent)

    def action_back(self) -> None:
        """Without a folder."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """As Escape: what was begun is no reason to end the program."""
        self.dismiss(None)

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self._listing.folders, *self._listing.files)

    def _go(self, name: str) -> None:
        if self._listing.folder is not None:
            self._write(self._listing.folder / name, is_folder=name in self._listing.folders)

    def _write(self, path: Path, *, is_folder: bool = True) -> None:
        text = with_home_as_tilde(path)
        self._offered = text if not is_folder or text.endswith(os.sep) else f"{text}{os.sep}"
        self._fill(self._offered)

    def _fill(self, text: str) -> None:
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    async def _look(self, text: str, stop: threading.Event) -> None:
        """In a worker: what the path leads to, then how much music is there."""
        listing = await asyncio.to_thread(look_at, text, files=self._files)
        if stop.is_set():
            return
        self._listing = listing
        self._show()
        if listing.path is None or listing.problem:
            self.say(listing.problem)
            return
        self.say("counting the music…")
        music = await asyncio.to_thread(count_music, listing.path, stop.is_set)
        if not stop.is_set():
            self.say(facts(music))

    def _show(self) -> None:
        """The entries, and first what Enter does with the path."""
        listing, entries = self._listing, self.query_one(ChoiceList)
        entries.clear_options()
        options = []
        if listing.path is not None and not listing.problem:
            options.append(Option(self._plain(f"use {clean(with_home_as_tilde(listing.path))}"), id=_USE))
        if listing.folder is not None:
            options.append(Option("..", id=_UP))
        options += [Option(self._plain(f"{clean(name)}{os.sep}"), id=name) for name in listing.folders]
        options += [Option(self._plain(clean(name)), id=name) for name in listing.files]
        entries.add_options(options)
        if options and options[0].id == _USE:
            entries.highlighted = 0

    def say(self, words: str) -> None:
        """Answers a key."""
        self.query_one("#facts", SplitLine).show(clean(words))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def facts(music: Music) -> str:
    """How much music there is, in words."""
    more = " or more" if music.stopped else ""
    count = (
        f"{music.files:,}{more} audio file{'' if music.files == 1 else 's'}" if music.files else "no audio file here"
    )
    unread = f"; {len(music.unread)} not readable: {music.unread[0]}" if music.unread else ""
    return f"{count}{unread}"


def _first_path() -> str:
    """The system's music folder where there is one, else the home folder."""
    from platformdirs import user_music_path

    folder = user_music_path()
    try:
        start = folder if folder.is_dir() else Path.home()
    except (OSError, RuntimeError):
        return os.sep
    return f"{with_home_as_tilde(start)}{os.sep}"
