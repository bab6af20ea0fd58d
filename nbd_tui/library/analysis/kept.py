"""Rows of numbers that keep coming, in one array."""

from typing import Final

import numpy as np
import numpy.typing as npt

_FIRST: Final = 1024


class Kept:
    """A growing float32 array (rows, columns).

    It grows in place by a quarter at a time: pieces joined at the end would need twice the memory.
    """

    def __init__(self, columns: int) -> None:
        self._array = np.zeros((_FIRST, columns), np.float32)
        self._count = 0

    def add(self, rows: npt.NDArray[np.float32]) -> None:
        """Keeps a copy of `rows`, (any number, columns)."""
        end = self._count + len(rows)
        if end > len(self._array):
            self._array.resize((end + end // 4, self._array.shape[1]), refcheck=False)
        self._array[self._count : end] = rows
        self._count = end

    def finish(self, most: int | None = None) -> npt.NDArray[np.float32]:
        """The rows, the first `most` of them; nothing may be added afterwards."""
        count = self._count if most is None else min(most, self._count)
        self._array.resize((count, self._array.shape[1]), refcheck=False)
        return self._array
