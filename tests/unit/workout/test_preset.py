from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import MOST_SEGMENTS, Block, Phase, Preset, parse_preset

WORK = {"kind": "work", "duration": "0:40"}
REST = {"kind": "rest", "duration": 20}


def tables(**changes: object) -> dict[str, Any]:
    return {"name": "Circuit", "blocks": [{"repeat": 6, "phases": [deepcopy(WORK), deepcopy(REST)]}], **changes}


def refusals(data: dict[str, Any]) -> dict[str, str]:
    """Key path to message of everything refused in `data`."""
    with pytest.raises(ValidationError) as caught:
        parse_preset(data)
    return {".".join(map(str, error["loc"])): error["msg"] for error in caught.value.errors()}


def test_a_preset_has_the_units_of_its_attributes() -> None:
    block = {"repeat": 6, "sets": 3, "set_break": "1:30", "phases": [WORK, {"kind": "rest", "duration": "open"}]}
    preset, unknown = parse_preset(tables(blocks=[block], cues={"clapper_s": 5, "halfway": True}))
    assert unknown == {}
    assert preset.blocks[0].set_break_s == 90
    assert [phase.duration_s for phase in preset.blocks[0].phases] == [40, None]
    assert (preset.cues.countdown, preset.cues.clapper_s, preset.cues.halfway) == (True, 5, True)
    assert (preset.schema_version, preset.blocks[0].skip_last_rest, preset.description) == (1, True, "")


def test_a_description_may_have_several_lines() -> None:
    assert parse_preset(tables(description="One.\n\tTwo: 3 × 5 – hard."))[0].description.count("\n") == 1


def test_presets_are_frozen_and_made_by_attribute_in_python() -> None:
    phase = Phase(kind=PhaseKind.WORK, duration_s=30)
    preset = Preset(name="x", blocks=(Block(phases=(phase,)),))
    with pytest.raises(ValidationError, match="frozen"):
        preset.name = "y"  # type: ignore[misc]


def test_in_a_file_only_the_written_keys_count() -> None:
    assert "blocks.0.phases.0.duration_s" in refusals(
        tables(blocks=[{"phases": [{"kind": "work", "duration_s": 3, "duration": 3}]}])
    )
    assert "blocks.0.set_break_s" in refusals(tables(blocks=[{"set_break_s": 3, "phases": [WORK]}]))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (tables(nme="x"), "nme"),
        (tables(name=" "), "name"),
        (tables(name="a\nb"), "name"),
        (tables(name="x" * 61), "name"),
        (tables(description="\x1b[2J"), "description"),
        (tables(blocks=[]), "blocks"),
        (tables(blocks=[{"phases": []}]), "blocks.0.phases"),
        (tables(blocks=[{"phases": [WORK], "repeat": 0}]), "blocks.0.repeat"),
        (tables(blocks=[{"phases": [WORK], "repeat": 2.0}]), "blocks.0.repeat"),
        (tables(blocks=[{"phases": [WORK], "repeat": True}]), "blocks.0.repeat"),
        (tables(blocks=[{"phases": [WORK], "sets": 1000}]), "blocks.0.sets"),
        (tables(blocks=[{"phases": [WORK], "set_break": "open"}]), "blocks.0.set_break"),
        (tables(blocks=[{"phases": [WORK], "skip_last_rest": "no"}]), "blocks.0.skip_last_rest"),
        (tables(blocks=[{"phases": [{**WORK, "kind": "wrk"}]}]), "blocks.0.phases.0.kind"),
        (tables(blocks=[{"phases": [{**WORK, "duration": "-3:00"}]}]), "blocks.0.phases.0.duration"),
        (tables(blocks=[{"phases": [{"kind": "work"}]}]), "blocks.0.phases.0.duration"),
        (tables(cues={"clapper_s": -1}), "cues.clapper_s"),
        (tables(cues={"clapper_s": float("inf")}), "cues.clapper_s"),
        (tables(cues={"clapper_s": True}), "cues.clapper_s"),
        (tables(schema_version=0), "schema_version"),
        (tables(schema_version="1"), "schema_version"),
        (tables(music={"pins": {"work": ""}}), "music.pins.work"),
        (tables(music={"pins": {"wrok": "a"}}), "music.pins.wrok.[key]"),
    ],
)
def test_refuses_by_key_path(data: dict[str, Any], path: str) -> None:
    assert path in refusals(data)


@pytest.mark.parametrize("label", ["Round {n} of {total}", "Set {set} of {sets}", "{{literal}}", ""])
def test_labels_may_have_the_known_placeholders(label: str) -> None:
    assert parse_preset(tables(blocks=[{"phases": [{**WORK, "label": label}]}]))[0].blocks[0].phases[0].label == label


