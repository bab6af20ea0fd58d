"""Parts that are made when they are first asked for, by the screen or by any thread behind it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Once(Generic[Part]):
    """Makes a part once, whichever threads ask for it; `functools.cached_property` and `cache` may make two of it.

    Who asks while it is being made waits for it. The thread that makes it may ask as well, if not for the part itself.
    """

    def __init__(self, make: Callable[[], Part]) -> None:
        """Nothing is made yet; what `make` raises is raised to who asked, and the next one tries again."""
        self._make = make
        self._making = threading.RLock()
        self._made: tuple[Part] | None = None

    @property
    def is_made(self) -> bool:
        """The part is there."""
        return self._made is not None

    def __call__(self) -> Part:
        """The part."""
        if self._made is None:
            with self._making:
                self._made = self._made or (self._make(),)
        return self._made[0]
