"""What is typed into the quick form, and what was understood of it, field by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nbd_tui.errors import shown
from nbd_tui.model.units import Seconds
from nbd_tui.workout.duration import OPEN, DurationError, exact_duration, parse_duration, parse_duration_or_open
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.quick import NONE_S, Length, QuickForm, length_text, preset_of, suggested_name

Value = TypeVar("Value")

MOST_REPEATS: Final = 999

EXAMPLES: Final = "3:00, 45s, 1m30, or 90 for seconds"


class QuickField(StrEnum):
    """A field of the form, in the order of the screen."""

    ROUNDS = "rounds"
    WORK = "work"
    REST = "rest"
    SETS = "sets"
    SET_REST = "rest between sets"
    WARM_UP = "warm-up"
    COOL_DOWN = "cool-down"
    PREPARE = "prepare"
    NAME = "name"


Draft: TypeAlias = Mapping[QuickField, str]
"""The text of every field."""

HELP: Final[Mapping[QuickField, str]] = {
    QuickField.ROUNDS: "how often work and rest are done in a set",
    QuickField.WORK: f"{EXAMPLES}, or open: until you press Enter",
    QuickField.REST: f"{EXAMPLES}, open, or none; the last one of a set is left out",
    QuickField.SETS: "how often all the rounds are done",
    QuickField.SET_REST: f"{EXAMPLES}, or none",
    QuickField.WARM_UP: f"{EXAMPLES}, open, or none",
    QuickField.COOL_DOWN: f"{EXAMPLES}, open, or none",
    QuickField.PREPARE: "time to get ready: 0:10, 15s, or none",
    QuickField.NAME: "left empty it is made of the numbers",
}
"""What a field takes, in a line."""

_NONE_WORDS: Final = frozenset({"", "-", "–", "0", "00", "0:00", "0s", "none", "no", "off"})
_COUNT: Final = re.compile(r"[x×]?\s*([0-9]{1,9})\s*(?:[x×]|rounds?|sets?)?", re.IGNORECASE)
_LEFT_OUT: Final[Length] = NONE_S
_MISTAKEN_FOR_MINUTES_S: Final = 10


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a field."""

    text: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole form as understood."""

    notes: Mapping[QuickField, Note]
    name: str = ""
    """The name made of the numbers."""
    preset: Preset | None = None
    """None while a field is wrong, or all of them together make no workout."""
    problem: str = ""
    """What is wrong with the workout as a whole."""

    @property
    def complaint(self) -> str:
        """The first thing wrong, in a line; empty: nothing."""
        wrong = (f"{field.value}: {note.text}" for field, note in self.notes.items() if note.wrong)
        return next(wrong, self.problem)


class _NotUnderstoodError(Exception):
    """The text is why."""


class _Sheet:
    """Reads field after field and notes what it understood."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.notes: dict[QuickField, Note] = {}

    def value(
        self, field: QuickField, read: Callable[[str], Value], words: Callable[[Value], str], other: Value
    ) -> Value:
        """The value of a field; `other` where it is not understood."""
        text = self._draft[field].strip()
        try:
            value = read(text)
        except _NotUnderstoodError as reason:
            self.notes[field] = Note(str(reason), wrong=True)
            return other
        self.notes[field] = Note(f"→ {words(value)}{_slip(text, value)}")
        return value

    @property
    def whole(self) -> bool:
        """Every field was understood."""
        return not any(note.wrong for note in self.notes.values())


def draft_of(form: QuickForm) -> dict[QuickField, str]:
    """The form written out; `read_draft` understands it as the same form."""
    return {
        QuickField.ROUNDS: str(form.rounds),
        QuickField.WORK: _written(form.work_s),
        QuickField.REST: _written(form.rest_s),
        QuickField.SETS: str(form.sets),
        QuickField.SET_REST: _written(form.set_rest_s),
        QuickField.WARM_UP: _written(form.warm_up_s),
        QuickField.COOL_DOWN: _written(form.cool_down_s),
        QuickField.PREPARE: _written(form.prepare_s),
        QuickField.NAME: form.name,
    }


