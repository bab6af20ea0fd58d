"""Imports what is needed behind the first screen, in a thread: keys are answered meanwhile."""

import threading
from collections.abc import Callable
from contextlib import suppress


def import_screens() -> None:
    """Those that are sure to be asked for."""
    import nbd_tui.tui.screens.help
    import nbd_tui.tui.screens.history
    import nbd_tui.tui.screens.plan
    import nbd_tui.tui.screens.summary
    import nbd_tui.tui.screens.workout  # noqa: F401


def load_behind(load: Callable[[], object], done: Callable[[], object]) -> None:
    """Imports in the thread `loader`, which ends with that; what cannot be imported is told by who needs it.

    Args:
        load: imports.
        done: called from the thread at the end.
    """

    def run() -> None:
        with suppress(Exception):  # the edge of a thread
            load()
        with suppress(RuntimeError):  # the app has ended meanwhile
            done()

    threading.Thread(target=run, name="loader").start()
