"""How a track looks on its screen: name, tempo, sound, the picture with its times, the drops, and an answer to keys."""

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.model.hearing import Span
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.tui.drop_edit import nearest_drop
from nbd_tui.tui.energy_layout import followed, ruler
from nbd_tui.tui.keys import first_key, fitting, hint
from nbd_tui.tui.playhead import Playhead
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.record import text_width
from nbd_tui.tui.sound_words import silence_of
from nbd_tui.tui.tempo_keys import TempoKeys
from nbd_tui.tui.text import Glyphs, clean, clock, to_ascii
from nbd_tui.tui.track_editor import Said, TrackEditor
from nbd_tui.tui.track_view import (
    Parts,
    drop_parts,
    heading,
    place_words,
    sound_words,
    tempo_words,
    unheard_words,
    window_words,
)
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from nbd_tui.tui.widgets.line_list import LineList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from nbd_tui.tui.widgets.too_small import TooSmall

SAID_S: Final[Seconds] = 3.0
"""How long the answer to a key stands."""

_FIXED_ROWS: Final = 7
"""Title, tempo, sound, times, place, answer, keys."""
_MOST_BAR_ROWS: Final = 8
_ROOMY: Final = 20
"""Rows from which on the picture has space around it."""

_HINTS: Final = (
    ("track.listen", "listen"), ("track.drop", "drop"), (("track.beat_back", "track.beat_on"), "seek"),
    (("track.closer", "track.wider"), "zoom"), (("track.double", "track.halve", "track.tap", "track.type"), "tempo"),
    (("track.move_drop", "track.add_drop", "track.remove_drop"), "drops"), ("track.undo", "undo"),
    (("track.like", "track.ban"), "like, ban"), ("track.back", "back"), ("app.help", "all keys"),
)  # fmt: skip


