"""Rings of decoded frames between the files and the mixer: one thread decodes ahead for all voices.

The mixer must never wait for a disk or a decoder. Every voice reads from a ring of one second that the feeder thread
keeps full. The two share no lock: the reader alone moves the place it reads at, the feeder alone the place it has
decoded up to.
"""

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from nbd_tui.audio.score import SourceRef
from nbd_tui.audio.source import Samples
from nbd_tui.media.decode import OpenStream, PcmStream, warm_up
from nbd_tui.media.decode import open_stream as open_file
from nbd_tui.model.units import RATE, Frames

RING: Frames = RATE
"""How far a voice is decoded ahead."""

BLOCK: Frames = RATE // 10
"""What is decoded in one turn: small, so that a slow file does not keep the others waiting."""

_REST_S = 0.1
"""How long the feeder thread sleeps when all rings are full."""

_LEAVING_S = 1.0
"""How long `close` waits for a decoder that hangs; the thread is a daemon and ends with the process."""

log = logging.getLogger(__name__)


class RingSource:
    """A `FrameSource` that never waits: read in one thread (the mixer's), filled in another (the feeder's).

    Places are counted in frames from the in-point. The reader's place may run ahead of the feeder's: what is skipped
    before it was decoded is thrown away as it comes.
    """

    def __init__(self, ref: SourceRef, ring: Frames = RING) -> None:
        self.ref = ref
        self._ring = np.zeros((ring, 2), np.float32)
        self._read: Frames = 0
        self._written: Frames = 0
        self._finished = False
        self._closed = False

    @property
    def ended(self) -> bool:
        """No further frame will come, ever."""
        return self._closed or (self._finished and self._read >= self._written)

    @property
    def ahead(self) -> Frames:
        """Frames ready to be read; negative while what was skipped is still to be decoded."""
        return self._written - self._read

    def read(self, frames: Frames) -> Samples:
        """The next frames, at most `frames`; fewer when no more are ready."""
        count = max(0, min(frames, self.ahead))
        start = self._read % len(self._ring)
        taken = self._ring[start : start + count].copy()
        if len(taken) < count:
            taken = np.concatenate((taken, self._ring[: count - len(taken)]))
        self._read += count
        return taken

    def skip(self, frames: Frames) -> None:
        """Throws away the next `frames` frames, also those not decoded yet."""
        self._read += frames

    def close(self) -> None:
        """Tells the feeder to give the file back."""
        self._closed = True

    @property
    def closed(self) -> bool:
        """For the feeder: nobody reads this any more."""
        return self._closed

    @property
    def size(self) -> Frames:
        """How many frames the ring holds."""
        return len(self._ring)

    @property
    def room(self) -> Frames:
        """For the feeder: how many frames may be written now (or are to be thrown away)."""
        return len(self._ring) - self.ahead

    def begin(self) -> Frames:
        """For the feeder: where to begin decoding, in frames of the file; what was skipped so far is left out."""
        self._written = self._read
        return self.ref.in_point + self._written

    def write(self, samples: Samples) -> None:
        """For the feeder: the next frames of the file, at most `room`."""
        start = self._written % len(self._ring)
        head = min(len(samples), len(self._ring) - start)
        self._ring[start : start + head] = samples[:head]
        self._ring[: len(samples) - head] = samples[head:]
        self._written += len(samples)  # last: the reader trusts the count

    def finish(self) -> None:
        """For the feeder: nothing more will be written."""
        self._finished = True