@pytest.mark.parametrize(
    "label", ["{foo}", "{}", "{0}", "{n!r}", "{n:>999999999}", "{n.__class__}", "{n[0]}", "{n", "n}", "\x1b[2J"]
)
def test_labels_with_anything_else_in_braces_are_refused(label: str) -> None:
    assert set(refusals(tables(blocks=[{"phases": [{**WORK, "label": label}]}]))) >= {"blocks.0.phases.0.label"}


def test_a_billion_repeats_are_refused() -> None:
    found = refusals(tables(blocks=[{"repeat": 10**9, "sets": 10**9, "phases": [WORK]}]))
    assert found["blocks.0.repeat"].endswith("999")


def test_repeats_times_sets_are_bounded_without_being_built() -> None:
    assert (
        "998,001 phases"
        in refusals(tables(blocks=[{"repeat": 999, "sets": 999, "phases": [{**WORK, "duration": 1}]}]))[""]
    )


def test_the_most_phases_and_the_longest_day_are_allowed_and_no_more() -> None:
    second = Phase(kind=PhaseKind.WORK, duration_s=1)
    most = Preset(name="x", blocks=(Block(repeat=500, phases=(second,) * 4),))
    assert len(compile_timeline(most).segments) == MOST_SEGMENTS
    with pytest.raises(ValidationError, match="2,001 phases"):
        Preset(name="x", blocks=(*most.blocks, Block(phases=(second,))))
    hour = Phase(kind=PhaseKind.WORK, duration_s=3600)
    Preset(name="x", blocks=(Block(repeat=24, phases=(hour,)),))
    with pytest.raises(ValidationError, match="lasts 24:00:01"):
        Preset(name="x", blocks=(Block(repeat=24, phases=(hour,)), Block(phases=(second,))))


@st.composite
def phases(draw: st.DrawFn) -> Phase:
    length_s = draw(st.one_of(st.none(), st.integers(1, 60).map(float)))
    return Phase(kind=draw(st.sampled_from(PhaseKind)), duration_s=length_s)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    return Block(
        repeat=draw(st.integers(1, 5)),
        sets=draw(st.integers(1, 3)),
        set_break_s=draw(st.sampled_from([None, 30.0])),
        skip_last_rest=draw(st.booleans()),
        phases=tuple(draw(st.lists(phases(), min_size=1, max_size=4))),
    )


@settings(deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=3).map(tuple))
def test_counts_and_lengths_are_those_of_the_timeline(made: tuple[Block, ...]) -> None:
    preset = Preset(name="x", blocks=made)
    timeline = compile_timeline(preset)
    assert sum(block.segment_count for block in made) == len(timeline.segments) > 0
    assert preset.total_s == pytest.approx(timeline.total_s)


def test_the_last_rest_of_each_set_is_dropped_but_a_block_of_rests_keeps_it() -> None:
    work, rest = Phase(kind=PhaseKind.WORK, duration_s=30), Phase(kind=PhaseKind.REST, duration_s=10)
    assert Block(repeat=2, sets=2, phases=(work, rest)).segment_count == 6
    assert Block(repeat=2, sets=2, phases=(work, rest), set_break_s=60).total_s == 200
    assert Block(repeat=2, phases=(work, rest), skip_last_rest=False).segment_count == 4
    assert Block(phases=(rest,)).segment_count == 1
    assert Block(phases=(rest, work)).segment_count == 2


class TestNewerSchema:
    def test_keeps_and_names_what_it_does_not_know_at_any_depth(self) -> None:
        data = tables(schema_version=2, colour="red", cues={"gong": {"at": 3}})
        data["blocks"][0]["tempo"] = 140
        data["blocks"][0]["phases"][1]["posture"] = [1, 2]
        original = deepcopy(data)
        preset, unknown = parse_preset(data)
        assert unknown == {
            "colour": "red",
            "cues.gong": {"at": 3},
            "blocks.0.tempo": 140,
            "blocks.0.phases.1.posture": [1, 2],
        }
        assert data == original
        expected = {**tables(), "schema_version": 2}
        assert preset == parse_preset(expected)[0]

    def test_what_is_known_must_still_be_right(self) -> None:
        found = refusals(tables(schema_version=2, colour="red", cues={"countdown": "yes"}))
        assert set(found) == {"cues.countdown"}

    def test_a_true_version_is_no_number(self) -> None:
        assert set(refusals(tables(schema_version=True, colour="red"))) >= {"schema_version", "colour"}


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "blocks", "phases", "kind", "duration", "schema_version", "zz"]), inner, max_size=4
        ),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["name", "blocks", "cues", "music", "schema_version", "zz"]), json))
def test_anything_is_either_a_preset_or_refused(data: dict[str, Any]) -> None:
    try:
        preset, _ = parse_preset(data)
    except ValidationError:
        return
    assert preset.blocks
