"""What the announcer calls a phase: words that are shipped as clips, and labels that only a speech engine can say.

For everything there may be several phrases, the best first; which is said depends on the time there is for it.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment


@dataclass(frozen=True, slots=True)
class Label:
    """The user's own words; said where a speech engine has rendered them."""

    text: str


Word: TypeAlias = str | Label
Phrase: TypeAlias = tuple[Word, ...]

PAUSE: Final = ","
"""A short silence between two words."""

HALFWAY: Final[Phrase] = ("halfway",)
COMPLETE: Final[Phrase] = ("workout-complete",)
PAUSED: Final[Phrase] = ("paused",)
GO: Final[Phrase] = ("go",)

KIND_WORDS: Final[dict[PhaseKind, str]] = {
    PhaseKind.PREPARE: "get-ready",
    PhaseKind.WARM_UP: "warm-up",
    PhaseKind.WORK: "work",
    PhaseKind.REST: "rest",
    PhaseKind.BREAK: "break",
    PhaseKind.COOL_DOWN: "cool-down",
}

NOUNS: Final = ("round", "set", "minute", "station")
"""What labels count."""

HIGHEST: Final = 999
NEXT_FROM_S: Final[Seconds] = 15.0
"""A rest this long begins with what comes after it, so that one can walk there."""

_PART: Final = re.compile(rf"({'|'.join(NOUNS)})\s+([0-9]{{1,3}})(?:\s*(?:of|/)\s*([0-9]{{1,3}}))?", re.IGNORECASE)
_ONES: Final = 30
"""Numbers up to this one have a clip each."""


@dataclass(frozen=True, slots=True)
class _Count:
    """`Round 2 of 5`."""

    noun: str
    number: int
    total: int | None

    @property
    def words(self) -> Phrase:
        is_last = self.number == self.total and self.number > 1
        if is_last:
            return ("last-round",) if self.noun == "round" else ("last", self.noun)
        return (self.noun, *number_words(self.number))


def clip_words() -> frozenset[str]:
    """Every word there must be a clip of."""
    numbers = {word for number in range(1, HIGHEST + 1) for word in number_words(number)}
    fixed = {*KIND_WORDS.values(), *HALFWAY, *COMPLETE, *PAUSED, *GO, "last", "last-round", "next", "seconds"}
    return frozenset(map(str, numbers | fixed | set(NOUNS)))


def number_words(number: int) -> tuple[str, ...]:
    """A number in clips, 1 to `HIGHEST`: 45 is `40`, `5`; nothing for others."""
    if not 1 <= number <= HIGHEST:
        return ()
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = (str(rest),) if rest <= _ONES else (str(10 * tens), *((str(ones),) if ones else ()))
    return (*((str(hundreds), "hundred") if hundreds else ()), *(said if rest else ()))


def seconds_left(seconds: Seconds) -> Phrase:
    """`10`, `seconds`; nothing for a part of a second or fewer than two."""
    whole = round(seconds)
    return (*number_words(whole), "seconds") if whole == seconds and whole >= 2 else ()


def names(segment: Segment, *, labels: bool) -> tuple[Phrase, ...]:
    """What a phase is called: its count, its label where labels are said, or its kind."""
    counts = _counts(segment)
    own = Label(segment.label) if labels and _is_own(segment) and not _counted(segment) else None
    if segment.kind is not PhaseKind.WORK:
        return ((own,), (KIND_WORDS[segment.kind],)) if own else ((KIND_WORDS[segment.kind],),)
    counted = _phrases(counts) if counts else ((KIND_WORDS[PhaseKind.WORK],),)
    if own is None:
        return counted
    outer = counts[0].words if len(counts) > 1 and counts[-1].number == 1 else ()
    return (*(((*outer, PAUSE, own),) if outer else ()), (own,), *counted)


def names_at_start(segment: Segment, following: Segment | None, *, labels: bool) -> tuple[Phrase, ...]:
    """What is said as a phase begins; in a longer rest also what exercise comes next."""
    own = names(segment, labels=labels)
    if segment.kind not in {PhaseKind.REST, PhaseKind.BREAK} or following is None or following.kind != PhaseKind.WORK:
        return own
    if segment.duration_s is not None and segment.duration_s < NEXT_FROM_S:
        return own
    label = names(following, labels=labels)[0][-1]
    if len(own) > 1 or not isinstance(label, Label):
        return own
    return ((*own[0], PAUSE, "next", label), *own)


def labels_of(phrases: tuple[Phrase, ...]) -> frozenset[str]:
    """The texts of all labels in them."""
    return frozenset(word.text for phrase in phrases for word in phrase if isinstance(word, Label))


def _phrases(counts: tuple[_Count, ...]) -> tuple[Phrase, ...]:
    """The count that moves; at its first also the one around it ("set two, round one")."""
    inner = counts[-1]
    if len(counts) == 1 or inner.number != 1:
        return (inner.words,)
    outer = counts[-2].words
    return ((*outer, PAUSE, *inner.words), outer)


def _counts(segment: Segment) -> tuple[_Count, ...]:
    """The counts of a work phase: those of its label, or else set and round."""
    if counted := _counted(segment):
        return counted
    within = _Count("round", segment.round or 1, segment.rounds) if (segment.rounds or 0) > 1 else None
    around = _Count("set", segment.set or 1, segment.sets) if (segment.sets or 0) > 1 else None
    return tuple(count for count in (around, within) if count)


def _counted(segment: Segment) -> tuple[_Count, ...]:
    """The counts a label consists of; nothing where there is anything else in it."""
    found = [_PART.fullmatch(part.strip()) for part in segment.label.split(",")]
    counts = [_count(match, segment) for match in found if match]
    return tuple(counts) if len(counts) == len(found) and all(count.number for count in counts) else ()


def _count(match: re.Match[str], segment: Segment) -> _Count:
    number = int(match[2])
    total = int(match[3]) if match[3] else segment.rounds if number == segment.round else None
    return _Count(match[1].lower(), number, total)


def _is_own(segment: Segment) -> bool:
    """Whether the label says more than the kind does."""
    plain = "".join(filter(str.isalnum, segment.label.casefold()))
    words = (segment.kind.value, KIND_WORDS[segment.kind])
    return plain not in {"", *("".join(filter(str.isalnum, word)) for word in words)}
