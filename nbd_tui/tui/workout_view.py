"""What the workout screen says of a snapshot: words and numbers, no widgets. Pure."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nbd_tui.model.track import Track
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.tui.sound_words import sound_text
from nbd_tui.tui.text import clean, clock, spaced, whole_seconds_left
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

LAST_S: Final[Seconds] = 10.0
"""Work turns amber so long before its end; halfway where the phase is shorter than twice that."""


class Mood(StrEnum):
    """The colour of the whole screen; the value names its style class and its theme variables."""

    PREPARE = "prepare"
    WARM_UP = "warm-up"
    WORK = "work"
    LAST = "last"
    REST = "rest"
    BREAK = "break"
    COOL_DOWN = "cool-down"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class WorkoutView:
    """The text of every part of the screen. Equal views need no repaint; most of ten a second are equal."""

    mood: Mood
    time: str
    """The big digits."""
    widest_time: str
    """As long as the phase's longest time, so that digits keep their place."""
    word: str
    word_note: str
    round: str
    name: str
    left: str
    next: str
    track: str
    track_note: str
    next_track: str
    echo: str
    sound: str
    is_open: bool
    is_paused: bool
    can_undo: bool


def glance(snapshot: SessionSnapshot, now: Monotonic) -> tuple[object, ...]:
    """All that the view depends on, as exactly as it is shown: while a glance is equal, so is the view.

    Cheap, because it is taken ten times a second.
    """
    remaining_s = snapshot.remaining_s
    return (
        mood_of(snapshot),
        int(snapshot.elapsed_s + 1e-6) if remaining_s is None else whole_seconds_left(remaining_s),
        math.ceil(snapshot.total_remaining_s - 1e-6),
        int(snapshot.pause_s),
        echo_text(snapshot, now),
        snapshot.index,
        snapshot.segments,
        snapshot.state,
        snapshot.duration_s,
        snapshot.open_left,
        snapshot.can_undo_skip,
        snapshot.sound,
        snapshot.track,
        snapshot.next_track,
        snapshot.track_note,
        snapshot.preset_name,
    )


def workout_view(snapshot: SessionSnapshot, now: Monotonic) -> WorkoutView:
    """The screen at one moment."""
    segment = snapshot.segment
    is_paused = snapshot.state is EngineState.PAUSED
    time = time_text(snapshot)
    track, track_note = _track(snapshot)
    return WorkoutView(
        mood=mood_of(snapshot),
        time=time,
        widest_time=_widest_time(time, snapshot.duration_s),
        word=f"PAUSED {clock(int(snapshot.pause_s))}" if is_paused else spaced(word_of(segment.kind)),
        word_note="" if counts_itself(segment) else own_label(segment),
        round=round_text(snapshot),
        name=clean(snapshot.preset_name),
        left=left_text(snapshot.total_remaining_s, open_left=snapshot.open_left),
        next=next_text(snapshot),
        track=track,
        track_note=track_note,
        next_track=track_name(snapshot.next_track) if snapshot.next_track else "",
        echo=echo_text(snapshot, now),
        sound=sound_text(snapshot.sound),
        is_open=segment.duration_s is None,
        is_paused=is_paused,
        can_undo=snapshot.can_undo_skip,
    )


def mood_of(snapshot: SessionSnapshot) -> Mood:
    """The colour of a moment."""
    if snapshot.state is EngineState.FINISHED:
        return Mood.FINISHED
    if snapshot.state is EngineState.PAUSED:
        return Mood.PAUSED
    kind, left, whole = snapshot.segment.kind, snapshot.remaining_s, snapshot.duration_s
    if kind is PhaseKind.WORK and left is not None and whole is not None and left <= min(LAST_S, whole / 2):
        return Mood.LAST
    return Mood(kind.value)


def time_text(snapshot: SessionSnapshot) -> str:
    """Whole seconds left, rounded up; in an open phase whole seconds gone."""
    if snapshot.remaining_s is None:
        return clock(int(snapshot.elapsed_s + 1e-6))
    return clock(whole_seconds_left(snapshot.remaining_s))


def _widest_time(time: str, duration_s: Seconds | None) -> str:
    """Only one step wider than the time itself: under an hour left, digits may grow into the hour's place."""
    longest = clock(math.ceil(duration_s)) if duration_s is not None else time
    wider = {4: 5}.get(len(time), len(time))
    return "0:00:00:00"[-max(len(time), min(len(longest), wider)) :]


