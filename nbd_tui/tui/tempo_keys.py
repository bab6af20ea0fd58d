"""What the keys for the tempo do, on every screen that has a track to correct."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from textual import on
from textual.message import Message
from textual.widgets import Input

from nbd_tui.model.units import Bpm, Monotonic
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.tempo_edit import LEAST_TAPS, NEXT_TAP_S, Taps, TempoAnswer, doubled, halved
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt

TEMPO_ACTIONS: Final = {"double": "double_tempo", "halve": "halve_tempo", "tap": "tap_tempo", "type": "type_tempo"}
"""Textual's action by the last part of the binding's id."""


@dataclass(frozen=True, slots=True)
class TempoSubject:
    """A track whose tempo may be said."""

    path: Path
    bpm: Bpm | None
    """The one that counts now."""
    heard_bpm: Bpm | None = None
    """The one of the analysis, where it is at hand: a tapped one near it is that one."""


class StruckBefore(Message):
    """Travels behind the keys that were struck before the one that has it posted."""


class TempoKeys(SizedScreen):
    """Part of a screen that has one `TempoPrompt` and says of which track it speaks.

    Tapping needs no other key: what was tapped counts once the hand rests (`NEXT_TAP_S`), and Escape before that
    leaves all as it was (`leave_taps`).
    """

    _taps = Taps()
    _tapped_for: TempoSubject | None = None
    _typed_for: TempoSubject | None = None
    """Certain once the keys struck before have been obeyed, which may have chosen another track."""
    _typed: TempoAnswer | None = None
    """What was typed before that."""

    def tempo_subject(self) -> TempoSubject | None:
        """The track the keys are meant for; None: there is none."""
        raise NotImplementedError

    def take_tempo(self, subject: TempoSubject, answer: TempoAnswer) -> None:
        """Keeps a tempo (`answer.bpm` is one), and says so."""
        raise NotImplementedError

    def now(self) -> Monotonic:
        """The time of a tap."""
        raise NotImplementedError

    def action_double_tempo(self) -> None:
        """Twice as fast."""
        if (subject := self._untapped()) is not None:
            self._take(subject, doubled(subject.bpm))

    def action_halve_tempo(self) -> None:
        """Half as fast."""
        if (subject := self._untapped()) is not None:
            self._take(subject, halved(subject.bpm))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one types, the key that types a tempo is text."""
        typing = isinstance(self.focused, Input)
        return not (typing and action == TEMPO_ACTIONS["type"]) and super().check_action(action, parameters)

    def action_type_tempo(self) -> None:
        """Opens the line for it."""
        if (subject := self._untapped()) is not None:
            came_from = self.focused or self
            self._typed_for = self._typed = None
            self.query_one(TempoPrompt).ask_for(subject.bpm)
            came_from.post_message(StruckBefore())

    @on(StruckBefore)
    def _await_keys_before(self) -> None:
        """They have come as far as this; the app obeys them next."""
        self.app.call_later(self._settle_subject)

    def _settle_subject(self) -> None:
        self._typed_for, typed, self._typed = self.tempo_subject(), self._typed, None
        if self._typed_for is None:
            return
        self.query_one(TempoPrompt).correct(self._typed_for.bpm)
        if typed is not None:
            self._take(self._typed_for, typed)

    def action_tap_tempo(self) -> None:
        """One tap."""
        subject, now = self.tempo_subject(), self.now()
        if subject is None:
            return
        if self._tapped_for is None or self._tapped_for.path != subject.path or self._taps.is_over(now):
            self.finish_taps()
            self._tapped_for = self.tempo_subject() or subject
        self._taps = self._taps.tapped(now)
        answer = self._taps.answer(self._tapped_for.heard_bpm)
        ready = answer.bpm is not None or len(self._taps.times) >= LEAST_TAPS
        self.say(f"{answer.words}, esc leaves it" if ready else answer.words)
        self.set_timer(NEXT_TAP_S * 1.02, self.finish_rested_taps)

    def finish_rested_taps(self) -> None:
        """Keeps what was tapped once the hand rests."""
        if self._taps.is_over(self.now()):
            self.finish_taps()

    def finish_taps(self) -> None:
        """Keeps what was tapped so far, if it is a tempo."""
        subject, taps = self._tapped_for, self._taps
        self.leave_taps()
        if subject is not None and (answer := taps.answer(subject.heard_bpm)).bpm is not None:
            self.take_tempo(subject, answer)

    def leave_taps(self) -> bool:
        """Forgets what was tapped; whether there was anything."""
        tapping = bool(self._taps.times)
        self._taps, self._tapped_for = Taps(), None
        return tapping

    @on(TempoPrompt.Typed)
    def take_typed_tempo(self, message: TempoPrompt.Typed) -> None:
        """Keeps what was typed."""
        answer = TempoAnswer(message.bpm, "")
        if self._typed_for is None:
            self._typed = answer
        else:
            self._take(self._typed_for, answer)

    def _untapped(self) -> TempoSubject | None:
        """The track, with what was tapped for it."""
        self.finish_taps()
        return self.tempo_subject()

    def _take(self, subject: TempoSubject, answer: TempoAnswer) -> None:
        if answer.bpm is None:
            self.say(answer.words)
        else:
            self.take_tempo(subject, answer)
