"""Which sound a cue is, and how it enters the score."""

from collections.abc import Callable, Iterable
from typing import Final

from nbd_tui.audio.cues import CueSound
from nbd_tui.audio.score import CueHit
from nbd_tui.model.units import Frames, Monotonic
from nbd_tui.workout.engine import DueCue
from nbd_tui.workout.events import CueDue
from nbd_tui.workout.timeline import Cue, CueKind

SOUND_OF: Final[dict[CueKind, CueSound]] = {
    CueKind.ROUND_START: CueSound.BELL_SINGLE,
    CueKind.ROUND_END: CueSound.BELL_TRIPLE,
    CueKind.PHASE_START: CueSound.PHASE,
    CueKind.CLAPPER: CueSound.CLAPPER,
    CueKind.COUNTDOWN: CueSound.BEEP,
    CueKind.HALFWAY: CueSound.HALFWAY,
    CueKind.FINISH: CueSound.FINISH,
}


def sound_of(cue: Cue) -> str:
    """The sound's name in the cue set; the last beep of a countdown is higher, so that one hears what comes next."""
    return CueSound.BEEP_HIGH if cue.kind is CueKind.COUNTDOWN and cue.number == 1 else SOUND_OF[cue.kind]


def scheduled(
    cues: Iterable[DueCue | CueDue],
    frame_at: Callable[[Monotonic], Frames],
    moved: Callable[[DueCue | CueDue, Frames], Frames] = lambda _, frame: frame,
) -> tuple[CueHit, ...]:
    """Cues whose time is known, each at the frame heard at that time, or where `moved` wants it then."""
    return tuple(CueHit(cue.key, sound_of(cue.cue), moved(cue, frame_at(cue.at))) for cue in cues)


def at_once(cues: Iterable[CueDue], frame: Frames) -> tuple[CueHit, ...]:
    """Cues a key has caused: heard as soon as the output can."""
    return tuple(CueHit(cue.key, sound_of(cue.cue), frame, snap=True) for cue in cues)
