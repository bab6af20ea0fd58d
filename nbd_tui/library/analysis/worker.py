"""The child process of the analysis: a file that kills its decoder kills only this.

Run as `python -m nbd_tui.library.analysis.worker CACHE_FOLDER SCRATCH_FOLDER`; see `child_io`. A file is asked for
twice, so that it is decoded once whether or not its sound is known: `{"path": …}` is answered by `{"head": …}`, and
`{"known": [lengths]}` (of the sounds that begin so) by `{"frames": …}` where it is one of those, with `"hearing"` where
it was listened to. In place of either answer may come `{"reason": …, "fault": …}`.
"""

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.library.analysis.listen import listen
from nbd_tui.library.child_io import PROGRESS_S, Message, Parent, Progress
from nbd_tui.library.fault import Fault
from nbd_tui.library.hearing_message import as_message
from nbd_tui.library.intake import Intake, open_intake
from nbd_tui.library.probe_worker import told
from nbd_tui.media.pcm_cache import PcmCache
from nbd_tui.model.units import Seconds

_HEARTBEAT_S: Final[Seconds] = 2 * PROGRESS_S


def main() -> None:
    """Answers until stdin closes."""
    parent = Parent()
    cache, scratch = PcmCache(Path(sys.argv[1])), Path(sys.argv[2])
    while True:
        parent.send(attend(Path(parent.request()["path"]), cache, scratch, parent))


def attend(path: Path, cache: PcmCache, scratch: Path, parent: Parent) -> Message:
    """Decodes a file, asks whether its sound is known, listens to it if not; the last answer."""
    try:
        with closing(open_intake(path, cache, scratch, parent.progress)) as intake:
            parent.send({"head": intake.head.hex()})
            return _hear(intake, parent.request()["known"], parent.progress)
    except DecodeError as error:
        return told(error)
    except Exception as error:  # noqa: BLE001 (the edge of the process: the parent keeps the reason)
        return {"reason": f"the analysis failed ({type(error).__name__}: {error})", "fault": Fault.FILE}


def _hear(intake: Intake, known: list[int], progress: Progress) -> Message:
    if known and (frames := intake.measure()) in known:
        return {"frames": frames}
    chunks = intake.again() if known else intake.chunks()
    with _Heart(progress) as heart:
        hearing = listen(heart.after(chunks))
    return {"frames": intake.frames, "hearing": as_message(hearing)}


class _Heart:
    """Tells progress while a decoded file is thought about, which the chunks do until then.

    Its thread, `analysis-heart`, begins with the last chunk and ends with the `with`.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="analysis-heart", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def after(self, chunks: Iterable[Samples]) -> Iterator[Samples]:
        """The chunks, and then the beat."""
        yield from chunks
        self._thread.start()

    def _beat(self) -> None:
        while not self._over.wait(_HEARTBEAT_S):
            self._progress()


if __name__ == "__main__":
    main()
