"""The interrupted sessions as the screens see them: nothing is imported for them before there are any."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nbd_tui.cli.stage import Stage
from nbd_tui.cli.wiring import Program

if TYPE_CHECKING:
    from nbd_tui.session.kept import Interruption
    from nbd_tui.session.studio import Session


@dataclass(frozen=True, slots=True)
class InterruptedOfProgram:
    """See `tui.ports_interrupted.InterruptedSessions`."""

    stage: Stage

    @property
    def program(self) -> Program:
        """Has the journals."""
        return self.stage.program

    @property
    def is_empty(self) -> bool:
        """No journal is there, not even one of a session that runs."""
        with suppress(OSError):
            return not any(self.program.places.journal.iterdir())
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """What else was found."""
        return self.program.journals.notes

    @property
    def now(self) -> datetime:
        """Local time."""
        return self.program.journals.now

    def look(self) -> "tuple[Interruption, ...]":
        """Takes them in hand."""
        return self.program.journals.look()

    def file(self, found: "Interruption") -> None:
        """Keeps one as it is."""
        self.program.journals.file(found)

    def drop(self, found: "Interruption") -> None:
        """Forgets one."""
        self.program.journals.drop(found)

    def resume(self, found: "Interruption") -> "Session":
        """Goes on with one."""
        return self.program.begin(self.stage.studio, found.preset, since=found)
