"""`nbd` and `python -m nbd_tui`."""

import gc
import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Runs the command line; a mistake of the user's is a message and exit code 2."""
    from nbd_tui.errors import NbdError

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would read every installed package's metadata for them
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8, nor the terminal
    try:
        _run(sys.argv[1:])
    except NbdError as error:
        print(f"nbd: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: list[str]) -> None:
    """Opens Home at once where there is nothing to parse: the parser costs a tenth of the way to the first screen."""
    if arguments:
        from nbd_tui.cli.commands import app

        app()
    gc.disable()  # until the first screen stands, see `cli.screen`
    from nbd_tui.cli.screen import run_screen

    sys.exit(run_screen(None, None, None))


if __name__ == "__main__":
    main()
