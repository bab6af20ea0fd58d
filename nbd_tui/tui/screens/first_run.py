"""The first start: music, sound, and then Home. Every step can be skipped; it is never shown again."""

import asyncio
from functools import partial
from pathlib import Path, PurePath
from typing import Any, ClassVar, Final, get_args

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbd_tui.errors import SettingsError
from nbd_tui.settings import AudioSettings
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import first_key, fitting, hint
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_settings import SettingKey
from nbd_tui.tui.screens.folder_picker import pick_path
from nbd_tui.tui.screens.preset_actions import PresetActions
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.settings_view import in_words, path_text
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.choice_list import ChoiceList
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.too_small import TooSmall

STEPS: Final = 3
_STATUS_S: Final = 0.2
_OUTPUT: Final[SettingKey] = ("audio", "output")
_OUTPUTS: Final = tuple(name for name in get_args(AudioSettings.model_fields["output"].annotation) if name != "silent")


def welcome(app: App[Any], services: Services, glyphs: Glyphs) -> None:
    """Opens the guided path over Home, and ends it there with the last step."""

    def train(_: object) -> None:
        plan, start = (first_key(one, services.keys) for one in ("home.start", "home.start_now"))
        words = f"{STEPS} of {STEPS}: ↑ ↓ choose a preset, {start} starts it, {plan} shows its plan first"
        if isinstance(app.screen, PresetActions):
            app.screen.say(to_ascii(words) if glyphs.ascii_only else words)
            app.screen.warn(*([first_run.trouble] if first_run.trouble else []))

    first_run = FirstRunScreen(services, glyphs)
    app.push_screen(first_run, train)


class FirstRunScreen(SizedScreen):
    """Two questions before Home."""

    SCOPE = "first_run"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["../styles/dialogs.tcss", "../styles/first_run.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "choose this", show=False),
        Binding("escape", "skip", "skip this step", show=False),
        Binding("q", "leave", "quit", show=False),
    ]

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._port = services.settings
        self._glyphs = glyphs
        self._step = 1
        self.trouble = ""
        """Why the answers could not be kept."""

    def compose(self) -> ComposeResult:
        """Title, question, what it is about, answers, state, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title")
        yield Static(id="question", markup=False)
        yield Static(id="about", markup=False)
        yield ChoiceList(id="answers", markup=False)
        yield SplitLine(self._glyphs, id="echo", left_style="bold $accent")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins with the music."""
        self.query_one(TooSmall).lines = ("WELCOME",)
        self.query_one(ChoiceList).focus()
        self._show_step()
        self.set_interval(_STATUS_S, self._show_sound)

    def fit(self, size: Size) -> None:
        """Keys to the width."""
        hints = ["↑ ↓ choose", "enter takes it", "esc skips this step", hint("app.help", "all keys", self._keys)]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Does what was chosen."""
        if (chosen := self.query_one(ChoiceList).chosen) is not None:
            in_background(self, partial(self._take, chosen), exclusive=True)

    def action_skip(self) -> None:
        """The next step, with everything as it is."""
        in_background(self, self._next, exclusive=True)

    def action_leave(self) -> None:
        """Ends the program; the next start asks again."""
        self.app.exit(0)

    async def _take(self, chosen: str) -> None:
        """In a worker: one answer."""
        match chosen:
            case "system":
                await self._use(_system_folder())
            case "other":
                await self._use(await pick_path(self.app, self._services, self._glyphs, "Music folder"))
            case "again":
                self._ring()
            case "none" | "heard":
                await self._next()
            case "silent":
                if await self._change(_OUTPUT, "silent"):
                    await self._next()
            case output:
                if await self._change(_OUTPUT, output):
                    self._ring()

    async def _use(self, folder: Path | None) -> None:
        """A music folder, and on; None: the question stays."""
        if folder is not None and await self._change(("music", "folders"), [folder]):
            await self._next()

    async def _change(self, key: SettingKey, value: object) -> bool:
        """Writes a setting; says why where that fails."""
        try:
            await asyncio.to_thread(self._port.change, key, value)
        except SettingsError as error:
            self.say(in_words(error))
            return False
        self._port.apply()
        return True

    async def _next(self) -> None:
        """The next step; after the last one Home, and never again."""
        self._step += 1
        if self._step < STEPS:
            self._show_step()
            self._ring()
            return
        try:
            await asyncio.to_thread(self._port.settle)
        except SettingsError as error:
            self.trouble = in_words(error)
        self.dismiss(None)

    def _show_step(self) -> None:
        question, about, answers = _music_step() if self._step == 1 else _sound_step()
        self.query_one("#title", SplitLine).show("NEVER BACK DOWN", "", f"first steps, {self._step} of {STEPS}")
        self.query_one("#question", Static).update(self._plain(question))
        self.query_one("#about", Static).update(self._plain(about))
        choices = self.query_one(ChoiceList)
        choices.clear_options()
        choices.add_options([Option(self._plain(words), id=answer) for answer, words in answers])
        choices.action_move("first")
        self.say("")

    def _ring(self) -> None:
        """The bell, or why it is not heard at once."""
        reason = clean(self._port.ring())
        told = reason and reason == clean(self._services.sound_line())
        self.say("the bell cannot be heard" if told else f"test bell ({reason})" if reason else "test bell")

    def say(self, words: str) -> None:
        """Answers a key."""
        echo = self.query_one("#echo", SplitLine)
        echo.show(words, "", echo.parts[2])

    def _show_sound(self) -> None:
        if self.is_current:
            echo = self.query_one("#echo", SplitLine)
            echo.show(echo.parts[0], "", clean(self._services.sound_line()) if self._step > 1 else "")

    @property
    def _keys(self) -> dict[str, str]:
        return dict(self._services.keys)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _music_step() -> tuple[str, str, list[tuple[str, str]]]:
    """Question, what it is about, answers."""
    folder = _system_folder()
    system = [("system", f"yes, use {path_text(folder)}")] if folder else []
    answers = [*system, ("other", "choose a folder…"), ("none", "none for now: play the demo tracks")]
    question = "Train to your music folder?" if folder else "Which music do you want to train to?"
    return question, "Your files are only read, never written to, and nothing leaves this computer.", answers


def _sound_step() -> tuple[str, str, list[tuple[str, str]]]:
    """Question, what it is about, answers."""
    others = [(name, f"ring by {name}" if name != "auto" else "ring by whatever works (auto)") for name in _OUTPUTS]
    answers = [("heard", "yes, I hear it"), ("again", "ring again"), *others, ("silent", "go on without sound")]
    return "Do you hear the bell?", "The line below says where the sound goes now.", answers


def _system_folder() -> Path | None:
    """The system's music folder; None where there is none of its own."""
    from platformdirs import user_music_path

    folder = user_music_path()
    try:
        return folder if folder.is_dir() and folder != Path.home() else None
    except (OSError, RuntimeError):
        return None
