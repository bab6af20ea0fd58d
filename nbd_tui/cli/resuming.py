"""`nbd resume`: goes on with a session that was interrupted, files it, or drops it."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from nbd_tui.cli.checks import check_music
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import UserError

if TYPE_CHECKING:
    from nbd_tui.session.kept import Interruption


def resume_plain(music: Path | None, output: str | None, *, as_json: bool) -> int:
    """Goes on with the newest one without a screen, paused at first; returns as `run_plain`."""
    from nbd_tui.cli.plain import play

    with ExitStack() as stack:
        program = Program(stack)
        if music is not None:
            check_music(music)
        found = newest(program)
        return play(program, stack, found.preset, music, output, as_json=as_json, since=found)


def file_interrupted() -> int:
    """Keeps the newest one as it is."""
    with ExitStack() as stack:
        program = Program(stack)
        found = newest(program)
        program.journals.file(found)
        return _told("kept as it is", found, program)


def drop_interrupted() -> int:
    """Forgets the newest one."""
    with ExitStack() as stack:
        program = Program(stack)
        found = newest(program)
        program.journals.drop(found)
        return _told("forgotten", found, program)


def newest(program: Program) -> "Interruption":
    """The session that was interrupted last.

    Raises:
        UserError: there is none.
    """
    found = program.journals.look()
    if not found:
        raise UserError("no session was interrupted", hint="; ".join(program.journals.notes))
    return found[0]


def _told(what: str, found: "Interruption", program: Program) -> int:
    from nbd_tui.cli.plain import printable

    print(printable(f"{what}: {found.in_a_line(program.journals.now)}"))
    return 0
