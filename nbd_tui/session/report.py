"""What a session tells the outside as it goes: lines of plain mode, JSON for logs and tests."""

from dataclasses import asdict, dataclass
from math import floor
from typing import Any, Final

from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.workout.duration import format_duration

EVENT_WORDS: Final = {
    "session": "the workout begins",
    "paused": "paused",
    "resumed": "on we go",
    "cue-missed": "a signal came too late and was not sounded",
}
"""Lines of events without words of their own; `heard`, `said` and `time` have none, the cue and the key say it."""

CUE_WORDS: Final = {
    "round-start": "bell",
    "round-end": "bell, three times",
    "phase-start": "signal",
    "finish": "finish bell",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened, in the words of the log."""

    event: str
    """session, phase, cue (due by the timer), heard (the same cue, given to the ears), cue-missed, said (by the
    announcer), unsaid, track, track-failed, paused, resumed, time, sound, music, key, note, finished."""
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
    elapsed_s: Seconds | None = None
    """Where in the phase it goes on, if not at its beginning."""
    text: str = ""
    """Of a phase its length; else what there is to say."""

    def as_json(self) -> dict[str, Any]:
        """The filled fields, in order."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}

    def as_line(self) -> str:
        """One line for people and screen readers; empty for what another line says already."""
        words = self._words()
        if not words:
            return ""
        minutes, seconds = divmod(int(max(0.0, self.session_s)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{f'{hours}:{minutes:02d}' if hours else minutes}:{seconds:02d}  {words}"

    def _words(self) -> str:
        match self.event:
            case "phase":
                name = f"{self.phase}: {self.kind}" if self.phase.casefold() != self.kind else self.phase
                words = f"{name}, {self.text}" if self.text else name
                words += f", from {format_duration(floor(self.elapsed_s))}" if self.elapsed_s else ""
            case "cue":
                words = CUE_WORDS.get(self.cue, self.cue.removeprefix("countdown "))
            case "track":
                words = f"♪ {self.title} by {self.artist}" if self.artist else f"♪ {self.title}"
            case "track-failed":
                words = f"cannot be played: {self.path}: {self.text}"
            case "sound":
                words = f"sound: {self.text}"
            case "finished" if self.text == "completed":
                words = "the workout is over"
            case "session" if self.text:
                words = self.text
            case "music" | "key" | "note" | "finished":
                words = self.text
            case _:
                words = EVENT_WORDS.get(self.event, "")
        return words
