"""From a preset to its timeline: the phases in order, numbered and labelled, with their cues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, CueSettings, Phase, Preset
from nbd_tui.workout.timeline import Anchor, Cue, CueKind, Segment, Timeline

CLAPPER_FROM_S: Final[Seconds] = 30.0
"""Shorter work has no clapper."""

COUNTDOWN_FROM_S: Final[Seconds] = 8.0
"""Shorter phases have no countdown, and no halfway cue either."""

CUE_SPACING_S: Final[Seconds] = 1.0
"""Cues inside a phase keep this distance, or the less important one is left out."""

_COUNTDOWN: Final = (3, 2, 1)
_FOLLOWS_WORK: Final = (PhaseKind.REST, PhaseKind.BREAK)


@dataclass(frozen=True, slots=True)
class _Planned:
    """One phase in its place, before it is numbered."""

    phase: Phase
    scope: int
    """Rounds are counted within it: one set of one block, or the whole workout."""
    set: int | None
    sets: int | None


def compile_timeline(preset: Preset) -> Timeline:
    """The timeline of `preset`.

    Rounds are the work phases. They are numbered over the whole workout, or, as soon as one block has sets, within
    each set of each block. A rest or break carries the round it follows; other phases carry none.
    """
    planned = _in_scopes(preset)
    numbered = _numbered(planned)
    starts_s = _starts(numbered)
    segments = [replace(segment, start_s=start_s) for segment, start_s in zip(numbered, starts_s, strict=True)]
    return Timeline(preset.name, tuple(_with_cues(segments, preset.cues)))


def _in_scopes(preset: Preset) -> list[_Planned]:
    by_set = any(block.sets > 1 for block in preset.blocks)
    planned: list[_Planned] = []
    scope = 0
    for block in preset.blocks:
        for number in range(1, block.sets + 1):
            scope += by_set
            set_of = (number, block.sets) if block.sets > 1 else (None, None)
            planned.extend(_Planned(phase, scope, *set_of) for phase in _phases_of_set(block, number))
    return planned


def _phases_of_set(block: Block, number: int) -> Iterator[Phase]:
    """The phases of one set, and the break after it where another set follows."""
    yield from block.phases * (block.repeat - 1)
    yield from block.phases[:-1] if block.drops_last_rest else block.phases
    if block.set_break_s is not None and number < block.sets:
        yield Phase(kind=PhaseKind.BREAK, duration_s=block.set_break_s)


def _numbered(planned: Sequence[_Planned]) -> list[Segment]:
    totals: dict[int, int] = {}
    for one in planned:
        totals[one.scope] = totals.get(one.scope, 0) + (one.phase.kind is PhaseKind.WORK)
    done = dict.fromkeys(totals, 0)
    segments = []
    for index, one in enumerate(planned):
        done[one.scope] += one.phase.kind is PhaseKind.WORK
        segments.append(_segment(index, one, done[one.scope], totals[one.scope]))
    return segments


def _segment(index: int, planned: _Planned, round_: int, rounds: int) -> Segment:
    """The segment, when `round_` of the `rounds` of its scope have begun."""
    phase = planned.phase
    in_round = phase.kind is PhaseKind.WORK or (phase.kind in _FOLLOWS_WORK and round_ > 0)
    return Segment(
        index=index,
        kind=phase.kind,
        label=_label(planned, round_, rounds),
        start_s=0.0,
        duration_s=phase.duration_s,
        round=round_ if in_round else None,
        rounds=rounds if in_round else None,
        set=planned.set,
        sets=planned.sets,
    )


def _label(planned: _Planned, round_: int, rounds: int) -> str:
    """The label in words; before the first round `{n}` is the round to come."""
    phase = planned.phase
    numbered = phase.kind is PhaseKind.WORK and rounds > 1
    template = phase.label or ("Round {n} of {total}" if numbered else phase.kind.value.capitalize())
    return template.format(n=max(round_, 1), total=max(rounds, 1), set=planned.set or 1, sets=planned.sets or 1)


def _starts(segments: Sequence[Segment]) -> list[Seconds]:
    starts_s = [0.0]
    for segment in segments:
        starts_s.append(starts_s[-1] + (segment.duration_s or 0.0))
    return starts_s[:-1]


def _with_cues(segments: Sequence[Segment], settings: CueSettings) -> Iterator[Segment]:
    before: Sequence[Segment | None] = [None, *segments[:-1]]
    after: Sequence[Segment | None] = [*segments[1:], None]
    for previous, segment, following in zip(before, segments, after, strict=True):
        inner = _inner_cues(segment, settings)
        yield replace(segment, cues=(*_start_cues(previous, segment), *inner, *_end_cues(segment, following)))


def _start_cues(previous: Segment | None, segment: Segment) -> tuple[Cue, ...]:
    """The bell for work; another sound for other phases, unless the bell that ends the work before marks them."""
    if segment.kind is PhaseKind.WORK:
        return (Cue(CueKind.ROUND_START, Anchor.START),)
    if previous is not None and previous.kind is PhaseKind.WORK:
        return ()
    return (Cue(CueKind.PHASE_START, Anchor.START),)


def _end_cues(segment: Segment, following: Segment | None) -> tuple[Cue, ...]:
    """The finish, or the bell that ends work; where work follows on work, only the bell of the next round sounds."""
    if following is None:
        return (Cue(CueKind.FINISH, Anchor.END),)
    if segment.kind is PhaseKind.WORK and following.kind is not PhaseKind.WORK:
        return (Cue(CueKind.ROUND_END, Anchor.END),)
    return ()


def _inner_cues(segment: Segment, settings: CueSettings) -> tuple[Cue, ...]:
    """What sounds between start and end, in the order in which it is due.

    Where two would come within `CUE_SPACING_S`, the countdown goes before the clapper and the clapper before halfway.
    """
    if segment.duration_s is None:
        return ()
    duration_s = segment.duration_s
    kept: dict[Seconds, Cue] = {}
    for cue in _wanted(segment.kind, duration_s, settings):
        due_s = cue.offset_s + (duration_s if cue.anchor is Anchor.END else duration_s / 2)
        if due_s > 0 and all(abs(due_s - other_s) >= CUE_SPACING_S for other_s in kept):
            kept[due_s] = cue
    return tuple(kept[due_s] for due_s in sorted(kept))


def _wanted(kind: PhaseKind, duration_s: Seconds, settings: CueSettings) -> Iterator[Cue]:
    """The cues asked for inside a phase of known length, the important ones first."""
    if settings.countdown and duration_s >= COUNTDOWN_FROM_S:
        yield from (Cue(CueKind.COUNTDOWN, Anchor.END, -float(number), number) for number in _COUNTDOWN)
    if kind is not PhaseKind.WORK:
        return
    if settings.clapper_s > 0 and duration_s >= CLAPPER_FROM_S:
        yield Cue(CueKind.CLAPPER, Anchor.END, -settings.clapper_s)
    if settings.halfway and duration_s >= COUNTDOWN_FROM_S:
        yield Cue(CueKind.HALFWAY, Anchor.MIDDLE)
