"""What the summary and a session of the history share: tracks to judge, effort, note, all written down at once."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Input, Static

from nbd_tui.errors import NbdError
from nbd_tui.model.opinion import Opinion
from nbd_tui.store.records import HeardTrack, SessionRecord, Verdict
from nbd_tui.tui.keys import fitting, hint, quit_bindings, screen_bindings
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import reason_of
from nbd_tui.tui.record_view import (
    JUDGED_WORDS,
    Parts,
    effort_parts,
    kind_items,
    packed,
    track_parts,
)
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import MOST_CHARACTERS, Glyphs, clean, fit, to_ascii
from nbd_tui.tui.widgets.line_list import LineList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.text_field import TypedLine

NO_TRACKS: Final = "no track was heard"

OPINIONS: Final[Mapping[Verdict | None, Opinion]] = {
    Verdict.STILL_HITS: Opinion.LIKED,
    Verdict.NOT_AGAIN: Opinion.BANNED,
}
"""What a verdict says to the choice of music from then on."""


class RecordScreen(SizedScreen):
    """A session that can be judged; every change goes to the history in the background."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings(
            "summary",
            {
                "summary.still_hits": f"judge('{Verdict.STILL_HITS}')",
                "summary.fine": f"judge('{Verdict.FINE}')",
                "summary.not_again": f"judge('{Verdict.NOT_AGAIN}')",
                "summary.note": "note",
            },
        ),
        *(
            Binding(str(effort % 10), f"rate({effort})", "effort, 0 is 10 (again: none)", show=False)
            for effort in range(1, 11)
        ),
        *quit_bindings(),
    ]

    def __init__(self, record: SessionRecord | None, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._record = record
        self._services = services
        self._glyphs = glyphs
        self._opinions: Mapping[Path, Opinion] | None = None
        """Of the tracks heard, but for what verdicts of this session have said; None until they are read."""

    def compose_record(self) -> ComposeResult:
        """Tracks, effort, note, the answer to the last key, and the keys."""
        with Vertical(id="record", classes="lines"):
            yield Static(id="kinds")
            yield LineList(self._draw_track, id="tracks")
            yield Static(NO_TRACKS, id="no-tracks", markup=False)
            yield Static(id="effort")
            yield Static(id="note", markup=False)
            yield TypedLine(id="note-input", max_length=MOST_CHARACTERS, compact=True)
            yield SplitLine(self._glyphs, id="said", right_style="bold $error")
            yield SplitLine(self._glyphs, id="hints")

    def show_record(self) -> None:
        """Shows the record as it is now."""
        record = self._record
        heard = record.heard if record else ()
        self.query_one(LineList).show(len(heard))
        self.query_one(LineList).display = bool(heard)
        self.query_one("#no-tracks").display = not heard
        self.query_one("#note-input").display = False
        for part in ("#effort", "#note"):
            self.query_one(part).display = record is not None
        self._show_said_of_it()
        if heard:
            self._read_opinions(heard)

    def show_kinds(self, width: int) -> int:
        """Shows the totals by kind of phase in lines of `width` cells; how many those are."""
        items = kind_items(self._record.totals) if self._record else []
        lines = packed([len(kind.value) + 1 + len(length) for kind, length in items], width)
        parts = [Content.assemble((kind.value, f"bold $phase-{kind.value}"), f" {length}") for kind, length in items]
        rows = [Content("   ").join(parts[place] for place in line) for line in lines]
        self.query_one("#kinds", Static).update(Content("\n").join(rows))
        self.query_one("#kinds").display = bool(rows)
        return len(rows)

    def show_hints(self, width: int, leave: str) -> None:
        """The keys that have room."""
        keys = self._services.keys
        hints = []
        if self._record and self._record.heard:
            hints = [
                hint("summary.still_hits", "still hits", keys),
                hint("summary.fine", "fine", keys),
                hint("summary.not_again", "not again", keys),
            ]
        hints += ["1-0 effort", hint("summary.note", "note", keys)] if self._record else []
        shown = fitting([*hints, leave, hint("app.help", "all keys", keys)], width)
        self.query_one("#hints", SplitLine).show(shown)

    def say(self, text: str) -> None:
        """Answers a key."""
        self.query_one("#said", SplitLine).show(text, "", self.query_one("#said", SplitLine).parts[2])

    def action_judge(self, verdict: str) -> None:
        """Says what the chosen track was like, and goes to the next; the same again takes it back."""
        record, tracks = self._record, self.query_one(LineList)
        if not self.is_awake or record is None or not record.heard:
            return
        track = record.heard[tracks.cursor]
        said = None if track.verdict == verdict else Verdict(verdict)
        judged = replace(track, verdict=said)
        new = replace(record, heard=tuple(judged if each is track else each for each in record.heard))
        self.keep(new, *self._passed_on(track, said))
        self.say(f"{fit(clean(track.title), 30)}: {JUDGED_WORDS[said]}")
        if said:
            tracks.cursor += 1
        tracks.refresh()

    def action_rate(self, effort: int) -> None:
        """Says how hard it was; the same again takes it back."""
        if self.is_awake and self._record:
            self.keep(replace(self._record, effort=None if self._record.effort == effort else effort))
            self._show_said_of_it()

    def action_note(self) -> None:
        """Opens the line for the note."""
        if self.is_awake and self._record:
            writing = self.query_one("#note-input", Input)
            writing.value = clean(self._record.note)
            self._write(writing, open_it=True)

    @on(Input.Submitted, "#note-input")
    def take_note(self) -> None:
        """Keeps what was written."""
        writing = self.query_one("#note-input", Input)
        note = clean(writing.value)
        if self._record and writing.display and note != self._record.note:
            self.keep(replace(self._record, note=note))
        self._write(writing, open_it=False)

    def action_back(self) -> None:
        """Closes the line for the note as it was, else the screen."""
        writing = self.query_one("#note-input", Input)
        if writing.display:
            self._write(writing, open_it=False)
        else:
            self.action_home()

    def action_home(self) -> None:
        """Leaves the screen."""

    def action_leave(self) -> None:
        """Ends the program; a note that is being written is kept."""
        if self.is_awake:
            self.take_note()
            self.app.exit(0)

    @property
    def is_awake(self) -> bool:
        """Whether keys are meant for this screen."""
        return True

    def keep(self, record: SessionRecord, *besides: "Future[None]") -> None:
        """Shows this version of the record from now on, and writes it down; `besides` is being written as well."""
        self._record = record
        self._tell_when_written((self._services.history.keep(record), *besides))

    def _passed_on(self, track: HeardTrack, said: Verdict | None) -> "tuple[Future[None], ...]":
        """Has a verdict decide on the choice of music, or no longer."""
        opinion = OPINIONS.get(said)
        if opinion is None:
            if track.verdict not in OPINIONS or self._opinions is None:
                return ()
            opinion = self._opinions.get(track.path)
        return (self._services.library.judge(track.path, opinion),)

    @work(thread=True, exit_on_error=False, group="opinions")
    def _read_opinions(self, heard: tuple[HeardTrack, ...]) -> None:
        """So that a verdict that is taken back leaves everything as it was before it was said."""
        try:
            known = self._services.library.opinions([track.path for track in heard])
        except NbdError:
            return
        said = {track.path: OPINIONS.get(track.verdict) for track in heard}
        self._opinions = {path: opinion for path, opinion in known.items() if opinion is not said.get(path)}

    @work(exclusive=True, group="keep")
    async def _tell_when_written(self, writings: "tuple[Future[None], ...]") -> None:
        """Waits for them; leaving the screen does not undo them."""
        try:
            await asyncio.shield(asyncio.gather(*map(asyncio.wrap_future, writings)))
            trouble = ""
        except NbdError as error:
            trouble = f"not kept: {reason_of(error)}"
        said = self.query_one("#said", SplitLine)
        said.show("" if trouble else said.parts[0], "", trouble)

    def _write(self, writing: Input, *, open_it: bool) -> None:
        writing.display = open_it
        self.query_one("#note").display = not open_it
        (writing if open_it else self.query_one(LineList)).focus()
        self.say("enter keeps the note, escape leaves it as it was" if open_it else "")
        self._show_said_of_it()

    def _show_said_of_it(self) -> None:
        if self._record:
            self.query_one("#effort", Static).update(Content.assemble(*map(_toned, effort_parts(self._record.effort))))
            note = clean(self._record.note) or f"({hint('summary.note', 'to write one', self._services.keys)})"
            self.query_one("#note", Static).update(self.plain(f"note    {note}"))

    def _draw_track(self, index: int, width: int) -> Parts:
        return track_parts(self._record.heard[index], width, self._glyphs) if self._record else ()

    def plain(self, text: str) -> str:
        """Text as this terminal can show it."""
        return to_ascii(text) if self._glyphs.ascii_only else text


def text_width(size: Size) -> int:
    """Cells of a line of text in a window: wide ones do not stretch it."""
    return min(100, size.width - 2)


_STYLES: Final = {"": "", "dim": "dim", "strong": "bold $accent"}


def _toned(part: tuple[str, str]) -> tuple[str, str]:
    return part[0], _STYLES[part[1]]
