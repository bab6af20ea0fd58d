"""Media keys on Linux: shows the session to the desktop over D-Bus, and takes what headsets and keyboards press."""

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from nbd_tui.keymap import Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.actions import Order
from nbd_tui.session.mpris import BUS_NAME
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.workout.engine import EngineState

LOOK_S: Final[Seconds] = 0.5
"""The session is looked at so often; the desktop is told only what has changed."""
SOON_S: Final[Seconds] = 0.06
"""After a button the next look comes so soon, to show its effect."""
PATIENCE_S: Final[Seconds] = 1.0

ADDRESS: Final = "DBUS_SESSION_BUS_ADDRESS"

log = logging.getLogger(__name__)


class MediaKeys:
    """The session as a player of MPRIS, from `start` to `close` or the end of the workout.

    Its thread, `mpris`, owns the connection and ends with the session that started it. Without a bus (or off Linux)
    nothing happens.
    """

    def __init__(
        self,
        snapshot: Callable[[], SessionSnapshot],
        send: Callable[[Action | Order], None],
        address: str | None = None,
    ) -> None:
        """For one session.

        Args:
            snapshot: Its newest moment; asked by the thread.
            send: Takes what was pressed.
            address: Of the bus; by default the one in the environment.
        """
        self._snapshot = snapshot
        self._send = send
        self._address = os.environ.get(ADDRESS, "") if address is None else address
        self._over = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="mpris", daemon=True)

    def start(self) -> None:
        """From here on."""
        if sys.platform == "linux" and self._address:
            self._thread.start()

    def close(self) -> None:
        """Until here; may be called twice."""
        self._over.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        try:
            from jeepney.io.blocking import open_dbus_connection

            with open_dbus_connection(self._address) as connection:
                self._socket = connection.sock
                self._serve(connection)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            if not self._over.is_set():
                log.info("no media keys: %s: %s", type(error).__name__, error)
        except Exception:  # what a desktop sends must not stop a workout
            log.exception("no media keys any more")

    def _serve(self, connection: Any) -> None:  # noqa: ANN401  jeepney has no types
        from nbd_tui.session.mpris_object import MprisObject, take_name

        if (name := take_name(connection, (BUS_NAME, f"{BUS_NAME}.instance{os.getpid()}"), PATIENCE_S)) is None:
            log.info("no media keys: the bus gives us no name")
            return
        log.info("media keys through %s", name)
        player = MprisObject(self._snapshot, self._send)
        while not self._over.is_set():
            pressed = self._answer_one(connection, player)
            for signal in player.news():
                connection.send(signal)
            if self._snapshot().state is EngineState.FINISHED:
                return
            self._over.wait(SOON_S if pressed else 0)

    @staticmethod
    def _answer_one(connection: Any, player: Any) -> bool:  # noqa: ANN401
        try:
            message = connection.receive(timeout=LOOK_S)
        except TimeoutError:
            return False
        answer, pressed = player.answer(message)
        if answer is not None:
            connection.send(answer)
        return bool(pressed)
