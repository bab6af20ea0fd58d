"""The probe's child process: decodes whole files, so that one which kills its decoder kills only this.

Run as `python -m nbd_tui.library.probe_worker CACHE_FOLDER`. Reads one JSON object a line from stdin (`{"path": …}`)
and answers each with one on stdout, after a first `{"ready": true}`; while it gets on with a file it says
`{"progress": true}` now and then. Ends when stdin closes, even in mid-file.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.library.fault import Fault
from nbd_tui.media import libvlc
from nbd_tui.media.decode import Survey, decodes_directly, survey
from nbd_tui.media.pcm_cache import PcmCache
from nbd_tui.media.sniff import codec_of
from nbd_tui.media.transcode import transcode, transcoder_version

Message: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[], None]

_NICENESS = 10

_PROGRESS_S = 0.5
"""Progress is told no more often."""


def main() -> None:
    """Answers until stdin closes."""
    answers = _keep_output_to_ourselves()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    cache = PcmCache(Path(sys.argv[1]))
    requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), name="probe-listener", daemon=True).start()
    _send(answers, {"ready": True})
    progress = _seldom(lambda: _send(answers, {"progress": True}))
    while True:
        _send(answers, examine(Path(requests.get()["path"]), cache, progress))


def examine(path: Path, cache: PcmCache, progress: Progress) -> Message:
    """Decodes all of `path`, through the cache where need be; tells what to play, or the reason why nothing can be."""
    try:
        playable, found = _decode(path, cache, progress)
    except DecodeError as error:
        fault = Fault.CIRCUMSTANCES if isinstance(error, CircumstanceError) else Fault.FILE
        return {"path": str(path), "reason": str(error), "fault": fault}
    return {
        "path": str(path),
        "playable": str(playable),
        "frames": found.frames,
        "peak": found.peak,
        "rms_db": found.rms_db,
    }


def _decode(path: Path, cache: PcmCache, progress: Progress) -> tuple[Path, Survey]:
    """The file that can be played, and what its decode told. libVLC is also asked where our own decoder gives up."""
    if not decodes_directly(codec_of(path)):
        return _through_cache(path, cache, progress)
    try:
        return path, survey(path, progress)
    except CircumstanceError:
        raise
    except DecodeError as error:
        try:
            return _through_cache(path, cache, progress)
        except CircumstanceError:
            raise CircumstanceError(str(error)) from None
        except DecodeError:
            raise error from None


def _through_cache(path: Path, cache: PcmCache, progress: Progress) -> tuple[Path, Survey]:
    _require_libvlc(path)
    version = transcoder_version()
    copy = cache.find(path, version)
    if copy is None:
        copy = cache.make(path, version, lambda target: transcode(path, target, progress=progress))
    return copy, survey(copy, progress)


def _require_libvlc(path: Path) -> None:
    """The reason is short enough for a line of the screen: what to do comes first (`nbd doctor` tells all)."""
    if libvlc.why_not():
        kind = path.suffix.removeprefix(".").lower() or "this kind of file"
        raise CircumstanceError(f"{kind} needs libVLC; {libvlc.hint()}")


def _seldom(tell: Progress) -> Progress:
    """Passes on no more than one call per `_PROGRESS_S`."""
    told = time.monotonic()

    def progress() -> None:
        nonlocal told
        if time.monotonic() - told >= _PROGRESS_S:
            told = time.monotonic()
            tell()

    return progress


def _keep_output_to_ourselves() -> BinaryIO:
    """The stdout we were given, for answers alone: libVLC and its plugins print on descriptors 1 and 2 as they like."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _listen(lines: BinaryIO, requests: "queue.SimpleQueue[Message]") -> None:
    """Thread `probe-listener`: hands requests on; the end of stdin ends the process, whatever it is decoding."""
    for line in lines:
        requests.put(json.loads(line))
    os._exit(0)


def _send(answers: BinaryIO, message: Message) -> None:
    answers.write(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
