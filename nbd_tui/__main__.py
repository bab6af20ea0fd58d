"""`nbd` and `python -m nbd_tui`."""

import gc
import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Runs the command line; ctrl+c ends it at once and quietly, also while it is being imported."""
    try:
        _main()
    except KeyboardInterrupt:
        sys.exit(130)


def _main() -> None:
    """A mistake of the user's is a message and exit code 2."""
    from nbd_tui.errors import NbdError

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would read every installed package's metadata for them
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8, nor the terminal
    try:
        _run(sys.argv[1:])
    except NbdError as error:
        print(f"nbd: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # what nobody thought of: a full disk, a folder that may not be entered
        sys.exit(_told(error))


def _open_what_is_closed() -> None:
    """Standard streams that were closed lead nowhere: the next file to be opened would take their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (for the whole process)


def _told(error: OSError) -> int:
    """Says what went wrong with which file; the exit code. What was to be printed and could not be is dropped."""
    import logging

    from nbd_tui.errors import system_reason

    if (log := logging.getLogger("nbd_tui")).hasHandlers():
        log.error("ended by", exc_info=error)
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (as above)
    where = f"{error.filename}: " if error.filename else ""
    print(f"nbd: {where}{system_reason(error).lower()}", file=sys.stderr)
    return 1


def _run(arguments: list[str]) -> None:
    """Opens Home at once where there is nothing to parse: the parser costs a tenth of the way to the first screen."""
    if arguments:
        from nbd_tui.cli.commands import app

        app()
    gc.disable()  # until the first screen stands, see `cli.screen`
    from nbd_tui.cli.first_picture import home_drawn

    with home_drawn() as drawn:
        from nbd_tui.cli.screen import run_home

        sys.exit(run_home(None, None, drawn))


if __name__ == "__main__":
    main()
