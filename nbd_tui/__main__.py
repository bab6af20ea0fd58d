"""`nbd` and `python -m nbd_tui`."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Runs the command line; a mistake of the user's is a message and exit code 2."""
    from nbd_tui.cli import app
    from nbd_tui.errors import NbdError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8, nor the terminal
    try:
        app()
    except NbdError as error:
        print(f"nbd: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
