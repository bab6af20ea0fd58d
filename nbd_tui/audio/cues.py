"""Cues: short sounds at exact frames, held in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np

from nbd_tui.audio.duck import Interval
from nbd_tui.audio.envelope import scale
from nbd_tui.audio.reader import sanitise
from nbd_tui.audio.score import CueHit, CueMissed, CueSounded, MixerReport
from nbd_tui.audio.source import Samples
from nbd_tui.audio.voice import LOUDEST_DB
from nbd_tui.model.units import Frames, to_gain

DIED_AWAY: Final = 0.1
"""-20 dB of the peak: from there on a ringing bell no longer needs the music to wait."""


ClipLookup: TypeAlias = Callable[[str], Samples | None]
"""The samples of a clip by its path, at once; None where it is not loaded or cannot be."""


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
    heard: Frames
    """From its first frame until it has died away."""

    @property
    def end(self) -> Frames:
        return self.frame + len(self.samples)


class CuePlayer:
    """Sounds the cues of the newest score, each once.

    A cue can be revoked until its first sample is rendered; one that sounds is never cut.

    Args:
        sounds: the cue set by name, full scale at 1.
        reports: what happens is appended here.
        clip_of: finds the clips of cues that are said.
    """

    def __init__(
        self, sounds: Mapping[str, Samples], reports: list[MixerReport], clip_of: ClipLookup = lambda _: None
    ) -> None:
        self._clip_of = clip_of
        self._sounds = {str(name): _clean(samples) for name, samples in sounds.items()}
        self._heard = {name: heard_length(samples) for name, samples in self._sounds.items()}
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
        """Where cues are heard or will be heard, their dying away left out."""
        ringing = [(cue.frame, cue.frame + cue.heard) for cue in self._ringing]
        coming = [(cue.frame, cue.frame + self._heard_length(cue.hit)) for cue in self._coming]
        return ringing + coming

    def render(self, bus: Samples, frame: Frames) -> bool:
        """Adds the frames from `frame` on to the bus; false when no cue sounds in them."""
        self._begin_due(frame + len(bus))
        for cue in self._ringing:
            if cue.frame >= frame + len(bus):
                continue
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
            self._ringing += (
                _Ringing(cue.frame + offset, samples, gain, heard) for offset, samples, heard in self._parts(cue.hit)
            )
            self._reports.append(CueSounded(cue.hit.id, cue.frame))

    def _is_lost(self, hit: CueHit, frame: Frames) -> bool:
        is_late = not hit.snap and frame - hit.frame > hit.grace
        return is_late or not self._is_there(hit)

    def _is_there(self, hit: CueHit) -> bool:
        if not hit.clips:
            return hit.sound in self._sounds
        return all(self._clip_of(clip.path) is not None for clip in hit.clips)

    def _heard_length(self, hit: CueHit) -> Frames:
        """From the first frame until the last part has died away."""
        return max((offset + heard for offset, _, heard in self._parts(hit)), default=0)

    def _parts(self, hit: CueHit) -> Iterator[tuple[Frames, Samples, Frames]]:
        """What a cue is made of: the frames before each part, its samples, and how long it is heard."""
        if not hit.clips:
            yield 0, self._sounds[hit.sound], self._heard[hit.sound]
        offset = 0
        for clip in hit.clips:
            if (samples := self._clip_of(clip.path)) is not None:
                yield offset + clip.gap, samples, len(samples)
                offset += clip.gap + len(samples)


def heard_length(samples: Samples) -> Frames:
    """Frames until a sound has died away to -20 dB of its peak: a bell rings on long after it has said its word."""
    if not len(samples):
        return 0
    level = np.abs(samples).max(axis=1)
    return int(np.flatnonzero(level >= DIED_AWAY * level.max())[-1]) + 1


def _clean(samples: Samples) -> Samples:
    """A copy of our own, float32 and finite."""
    own = np.array(samples, np.float32)
    if len(own):
        sanitise(own)
    return own
