"""Keeps the display awake while a workout runs."""

import logging
import threading

from nbd_tui.model.units import Seconds

PATIENCE_S: Seconds = 1.0

log = logging.getLogger(__name__)


class KeepAwake:
    """Asks the system not to dim or sleep, through wakepy; where that cannot be had, the workout runs all the same.

    Its thread, `keep-awake`, lives from `hold` to `release`: wakepy wants to be left in the context it was entered in.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keep-awake", daemon=True)

    def hold(self) -> None:
        """From here on."""
        if self._wanted:
            self._thread.start()

    def release(self) -> None:
        """Until here; may be called twice."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        try:
            from wakepy import keep

            with keep.presenting(on_fail="pass") as mode:
                log.info("keeping the display awake: %s", "yes" if mode.active else "not possible here")
                self._over.wait()
        except Exception:  # a library that talks to many desktops must not stop a workout
            log.exception("keeping the display awake failed")
