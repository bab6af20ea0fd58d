"""What can go wrong because of what the user gave us.

    NbdError
    ├── UserError          a message for the user: exit code 2, never a traceback
    │   ├── PresetError    a preset file or a preset name
    │   ├── SettingsError  the settings file, a key binding
    │   └── LibraryError   a music folder or file
    ├── DecodeError        one file cannot be heard; the workout goes on without it
    └── OutputError        a sound output cannot start or has stopped; another takes over
"""

from dataclasses import dataclass
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

    def __init__(self, message: str, *, file: Path | None = None, problems: tuple[Problem, ...] = (), hint: str = "") -> None:
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


class DecodeError(NbdError):
    """One audio file that cannot be decoded; the text is the reason."""


class OutputError(NbdError):
    """A sound output that cannot be opened or has stopped; the text is the reason."""
