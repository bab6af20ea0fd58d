"""When the cues of a phase are due, and under which keys."""

from dataclasses import replace
from typing import Final

from nbd_tui.workout.state import ArmedCue, EngineData, Micros, to_us
from nbd_tui.workout.timeline import Anchor, Cue, CueKind, Segment

_MARK: Final = Cue(CueKind.PHASE_START, Anchor.START)


def arm_all(segment: Segment, data: EngineData) -> tuple[ArmedCue, ...]:
    """All cues of the running phase, in the order in which they are due.

    In an open phase only those that count from its start have a time. One that would be due before the phase begins
    has none either. A halfway cue gives way to a cue at the same instant (added time may bring them together).
    """
    timed = ((slot, cue, _due_us(cue, data)) for slot, cue in enumerate(segment.cues))
    armed = [
        arm(segment, data, slot, cue, due_us)
        for slot, cue, due_us in timed
        if due_us is not None and due_us >= data.entered_us
    ]
    taken = {one.due_us for one in armed if one.cue.anchor is not Anchor.MIDDLE}
    kept = (one for one in armed if one.cue.anchor is not Anchor.MIDDLE or one.due_us not in taken)
    return tuple(sorted(kept, key=lambda one: one.due_us))


def arm(segment: Segment, data: EngineData, slot: int, cue: Cue, due_us: Micros) -> ArmedCue:
    """One cue at `due_us`.

    Its key names visit, segment and slot: a phase planned for a visit that another phase then takes shares none of
    its keys. The revision in it keeps a cue that was moved, perhaps just after it was rendered, from being taken for
    one already played.
    """
    return ArmedCue(due_us, slot, cue, f"{data.visit}.{segment.index}.{slot}.{data.revision}")


def rearmed(segment: Segment, data: EngineData, worked_us: Micros) -> EngineData:
    """`data`, whose duration has changed, with its cues at their new times and under new keys.

    Cues whose new time is past are dropped ("ten seconds left" must not sound at five); those that have sounded are
    armed again if their new time is to come. Cues that count from the start of the phase stay as they are.
    """
    stay = [one for one in data.armed if one.cue.anchor is Anchor.START]
    moved = [one for one in arm_all(segment, data) if one.cue.anchor is not Anchor.START]
    ahead = [
        one for one in moved if one.due_us > worked_us or (one.due_us == worked_us and one.slot not in data.sounded)
    ]
    return replace(data, armed=tuple(sorted(stay + ahead, key=lambda one: one.due_us)))


def marked(segment: Segment, data: EngineData, worked_us: Micros) -> EngineData:
    """`data` with a cue at `worked_us` that says which phase a key has led to.

    That is the cue the phase starts with, or, where the bell of the work before it stands for that, a cue of its own.
    """
    starts = ((slot, cue) for slot, cue in enumerate(segment.cues) if cue.anchor is Anchor.START and cue.offset_s == 0)
    slot, cue = next(starts, (len(segment.cues), _MARK))
    rest = tuple(one for one in data.armed if one.slot != slot)
    return replace(data, armed=(arm(segment, data, slot, cue, worked_us), *rest))


def leaving_cues(segment: Segment, data: EngineData, worked_us: Micros) -> list[ArmedCue]:
    """The cues at the very end of the running phase, heard at `worked_us` because a key ends it then."""
    ends = ((slot, cue) for slot, cue in enumerate(segment.cues) if cue.anchor is Anchor.END and cue.offset_s == 0)
    return [arm(segment, data, slot, cue, worked_us) for slot, cue in ends]


def _due_us(cue: Cue, data: EngineData) -> Micros | None:
    """Workout time of `cue` in the running phase; None where its anchor is unknown."""
    offset_us = data.entered_us + to_us(cue.offset_s)
    if cue.anchor is Anchor.START:
        return offset_us
    if data.duration_us is None:
        return None
    return offset_us + (data.duration_us if cue.anchor is Anchor.END else data.duration_us // 2)
