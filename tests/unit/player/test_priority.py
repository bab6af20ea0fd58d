"""The player asks to be served first, and does without where it must."""

import os
import subprocess
import sys

import pytest

from nbd_tui.player.priority import NICENESS

ASK = "from nbd_tui.player.priority import put_first; put_first(); import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no niceness")
def test_it_is_first_where_it_may_be() -> None:
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert int(told.stdout) in {NICENESS, os.getpriority(os.PRIO_PROCESS, 0)}
