"""What a screen (or plain mode) may know of a running session: one immutable snapshot."""

from dataclasses import dataclass
from typing import Final

from nbd_tui.model.track import Track
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.engine import EngineState, Position
from nbd_tui.workout.timeline import Segment, Timeline

ECHO_S: Final[Seconds] = 2.0
"""How long the answer to a key stands."""


@dataclass(frozen=True, slots=True)
class Echo:
    """The answer to the last key ("+15 s → 1:45")."""

    text: str
    at: Monotonic
    shown_s: Seconds = ECHO_S
    """So long screens show it."""


@dataclass(frozen=True, slots=True)
class SoundState:
    """How the session sounds."""

    output: str = ""
    """vlc, device, silent; empty while the player is starting."""
    reason: str = ""
    """Why it is silent, or not on the first choice; empty when all is well."""
    music_volume: int = 70
    cue_volume: int = 90
    muted: bool = False


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """One moment of a session. Equal moments compare equal, so that a screen repaints only what changed."""

    state: EngineState
    preset_name: str
    segments: tuple[Segment, ...]
    """The whole timeline; the strip is drawn from it."""
    index: int
    """The running segment."""
    elapsed_s: Seconds
    """Of the running phase."""
    remaining_s: Seconds | None
    """Of the running phase; None in an open one."""
    duration_s: Seconds | None
    """Of the running phase with added time; None in an open one."""
    total_remaining_s: Seconds
    """Of all phases of known length."""
    open_left: bool
    """An open phase is running or to come, so the total is not the end."""
    worked_s: Seconds
    paused_s: Seconds
    pause_s: Seconds
    """Length of the present pause; 0 when not paused."""
    can_undo_skip: bool
    """The key for it takes back a skip, done or ban."""
    sound: SoundState
    track: Track | None = None
    """What plays now, or goes on after the pause."""
    next_track: Track | None = None
    """What plays after it; None while that is not certain, or nothing does."""
    track_at_s: Seconds | None = None
    """The second of it that is heard, or that it goes on from; None while none is."""
    track_note: str = ""
    """Why there is none ("no music folder"), or what happened to the last one."""
    echo: Echo | None = None
    completed: bool = False
    """Finished by reaching the end, not by stop."""
    rounds_done: int = 0
    """Work phases carried through to their end: those skipped are not among them."""

    @property
    def segment(self) -> Segment:
        """The running segment (the last one when finished)."""
        return self.segments[self.index]


def snapshot_of(position: Position, timeline: Timeline) -> SessionSnapshot:
    """What the engine alone tells of a moment; sound, track and words come on top."""
    return SessionSnapshot(
        state=position.state, preset_name=timeline.name, segments=timeline.segments, index=position.segment.index,
        elapsed_s=position.elapsed_s, remaining_s=position.remaining_s, duration_s=position.duration_s,
        total_remaining_s=position.total_remaining_s, open_left=position.open_left, worked_s=position.worked_s,
        paused_s=position.paused_s, pause_s=position.pause_s, can_undo_skip=position.can_undo_skip,
        sound=SoundState(), completed=position.completed,
    )  # fmt: skip
