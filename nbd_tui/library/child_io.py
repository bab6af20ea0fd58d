"""The child's end of the pipes to a process that listens to its answers (`probe_child` is the other end).

One JSON object a line: requests on stdin, answers on stdout. `{"ready": true}` comes first; `{"progress": true}` says
now and then that the work gets on.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO, TypeAlias

from nbd_tui.model.units import Seconds

Message: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[], None]

PROGRESS_S: Seconds = 0.5
"""Progress is told no more often."""

_NICENESS = 10


class Parent:
    """Whoever started this process. Made once, at its start; gives it low priority.

    Its thread, `parent-listener`, ends the process with stdin, whatever it is decoding.
    """

    def __init__(self, progress_s: Seconds = PROGRESS_S) -> None:
        self._answers = _keep_output_to_ourselves()
        if hasattr(os, "nice"):
            os.nice(_NICENESS)
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._progress_s = progress_s
        self._told = time.monotonic()
        listener = threading.Thread(
            target=_listen, args=(sys.stdin.buffer, self._requests), name="parent-listener", daemon=True
        )
        listener.start()
        self.send({"ready": True})

    def request(self) -> Message:
        """The next request."""
        return self._requests.get()

    def send(self, message: Message) -> None:
        """Answers."""
        self._answers.write(json.dumps(message).encode() + b"\n")
        self._answers.flush()

    def progress(self) -> None:
        """The work gets on; call it as often as you like."""
        if time.monotonic() - self._told >= self._progress_s:
            self._told = time.monotonic()
            self.send({"progress": True})


def _keep_output_to_ourselves() -> BinaryIO:
    """The stdout we were given, for answers alone: libVLC and its plugins print on descriptors 1 and 2 as they like."""
    answers = os.fdopen(os.dup(1), "wb")  # unbuffered, a long answer may be written in part
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _listen(lines: BinaryIO, requests: "queue.SimpleQueue[Message]") -> None:
    for line in lines:
        requests.put(json.loads(line))
    os._exit(0)
