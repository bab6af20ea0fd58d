"""The player before other programs: its work is little, and cannot wait. On Windows `client` starts it so."""

import os
from contextlib import suppress
from typing import Final

NICENESS: Final = -10
"""As sound servers have it."""


def put_first() -> None:
    """Asks the system to serve this process first, where that is allowed; threads started later follow."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
