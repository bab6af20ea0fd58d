"""From presets to timelines: order, numbers, labels and cues."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from nbd_tui.workout.compile import CUE_SPACING_S, compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Anchor, Cue, CueKind, Segment, Timeline
from tests.unit.workout.strategies import presets

WORK, REST = {"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}
PREPARE, COOL_DOWN = {"kind": "prepare", "duration": 10}, {"kind": "cool-down", "duration": 60}


def compiled(*blocks: dict[str, Any], **cues: float) -> Timeline:
    return compile_timeline(Preset.model_validate({"name": "Test", "cues": cues, "blocks": blocks}))


def one_phase(kind: str, duration: float | str, **cues: float) -> Segment:
    """The phase between two others, so that it has no part in start and finish."""
    middle = {"kind": kind, "duration": duration}
    return compiled({"phases": [PREPARE, middle, COOL_DOWN]}, **cues).segments[1]


def cues_at(segment: Segment) -> list[tuple[str, float]]:
    """Kinds and seconds into the phase of all cues of a phase of known length."""
    length = segment.duration_s or 0.0
    base = {Anchor.START: 0.0, Anchor.MIDDLE: length / 2, Anchor.END: length}
    return [(cue.kind.value, base[cue.anchor] + cue.offset_s) for cue in segment.cues]


def rounds(timeline: Timeline) -> list[tuple[int | None, int | None]]:
    return [(segment.round, segment.rounds) for segment in timeline.segments]


def test_blocks_run_in_order_and_rounds_repeat() -> None:
    timeline = compiled({"phases": [PREPARE]}, {"repeat": 2, "phases": [WORK, REST]}, {"phases": [COOL_DOWN]})
    assert [segment.kind.value for segment in timeline.segments] == ["prepare", "work", "rest", "work", "cool-down"]
    assert [segment.start_s for segment in timeline.segments] == [0, 10, 50, 70, 110]
    assert [segment.index for segment in timeline.segments] == [0, 1, 2, 3, 4]
    assert (timeline.name, timeline.total_s) == ("Test", 170)


def test_the_last_rest_is_kept_where_asked_for() -> None:
    timeline = compiled({"repeat": 2, "skip_last_rest": False, "phases": [WORK, REST]})
    assert [segment.kind.value for segment in timeline.segments] == ["work", "rest", "work", "rest"]


def test_a_block_of_one_rest_keeps_it() -> None:
    timeline = compiled({"phases": [WORK]}, {"phases": [REST]}, {"phases": [WORK]})
    assert [segment.kind.value for segment in timeline.segments] == ["work", "rest", "work"]


def test_sets_have_breaks_between_them_in_place_of_the_last_rest() -> None:
    timeline = compiled({"repeat": 2, "sets": 2, "set_break": "1:30", "phases": [WORK, REST]})
    one_set = ["work", "rest", "work"]
    assert [segment.kind.value for segment in timeline.segments] == [*one_set, "break", *one_set]
    assert timeline.segments[3].duration_s == 90


def test_rounds_are_numbered_over_all_blocks() -> None:
    timeline = compiled(
        {"phases": [PREPARE]},
        {"repeat": 2, "skip_last_rest": False, "phases": [WORK, REST]},
        {"phases": [WORK]},
        {"phases": [COOL_DOWN]},
    )
    assert rounds(timeline) == [(None, None), (1, 3), (1, 3), (2, 3), (2, 3), (3, 3), (None, None)]
    assert {(segment.set, segment.sets) for segment in timeline.segments} == {(None, None)}


def test_rounds_are_numbered_within_sets() -> None:
    timeline = compiled(
        {"phases": [PREPARE]},
        {"repeat": 2, "sets": 2, "set_break": 90, "phases": [WORK, REST]},
        {"phases": [WORK, COOL_DOWN]},
    )
    set_ = [(1, 2), (1, 2), (2, 2)]
    assert rounds(timeline) == [(None, None), *set_, (2, 2), *set_, (1, 1), (None, None)]
    sets = [(segment.set, segment.sets) for segment in timeline.segments]
    assert sets == [(None, None)] + [(1, 2)] * 4 + [(2, 2)] * 3 + [(None, None)] * 2


def test_a_rest_before_the_first_round_has_no_round() -> None:
    assert rounds(compiled({"phases": [REST, WORK]})) == [(None, None), (1, 1)]


def test_default_labels() -> None:
    labels = [segment.label for segment in compiled({"repeat": 2, "phases": [WORK, REST]}).segments]
    assert labels == ["Round 1 of 2", "Rest", "Round 2 of 2"]
    labels = [segment.label for segment in compiled({"phases": [PREPARE, WORK, COOL_DOWN]}).segments]
    assert labels == ["Prepare", "Work", "Cool-down"]


def test_label_templates() -> None:
    ready = {"kind": "prepare", "duration": 5, "label": "Ready for {n}"}
    work = {"kind": "work", "duration": 40, "label": "{n}/{total}, set {set}/{sets} {{!}}"}
    rest = {"kind": "rest", "duration": 20, "label": "After {n}"}
    block = {"repeat": 2, "sets": 2, "phases": [work, rest]}
    labels = [segment.label for segment in compiled({"phases": [ready]}, block).segments]
    assert labels[:4] == ["Ready for 1", "1/2, set 1/2 {!}", "After 1", "2/2, set 1/2 {!}"]
    assert labels[4:] == ["1/2, set 2/2 {!}", "After 1", "2/2, set 2/2 {!}"]


def test_work_has_bells_clapper_and_countdown() -> None:
    assert cues_at(one_phase("work", 40)) == [
        ("round-start", 0),
        ("clapper", 30),
        ("countdown", 37),
        ("countdown", 38),
        ("countdown", 39),
        ("round-end", 40),
    ]
    assert [cue.number for cue in one_phase("work", 40).cues] == [0, 0, 3, 2, 1, 0]


@pytest.mark.parametrize(("length", "claps"), [(29.9, 0), (30, 1), (180, 1)])
def test_the_clapper_needs_thirty_seconds_of_work(length: float, claps: int) -> None:
    kinds = [cue.kind for cue in one_phase("work", length).cues]
    assert kinds.count(CueKind.CLAPPER) == claps


def test_rest_has_no_clapper() -> None:
    assert CueKind.CLAPPER not in [cue.kind for cue in one_phase("rest", 60).cues]


@pytest.mark.parametrize(("length", "counts"), [(7.9, 0), (8, 3)])
@pytest.mark.parametrize("kind", ["prepare", "warm-up", "work", "rest", "break", "cool-down"])
def test_the_countdown_needs_eight_seconds(kind: str, length: float, counts: int) -> None:
    kinds = [cue.kind for cue in one_phase(kind, length).cues]
    assert kinds.count(CueKind.COUNTDOWN) == counts


def test_open_work_has_its_bells_only() -> None:
    assert one_phase("work", "open", halfway=True).cues == (
        Cue(CueKind.ROUND_START, Anchor.START),
        Cue(CueKind.ROUND_END, Anchor.END),
    )


def test_countdown_and_clapper_can_be_off() -> None:
    assert cues_at(one_phase("work", 40, countdown=False, clapper_s=0)) == [("round-start", 0), ("round-end", 40)]


def test_halfway_is_for_work_and_off_by_default() -> None:
    assert ("halfway", 20) in cues_at(one_phase("work", 40, halfway=True))
    assert "halfway" not in dict(cues_at(one_phase("work", 40)))
    assert "halfway" not in dict(cues_at(one_phase("rest", 40, halfway=True)))


@pytest.mark.parametrize(
    ("length", "settings", "kept"),
    [
        (30, {"clapper_s": 15.0, "halfway": True}, {"clapper", "countdown"}),
        (30, {"clapper_s": 14.5, "halfway": True}, {"clapper", "countdown"}),
        (30, {"clapper_s": 14.0, "halfway": True}, {"clapper", "countdown", "halfway"}),
        (30, {"clapper_s": 3.0}, {"countdown"}),
        (30, {"clapper_s": 3.5}, {"countdown"}),
        (30, {"clapper_s": 3.0, "countdown": False}, {"clapper"}),
        (30, {"clapper_s": 30.0}, {"countdown"}),
        (30, {"clapper_s": 60.0}, {"countdown"}),
        (8, {"halfway": True}, {"countdown", "halfway"}),
        (7, {"halfway": True}, set()),
    ],
)
def test_the_less_important_cue_gives_way(length: float, settings: dict[str, Any], kept: set[str]) -> None:
    kinds = set(dict(cues_at(one_phase("work", length, **settings))))
    assert kinds - {"round-start", "round-end"} == kept


def test_where_work_follows_on_work_one_bell_sounds() -> None:
    timeline = compiled({"repeat": 3, "phases": [WORK]})
    bells = [[cue.kind for cue in segment.cues if cue.kind is not CueKind.COUNTDOWN] for segment in timeline.segments]
    start, clapper = CueKind.ROUND_START, CueKind.CLAPPER
    assert bells == [[start, clapper], [start, clapper], [start, clapper, CueKind.FINISH]]


def test_a_phase_after_work_is_marked_by_the_bell_alone() -> None:
    timeline = compiled({"phases": [PREPARE, WORK, REST, COOL_DOWN]})
    first = [segment.cues[0].kind for segment in timeline.segments]
    assert first == [CueKind.PHASE_START, CueKind.ROUND_START, CueKind.COUNTDOWN, CueKind.PHASE_START]


@pytest.mark.parametrize("last", [WORK, COOL_DOWN, {"kind": "work", "duration": "open"}])
def test_the_finish_takes_the_place_of_the_last_bell(last: dict[str, Any]) -> None:
    segments = compiled({"phases": [PREPARE, last]}).segments
    assert segments[-1].cues[-1] == Cue(CueKind.FINISH, Anchor.END)
    assert CueKind.ROUND_END not in [cue.kind for segment in segments for cue in segment.cues]
    assert CueKind.FINISH not in [cue.kind for cue in segments[0].cues]


@given(presets())
def test_a_timeline_is_what_its_preset_promises(preset: Preset) -> None:
    timeline = compile_timeline(preset)
    assert len(timeline.segments) == sum(block.segment_count for block in preset.blocks)
    assert timeline.total_s == pytest.approx(preset.total_s)
    assert [segment.index for segment in timeline.segments] == list(range(len(timeline.segments)))
    end_s = 0.0
    for segment in timeline.segments:
        assert segment.start_s == pytest.approx(end_s)
        end_s = segment.start_s + (segment.duration_s or 0.0)
        assert segment.round is None or 1 <= segment.round <= (segment.rounds or 0)


@given(presets())
def test_cues_are_in_order_and_keep_their_distance(preset: Preset) -> None:
    for segment in compile_timeline(preset).segments:
        if segment.duration_s is None:
            assert all(cue.offset_s == 0 and cue.anchor is not Anchor.MIDDLE for cue in segment.cues)
            continue
        times = [at for _kind, at in cues_at(segment)]
        assert times == sorted(times)
        assert all(0 <= at <= segment.duration_s for at in times)
        inner = [at for at in times if 0 < at < segment.duration_s]
        gaps = [after - before for before, after in pairwise(inner)]
        assert all(gap >= CUE_SPACING_S - 1e-9 for gap in gaps)


@given(presets())
def test_every_change_of_phase_has_exactly_one_sound(preset: Preset) -> None:
    segments = compile_timeline(preset).segments
    for before, after in pairwise(segments):
        ends = [cue.kind for cue in before.cues if cue.anchor is Anchor.END and cue.offset_s == 0]
        starts = [cue.kind for cue in after.cues if cue.anchor is Anchor.START]
        is_work = after.kind is PhaseKind.WORK
        from_work = before.kind is PhaseKind.WORK
        bell = CueKind.ROUND_START if is_work else CueKind.ROUND_END if from_work else CueKind.PHASE_START
        assert ends + starts == [bell]
