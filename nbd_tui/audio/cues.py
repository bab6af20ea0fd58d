"""Cues: short sounds at exact frames, held in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nbd_tui.audio.duck import Interval
from nbd_tui.audio.envelope import scale
from nbd_tui.audio.reader import sanitise
from nbd_tui.audio.score import CueHit, CueMissed, CueSounded, MixerReport
from nbd_tui.audio.source import Samples
from nbd_tui.audio.voice import LOUDEST_DB
from nbd_tui.model.units import Frames, to_gain


class CueSound(StrEnum):
    """The sounds of a complete cue set."""

    BELL_SINGLE = "bell-single"
    BELL_TRIPLE = "bell-triple"
    PHASE = "phase"
    CLAPPER = "clapper"
    BEEP = "beep"
    BEEP_HIGH = "beep-high"
    """The last of a countdown."""
    HALFWAY = "halfway"
    FINISH = "finish"


def missing_sounds(sounds: Mapping[str, Samples]) -> tuple[CueSound, ...]:
    """The sounds a cue set lacks; cues that name them are reported as missed."""
    return tuple(sound for sound in CueSound if not len(sounds.get(sound, ())))


@dataclass(frozen=True, slots=True)
class _Coming:
    hit: CueHit
    frame: Frames
    """Where it is to sound; later than the hit's own frame when it came late."""


@dataclass(frozen=True, slots=True)
class _Ringing:
    frame: Frames
    samples: Samples
    gain: float

    @property
    def end(self) -> Frames:
        return self.frame + len(self.samples)


class CuePlayer:
    """Sounds the cues of the newest score, each once.

    A cue can be revoked until its first sample is rendered; one that sounds is never cut.

    Args:
        sounds: the cue set by name, full scale at 1.
        reports: what happens is appended here.
    """

    def __init__(self, sounds: Mapping[str, Samples], reports: list[MixerReport]) -> None:
        self._sounds = {str(name): _clean(samples) for name, samples in sounds.items()}
        self._reports = reports
        self._coming: list[_Coming] = []
        self._ringing: list[_Ringing] = []
        self._done: set[str] = set()

    def set_hits(self, hits: Iterable[CueHit], frame: Frames) -> None:
        """Replaces all cues that have not begun; `frame` is the first not rendered yet."""
        wanted = {hit.id: hit for hit in reversed(tuple(hits)) if hit.id not in self._done}
        self._coming = [_Coming(hit, hit.frame) for hit in wanted.values()]
        self.settle(frame)

    def settle(self, frame: Frames) -> None:
        """Moves late cues to `frame`, the first not rendered yet, or drops them when they are beyond their grace."""
        missed = [cue for cue in self._coming if self._is_lost(cue.hit, frame)]
        for cue in missed:
            self._done.add(cue.hit.id)
            self._reports.append(CueMissed(cue.hit.id, cue.hit.frame))
        kept = (cue for cue in self._coming if cue.hit.id not in self._done)
        placed = (replace(cue, frame=frame if cue.hit.snap else max(frame, cue.hit.frame)) for cue in kept)
        self._coming = sorted(placed, key=lambda cue: cue.frame)

    def intervals(self) -> list[Interval]:
        """Where cues sound or will sound."""
        ringing = [(cue.frame, cue.end) for cue in self._ringing]
        coming = [(cue.frame, cue.frame + len(self._sounds[cue.hit.sound])) for cue in self._coming]
        return ringing + coming

    def render(self, bus: Samples, frame: Frames) -> bool:
        """Adds the frames from `frame` on to the bus; false when no cue sounds in them."""
        self._begin_due(frame + len(bus))
        for cue in self._ringing:
            first = max(frame, cue.frame)
            part = cue.samples[first - cue.frame : frame + len(bus) - cue.frame].copy()
            scale(part, cue.gain)
            bus[first - frame : first - frame + len(part)] += part
        sounded = bool(self._ringing)
        self._ringing = [cue for cue in self._ringing if cue.end > frame + len(bus)]
        return sounded

    def _begin_due(self, end: Frames) -> None:
        while self._coming and self._coming[0].frame < end:
            cue = self._coming.pop(0)
            self._done.add(cue.hit.id)
            gain = to_gain(min(cue.hit.gain_db, LOUDEST_DB))
            self._ringing.append(_Ringing(cue.frame, self._sounds[cue.hit.sound], gain))
            self._reports.append(CueSounded(cue.hit.id, cue.frame))

    def _is_lost(self, hit: CueHit, frame: Frames) -> bool:
        is_late = not hit.snap and frame - hit.frame > hit.grace
        return is_late or hit.sound not in self._sounds


def _clean(samples: Samples) -> Samples:
    """A copy of our own, float32 and finite."""
    own = np.array(samples, np.float32)
    if len(own):
        sanitise(own)
    return own
