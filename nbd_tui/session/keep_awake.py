"""Keeps the display awake while a workout runs."""

import logging
from contextlib import ExitStack

log = logging.getLogger(__name__)


class KeepAwake:
    """Asks the system not to dim or sleep, through wakepy; where that cannot be had, the workout runs all the same."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._stack = ExitStack()

    def hold(self) -> None:
        """From here on."""
        if not self._wanted:
            return
        try:
            from wakepy import keep

            mode = self._stack.enter_context(keep.presenting(on_fail="pass"))
            log.info("keeping the display awake: %s", "yes" if mode.active else "not possible here")
        except Exception:  # a library that talks to many desktops must not stop a workout
            log.exception("keeping the display awake failed")

    def release(self) -> None:
        """Until here; may be called twice."""
        try:
            self._stack.close()
        except Exception:  # as above
            log.exception("releasing the display failed")
