"""What can go wrong because of what the user gave us.

NbdError
├── UserError          a message for the user: exit code 2, never a traceback
│   ├── PresetError    a preset file or a preset name
│   ├── SettingsError  the settings file, a key binding
│   ├── LibraryError   a music folder or file
│   └── HistoryError   the sessions kept
├── JournalError       the journal of a session tells nothing; it is put aside
│   └── NewerJournalError  … to this version, and is left alone
├── DecodeError        one file cannot be heard; the workout goes on without it
│   └── CircumstanceError  … here and now, through no fault of the file's
└── OutputError        a sound output cannot start or has stopped; another takes over
    └── ServerMuteError  … since the sound server hangs: no other output would do better
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class NbdError(Exception):
    """Base of everything the program raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place in a file of the user's."""

    message: str
    key: str = ""
    """Path of the key, as `blocks.0.phases.2.duration`; empty for the file as a whole."""
    line: int | None = None
    """1-based, only where it is certain."""
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.key}: " if self.key else ""
        line = f"line {self.line}: " if self.line else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{line}{where}{self.message}{hint}"


class UserError(NbdError):
    """A mistake in something the user wrote or named; says where, what and what to do."""

    def __init__(
        self, message: str, *, file: Path | None = None, problems: tuple[Problem, ...] = (), hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.problems = problems
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.file}: {self.message}" if self.file else self.message
        lines = [head, *(f"  {problem}" for problem in self.problems)]
        return "\n".join([*lines, f"  hint: {self.hint}"] if self.hint else lines)


class PresetError(UserError):
    """A preset that cannot be read, or a preset name that is not known."""


class SettingsError(UserError):
    """A settings file that cannot be used."""


class LibraryError(UserError):
    """A music folder, or the database of tracks, that cannot be used."""


class HistoryError(UserError):
    """The sessions kept cannot be read or written now."""


class JournalError(NbdError):
    """The journal of a session that says nothing; the text is the reason."""


class NewerJournalError(JournalError):
    """A journal that a newer nbd-tui has written."""


class DecodeError(NbdError):
    """One audio file that cannot be decoded; the text is the reason."""


class CircumstanceError(DecodeError):
    """A file that cannot be decoded now, through no fault of its own: no libVLC, no space, a drive that is gone."""


class OutputError(NbdError):
    """A sound output that cannot be opened or has stopped; the text is the reason."""


class ServerMuteError(OutputError):
    """The sound server is there and does not answer: no other output would fare better."""


def system_reason(error: Exception) -> str:
    """Why the system refused: its own words, without number and file name."""
    return (error.strerror if isinstance(error, OSError) else "") or str(error)


_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """What the user wrote, for a message: short, on one line, without control characters."""
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else "a huge number"
    if isinstance(value, float):
        return f"{value:g}"
    return (
        "a table" if isinstance(value, dict) else "a list" if isinstance(value, list | tuple) else printable(str(value))
    )


def printable(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """`text` shortened to a part of a line, control characters written as escapes."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return cut if cut.isprintable() else ascii(cut)[1:-1]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was probably meant to be, without regard to case."""
    by_folded = {candidate.casefold(): candidate for candidate in words}
    found = get_close_matches(word[:_LONGEST_SHOWN].casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str], *, otherwise: str) -> str:
    """A hint: the nearest of `words`, or `otherwise` and all of them."""
    choices = list(words)
    if (guess := nearest(word, choices)) is not None:
        return f'did you mean "{guess}"?'
    return f"{otherwise}: {', '.join(choices)}" if choices else ""