class TrackDisplay(TempoKeys):
    """Draws one track from its editor and its playhead; what keys do is the screen's affair."""

    def __init__(self, row: LibraryRow, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._editor = TrackEditor(row, said=Said(opinion=row.opinion))
        self._head = Playhead(services.preview, row.path, services.clock)
        self._window: Span | None = None
        self._reading = True
        self._trouble = ""
        self._answer: tuple[str, Monotonic] = ("", 0.0)
        self._picture = EnergyPicture(glyphs, id="picture")
        self._drops = LineList(self._draw_drop, id="drops")
        self._drops.can_focus = False

    def compose(self) -> ComposeResult:
        """All parts; which of them show depends on what is known."""
        yield TooSmall(self._glyphs)
        with Vertical(id="above", classes="lines"):
            yield SplitLine(self._glyphs, id="title")
            yield TempoPrompt(self._glyphs)
            yield Static(id="tempo", markup=False)
            yield Static(id="sound", markup=False)
        yield self._picture
        yield Static(id="ruler", markup=False)
        with Vertical(id="below", classes="lines"):
            yield SplitLine(self._glyphs, id="place")
            yield Static(id="unheard", markup=False)
            yield self._drops
            yield SplitLine(self._glyphs, id="said", left_style="bold", right_style="bold $error")
            yield SplitLine(self._glyphs, id="hints", classes="hints")

    def fit(self, size: Size) -> None:
        """Shares the rows between picture and drops."""
        roomy = int(size.height >= _ROOMY)
        spare = size.height - _FIXED_ROWS - 2 * roomy
        self._picture.styles.height = 1 + min(_MOST_BAR_ROWS, max(2, spare // 2))
        self._picture.styles.margin = (roomy, 1, 0, 1)
        self.query_one("#ruler").styles.margin = (0, 1, roomy, 1)
        keys = self._services.keys
        hints = fitting([hint(ids, words, keys) for ids, words in _HINTS], text_width(size))
        self.query_one("#hints", SplitLine).show(hints)
        self.call_after_refresh(self.show_track)

    def say(self, words: str) -> None:
        """Answers a key."""
        self._answer = (words, self._services.clock() + SAID_S)
        self.show_said()

    def action_type_tempo(self) -> None:
        """In place of the tempo."""
        super().action_type_tempo()
        self._show_tempo_line()

    @on(TempoPrompt.Typed)
    @on(TempoPrompt.Left)
    def _show_tempo_line(self) -> None:
        self.query_one("#tempo").display = not self.query_one(TempoPrompt).purpose

    def show_track(self) -> None:
        """All that changes by what is known and said of the track."""
        editor = self._editor
        row, hearing, said = editor.row, editor.hearing, editor.said
        name, beside = heading(row, said.opinion, self._glyphs)
        self.query_one("#title", SplitLine).show(name, "", beside)
        self.query_one(TooSmall).lines = (self._plain(name),)
        self._write("#tempo", tempo_words(row, hearing, said.correction))
        self._write("#sound", sound_words(row, hearing))
        self._picture.show(hearing, said.correction)
        self._drops.show(len(editor.found.drops))
        self._show_what_is_known(heard=hearing is not None)
        self.show_place()

    def show_place(self) -> None:
        """All that changes by where one is."""
        found, at_s = self._editor.found, self._head.at_s
        if self._window is not None:
            self._window = followed(self._window, at_s, found.duration_s)
        self._picture.window = self._window
        self._picture.playhead_s = min(at_s, max(0.0, found.duration_s - 1e-3))
        drop = nearest_drop(found, at_s)
        self._picture.chosen_s = drop.at_s if drop else None
        if drop is not None:
            self._drops.cursor = found.drops.index(drop)
        place = clock(int(at_s)) if self._head.is_listening else place_words(found, at_s)
        window = window_words(self._window, self._editor.bpm, self._editor.beats_per_bar)
        self.query_one("#place", SplitLine).show(place, "", window if self._editor.hearing else "")
        self._write("#ruler", ruler(self._picture.shown, self._picture.size.width) if self._editor.hearing else "")
        self.show_said()

    def show_said(self) -> None:
        """The answer to the last key, else what is going on."""
        said, until = self._answer
        words = said if self._services.clock() < until else self._state()
        silence = silence_of(self._services.sound_line()) if self._head.is_listening else ""
        self.query_one("#said", SplitLine).show(words, "", self._trouble or silence)

    def _state(self) -> str:
        head = self._head
        if head.problem:
            return f"it cannot be heard: {clean(head.problem)}"
        if not head.is_listening:
            return ""
        stop = first_key("track.listen", self._services.keys)
        return f"opening {self._glyphs.ellipsis}" if head.is_opening else f"listening, {stop} stops"

    def _show_what_is_known(self, *, heard: bool) -> None:
        has_drops = heard and bool(self._editor.found.drops)
        unheard, keys = self.query_one("#unheard", Static), self._services.keys
        for part, shown in ((self._picture, heard), (self.query_one("#ruler"), heard), (self._drops, has_drops)):
            part.display = shown
        unheard.display = not has_drops
        if self._reading:
            words: tuple[str, ...] = (f"reading {self._glyphs.ellipsis}",)
        elif not heard:
            tap, write = first_key("track.tap", keys), first_key("track.type", keys)
            words = unheard_words(self._editor.row, tap, write)
        else:
            words = (f"No drops. {hint('track.add_drop', 'sets one at the beat here.', keys)}",)
        unheard.update(Content(self._plain("\n".join(words))))

    def _draw_drop(self, index: int, width: int) -> Parts:
        editor = self._editor
        parts = drop_parts(editor.found.drops[index], editor.found, editor.heard, width)
        return tuple((self._plain(text), tone) for text, tone in parts)

    def _write(self, part: str, text: str) -> None:
        shown, new = self.query_one(part, Static), Content(self._plain(text))
        if shown.content != new:
            shown.update(new)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text
