"""The quickest way to the first screen: Home as it was painted last is shown before the program is loaded."""

import os
import sys
import threading
from codecs import lookup
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TextIO

from nbd_tui.cli.terminal import require_terminal
from nbd_tui.errors import NbdError
from nbd_tui.paths import Places, places
from nbd_tui.store.picture import keep_picture, kept_picture, picture_key
from nbd_tui.store.recall import Files, files_now
from nbd_tui.tui.drawn import DrawnTerminal


@contextmanager
def home_drawn() -> Iterator[DrawnTerminal | None]:
    """Draws Home where its picture holds; the app takes it over, and without one the terminal is given back.

    Yields:
        The terminal; None where nothing is drawn.
    """
    picture = _picture()
    if picture is None:
        yield None
        return
    drawn = DrawnTerminal(_number(sys.__stdin__), _number(sys.__stderr__))
    try:
        with suppress(OSError):  # then the app finds out what is the matter
            drawn.draw(picture)
        yield drawn if drawn.is_drawn else None
    finally:
        drawn.give_back()


def keep_home(where: Places, files: Files | None, picture: str, size: tuple[int, int]) -> None:
    """Keeps what was painted for the next start, in the thread `picture`, which ends with that.

    On Windows nothing is drawn before the app is there (`_is_in_front`): nothing is kept for it either.
    """
    key = None if sys.platform == "win32" else _key(files, size)
    if key is not None:
        threading.Thread(target=partial(keep_picture, where, key, picture), name="picture").start()


def _picture() -> str | None:
    """The one to draw; None where none holds, or none can be drawn."""
    try:
        require_terminal()
        if not _is_in_front():
            return None
        where = places()
        key = _key(files_now(where), _size())
        return None if key is None else kept_picture(where, key)
    except (NbdError, OSError):
        return None


def _key(files: Files | None, size: tuple[int, int]) -> str | None:
    """That of the picture; none in an encoding other than UTF-8, in which `DrawnTerminal` does not write."""
    encoding = sys.__stderr__.encoding if sys.__stderr__ else None
    if files is None or encoding is None or lookup(encoding).name != "utf-8":
        return None
    return picture_key(files, size, os.environ, encoding)


def _size() -> tuple[int, int]:
    """Columns and rows, as Textual asks for them."""
    return os.get_terminal_size(_number(sys.__stdout__))


def _is_in_front() -> bool:
    """A program in the background that changed the terminal's modes would be stopped."""
    if sys.platform == "win32":
        return False
    try:
        return os.tcgetpgrp(_number(sys.__stdin__)) == os.getpgrp()
    except OSError:  # it is not the terminal of this session, and stops nobody
        return True


def _number(stream: TextIO | None) -> int:
    """Its file descriptor.

    Raises:
        OSError: it has none.
    """
    if stream is None:
        raise OSError("no such stream")
    try:
        return stream.fileno()
    except ValueError as error:  # closed
        raise OSError(str(error)) from error
