"""The player before other programs: its work is little, and cannot wait."""

import os
import sys
from contextlib import suppress
from typing import Final

NICENESS: Final = -10
"""As sound servers have it."""

ABOVE_NORMAL: Final = 0x8000
"""`ABOVE_NORMAL_PRIORITY_CLASS`."""


def put_first() -> None:
    """Asks the system to serve this process first, where that is allowed; threads started later follow."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), ABOVE_NORMAL)
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
