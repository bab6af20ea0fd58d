"""Which sound a cue is, and how it enters the score."""

from collections.abc import Callable, Iterable
from typing import Final

from nbd_tui.audio.score import CueHit
from nbd_tui.model.units import Frames, Monotonic
from nbd_tui.workout.engine import DueCue
from nbd_tui.workout.events import CueDue
from nbd_tui.workout.timeline import CueKind

SOUND_OF: Final[dict[CueKind, str]] = {
    CueKind.ROUND_START: "bell-single",
    CueKind.ROUND_END: "bell-triple",
    CueKind.PHASE_START: "phase",
    CueKind.CLAPPER: "clapper",
    CueKind.COUNTDOWN: "beep",
    CueKind.HALFWAY: "halfway",
    CueKind.FINISH: "finish",
}


def scheduled(cues: Iterable[DueCue | CueDue], frame_at: Callable[[Monotonic], Frames]) -> tuple[CueHit, ...]:
    """Cues whose time is known, each at the frame heard at that time."""
    return tuple(CueHit(cue.key, SOUND_OF[cue.cue.kind], frame_at(cue.at)) for cue in cues)


def at_once(cues: Iterable[CueDue], frame: Frames) -> tuple[CueHit, ...]:
    """Cues a key has caused: heard as soon as the output can."""
    return tuple(CueHit(cue.key, SOUND_OF[cue.cue.kind], frame, snap=True) for cue in cues)
