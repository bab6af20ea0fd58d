"""What Home asks in place of its title: words to find presets by, another name."""

from typing import TYPE_CHECKING, Final

from nbd_tui.tui.home_view import Section, sections
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import PresetView, preset_view
from nbd_tui.tui.screens.preset_actions import PresetActions
from nbd_tui.tui.text import Glyphs
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.preset_list import PresetList

if TYPE_CHECKING:  # nothing to type into before a key asks for it
    from textual.widgets import Input

    from nbd_tui.store.presets import LoadedPreset
    from nbd_tui.tui.widgets.prompt_line import PromptLine

_SEARCH: Final = "search"
_RENAME: Final = "rename"

_KEYS: Final = {
    _SEARCH: "enter plan  ↑ ↓ choose  tab to the list  esc shows all",
    _RENAME: "enter renames  esc leaves",
}


class HomePrompt(PresetActions):
    """A list of presets that can be asked about; the list itself keeps its keys meanwhile."""

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__(services, glyphs)
        self._views = [preset_view(loaded) for loaded in services.presets]
        self._query = ""
        self._line: PromptLine | None = None

    @property
    def views(self) -> list[PresetView]:
        """All presets."""
        return self._views

    def prepare(self) -> None:
        """The first picture stands: now the line to type into."""
        self.call_later(self._prepare)

    def action_plan(self) -> None:
        """Shows the plan of the chosen preset."""
        raise NotImplementedError

    def _list(self, chosen: "LoadedPreset | None" = None) -> None:
        """Lists what was found, and chooses a preset of it."""
        raise NotImplementedError

    def _show_hints(self, width: int) -> None:
        """Says the keys of the list."""
        raise NotImplementedError

    def action_move(self, step: int) -> None:
        """Moves in the list while something is typed above it."""
        presets = self.query_one(PresetList)
        if step > 0:
            presets.action_cursor_down()
        else:
            presets.action_cursor_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one types, the keys that ask are text."""
        typing = self._asked is not None and self.focused is self._asked.field
        return not (typing and action in {"search", "rename"}) and super().check_action(action, parameters)

    async def action_search(self) -> None:
        """Asks for words; the list shows what has them."""
        await self._ask(_SEARCH, "search", self._query)

    async def action_rename(self) -> None:
        """Asks for another name."""
        if (view := self._own("keeps its name")) is not None:
            await self._ask(_RENAME, "new name", view.loaded.preset.name)

    def action_close_prompt(self) -> None:
        """Leaves the question; a search is over, and the bar stays on what it found."""
        self._end_prompt()

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Filters as one types."""
        if (prompt := self._asked) is not None and prompt.purpose == _SEARCH:
            self._query = event.value
            self._list()
            prompt.note(f"{len(self._listed())} of {len(self._views)} · esc shows all")

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Shows the plan of what was found, or gives the new name."""
        prompt, view = self._asked, self.chosen
        if prompt is None or view is None:
            return
        if prompt.purpose == _SEARCH:
            self.action_plan()
        else:
            self._end_prompt()
            self.rename(view, event.value)

    @property
    def _asked(self) -> "PromptLine | None":
        """The line, while something is asked on it."""
        return self._line if self._line is not None and self._line.purpose else None

    async def _prepare(self) -> None:
        from nbd_tui.tui.widgets.prompt_line import PromptLine

        if self._line is None:
            self._line = PromptLine(self._glyphs)
            await self.mount(self._line, before="#main")

    async def _ask(self, purpose: str, label: str, text: str) -> None:
        """Puts a question in place of the title."""
        await self._prepare()
        if self._line is None:
            return
        self.query_one("#title").display = False
        self._line.ask(purpose, label, text)
        self.query_one("#hints", SplitLine).show(_KEYS[purpose])

    def _end_prompt(self) -> None:
        prompt = self._asked
        if prompt is None:
            return
        prompt.end()
        self.query_one("#title").display = True
        self.set_focus(self.query_one(PresetList))
        self._show_hints(self.size.width - 2)
        if self._query:
            self._query = ""
            self._list()

    def _sections(self) -> tuple[Section, ...]:
        """What the list shows."""
        return sections(self._views, self._services.shelf.favourites, self._query)

    def _listed(self) -> list[PresetView]:
        return [view for section in self._sections() for view in section.views]
