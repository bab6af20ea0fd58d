"""Home: the presets, and the picture of the chosen one."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.keys import hint, screen_bindings
from nbd_tui.tui.messages import StartWorkout
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import PresetView, preset_view, warning_lines
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, pad, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall

_STATUS_S: Final = 1.0
_LIST_MARGIN: Final = 3
"""Columns of the list's padding and scroll bar."""


class PresetList(OptionList, inherit_bindings=False):
    """An option list that leaves Enter to the screen, so that it can be another key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
    ]


class HomeScreen(Gloved, SizedScreen):
    """Choose a preset and start it."""

    SCOPE = "home"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings(
            "home",
            {
                "home.start": "start",
                "home.history": "app.history",
                "home.settings": "app.settings",
                "home.quit": "leave",
            },
        )
    ]

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._presets = [preset_view(loaded) for loaded in services.presets]

    def compose(self) -> ComposeResult:
        """Title, list and picture, warnings, state, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        with Horizontal(id="main"):
            yield PresetList(*self._options(), id="presets", markup=False)
            with Vertical(id="picture"):
                yield Static(id="name", markup=False)
                yield Static(id="facts", markup=False)
                yield SessionStrip(self._glyphs, id="strip")
                yield Static(id="totals")
                yield Static(id="description", markup=False)
        yield Static(id="warnings", markup=False)
        yield SplitLine(self._glyphs, id="state")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Chooses the first preset and begins to watch the state of music and sound."""
        self.query_one("#title", SplitLine).show("NEVER BACK DOWN")
        self.query_one(TooSmall).lines = ("NEVER BACK DOWN",)
        presets = self.query_one(PresetList)
        presets.focus()
        presets.action_first()
        if not self._presets:
            self.query_one("#name", Static).update("No presets: 'nbd doctor' says where they should be")
        self._show_state()
        self.set_interval(_STATUS_S, self._show_state)

    def fit(self, size: Size) -> None:
        """Shares the window between list and picture, and the picture between its parts."""
        list_width = max(30, min(60, size.width * 2 // 5))
        presets = self.query_one(PresetList)
        presets.styles.width = list_width
        for place, option in enumerate(presets.options):
            if option.id is not None:
                row = self._presets[int(option.id)].row(list_width - _LIST_MARGIN, self._glyphs.ellipsis)
                presets.replace_option_prompt_at_index(place, self._plain(row))
        self.query_one("#strip").styles.height = max(2, min(12, size.height // 6))
        warnings = warning_lines(
            self._services.broken, self._services.notices, size.width - 2, 1 if size.height < 20 else 4
        )
        self.query_one("#warnings", Static).update(self._plain("\n".join(warnings)))
        self.query_one("#warnings").display = bool(warnings)
        self._show_hints()

    def _show_hints(self) -> None:
        keys = self._services.keys
        hints = ["smash: start"] if self._services.gloves.on else []
        hints += [hint("home.start", "start", keys), "↑ ↓ choose", hint("home.history", "history", keys)]
        hints += [hint("app.help", "all keys", keys), hint("home.quit", "quit", keys)]
        self.query_one("#hints", SplitLine).show("  ".join(hints))

    @on(OptionList.OptionHighlighted)
    def show_picture(self, event: OptionList.OptionHighlighted) -> None:
        """Pictures the preset the bar stands on."""
        if event.option.id is not None:
            self._show_picture(self._presets[int(event.option.id)])

    def smash(self, *, second: bool) -> None:
        """Starts the chosen preset."""
        if not second:
            self.action_start()

    def show_gloves(self) -> None:
        """Glove mode was turned."""
        self._show_hints()

    def action_start(self) -> None:
        """Starts the chosen preset."""
        option = self.query_one(PresetList).highlighted_option
        if option is not None and option.id is not None:
            self.post_message(StartWorkout(self._presets[int(option.id)].loaded))

    def action_leave(self) -> None:
        """Ends the program; there is nothing to lose."""
        self.app.exit(0)

    def _options(self) -> list[Option]:
        """The user's presets, then the built-in ones under a heading."""
        own = [Option(view.name, id=str(place)) for place, view in enumerate(self._presets) if not view.loaded.builtin]
        builtin = [Option(view.name, id=str(place)) for place, view in enumerate(self._presets) if view.loaded.builtin]
        heading = [Option(Content("built in"), disabled=True)] if builtin else []
        return [*([Option(Content("yours"), disabled=True)] if own else []), *own, *heading, *builtin]

    def _show_picture(self, view: PresetView) -> None:
        self.query_one("#name", Static).update(self._plain(view.name))
        self.query_one("#facts", Static).update(self._plain(view.facts))
        self.query_one(SessionStrip).segments = view.timeline.segments
        self.query_one("#totals", Static).update(_totals(view))
        warnings = "\n".join(f"! {clean(warning)}" for warning in view.loaded.warnings)
        description = "\n\n".join(part for part in (view.description, warnings) if part)
        self.query_one("#description", Static).update(self._plain(description))

    def _show_state(self) -> None:
        if not self.is_current:
            return
        services = self._services
        self.query_one("#state", SplitLine).show(clean(services.library_line()), "", clean(services.sound_line()))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _totals(view: PresetView) -> Content:
    """Kinds with their number and length, each in its colour."""
    rows = [
        Content.assemble(
            (pad(total.kind.value, 11), f"$phase-{total.kind.value}"),
            f"{total.length:>8}",
            (f" {total.count:>4}x", "dim"),
        )
        for total in view.totals
    ]
    return Content("\n").join(rows)
