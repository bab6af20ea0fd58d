"""What the first screen must not wait for."""

import subprocess
import sys


def test_the_screens_load_no_codec_and_no_numbers() -> None:
    code = "import sys, nbd_tui.tui.app; print(sorted({'vlc', 'numpy', 'miniaudio', 'sqlite3'} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"