def word_of(kind: PhaseKind) -> str:
    """The phase's word in capitals."""
    return kind.value.upper()


def round_label(number: int, of: int | None) -> str:
    """`ROUND 2 of 5`."""
    return f"ROUND {number} of {of}" if of else f"ROUND {number}"


def own_label(segment: Segment) -> str:
    """What the preset calls the phase, where that says more than its kind and its round."""
    label = clean(segment.label)
    round_words = {round_label(segment.round, segment.rounds).casefold()} if segment.round else set()
    kind_words = {segment.kind.value, segment.kind.value.replace("-", " ")}
    return "" if label.casefold() in round_words | kind_words else label


def counts_itself(segment: Segment) -> bool:
    """The phase's own label says which of how many it is ("Set 2 of 5"), so no other count is needed."""
    numbers = set(re.findall(r"\d+", own_label(segment)))
    return segment.round is not None and {str(segment.round), str(segment.rounds)} <= numbers


def phase_name(segment: Segment) -> str:
    """How a phase to come is called: work by its label or round, anything else by its kind."""
    if segment.kind is not PhaseKind.WORK:
        return word_of(segment.kind)
    return own_label(segment) or (f"ROUND {segment.round}" if segment.round is not None else word_of(segment.kind))


def round_text(snapshot: SessionSnapshot) -> str:
    """Where the session stands: the round, held through the rest after it; elsewhere the place among all phases."""
    segment = _numbered_segment(snapshot)
    if segment is None or segment.round is None:
        return f"PHASE {snapshot.index + 1} of {len(snapshot.segments)}"
    if counts_itself(segment):
        return own_label(segment)
    of_set = f" · SET {segment.set} of {segment.sets}" if segment.set and segment.sets and segment.sets > 1 else ""
    return round_label(segment.round, segment.rounds) + of_set


def _numbered_segment(snapshot: SessionSnapshot) -> Segment | None:
    """The running work phase; in a rest or break the one before it."""
    if snapshot.segment.kind is PhaseKind.WORK:
        return snapshot.segment
    if snapshot.segment.kind not in {PhaseKind.REST, PhaseKind.BREAK}:
        return None
    work = (earlier for earlier in reversed(snapshot.segments[: snapshot.index]) if earlier.kind is PhaseKind.WORK)
    return next(work, None)


def left_text(total_s: Seconds, *, open_left: bool) -> str:
    """`31:20 left`, `31:20 + open`, or `open` where nothing to come has a length."""
    seconds = math.ceil(total_s - 1e-6)
    if not open_left:
        return f"{clock(seconds)} left"
    return f"{clock(seconds)} + open" if seconds > 0 else "open end"


def length_text(duration_s: Seconds | None) -> str:
    """A planned length: `1:00`, or `open`."""
    return "open" if duration_s is None else clock(math.ceil(duration_s))


def next_text(snapshot: SessionSnapshot) -> str:
    """`REST 1:00, then ROUND 3`; a label of the preset's own may end in a number, so its length stands in brackets."""
    following = snapshot.segments[snapshot.index + 1 : snapshot.index + 3]
    if not following:
        return "last phase"
    name, length = phase_name(following[0]), length_text(following[0].duration_s)
    first = f"{name} ({length})" if name == own_label(following[0]) else f"{name} {length}"
    return f"{first}, then {phase_name(following[1]) if len(following) > 1 else 'done'}"


def phase_done(snapshot: SessionSnapshot) -> float:
    """Part of the phase that is over, 0 to 1; 0 in an open one."""
    if snapshot.remaining_s is None or not snapshot.duration_s:
        return 0.0
    return min(1.0, max(0.0, 1.0 - snapshot.remaining_s / snapshot.duration_s))


def _track(snapshot: SessionSnapshot) -> tuple[str, str]:
    track, note = snapshot.track, clean(snapshot.track_note)
    if track is None:
        return (note if note.startswith("no music") or not note else f"no music: {note}"), ""
    note = note or (f"{track.bpm:.0f} BPM" if track.bpm else "")
    return track_name(track), " ".join(filter(None, ("★" if track.is_liked else "", note)))


def track_name(track: Track) -> str:
    """`Wolf Like Me · TV on the Radio`."""
    return " · ".join(part for part in (clean(track.title), clean(track.artist)) if part)


def echo_text(snapshot: SessionSnapshot, now: Monotonic) -> str:
    """The answer to the last key, while it stands."""
    echo = snapshot.echo
    return clean(echo.text) if echo is not None and now - echo.at < echo.shown_s else ""
