"""Puts glove mode between the terminal's keys and the screens."""

from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from nbd_tui.model.units import Monotonic
from nbd_tui.tui.glove import BIG_KEYS, Alone, Decision, GloveReader, Press, Rules, Smash, StopAsked, StopNow
from nbd_tui.tui.ports import Gloves

if TYPE_CHECKING:
    from nbd_tui.settings import Settings


class Gloved:
    """A screen that can be played in gloves: what a smash does there. To others a key is a key."""

    stop_keys: frozenset[str] = frozenset()
    """Keys that end a session here, when held or repeated."""

    def smash(self, *, second: bool) -> None:
        """The primary action; `second`: it was done a moment ago, and the hand has struck again."""

    def stop_asked(self, more: int) -> None:
        """The stop key was pressed; `more` presses would end the session."""

    def stop_now(self) -> None:
        """The stop key was held or repeated."""

    def show_gloves(self) -> None:
        """Glove mode was turned on or off: shows what a smash does, or no longer."""


class GloveDue(Message):
    """What the glove reader holds back may be clear now."""


TYPED: Final = "g"
"""Where this key is text, every key is."""


class GlovedApp(App[int], inherit_bindings=False):
    """An app whose keys go through the glove reader while glove mode is on.

    Keys are looked at before any binding, by the times at which the driver read them: a smash whose keys are all read
    at once, or handled late by a busy app, is what it was. A key that was meant goes its ordinary way afterwards.
    """

    def __init__(self, gloves: Gloves) -> None:
        super().__init__()
        self._gloves = gloves
        self._glove_setting = gloves.on
        self._glove_reader: GloveReader[events.Key] = GloveReader()
        self._glove_screen: Screen[object] | None = None
        """The screen for which the reader's keys were meant."""
        self._glove_timer: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Keys from the terminal, and everything else."""
        if self._gloves.on and isinstance(event, events.Key) and not event.is_forwarded and not self._is_typing:
            await self._read_in_gloves(event)
        else:
            await super().on_event(event)

    def turn_gloves(self, *, on: bool) -> None:
        """Turns glove mode on or off and has the screens show it."""
        self._gloves.on = on
        self._glove_reader = GloveReader()
        for screen in self.screen_stack:
            if isinstance(screen, Gloved):
                screen.show_gloves()
        self.say(f"glove mode {'on' if on else 'off'}")

    def say(self, words: str) -> None:
        """Answers a key on the screen in front."""
        raise NotImplementedError

    def take_glove_setting(self, settings: "Settings") -> None:
        """The settings have changed; glove mode only where that changed its own, not what a key has turned since."""
        if settings.screen.glove != self._glove_setting:
            self._glove_setting = settings.screen.glove
            self.turn_gloves(on=self._glove_setting)

    def action_gloves(self) -> None:
        """The key for it."""
        self.turn_gloves(on=not self._gloves.on)

    @property
    def _is_typing(self) -> bool:
        """The keys go into a text."""
        return self.focused is not None and self.focused.check_consume_key(TYPED, TYPED)

    async def _read_in_gloves(self, event: events.Key) -> None:
        screen = self.screen
        if screen is not self._glove_screen:
            self._glove_reader.forget()
            self._glove_screen = screen
        rules = Rules(BIG_KEYS, screen.stop_keys) if isinstance(screen, Gloved) else Rules(frozenset())
        await self._obey(self._glove_reader.press(Press(event.key, event.time, event), rules))
        self._ask_later(event.time)

    @on(GloveDue)
    async def _ask_gloves(self, message: GloveDue) -> None:
        await self._obey(self._glove_reader.ask(message.time))
        self._ask_later(message.time)

    def _ask_later(self, now: Monotonic) -> None:
        if self._glove_timer is not None:
            self._glove_timer.stop()
            self._glove_timer = None
        if (ask_at := self._glove_reader.ask_at) is not None:
            self._glove_timer = self.set_timer(max(0.001, ask_at - now), self._tell_due)

    def _tell_due(self) -> None:
        """Behind the keys that were read before: those are older."""
        self.post_message(GloveDue())

    async def _obey(self, decisions: tuple[Decision[events.Key], ...]) -> None:
        for decision in decisions:
            if self.screen is not self._glove_screen:
                return
            await self._obey_one(decision)

    async def _obey_one(self, decision: Decision[events.Key]) -> None:
        screen = self.screen
        match decision:
            case Alone(press=press):
                await super().on_event(press.event or events.Key(press.key, None))
            case Smash(second=second) if isinstance(screen, Gloved):
                screen.smash(second=second)
            case StopAsked(more=more) if isinstance(screen, Gloved):
                screen.stop_asked(more)
            case StopNow() if isinstance(screen, Gloved):
                screen.stop_now()
