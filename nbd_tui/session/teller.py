"""Tells the outside what happens in a session, as `Report`s in the order it becomes known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from nbd_tui.audio.score import CueMissed, CueSounded
from nbd_tui.model.units import Monotonic
from nbd_tui.session.arranger import Piece
from nbd_tui.session.report import Report
from nbd_tui.workout.duration import format_duration
from nbd_tui.workout.events import (
    CueDue,
    Event,
    Paused,
    Resumed,
    SegmentStarted,
    SessionFinished,
    SessionRestored,
    SessionStarted,
    TimeAdded,
)
from nbd_tui.workout.timeline import Segment

Listener: TypeAlias = Callable[[Report], None]


class Teller:
    """Words for events; owned by the conductor's thread, which calls the listener too."""

    def __init__(self, listen: Listener) -> None:
        self._listen = listen
        self._began: Monotonic | None = None
        self._sound = ""
        self._music = ""

    def event(self, event: Event) -> None:
        """Something the engine says."""
        match event:
            case SessionStarted(at=at):
                self._began = at if self._began is None else self._began
                self._tell("session", at)
            case SessionRestored(at=at, worked_s=worked_s, paused_s=paused_s):
                self._began = at - worked_s - paused_s
                self._tell("session", at, text="it goes on where it was interrupted")
            case SegmentStarted(at=at, segment=segment, elapsed_s=elapsed_s):
                length = "open" if segment.duration_s is None else format_duration(segment.duration_s)
                self._tell("phase", at, text=length, elapsed_s=elapsed_s or None, **_of(segment))
            case CueDue(at=at, key=key, cue=cue, segment=segment):
                words = f"{cue.kind} {cue.number}" if cue.number else str(cue.kind)
                self._tell("cue", at, cue=words, cue_id=key, **_of(segment))
            case Paused(at=at):
                self._tell("paused", at)
            case Resumed(at=at):
                self._tell("resumed", at)
            case TimeAdded(at=at, added_s=added) if added:
                self._tell("time", at, text=f"{added:+g} s")
            case SessionFinished(at=at, completed=completed):
                self._tell("finished", at, text="completed" if completed else "stopped")

    def heard(self, report: CueSounded | CueMissed, at: Monotonic) -> None:
        """The player has rendered a cue, or dropped one that came too late."""
        self._tell("heard" if isinstance(report, CueSounded) else "cue-missed", at, cue_id=report.id)

    def said(self, report: CueSounded | CueMissed, words: str, at: Monotonic) -> None:
        """The announcer was heard, or would have come too late."""
        self._tell("said" if isinstance(report, CueSounded) else "unsaid", at, cue_id=report.id, text=words)

    def missed(self, cue: CueDue, now: Monotonic) -> None:
        """A cue of a key that could not be sounded in time: there was no player."""
        self._tell("cue-missed", now, cue_id=cue.key)

    def track(self, piece: Piece, segment: Segment, at: Monotonic) -> None:
        """A track begins, at its in-point."""
        track = piece.track
        self._tell(
            "track", at, title=track.title, artist=track.artist, path=str(track.path),
            in_point_s=piece.track_s(piece.source.in_point), bpm=track.bpm, **_of(segment),
        )  # fmt: skip

    def failed(self, path: str, reason: str, at: Monotonic) -> None:
        """A track broke."""
        self._tell("track-failed", at, path=path, text=reason)

    def key(self, text: str, at: Monotonic) -> None:
        """The answer to a key."""
        self._tell("key", at, text=text)

    def note(self, text: str, at: Monotonic) -> None:
        """Something the program did of its own accord."""
        self._tell("note", at, text=text)

    def interrupted(self, at: Monotonic) -> None:
        """The session is left before it is over."""
        self._tell("finished", at, text="interrupted")

    def sound(self, output: str, reason: str, at: Monotonic) -> None:
        """What it sounds through, and why; told when it changes."""
        text = " – ".join(part for part in (output, reason) if part)
        if text != self._sound:
            self._sound = text
            self._tell("sound", at, text=text)

    def music(self, note: str, at: Monotonic) -> None:
        """Why there is no music, or what happened to the last track; told when it changes."""
        if note != self._music:
            self._music = note
            self._tell("music", at, text=note or "there is music")

    def _tell(self, event: str, at: Monotonic, **fields: Any) -> None:  # noqa: ANN401  fields of Report
        began = at if self._began is None else self._began
        self._listen(replace(Report(event, round(at - began, 4), at), **fields))


def _of(segment: Segment) -> dict[str, str]:
    return {"kind": str(segment.kind), "phase": segment.label}
