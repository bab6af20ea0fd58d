"""What a session tells the outside as it goes: lines of plain mode, JSON for logs and tests."""

from dataclasses import asdict, dataclass
from typing import Any

from nbd_tui.model.units import Monotonic, Seconds


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened, in the words of the log."""

    event: str
    """session, phase, cue (due by the timer), heard (the same cue, given to the ears), cue-missed, track, track-failed,
    paused, resumed, time, sound, music, key, finished."""
    session_s: Seconds
    """Clock time since the start of the session, pauses included."""
    at: Monotonic
    """When it is heard (cues, tracks) or when it happened (the rest), on the system's monotonic clock."""
    kind: str = ""
    phase: str = ""
    """The label of the phase."""
    cue: str = ""
    cue_id: str = ""
    """Joins `cue` and `heard`."""
    title: str = ""
    artist: str = ""
    path: str = ""
    in_point_s: Seconds | None = None
    bpm: float | None = None
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """The filled fields, in order."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}

    def as_line(self) -> str:
        """One line for people and screen readers."""
        minutes, seconds = divmod(int(self.session_s), 60)
        words = (
            self.event,
            self.cue,
            self.kind,
            self.phase,
            self.title,
            f"by {self.artist}" if self.artist else "",
            self.text,
        )
        return f"{minutes:d}:{seconds:02d}  " + "  ".join(word for word in words if word)
