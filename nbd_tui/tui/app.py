"""The app: what it begins with, which screen is up, and how all of it ends."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from nbd_tui.keymap import keymap_of
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.attributes import AttributesOnly
from nbd_tui.tui.background import look_safely
from nbd_tui.tui.keys import screen_bindings
from nbd_tui.tui.loading import import_screens, load_behind
from nbd_tui.tui.messages import InterruptedDone, Loaded, ResumeWorkout
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.session_app import SessionApp
from nbd_tui.tui.text import Glyphs, clean, glyphs_for
from nbd_tui.tui.theme import DEFAULTS, PLAIN_THEME, THEMES, theme_at_start

if TYPE_CHECKING:
    from nbd_tui.session.kept import Interruption
    from nbd_tui.settings import Settings
    from nbd_tui.tui.drawn import DrawnTerminal

EVERYWHERE_ACTIONS: Final = {
    "app.help": "help",
    "app.palette": "palette",
    "app.gloves": "gloves",
    "app.suspend": "suspend",
}


class NbdApp(SessionApp, inherit_bindings=False):
    """The screens over the services; without Textual's quit keys and palette, so that no slip ends a workout."""

    TITLE = "nbd"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/app.tcss", "styles/home.tcss"]
    """Of the first screen; see `session_app.LATER_STYLES`."""
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("everywhere", EVERYWHERE_ACTIONS, before_fields={"app.suspend"}),
        Binding("ctrl+q,ctrl+c", "leave", show=False),
    ]

    def __init__(
        self,
        services: Services,
        start_with: LoadedPreset | None = None,
        *,
        resume: "Interruption | None" = None,
        drawn: "DrawnTerminal | None" = None,
        glyphs: Glyphs | None = None,
    ) -> None:
        """An app over `services`.

        Args:
            services: Everything it may use.
            start_with: A preset to begin at once; Home waits behind it.
            resume: An interrupted session to go on with at once.
            drawn: The terminal, where a picture of Home is to be seen on it already.
            glyphs: What to draw with; by default what the terminal's encoding has.
        """
        super().__init__(services, glyphs or glyphs_for(sys.__stderr__.encoding if sys.__stderr__ else None))
        self._start_with = start_with
        self._resume = resume
        self._is_untouched = True
        """Neither a key nor the mouse has changed anything yet."""
        self._drawn = drawn
        if drawn is not None:
            from nbd_tui.tui.taking_over import taking_over

            self.driver_class = taking_over(drawn, self.answer_signals)
        self._home = HomeScreen(services, self._glyphs)
        self._plain = AttributesOnly()
        for theme in THEMES:
            self.register_theme(theme)
        self._first_theme = self._chosen_theme = services.theme

    def get_default_screen(self) -> Screen[None]:
        """Home lies under all others, in place of Textual's blank screen, which would be laid out and painted first."""
        return self._home

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The phases' colours, for themes that do not have them."""
        return DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Takes the colours away where the theme is one without; Textual itself would turn them into greys."""
        filters = [one for one in super().get_line_filters() if not isinstance(one, Monochrome | NoColor)]
        return [*filters, self._plain] if self.theme == PLAIN_THEME else filters

    def run_to_end(self) -> int:
        """Runs the app in this terminal; returns the exit code of the program."""
        self._first_theme = theme_at_start(self._first_theme, os.environ, self.console.color_system)
        self._begin_with(self._first_theme)
        try:
            code = self.run()
        finally:
            self.close_session()
        return (self.return_code or 0) if code is None else code

    def _print_error_renderables(self) -> None:
        """Tells errors where they can be read: one from before the driver begins would lie under the picture."""
        if self._drawn is not None:
            self._drawn.give_back()
        super()._print_error_renderables()

    def _begin_with(self, theme: str) -> None:
        """Sets the theme before any style is read; set later, all would be read twice before the first screen."""
        self.set_reactive(App.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """Whatever the terminal sends."""
        self._is_untouched = self._is_untouched and not isinstance(event, events.InputEvent)
        await super().on_event(event)

    def on_mount(self) -> None:
        """Opens Home, and the workout that was asked for."""
        if self.theme != self._first_theme:
            self.theme = self._first_theme
        self.set_keymap(keymap_of(self._services.keys))
        self.answer_signals()
        self._services.settings.listen(self.take_settings)
        self._services.settings.listen(self.take_glove_setting)
        if self._resume is not None:
            self.resume_workout(ResumeWorkout(self._resume))
        elif self._start_with is not None:
            self._ask_about_interrupted()
        elif self._services.first_run:
            self._welcome()
        self.call_after_refresh(self._go_on)

    def _welcome(self) -> None:
        """The guided path, over Home."""
        from nbd_tui.tui.screens.first_run import welcome

        welcome(self, self._services, self._glyphs)

    def _go_on(self) -> None:
        """The first screen stands: now what it could do without."""
        if not self.first_screen_stands():
            return
        self._keep_picture()
        self.read_later_styles()
        if self._services.behind is None:
            self._begin_behind()
        else:
            load_behind(self._services.behind, lambda: self.post_message(Loaded()))

    @on(Loaded)
    def _begin_behind(self) -> None:
        """All parts are here: they begin, unless the app ends; the player would hold that up."""
        if self._is_leaving:
            return
        self._home.warn(*self._services.painted())
        import_screens()
        self._home.prepare()
        if self._resume is None and self._start_with is None:
            self._ask_about_interrupted()

    def _keep_picture(self) -> None:
        """Home as it was painted, before anything is told on it that may be otherwise the next time."""
        if self.screen is self._home and self._is_untouched:
            painted = self._home._compositor.render_full_update()  # noqa: SLF001 - nothing else of Textual's paints all
            self._services.keep_picture(painted.render_segments(self.console), (self.size.width, self.size.height))

    def _ask_about_interrupted(self) -> None:
        """Offers to go on with what was interrupted; what was asked for begins after that.

        Looking claims what is found for this program: not while a workout runs, in which nothing is offered.
        """
        sessions = self._services.interrupted
        if sessions is None or sessions.is_empty or self._session is not None:
            self._start_first()
        else:
            self.run_worker(lambda: self.call_from_thread(self._offer, look_safely(sessions)), thread=True)

    def _offer(self, found: "tuple[Interruption, ...]") -> None:
        sessions = self._services.interrupted
        if sessions is None:
            return
        for note in sessions.notes:
            self._home.warn(note)
        if found and self._session is None:
            from nbd_tui.tui.screens.interrupted import InterruptedScreen

            self.read_later_styles()
            self.push_screen(InterruptedScreen(sessions, found, self._services, self._glyphs))
        else:
            self._start_first()

    def _start_first(self) -> None:
        if self._start_with is not None:
            self.start_workout(self._start_with)

    @on(InterruptedDone)
    def leave_interrupted(self) -> None:
        """Goes on to what was asked for at the start."""
        self.pop_screen()
        self._start_first()

    @on(ResumeWorkout)
    def resume_workout(self, message: ResumeWorkout) -> None:
        """Takes an interrupted session up, in place of the offer."""
        sessions = self._services.interrupted
        if sessions is None or self._session is not None:
            return
        self.begin_session(partial(sessions.resume, message.found), instead=self.front_scope == "interrupted")

    def refuse(self, words: str) -> None:
        """Says why no workout begins, where there is room for it."""
        if self.screen is self._home:
            self._home.refuse(*words.splitlines())
        else:
            self.say(" ".join(words.splitlines()))

    def say(self, words: str) -> None:
        """Answers a key, or tells news, on the line for it of the screen in front, questions over it left aside."""
        front = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, SizedScreen)), None)
        if front is not None:
            front.say(clean(words))

    def action_help(self) -> None:
        """Every key of the screen one is on."""
        from nbd_tui.tui.keys import help_rows
        from nbd_tui.tui.screens.help import HelpScreen

        if isinstance(self.screen, SizedScreen):
            self.push_screen(HelpScreen(help_rows(self.screen), self._glyphs))

    def action_palette(self) -> None:
        """Everything that can be done here, found by its words."""
        from nbd_tui.tui.palette import open_palette

        if isinstance(self.screen, SizedScreen):
            open_palette(self, self._services, self._glyphs)

    def action_history(self) -> None:
        """The sessions kept."""
        from nbd_tui.tui.screens.history import HistoryScreen

        self.read_later_styles()
        self.push_screen(HistoryScreen(self._services, self._glyphs))

    def action_library(self) -> None:
        """Every track; never in a workout."""
        from nbd_tui.tui.screens.library import LibraryScreen

        if self._session is None and isinstance(self.screen, SizedScreen):
            self.push_screen(LibraryScreen(self._services, self._glyphs))

    def action_settings(self, key: str = "") -> None:
        """The settings, at the row of a key such as `audio.cue_set`; not in a workout."""
        from nbd_tui.tui.screens.settings import SettingsScreen

        if self._session is not None or not isinstance(self.screen, SizedScreen):
            return
        if any(isinstance(screen, SettingsScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, SettingsScreen):
                self.pop_screen()
            self.screen.go_to(key)
        else:
            self.push_screen(SettingsScreen(self._services, self._glyphs, key))

    def take_settings(self, settings: "Settings") -> None:
        """Brings settings that were changed to the screens."""
        self.set_keymap(keymap_of(settings.keys))
        if settings.screen.theme != self._chosen_theme:
            self._chosen_theme = self.theme = settings.screen.theme
        for screen in self.screen_stack:
            if isinstance(screen, SizedScreen) and screen.is_running:
                screen.fit(screen.size)

    def action_leave(self) -> None:
        """Leaves the screen one is on, by a key that always leaves."""
        if isinstance(self.screen, SizedScreen):
            self.screen.action_leave()
