"""Stand-ins for the parts of a player: a mixer that numbers its frames, outputs and threads run by hand."""

from collections.abc import Callable, Iterable

import numpy as np

from nbd_tui.audio.score import Levels, MixerReport, Score, SourceRef
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.errors import OutputError
from nbd_tui.media.output.base import ClockPair, Render
from nbd_tui.media.output.choose import Attach, Opened
from nbd_tui.model.units import RATE, Frames, Monotonic


class CountingMixer:
    """Frame n of the axis has the value n (in float32, so exact up to 16 million)."""

    def __init__(self, frame: Frames = 0) -> None:
        self.frame = frame
        self.underruns = 0
        self.scores: list[Score] = []
        self.levels: list[Levels] = []
        self.reports: list[MixerReport] = []
        self.jumps: list[Frames] = []
        self.broken = False
        self.closed = False
        self.is_quiet = False
        """Its samples are silence instead."""
        self._fades_until: Frames | None = None

    @property
    def delivered(self) -> Frames:
        return self.frame

    @property
    def faded_out(self) -> bool:
        return self._fades_until is not None and self.frame >= self._fades_until

    def render(self, frames: Frames) -> Samples:
        if self.broken:
            raise RuntimeError("a defect")
        numbers = np.arange(self.frame, self.frame + frames, dtype=np.float32)
        self.frame += frames
        if self.is_quiet:
            return np.zeros((frames, 2), np.float32)
        return np.repeat(numbers[:, None], 2, axis=1)

    def jump(self, frame: Frames) -> None:
        self.jumps.append(frame)
        self.frame = max(self.frame, frame)

    def set_score(self, score: Score) -> None:
        self.scores.append(score)

    def set_levels(self, levels: Levels) -> None:
        self.levels.append(levels)

    def fade_out(self, frames: Frames) -> None:
        self._fades_until = self.frame + frames

    def drain_reports(self) -> list[MixerReport]:
        drained, self.reports = self.reports, []
        return drained

    def close(self) -> None:
        self.closed = True


class Time:
    """A clock set by hand."""

    def __init__(self, now: Monotonic = 100.0) -> None:
        self.now = now

    def __call__(self) -> Monotonic:
        return self.now


class HandOutput:
    """An output that plays when told to: a frame is heard `latency` after it was asked for."""

    def __init__(self, name: str, time: Time, latency: float = 0.1) -> None:
        self.name = name
        self.heard: list[tuple[float, Samples]] = []
        """(when the block is heard, the block)"""
        self.trouble: str | None = None
        self.closed = False
        self._time = time
        self._latency = latency
        self._frame: Frames = 0
        self._pair: ClockPair | None = None
        self._render: Render | None = None

    def open(self, render: Render) -> None:
        self._render = render
        self._pair = ClockPair(0, self._time.now + self._latency)

    def play(self, frames: Frames) -> Samples:
        assert self._render is not None
        block = self._render(frames)
        assert block.shape == (frames, 2)
        at = self._time.now + self._latency
        self._pair = ClockPair(self._frame, at)
        self._frame += frames
        self.heard.append((at, block))
        return block

    def clock(self) -> ClockPair | None:
        return self._pair

    def failure(self) -> str | None:
        return self.trouble

    def close(self) -> None:
        self.closed = True


class Workshop:
    """Opens outputs on request, and runs the keeper's threads when told to."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.silences: list[HandOutput] = []
        self.wanted: list[HandOutput] = []
        self.refusal = ""
        self.reason = ""
        self.best = "vlc"
        self.better_than: list[str] = []
        """What was asked for in each attempt."""
        self.jobs: list[tuple[str, Callable[[], None]]] = []

    def open_silence(self) -> HandOutput:
        self.silences.append(HandOutput("silent", self.time, latency=0.0))
        return self.silences[-1]

    def open_wanted(self, attach: Attach, better_than: str = "") -> Opened:
        self.better_than.append(better_than)
        if self.refusal:
            raise OutputError(self.refusal)
        self.wanted.append(HandOutput(self.best, self.time, latency=0.15))
        attach(self.wanted[-1])
        return Opened(self.wanted[-1], self.reason)

    def start(self, job: Callable[[], None], name: str) -> None:
        self.jobs.append((name, job))

    def run_jobs(self) -> list[str]:
        jobs, self.jobs = self.jobs, []
        for _, job in jobs:
            job()
        return [name for name, _ in jobs]


class FakeFeeder:
    """Notes what is on standby."""

    def __init__(self) -> None:
        self.on_standby: list[tuple[SourceRef, ...]] = []
        self.failed: list[tuple[str, str]] = []
        self.closed = False

    def open(self, ref: SourceRef) -> FrameSource:
        raise NotImplementedError

    def standby(self, refs: Iterable[SourceRef]) -> None:
        self.on_standby.append(tuple(refs))

    def failures(self) -> list[tuple[str, str]]:
        failed, self.failed = self.failed, []
        return failed

    def close(self) -> None:
        self.closed = True


def axis_frame(start: ClockPair, at: Monotonic) -> Frames:
    """The frame of the session's axis that is due at `at`."""
    return start.frame + round((at - start.at) * RATE)
