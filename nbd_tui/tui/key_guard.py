"""Keeps one press of a key from counting twice."""

from collections.abc import Callable, Hashable
from typing import Final

from nbd_tui.model.units import Monotonic, Seconds

REPEAT_S: Final[Seconds] = 0.4
"""A second press of the same key within this time is a slip: a held key, a glove, a bouncing keyboard."""


class KeyGuard:
    """Lets a key through unless the same one came through less than `repeat_s` ago.

    A refused press does not start the time anew, so that steady tapping still gets somewhere.
    """

    def __init__(self, clock: Callable[[], Monotonic], repeat_s: Seconds = REPEAT_S) -> None:
        self._clock = clock
        self._repeat_s = repeat_s
        self._passed_at: dict[Hashable, Monotonic] = {}

    def allows(self, key: Hashable) -> bool:
        """Whether this press of `key` counts; if so, it is remembered."""
        now = self._clock()
        passed_at = self._passed_at.get(key)
        if passed_at is not None and now - passed_at < self._repeat_s:
            return False
        self._passed_at[key] = now
        return True
