"""The thread of a session: what is sent before the first bell is neither lost nor turned around."""

import threading

from nbd_tui.keymap import Action
from nbd_tui.session.actions import Order
from nbd_tui.session.runner import Command, Runner


class Conductor:
    """Waits for a sound that never comes."""

    ready = False

    def __init__(self) -> None:
        self.did: list[object] = []
        self.left = threading.Event()

    def prepare(self) -> None:
        """Nothing comes up."""

    def begin(self) -> None:
        self.did.append("begin")

    def turn(self, action: Action | Order | None = None) -> None:
        self.did += [action] if action else []

    def leave(self) -> None:
        self.did.append("leave")
        self.left.set()


def ran(*sent: Action | Command) -> list[object]:
    """What becomes of a burst that is there before the session begins."""
    conductor = Conductor()
    runner = Runner(conductor, lambda: 0.0)
    for one in sent:
        runner.send(one)
    runner.start()
    assert conductor.left.wait(5.0)
    return conductor.did


def test_a_burst_of_keys_is_obeyed_in_its_order() -> None:
    keys = (Action.PAUSE, Action.SKIP, Action.BACK)
    assert ran(*keys, Command.QUIT) == ["begin", *keys, "leave"]


def test_a_session_that_is_ended_before_it_has_begun_says_so() -> None:
    assert ran(Command.QUIT) == ["leave"]