class _Filling:
    """One ring being filled; used in the feeder thread only."""

    def __init__(self, source: RingSource) -> None:
        self.source = source
        self._stream: PcmStream | None = None
        self._on_the_way = False

    @property
    def hungry(self) -> bool:
        return self._stream is None or self.source.room >= BLOCK

    @property
    def level(self) -> Frames:
        """How full the ring is; counts as half full on a long way to its in-point, for others must not run dry."""
        return max(self.source.ahead, self.source.size // 2 if self._on_the_way else 0)

    def fill(self, open_stream: OpenStream) -> bool:
        """Opens the file, or decodes one block into the ring. False when the file is at its end."""
        if self._stream is None:
            self._stream = open_stream(Path(self.source.ref.path), self.source.begin())
            return True
        samples = self._stream.read(BLOCK)
        if samples is not None:
            self.source.write(samples)
        self._on_the_way = self.source.ahead <= 0
        return samples is not None

    def give_back(self) -> None:
        """Closes the file; the ring keeps what it holds."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class Feeder:
    """Opens the sources of the mixer and keeps their rings full.

    Owned by the player process. Its thread `feeder` starts with it and ends with `close()`. With `threaded` false
    nothing runs by itself, and `fill_once()` has to be called.
    """

    def __init__(self, open_stream: OpenStream = open_file, *, threaded: bool = True, ring: Frames = RING) -> None:
        self._open_stream = open_stream
        self._ring = max(ring, BLOCK)
        self._lock = threading.Lock()
        self._fillings: list[_Filling] = []
        self._standby: dict[SourceRef, RingSource] = {}
        self._failures: list[tuple[str, str]] = []
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True) if threaded else None
        if self._thread:
            self._thread.start()

    def open(self, ref: SourceRef) -> RingSource:
        """The source of a voice, from those on standby if it is there; a new one fills up in the background."""
        with self._lock:
            source = self._standby.pop(ref, None) or self._add(ref)
        self._wake.set()
        return source

    def standby(self, refs: Iterable[SourceRef]) -> None:
        """Keeps exactly these sources opened and filled for a later `open`."""
        wanted = dict.fromkeys(refs)
        with self._lock:
            for ref in [ref for ref in self._standby if ref not in wanted]:
                self._standby.pop(ref).close()
            for ref in wanted:
                if ref not in self._standby:
                    self._standby[ref] = self._add(ref)
        self._wake.set()

    def failures(self) -> list[tuple[str, str]]:
        """The (path, reason) of every file that could not be opened or broke, since the last call."""
        with self._lock:
            failures, self._failures = self._failures, []
        return failures

    def fill_once(self) -> bool:
        """Gives the emptiest ring one block, voices before those on standby. False when there is nothing to do."""
        self._drop_closed()
        filling = self._neediest()
        if filling is None:
            return False
        try:
            more = filling.fill(self._open_stream)
        except Exception as error:  # noqa: BLE001 - the boundary: one broken file must not silence the others
            more = False
            with self._lock:
                self._failures.append((filling.source.ref.path, str(error) or type(error).__name__))
        if not more:
            filling.source.finish()
            self._drop(filling)
        return True

    def close(self) -> None:
        """Gives all files back and ends the thread; may be called twice."""
        self._closing = True
        self._wake.set()
        if self._thread:
            self._thread.join(_LEAVING_S)
        else:
            self._close_all()

    def _run(self) -> None:
        warm_up()
        while not self._closing:
            if not self.fill_once():
                self._wake.wait(_REST_S)
                self._wake.clear()
        self._close_all()

    def _add(self, ref: SourceRef) -> RingSource:
        source = RingSource(ref, self._ring)
        self._fillings.append(_Filling(source))
        return source

    def _neediest(self) -> _Filling | None:
        with self._lock:
            waiting = {id(source) for source in self._standby.values()}
            hungry = [filling for filling in self._fillings if filling.hungry]
        return min(hungry, key=lambda filling: (id(filling.source) in waiting, filling.level), default=None)

    def _drop_closed(self) -> None:
        with self._lock:
            closed = [filling for filling in self._fillings if filling.source.closed]
        for filling in closed:
            self._drop(filling)

    def _drop(self, filling: _Filling) -> None:
        try:
            filling.give_back()
        except Exception:  # a decoder that cannot be closed must not end the one thread that feeds all voices
            log.exception("a source could not be closed")
        with self._lock:
            self._fillings.remove(filling)

    def _close_all(self) -> None:
        with self._lock:
            sources = [*self._standby.values(), *(filling.source for filling in self._fillings)]
            self._standby.clear()
        for source in sources:
            source.close()
        self._drop_closed()
