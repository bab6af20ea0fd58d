"""The library: every track, what is heard in it, and what the user thinks of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.widgets import Input, Static

from nbd_tui.errors import NbdError
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource, said_by_user
from nbd_tui.model.units import Bpm, Monotonic
from nbd_tui.tui.background import in_background
from nbd_tui.tui.gloved import GlovedApp
from nbd_tui.tui.keys import fitting, hint, quit_bindings, screen_bindings
from nbd_tui.tui.library_view import name_of
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.chosen_track import ChosenTrackScreen
from nbd_tui.tui.tempo_edit import TempoAnswer, bpm_text
from nbd_tui.tui.tempo_keys import TEMPO_ACTIONS, TempoKeys, TempoSubject
from nbd_tui.tui.text import Glyphs, fit
from nbd_tui.tui.track_view import tag_bpm
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.prompt_line import PromptLine
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.tui.widgets.track_table import ColumnNames, TrackTable

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from nbd_tui.model.library_row import LibraryRow

_NAME: Final = 40
"""Cells of a name in an answer."""
_SAID: Final = {Opinion.LIKED: "liked", Opinion.BANNED: "kept out of workouts", None: "neither liked nor kept out"}

_ACTIONS: Final = {
    "library.open": "open", "library.listen": "listen", "library.drop": "drop",
    "library.like": f"judge('{Opinion.LIKED}')", "library.ban": f"judge('{Opinion.BANNED}')", "library.undo": "undo",
    "library.search": "search", "library.sort": "sort", "library.reverse": "reverse", "library.back": "back",
    **{f"library.{key}": action for key, action in TEMPO_ACTIONS.items()},
}  # fmt: skip
_HINTS: Final = (
    ("library.listen", "listen"), ("library.search", "search"), ("library.drop", "drop"), ("library.open", "open"),
    ("library.sort", "sort"), ("library.like", "like"), ("library.ban", "keep out"), ("library.undo", "undo"),
    ("library.double", "double"), ("library.halve", "halve"), ("library.tap", "tap"), ("library.reverse", "reverse"),
    ("app.help", "keys"), ("library.back", "back"),
)  # fmt: skip
_HINTS_TYPING: Final = ("enter open", "↑ ↓ choose", "tab to the list", "esc all tracks")
_HINTS_FOUND_NONE: Final = (("library.search", "search"), ("app.help", "keys"), ("library.back", "all tracks"))
_HINTS_EMPTY: Final = (("home.settings", "settings"), ("app.help", "keys"), ("library.back", "back"))


class LibraryScreen(TempoKeys, ChosenTrackScreen):
    """Find tracks, listen to them, say which are wanted, and mend their tempo; whatever is said can be undone."""

    SCOPE = "library"
    AUTO_FOCUS = "TrackTable"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["../styles/library.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("library", _ACTIONS, before_fields={"library.search", "library.type"}),
        *screen_bindings("home", {"home.settings": "app.settings('music.folders')"}, only={"home.settings"}),
        *quit_bindings(),
    ]

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__(services, glyphs)
        self._undo: list[Callable[[], None]] = []
        self._turn = asyncio.Lock()
        """Of corrections: each begins with what the one before it has written."""

    def compose(self) -> ComposeResult:
        """Title or search, table, picture, what there is to say of the track, answers, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        search = PromptLine(self._glyphs)
        search.id = "search"
        yield search
        yield ColumnNames(self._glyphs, id="columns")
        yield TrackTable(self._glyphs, id="tracks")
        yield Static(id="empty", markup=False)
        yield EnergyPicture(self._glyphs, id="energy")
        yield Static(id="unheard", markup=False)
        yield SplitLine(self._glyphs, id="about", left_style="bold", right_style="")
        yield SplitLine(self._glyphs, id="said", left_style="$accent")
        yield TempoPrompt(self._glyphs)
        yield SplitLine(self._glyphs, id="hints")

    def fit(self, size: Size) -> None:
        """The picture grows with the window, the table most."""
        self.query_one(TooSmall).lines = ("LIBRARY",)
        rows = max(2, min(9, (size.height - 5) // 5))
        self.query_one("#energy").styles.height = self.query_one("#unheard").styles.height = rows
        self.show_chosen()

    def show_chosen(self) -> None:
        """As before, and the keys that do something now."""
        super().show_chosen()
        self.show_hints()

    @on(events.DescendantFocus)
    def show_hints(self) -> None:
        """The keys that do something where one is: in the line to search on, letters are text."""
        has_tracks = bool(self.table.listing.tracks.rows)
        wanted = _HINTS if self.chosen else _HINTS_FOUND_NONE if has_tracks else _HINTS_EMPTY
        hints: list[str] = [hint(one, words, self._services.keys) for one, words in wanted]
        if self.is_searching and self.focused is self.searching.field:
            hints = [*_HINTS_TYPING] if self.chosen else [*_HINTS_TYPING[-1:]]
        self.query_one("#hints", SplitLine).show(fitting(hints, self.size.width - 2))

    def action_open(self) -> None:
        """Shows the track alone."""
        from nbd_tui.tui.screens.track import TrackScreen

        if (row := self.chosen) is not None:
            self.app.push_screen(TrackScreen(row, self._services, self._glyphs))

    @on(Input.Submitted)
    def open_found(self) -> None:
        """Enter opens the track also while one types."""
        self.action_open()

    def action_judge(self, wanted: str) -> None:
        """Says what one thinks of the track; the same again takes it back."""
        if (row := self.chosen) is not None:
            opinion = None if row.opinion == wanted else Opinion(wanted)
            self._undo.append(partial(self._take_back, row, partial(self._judge, row, row.opinion)))
            self._judge(row, opinion)
            self._say_of(row, _SAID[opinion])

    def action_undo(self) -> None:
        """Takes the last change back."""
        self.finish_taps()
        if self._undo:
            self._undo.pop()()
        else:
            self.say("nothing to undo")

    def action_back(self) -> None:
        """Forgets what was tapped, else ends the search, else the screen."""
        if self.leave_taps():
            self.say("the tempo stays as it was")
        elif not self.end_search():
            self.app.pop_screen()

    def action_leave(self) -> None:
        """Ends the program; there is nothing to lose."""
        self.app.exit(0)

    def tempo_subject(self) -> TempoSubject | None:
        """The chosen track."""
        row, known = self.chosen, self._known
        if row is None:
            return None
        heard = known.hearing if known is not None and known.path == row.path else None
        return TempoSubject(row.path, row.tempo.bpm if row.tempo else None, heard.bpm if heard else None)

    def take_tempo(self, subject: TempoSubject, answer: TempoAnswer) -> None:
        """Shows it at once and writes it down."""
        row = self._row_of(subject.path)
        if row is not None and answer.bpm is not None:
            self._undo.append(partial(self._take_back, row, partial(self._set_tempo, row, row.tempo)))
            self._set_tempo(row, said_by_user(answer.bpm, tag_bpm(row)))
            self._say_of(row, answer.words or f"{bpm_text(answer.bpm)} BPM")

    def now(self) -> Monotonic:
        """The time of a tap."""
        return self._services.clock()

    def action_type_tempo(self) -> None:
        """The line for it takes the place of the answers."""
        super().action_type_tempo()
        self._make_room()

    @on(TempoPrompt.Typed)
    @on(TempoPrompt.Left)
    def _make_room(self) -> None:
        self.query_one("#said").display = not self.query_one(TempoPrompt).purpose

    def _take_back(self, row: "LibraryRow", change: Callable[[], None]) -> None:
        change()
        self._say_of(row, "as before")

    def _say_of(self, row: "LibraryRow", words: str) -> None:
        self.say(f"{fit(name_of(row, self._glyphs), _NAME)}: {words}")

    def _row_of(self, path: "Path") -> "LibraryRow | None":
        tracks = self.table.listing.tracks
        place = tracks.place_of(path)
        return None if place is None else tracks.rows[place]

    def _judge(self, row: "LibraryRow", opinion: Opinion | None) -> None:
        if (now := self._row_of(row.path)) is not None:
            self.replace_row(now._replace(opinion=opinion))
        self._write(self._services.library.judge(row.path, opinion))

    def _set_tempo(self, row: "LibraryRow", tempo: Tempo | None) -> None:
        if (now := self._row_of(row.path)) is not None:
            self.replace_row(now._replace(tempo=tempo))
        bpm = tempo.bpm if tempo is not None and tempo.source is TempoSource.USER else None
        in_background(self.app, partial(self._write_bpm, row.path, bpm))

    async def _write_bpm(self, path: "Path", bpm: Bpm | None) -> None:
        """Whatever else was corrected stays so."""
        async with self._turn:
            known = await self.read_known(path)
            if known is None:
                self.note_change(failed=True)
                return
            known = known._replace(correction=replace(known.correction, bpm=bpm))
            self.take_known(known)
            written = self._services.library.correct(path, known.correction)
            await self._tell_trouble(written)

    def _write(self, written: "Future[None]") -> None:
        in_background(self.app, partial(self._tell_trouble, written))

    async def _tell_trouble(self, written: "Future[None]") -> None:
        """Waits until it is written, also when the screen was left."""
        self.note_change()
        try:
            await asyncio.shield(asyncio.wrap_future(written))
        except NbdError as error:
            if isinstance(self.app, GlovedApp):
                self.app.say(f"not kept: {error}")
            self.note_change(failed=True)
        else:
            self.note_change()
