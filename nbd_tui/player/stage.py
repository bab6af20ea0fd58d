"""Between the mixer and the outputs: which output hears the mix, and where on the session's frame axis it is."""

import logging
import threading
from typing import Final, Protocol

import numpy as np

from nbd_tui.audio.score import Levels, MixerReport, Score
from nbd_tui.audio.source import Samples
from nbd_tui.media.output.base import ClockPair, Output
from nbd_tui.model.units import RATE, Frames, Monotonic

log = logging.getLogger(__name__)

IDLE: Final[Frames] = 3 * RATE
"""Silence of this length is no pause between two sounds."""

SILENT: Final = 1e-4
"""What peaks below this is not heard."""


class MixerPort(Protocol):
    """What is needed of `audio.mixer.Mixer`."""

    @property
    def frame(self) -> Frames: ...  # noqa: D102 - described there
    @property
    def delivered(self) -> Frames: ...  # noqa: D102
    @property
    def underruns(self) -> int: ...  # noqa: D102
    @property
    def faded_out(self) -> bool: ...  # noqa: D102
    def set_score(self, score: Score) -> None: ...  # noqa: D102
    def set_levels(self, levels: Levels) -> None: ...  # noqa: D102
    def render(self, frames: Frames) -> Samples: ...  # noqa: D102
    def jump(self, frame: Frames) -> None: ...  # noqa: D102
    def fade_out(self, frames: Frames) -> None: ...  # noqa: D102
    def drain_reports(self) -> list[MixerReport]: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Gate:
    """One output's way to the mix: silence until `Stage.give_to` names it, and silence again once another is named."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self.rendered: Frames = 0
        """Frames the output has taken, silence included."""

    def __call__(self, frames: Frames) -> Samples:
        """The output's `render`."""
        return self._stage.render_for(self, frames)


class Stage:
    """The mixer under one short lock, and the session's frame axis.

    Every output counts its own frames from 0; the stage lays them on the axis such that what is heard goes on as if
    nothing had happened: the new output's next frame gets the axis frame that is due when it will be heard. Frames of
    the axis that fall between two outputs are skipped, and none comes twice.
    """

    def __init__(self, mixer: MixerPort, start: ClockPair) -> None:
        self._lock = threading.Lock()
        self._mixer = mixer
        self._axis = start
        self._live: Gate | None = None
        self._shift: Frames = 0
        self._padding: Frames = 0
        self._peak = 0.0
        self._score = Score()
        self._sounded_to: Frames = start.frame - IDLE
        self.broken = False
        """Whether the mixer has raised: the process cannot go on."""

    def new_gate(self) -> Gate:
        """A way to the mix for an output about to be opened."""
        return Gate(self)

    def give_to(self, gate: Gate, output: Output, now: Monotonic) -> None:
        """From its next block on, `output` (opened on `gate`) hears the mix, and no other does."""
        with self._lock:
            pair = output.clock() or ClockPair(gate.rendered, now)
            heard_at = pair.at + (gate.rendered - pair.frame) / RATE
            due = self._axis.frame + round((heard_at - self._axis.at) * RATE)
            self._padding = max(0, self._mixer.delivered - due)
            if self._padding == 0:
                self._mixer.jump(due)
                due = self._mixer.delivered
            self._shift = due - gate.rendered
            self._live = gate

    def take_away(self) -> None:
        """No output hears the mix; it stands still until the next is named."""
        with self._lock:
            self._live = None

    def heard(self, output: Output) -> ClockPair | None:
        """The live output's newest pair on the session's axis, which follows it."""
        pair = output.clock()
        if pair is None:
            return None
        self._axis = ClockPair(pair.frame + self._shift, pair.at)
        return self._axis

    def render_for(self, gate: Gate, frames: Frames) -> Samples:
        """The next frames for the output behind `gate`."""
        with self._lock:
            gate.rendered += frames
            if gate is not self._live or self.broken:
                return np.zeros((frames, 2), np.float32)
            return self._render(frames)

    def set_score(self, score: Score) -> None:
        """Replaces everything not rendered yet."""
        with self._lock:
            self._score = score
            self._mixer.set_score(score)

    def set_levels(self, levels: Levels) -> None:
        """New volumes."""
        with self._lock:
            self._mixer.set_levels(levels)

    def fade_out(self, frames: Frames) -> None:
        """To silence, for good."""
        with self._lock:
            self._mixer.fade_out(frames)

    @property
    def faded_out(self) -> bool:
        """Whether the end of the fade was given to the output."""
        return self._mixer.faded_out

    @property
    def frame(self) -> Frames:
        """The first frame of the axis that is not rendered yet."""
        return self._mixer.frame

    @property
    def underruns(self) -> int:
        """Voices that had to wait, since the start."""
        return self._mixer.underruns

    @property
    def is_idle(self) -> bool:
        """Nothing has been heard for a while, and nothing is to come."""
        with self._lock:
            frame = self._mixer.frame
            return frame - self._sounded_to >= IDLE and self._score.is_over(frame)

    def take_peak(self) -> float:
        """The largest sample since the last call."""
        peak, self._peak = self._peak, 0.0
        return peak

    def drain_reports(self) -> list[MixerReport]:
        """What the mixer has to tell."""
        with self._lock:
            return self._mixer.drain_reports()

    def close(self) -> None:
        """Gives up all sources."""
        with self._lock:
            self._live = None
            self._mixer.close()

    def _render(self, frames: Frames) -> Samples:
        padding = min(frames, self._padding)
        self._padding -= padding
        try:
            mixed = self._mixer.render(frames - padding)
        except Exception:  # the boundary: an output's thread must not die of it in silence
            log.exception("the mixer failed")
            self.broken = True
            return np.zeros((frames, 2), np.float32)
        peak = float(np.abs(mixed).max(initial=0.0))
        self._peak = max(self._peak, peak)
        if peak > SILENT:
            self._sounded_to = self._mixer.frame
        return np.concatenate((np.zeros((padding, 2), np.float32), mixed)) if padding else mixed
