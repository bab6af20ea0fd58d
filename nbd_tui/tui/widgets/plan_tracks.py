"""The stretches of a workout side by side, each with its tracks, their waveform, and what falls on its bell."""

from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment as Cells
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from nbd_tui.soundtrack.landing import On
from nbd_tui.tui.energy_layout import Level, eighths, level_of
from nbd_tui.tui.plan_layout import Block, Landed, PlanPicture, Title, block_name, scrolled_to
from nbd_tui.tui.plan_words import landed_words
from nbd_tui.tui.text import Glyphs, clean, fit, pad, to_ascii
from nbd_tui.workout.phase import PhaseKind

LEAST_ROWS: Final = 4
"""Names, titles, one of waveform, marks."""
_WITH_ARTISTS: Final = 6
"""Rows from which on the artists have one."""


class PlanTracks(Widget):
    """As wide as it needs to be; the window is scrolled by moving the mark."""

    DEFAULT_CSS = """
    PlanTracks {
        height: 4;
        & > .plan--title { color: $foreground; }
        & > .plan--dim { color: $foreground 60%; }
        & > .plan--low { color: $phase-cool-down; }
        & > .plan--mid { color: $phase-warm-up; }
        & > .plan--high { color: $phase-work; }
        & > .plan--drop { color: $phase-last; text-style: bold; }
        & > .plan--prepare { color: $phase-prepare; }
        & > .plan--warm-up { color: $phase-warm-up; }
        & > .plan--work { color: $phase-work; }
        & > .plan--rest { color: $phase-rest; }
        & > .plan--break { color: $phase-break; }
        & > .plan--cool-down { color: $phase-cool-down; }
        & > .plan--marked { text-style: bold reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"plan--{level}" for level in Level),
        *(f"plan--{kind.value}" for kind in PhaseKind),
        *(f"plan--{part}" for part in ("title", "dim", "drop", "marked")),
    }

    marked: reactive[int] = reactive(0)
    """The place that keys are about."""
    pinned: reactive[frozenset[int]] = reactive(frozenset())
    """Places whose track was pinned to them."""

    class Pointed(Message):
        """A place was pointed at."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._picture: PlanPicture | None = None
        self._first_column = 0
        self._drawn: tuple[tuple[object, ...], list[Strip]] = ((), [])
        self._waved: tuple[tuple[object, ...], list[Strip]] = ((), [])

    def show(self, picture: PlanPicture) -> None:
        """Draws another plan."""
        self._picture = picture
        self._follow()
        self.refresh()

    def watch_marked(self) -> None:
        """Scrolls to the marked place."""
        self._follow()

    def on_resize(self) -> None:
        """The same at another size."""
        self._follow()

    def on_click(self, event: events.Click) -> None:
        """Marks the place under the mouse."""
        column = event.x + self._first_column
        for block in self._picture.blocks if self._picture else ():
            if block.column <= column < block.end:
                self.post_message(self.Pointed(block.place))

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._drawn = ((), [])

    def render_line(self, y: int) -> Strip:
        """One row of what is in the window."""
        width, height = self.size
        if self._picture is None or not self._picture.blocks:
            return Strip.blank(width, self.rich_style)
        wanted = (self._picture, self.marked, self.pinned, height, self.rich_style)
        if self._drawn[0] != wanted:
            self._drawn = (wanted, self._rows(self._picture, height))
        row = self._drawn[1][y] if y < len(self._drawn[1]) else Strip.blank(width)
        return row.crop(self._first_column, self._first_column + width).adjust_cell_length(width, self.rich_style)

    def _follow(self) -> None:
        if self._picture and self.marked < len(self._picture.blocks):
            block = self._picture.blocks[self.marked]
            self._first_column = scrolled_to(block, self._first_column, self.size.width, self._picture.width)

    def _rows(self, picture: PlanPicture, height: int) -> list[Strip]:
        titles = list(picture.titles())
        rows = [self._headings(picture), self._titles(picture, titles)]
        if height >= _WITH_ARTISTS:
            rows.append(self._artists(picture, titles))
        return [*rows, *self._wave(picture, height - len(rows) - 1), self._marks(picture)]

    def _headings(self, picture: PlanPicture) -> Strip:
        row = _Row(picture.width, self.rich_style)
        for block in picture.blocks:
            colour = self._style(f"plan--{block.want.kind.value}")
            if block.place == self.marked:
                colour += self.get_component_rich_style("plan--marked", partial=True)
            row.put(block.column, self._heading(picture, block), colour)
        return row.strip()

    def _heading(self, picture: PlanPicture, block: Block) -> str:
        name = self._plain(fit(block_name(picture.planned, block.place), block.width, self._glyphs.ellipsis))
        line = self._glyphs.line_left
        return f"{name} {line * block.width}"[: block.width] if cell_len(name) < block.width else name

    def _titles(self, picture: PlanPicture, titles: list[Title]) -> Strip:
        row = _Row(picture.width, self.rich_style)
        for title in titles:
            mark = f"{self._glyphs.star} " if title.is_first and title.slot.place in self.pinned else ""
            text = f"{mark}{clean(title.slot.song.track.title)}"
            row.put(title.column, self._cut(text, title.width), self._style("plan--title"))
        silent = {block.place for block in picture.blocks} - {title.slot.place for title in titles}
        for block in picture.blocks:
            if block.place in silent:
                row.put(block.column, self._cut("no music", block.width), self._style("plan--dim"))
        return row.strip()

    def _artists(self, picture: PlanPicture, titles: list[Title]) -> Strip:
        row = _Row(picture.width, self.rich_style)
        for title in titles:
            artist = clean(title.slot.song.track.artist)
            row.put(title.column, self._cut(artist, title.width), self._style("plan--dim"))
        return row.strip()

    def _wave(self, picture: PlanPicture, rows: int) -> list[Strip]:
        """The rows of bars, from the top; kept as long as they stay the same, for moving the mark is to be quick."""
        wanted = (picture, rows, self.rich_style)
        if self._waved[0] != wanted:
            self._waved = (wanted, [self._wave_row(picture, rows, from_below) for from_below in reversed(range(rows))])
        return self._waved[1]

    def _wave_row(self, picture: PlanPicture, rows: int, from_below: int) -> Strip:
        """One row of bars; dots where nobody knows how the track goes."""
        glyphs, unknown = self._glyphs.bars, "." if self._glyphs.ascii_only else "·"
        styles = {level: self._style(f"plan--{level}") for level in Level}
        dim, runs = self._style("plan--dim"), list[tuple[Style, list[str]]]()
        for column in range(picture.width):
            value = picture.heights.get(column, 0.0)
            if value is None:
                glyph, style = unknown if not from_below else " ", dim
            else:
                is_silent = column not in picture.heights
                glyph = " " if is_silent else glyphs[eighths(value, rows, from_below)]
                style = styles[level_of(value)]
            if not runs or runs[-1][0] is not style:
                runs.append((style, []))
            runs[-1][1].append(glyph)
        return Strip([Cells("".join(text), style) for style, text in runs], picture.width)

    def _marks(self, picture: PlanPicture) -> Strip:
        row = _Row(picture.width, self.rich_style)
        all_landed = tuple(picture.landed())
        nexts = (*(one.lead_from if one.on is On.DROP else one.column for one in all_landed[1:]), picture.width)
        for landed, until in zip(all_landed, nexts, strict=False):
            style = self._style("plan--drop" if landed.on is On.DROP else "plan--dim")
            if landed.on is On.DROP:
                row.put(landed.lead_from, self._glyphs.line * (landed.column - landed.lead_from), style)
            row.put(landed.column, self._landed(landed, until), style)
        return row.strip()

    def _landed(self, landed: Landed, until: int) -> str:
        """The longest words about a bell that have room before what comes next."""
        words = map(self._plain, landed_words(landed, self._glyphs))
        room = min(landed.room_to, until) - landed.column
        return next((text for text in words if cell_len(text) <= room), "")

    def _cut(self, text: str, width: int) -> str:
        return pad(self._plain(text), width, self._glyphs.ellipsis)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text

    def _style(self, part: str) -> Style:
        return self.rich_style + self.get_component_rich_style(part, partial=True)


class _Row:
    """Cells to be put anywhere on one line; later ones over earlier ones."""

    def __init__(self, width: int, blank: Style) -> None:
        self._width = width
        self._blank = blank
        self._parts: dict[int, Cells] = {}

    def put(self, column: int, text: str, style: Style) -> None:
        """Writes from a column on."""
        if text:
            self._parts[column] = Cells(text, style)

    def strip(self) -> Strip:
        """The whole line."""
        made: list[Cells] = []
        at = 0
        for column, cells in sorted(self._parts.items()):
            if column > at:
                made.append(Cells(" " * (column - at), self._blank))
            elif column < at:
                made = [*Strip(made).crop(0, column)]
            made.append(cells)
            at = column + cells.cell_length
        return Strip(made).adjust_cell_length(self._width, self._blank).simplify()
