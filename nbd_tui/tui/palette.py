"""The command palette: everything that can be done where one is, with a key or without, found by its words."""

import asyncio
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nbd_tui.errors import SettingsError
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import help_rows
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_settings import SettingKey
from nbd_tui.tui.screens.report import ReportScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.settings_view import in_words, setting_rows
from nbd_tui.tui.text import Glyphs, clean, fit, pad, to_ascii
from nbd_tui.tui.theme import PALETTES
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.tui.widgets.text_field import TypedLine
from nbd_tui.tui.workout_layout import too_small

if TYPE_CHECKING:
    from nbd_tui.tui.app import NbdApp

Run: TypeAlias = Callable[[], Any]

MOST_SHOWN: Final = 200
"""More are found by typing."""
_LEFT_OUT: Final = frozenset({"app.palette", "palette"})


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do."""

    words: str
    run: Run
    keys: str = ""
    """That do it as well."""


def open_palette(app: "NbdApp", services: Services, glyphs: Glyphs) -> None:
    """Opens it over the screen one is on; what is chosen runs in a worker."""

    def run(chosen: Command | None) -> None:
        if chosen is not None:
            in_background(app, partial(_run, chosen))

    app.push_screen(Palette(commands(app, services, glyphs), glyphs, 4 if app.in_workout else 14), run)


async def _run(command: Command) -> None:
    result = command.run()
    if inspect.isawaitable(result):
        await result


def commands(app: "NbdApp", services: Services, glyphs: Glyphs) -> tuple[Command, ...]:
    """What can be done on the screen one is on; in a workout only what its keys do, and the look of the screen."""
    here = (*_of_keys(app), *_of_themes(app, services))
    return here if app.in_workout else (*here, *_at_rest(app, services, glyphs))


def matching(all_commands: Sequence[Command], typed: str) -> list[Command]:
    """Those whose words have every word typed, those that begin with it first; the order stays otherwise."""
    wanted = typed.casefold().split()
    found = [one for one in all_commands if all(word in one.words.casefold() for word in wanted)]
    return sorted(found, key=lambda one: not one.words.casefold().startswith(typed.casefold().strip()))[:MOST_SHOWN]


class Palette(ModalScreen[Command | None]):
    """A field and the commands that match; what is chosen is done when the palette is gone."""

    CSS_PATH = "styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose('cursor_up')", show=False, priority=True),
        Binding("down", "choose('cursor_down')", show=False, priority=True),
        Binding("pageup", "choose('page_up')", show=False, priority=True),
        Binding("pagedown", "choose('page_down')", show=False, priority=True),
        Binding("escape,ctrl+c,ctrl+q,ctrl+p", "close", show=False),
    ]

    def __init__(self, all_commands: Sequence[Command], glyphs: Glyphs, most_rows: int = 14) -> None:
        """A palette of commands.

        Args:
            all_commands: What there is.
            glyphs: What to draw with.
            most_rows: Of the list: few leave the digits of a workout to be seen.
        """
        super().__init__()
        self._most_rows = most_rows
        self._commands = all_commands
        self._found: list[Command] = []
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Field, commands, keys."""
        with Vertical(classes="dialog", id="palette"):
            yield TypedLine(placeholder="what to do", id="typed")
            yield ChoiceList(markup=False)
            yield Static("", id="none", markup=False)
            yield Static(self._plain("enter does it  ↑ ↓ choose  esc leaves"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Everything, to begin with."""
        choices = self.query_one(ChoiceList)
        choices.can_focus = False
        self.query_one(Input).focus()

    def on_resize(self, event: events.Resize) -> None:
        """A window too small for a list gets none: Textual fails on lists of no width."""
        self.set_class(event.size.width < 60 or event.size.height < 18, "-tight")
        self.query_one(ChoiceList).display = not too_small(*event.size)
        self.query_one(ChoiceList).styles.height = max(3, min(self._most_rows, event.size.height - 8))
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def typed(self) -> None:
        """Fewer commands, or more."""
        self._show()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def take(self) -> None:
        """Does what the bar stands on."""
        chosen = self.query_one(ChoiceList).chosen
        if chosen is not None:
            self.dismiss(self._found[int(chosen)])

    def action_choose(self, how: str) -> None:
        """Moves in the list while the field keeps the cursor."""
        self.query_one(ChoiceList).action_move(how)

    def action_close(self) -> None:
        """Does nothing."""
        self.dismiss(None)

    def _show(self) -> None:
        self._found = matching(self._commands, self.query_one(Input).value)
        choices = self.query_one(ChoiceList)
        choices.clear_options()
        width = max(20, choices.size.width - 3)
        choices.add_options([Option(self._prompt(one, width), id=str(place)) for place, one in enumerate(self._found)])
        if self._found:
            choices.highlighted = 0
        self.query_one("#none", Static).update("" if self._found else "nothing of that name")
        self.query_one("#none").display = not self._found

    def _prompt(self, command: Command, width: int) -> Content:
        keys = f"  {command.keys}" if command.keys else ""
        words = pad(clean(command.words), width - len(keys), self._glyphs.ellipsis)
        return Content(self._plain(fit(f"{words}{keys}", width, self._glyphs.ellipsis)))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _of_keys(app: "NbdApp") -> Iterator[Command]:
    """What the keys of this screen do; those that ask before something ends, ask here as well."""
    screen = app.screen
    keys_by_words = {words: keys for keys, words in help_rows(screen)}
    told: set[str] = set()
    for active in screen.active_bindings.values():
        words, action = active.binding.description, active.binding.action
        if words in keys_by_words and words not in told and action not in _LEFT_OUT and not _moves(action):
            told.add(words)
            yield Command(words, partial(app.run_action, action, active.node), keys_by_words[words])


def _moves(action: str) -> bool:
    """Moving in a list is nothing to look up."""
    return action.startswith(("move(", "choose(", "cursor_", "page_", "first", "last"))


def _of_themes(app: "NbdApp", services: Services) -> Iterator[Command]:
    for name in PALETTES:
        yield Command(f"Theme: {name}", partial(_change, app, services, ("screen", "theme"), name))


def _at_rest(app: "NbdApp", services: Services, glyphs: Glyphs) -> Iterator[Command]:
    """What no workout may be disturbed by."""
    for preset in services.presets:
        yield Command(f"Start: {preset.preset.name}", partial(app.start_workout, preset))
    if not any(isinstance(screen, SizedScreen) and screen.SCOPE == "library" for screen in app.screen_stack):
        yield Command("Library: every track, and what is heard in it", app.action_library)
    yield Command("Test bell", lambda: app.say(services.settings.ring(music=True) or "test bell"))
    yield Command("Rescan music", partial(_rescan, app, services))
    yield Command("Doctor: installation, sound and folders", lambda: app.push_screen(ReportScreen(services, glyphs)))
    for row in setting_rows():
        kind = "Key" if row.key[0] == "keys" else "Setting"
        yield Command(f"{kind}: {row.group}: {row.name}", partial(app.action_settings, ".".join(row.key)))


def _rescan(app: "NbdApp", services: Services) -> None:
    services.settings.rescan()
    app.say("looking through the music folders")


async def _change(app: "NbdApp", services: Services, key: SettingKey, value: object) -> None:
    """Writes a setting, away from the screen's thread."""
    try:
        await asyncio.to_thread(services.settings.change, key, value)
    except SettingsError as error:
        app.say(in_words(error))
    else:
        services.settings.apply()
