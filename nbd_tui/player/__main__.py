"""`python -m nbd_tui.player [--log FILE]`: started by the app, see `client`. `--modules` prints what it imports."""

import faulthandler
import gc
import logging
import os
import sys
from pathlib import Path
from typing import BinaryIO

from nbd_tui.player.priority import put_first
from nbd_tui.player.process import serve

LOG_LIMIT = 1_000_000


def main(arguments: list[str]) -> int:
    """Runs the player; returns its exit code."""
    if "--modules" in arguments:
        print("\n".join(sorted(sys.modules)), flush=True)  # the process ends without flushing
        return 0
    stdin, stdout = _take_pipes()
    if "--log" in arguments:
        _log_to(Path(arguments[arguments.index("--log") + 1]))
    put_first()
    gc.collect()
    gc.freeze()
    try:
        return serve(stdin, stdout)
    except Exception:  # the boundary: the app starts another player
        logging.getLogger(__name__).exception("the player failed")
        return 1


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our ends of the pipes. What libVLC, ALSA and others print to file descriptors 1 and 2 goes nowhere instead."""
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return stdin, stdout


def _log_to(file: Path) -> None:
    """Log and crashes go to `file`; one of the last runs is kept beside it once it has grown."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_LIMIT:
            file.replace(file.with_name(file.name + ".1"))
        stream = file.open("a", encoding="utf-8")
    except OSError:
        return
    handler = logging.StreamHandler(stream)
    logging.basicConfig(level=logging.INFO, handlers=[handler], format="%(asctime)s player %(levelname)s %(message)s")
    faulthandler.enable(stream)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    logging.shutdown()
    os._exit(code)  # a sound library that hangs in its thread must not keep the process