def read_draft(draft: Draft, base: Preset | None = None) -> Reading:
    """What the texts mean, laid over `base` (see `preset_of`)."""
    sheet = _Sheet(draft)
    form = QuickForm(
        name="",
        rounds=sheet.value(QuickField.ROUNDS, _count, _times("round"), 1),
        work_s=sheet.value(QuickField.WORK, _work_length, _length_words, None),
        rest_s=sheet.value(QuickField.REST, _any_length, _length_words, _LEFT_OUT),
        sets=sheet.value(QuickField.SETS, _count, _times("set"), 1),
        set_rest_s=sheet.value(QuickField.SET_REST, _length_or_none, _length_words, NONE_S),
        warm_up_s=sheet.value(QuickField.WARM_UP, _any_length, _length_words, _LEFT_OUT),
        cool_down_s=sheet.value(QuickField.COOL_DOWN, _any_length, _length_words, _LEFT_OUT),
        prepare_s=sheet.value(QuickField.PREPARE, _any_length, _length_words, _LEFT_OUT),
    )
    if form.set_rest_s != NONE_S and form.sets == 1 and not sheet.notes[QuickField.SETS].wrong:
        sheet.notes[QuickField.SET_REST] = Note(f"{sheet.notes[QuickField.SET_REST].text}, from 2 sets on")
    return _as_a_whole(sheet, form, draft[QuickField.NAME].strip(), base)


def _as_a_whole(sheet: _Sheet, form: QuickForm, typed: str, base: Preset | None) -> Reading:
    """Gives the form its name and makes it a preset, where every field was understood."""
    whole, notes = sheet.whole, sheet.notes
    suggested = suggested_name(form) if whole else ""
    notes[QuickField.NAME] = Note("" if typed or not whole else "from the numbers")
    try:
        preset = preset_of(replace(form, name=typed or suggested_name(form)), base)
    except ValidationError as error:
        problems = {"".join(map(str, found["loc"][:1])): _words(found) for found in error.errors(include_url=False)}
        if "name" in problems:
            notes[QuickField.NAME] = Note(problems.pop("name"), wrong=True)
        return Reading(notes, suggested, None, next(iter(problems.values()), "") if whole else "")
    return Reading(notes, suggested, preset if whole else None)


def _words(found: ErrorDetails) -> str:
    """Why pydantic refused, in the user's words."""
    context = found.get("ctx", {})
    if found["type"] == "refused":
        return str(context["message"])
    if found["type"] == "string_too_long":
        return f"{len(found['input'])} characters, and {context['max_length']} is the most"
    return found["msg"]


def _count(text: str) -> int:
    match = _COUNT.fullmatch(text)
    if match is None:
        raise _NotUnderstoodError(f"{shown(text)} is no whole number" if text else "how many?")
    count = int(match[1])
    if not 1 <= count <= MOST_REPEATS:
        raise _NotUnderstoodError("at least 1" if count < 1 else f"at most {MOST_REPEATS}")
    return count


def _times(word: str) -> Callable[[int], str]:
    return lambda count: f"{count} {word}{'s' if count != 1 else ''}"


def _length_words(length: Length) -> str:
    return "open, until done" if length is None else length_text(length)


def _work_length(text: str) -> Length:
    if not text:
        raise _NotUnderstoodError("how long?")
    return _read(parse_duration_or_open, text)


def _any_length(text: str) -> Length:
    return NONE_S if text.lower() in _NONE_WORDS else _read(parse_duration_or_open, text)


def _length_or_none(text: str) -> Seconds:
    if text.lower() in _NONE_WORDS:
        return NONE_S
    if text.lower() == OPEN:
        raise _NotUnderstoodError("this rest cannot be open")
    return _read(parse_duration, text)


def _read(parse: Callable[[object], Value], text: str) -> Value:
    """What the parser understands, or the first part of what it says: the examples stand elsewhere."""
    try:
        return parse(text)
    except DurationError as error:
        raise _NotUnderstoodError(str(error).partition(";")[0]) from None


def _slip(text: str, value: object) -> str:
    """A doubt where a few seconds were written in a way that often means minutes."""
    is_length = isinstance(value, float) and NONE_S < value < _MISTAKEN_FOR_MINUTES_S
    return f" ({text}m is minutes)" if is_length and text.isdecimal() else ""


def _written(length: Length) -> str:
    return length_text(length) if length is None or length == NONE_S else exact_duration(length)
