"""A planned soundtrack and its workout as the score of a mixer: the whole session on one frame axis. Pure.

Frame 0 is the start of the workout. A bell is at the frame nearest to its time, and the sample of the source that lands
on it at that very frame, however the times around them round.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from nbd_tui.audio.score import CueHit, EnvelopePoint, Score, SourceRef, VoiceSpan
from nbd_tui.model.units import Decibels, Frames, Seconds, to_frames
from nbd_tui.session.cue_sounds import scheduled
from nbd_tui.session.dips import dips_within
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.plan import Soundtrack
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.timeline import Segment, Timeline


class Playable(NamedTuple):
    """What a mixer may open for a track."""

    path: Path
    """The file itself, or its decoded copy."""
    frames: Frames
    """Its length."""
    gain_db: Decibels = 0.0
    """So much softer than the track it is."""


PlayableOf = Callable[[Slot], Playable]


def score_of(
    soundtrack: Soundtrack, timeline: Timeline, stretches: Sequence[Stretch], playable_of: PlayableOf
) -> Score:
    """Everything that is heard of a workout from its start to its end.

    Args:
        soundtrack: the plan of this timeline.
        timeline: without open phases: what comes after one has no time.
        stretches: of the same (`plan_stretches`).
        playable_of: asked once for each slot.
    """
    dips = {number: tuple(_short_rests(stretch, timeline.segments)) for number, stretch in enumerate(stretches)}
    return Score(voices=tuple(_voices(soundtrack, dips, playable_of)), cues=cues_of(timeline))


def cues_of(timeline: Timeline) -> tuple[CueHit, ...]:
    """All bells and beeps of a workout that runs from 0 without a pause."""
    return scheduled(Engine(timeline).upcoming(0.0).cues, to_frames)


def _voices(
    soundtrack: Soundtrack, dips: Mapping[int, Sequence[tuple[Seconds, Seconds]]], playable_of: PlayableOf
) -> Iterator[VoiceSpan]:
    for number, slot in enumerate(soundtrack.slots):
        voice = voice_of(f"slot-{number}", slot, playable_of(slot), dips[slot.stretch])
        if voice is not None:
            yield voice


def voice_of(
    name: str, slot: Slot, playable: Playable, short_rests: Sequence[tuple[Seconds, Seconds]]
) -> VoiceSpan | None:
    """The voice of a slot, which reads nothing outside its file; None where nothing of it would be heard.

    Args:
        name: the voice's id.
        slot: what plays when.
        playable: what to open.
        short_rests: of its stretch, from when to when, in which the music steps back.
    """
    start, in_point = _begin(slot)
    end = min(to_frames(slot.end_s), start + playable.frames - in_point)
    if end <= start:
        return None
    rise = min(max(1, to_frames(slot.fade_in_s)), (end - start) // 2)
    fall = min(max(1, to_frames(slot.fade_out_s)), end - start - rise)
    envelope = (
        EnvelopePoint(start, 0.0),
        EnvelopePoint(start + rise, 1.0),
        EnvelopePoint(end - fall, 1.0),
        EnvelopePoint(end, 0.0),
    )
    source = SourceRef(str(playable.path), in_point)
    rests = [(to_frames(begin_s), to_frames(end_s)) for begin_s, end_s in short_rests]
    gain_db = slot.gain_db + playable.gain_db
    return VoiceSpan(name, source, start, end, envelope, gain_db, dips=dips_within(rests, start, end))


def _begin(slot: Slot) -> tuple[Frames, Frames]:
    """The first frame of a slot, and the frame of its file heard there."""
    start = to_frames(slot.start_s)
    if slot.landing is None or slot.landing_s is None:
        in_point = slot.speed.frame(to_frames(slot.in_s))
    else:
        in_point = slot.speed.frame(to_frames(slot.landing.at_s)) - (to_frames(slot.landing_s) - start)
    return (start, in_point) if in_point >= 0 else (start - in_point, 0)


def _short_rests(stretch: Stretch, segments: Sequence[Segment]) -> Iterator[tuple[Seconds, Seconds]]:
    for index in sorted(stretch.dipped):
        segment = segments[index]
        yield segment.start_s, segment.start_s + (segment.duration_s or 0.0)
