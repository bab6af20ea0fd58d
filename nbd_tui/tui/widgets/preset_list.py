"""The list of presets: selection stays with the preset, wherever its row goes."""

from collections.abc import Collection, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nbd_tui.tui.home_view import Section
from nbd_tui.tui.preset_view import PresetView
from nbd_tui.tui.text import Glyphs, to_ascii

_MARGIN: Final = 4
"""Columns of the mark and the space after it, the space at the end and the scroll bar."""


class PresetList(OptionList, inherit_bindings=False):
    """An option list that leaves Enter to the screen, so that it can be another key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", "choose a preset", show=False),
        Binding("up", "cursor_up", "choose a preset", show=False),
        Binding("home", "first", "the first, the last", show=False),
        Binding("end", "last", "the first, the last", show=False),
        Binding("pagedown", "page_down", "a page up or down", show=False),
        Binding("pageup", "page_up", "a page up or down", show=False),
    ]

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self._glyphs = glyphs
        self._views: dict[str, PresetView] = {}
        self._rows: list[tuple[str | None, str]] = []

    @property
    def chosen(self) -> PresetView | None:
        """The preset the bar stands on."""
        option = self.highlighted_option
        return None if option is None or option.id is None else self._views.get(option.id)

    def show(self, sections: Sequence[Section], favourites: Collection[str], width: int, want: str = "") -> None:
        """Lists presets.

        Args:
            sections: In their order.
            favourites: Ids of those that get a mark.
            width: Of the list, in cells.
            want: The key (`key_of`) of the one to choose; by default the one chosen before, else what took its place.
        """
        self._views = {key_of(view): view for section in sections for view in section.views}
        rows: list[tuple[str | None, str]] = []
        for section in sections:
            rows.append((None, f"  {section.heading}"))
            rows += [(key_of(view), self._row(view, favourites, width)) for view in section.views]
        before, place = self.highlighted_option, self._place()
        if rows != self._rows:
            self._rows = rows
            self.clear_options()
            self.add_options([Option(Content(words), id=key, disabled=key is None) for key, words in rows])
        self._choose(want or (before.id if before is not None and before.id else ""), place)

    def choose(self, view: PresetView) -> None:
        """Puts the bar on a preset of the list."""
        self._choose(key_of(view), 0)

    def _place(self) -> int:
        """How many presets stand before the bar."""
        above = self._rows[: self.highlighted or 0]
        return sum(key is not None for key, _ in above)

    def _choose(self, key: str, place: int) -> None:
        """The preset with this key, else the one at that place."""
        keys = [row for row, (found, _) in enumerate(self._rows) if found is not None]
        by_key = {self._rows[row][0]: row for row in keys}
        self.highlighted = by_key.get(key, keys[min(place, len(keys) - 1)]) if keys else None

    def _row(self, view: PresetView, favourites: Collection[str], width: int) -> str:
        mark = f"{self._glyphs.star} " if view.loaded.id in favourites else "  "
        row = mark + view.row(width - _MARGIN, self._glyphs.ellipsis)
        return to_ascii(row) if self._glyphs.ascii_only else row


def key_of(view: PresetView) -> str:
    """What tells a preset of the list from all others."""
    return str(view.loaded.file)
