"""The quick form: numbers into a preset and back, and what it understands of what is typed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.arc import Arc
from nbd_tui.paths import asset
from nbd_tui.store.presets import load_presets
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.duration import parse_duration
from nbd_tui.workout.music import PinWish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, CueSettings, Phase, Preset, PresetMusic
from nbd_tui.workout.quick import QuickForm, form_of, length_text, preset_of, suggested_name
from nbd_tui.workout.quick_text import HELP, QuickField, draft_of, read_draft
from tests.unit.workout.strategies import presets

LENGTHS = st.integers(1, 5_000).map(lambda tenths: tenths / 10)
OPEN_OR_LENGTH = st.one_of(LENGTHS, st.none())
ANY_LENGTH = st.one_of(OPEN_OR_LENGTH, st.just(0.0))


def forms() -> st.SearchStrategy[QuickForm]:
    return st.builds(
        QuickForm,
        name=st.text("abc ×/", min_size=1, max_size=20).map(str.strip).filter(bool),
        rounds=st.integers(1, 20),
        work_s=OPEN_OR_LENGTH,
        rest_s=ANY_LENGTH,
        sets=st.integers(1, 4),
        set_rest_s=st.one_of(LENGTHS, st.just(0.0)),
        warm_up_s=ANY_LENGTH,
        cool_down_s=ANY_LENGTH,
        prepare_s=ANY_LENGTH,
    )


def expressible() -> st.SearchStrategy[Preset]:
    """Presets with a form, made of whatever phases and blocks come along."""
    return st.one_of(presets().filter(lambda preset: form_of(preset) is not None), forms().map(preset_of))


RICH = Preset(
    name="Rich",
    description="Keep me.",
    cues=CueSettings(countdown=False, clapper_s=5, halfway=True),
    music=PresetMusic(pins={PhaseKind.WORK: PinWish(path="~/heavy")}, arc=Arc.PYRAMID, outliers=0),
    blocks=(
        Block(phases=(Phase(kind=PhaseKind.WARM_UP, duration_s=60.0, label="Rope"),)),
        Block(
            repeat=3,
            skip_last_rest=False,
            music=PinWish(album="Mezzanine"),
            round_music={3: PinWish(path="last.mp3", drop_s=83.0)},
            phases=(
                Phase(kind=PhaseKind.WORK, duration_s=180.0, label="Round {n}", music=PinWish(path="x.mp3")),
                Phase(kind=PhaseKind.REST, duration_s=60.0, label="Corner"),
            ),
        ),
    ),
)
"""Says much that the form does not show."""


@given(forms())
def test_a_form_comes_back_from_its_preset(form: QuickForm) -> None:
    assert form_of(preset_of(form)) == form


@given(expressible())
def test_a_preset_with_a_form_comes_back_from_it_unchanged(preset: Preset) -> None:
    form = form_of(preset)
    assert form is not None
    assert preset_of(form, preset) == preset


@given(forms(), expressible())
def test_any_form_can_be_laid_over_any_preset_that_has_one(form: QuickForm, base: Preset) -> None:
    changed = preset_of(form, base)
    assert form_of(changed) == form
    assert (changed.cues, changed.music, changed.description) == (base.cues, base.music, base.description)


@given(forms())
def test_a_draft_is_understood_as_the_form_it_shows(form: QuickForm) -> None:
    reading = read_draft(draft_of(form))
    assert reading.complaint == ""
    assert reading.preset == preset_of(form)


@given(expressible())
def test_an_untouched_draft_changes_nothing(preset: Preset) -> None:
    form = form_of(preset)
    assert form is not None
    assert read_draft(draft_of(form), preset).preset == preset


@given(st.dictionaries(st.sampled_from(list(QuickField)), st.text(max_size=70)))
def test_whatever_is_typed_is_understood_or_complained_of(typed: dict[QuickField, str]) -> None:
    reading = read_draft({**draft_of(QuickForm("Any")), **typed})
    assert set(reading.notes) == set(QuickField)
    assert (reading.preset is None) == bool(reading.complaint)
    for field, note in reading.notes.items():
        assert not note.wrong or field in typed
        assert note.text or field is QuickField.NAME


def test_every_built_in_preset_has_a_form() -> None:
    for loaded in load_presets(asset("presets") / "none").loaded:
        form = form_of(loaded.preset)
        assert form is not None, loaded.id
        assert preset_of(form, loaded.preset) == loaded.preset


def test_what_the_form_does_not_show_stays() -> None:
    form = form_of(RICH)
    assert form is not None
    changed = preset_of(replace(form, rounds=4, rest_s=None, prepare_s=10.0), RICH)
    assert changed.blocks[0].phases[0] == Phase(kind=PhaseKind.PREPARE, duration_s=10.0)
    assert changed.blocks[0].phases[1].label == "Rope"
    assert changed.blocks[1].skip_last_rest is False
    assert [phase.label for phase in changed.blocks[1].phases] == ["Round {n}", "Corner"]
    assert changed.blocks[1].phases[1].duration_s is None
    without = preset_of(replace(form, warm_up_s=0.0, rest_s=0.0), RICH)
    assert [[phase.kind.value for phase in block.phases] for block in without.blocks] == [["work"]]


WORK = Phase(kind=PhaseKind.WORK, duration_s=60.0)
REST = Phase(kind=PhaseKind.REST, duration_s=30.0)
WARM_UP = Phase(kind=PhaseKind.WARM_UP, duration_s=60.0)
PREPARE = Phase(kind=PhaseKind.PREPARE, duration_s=5.0)
BREAK = Phase(kind=PhaseKind.BREAK, duration_s=60.0)


@pytest.mark.parametrize(
    "blocks",
    [
        (Block(phases=(WORK, WORK)),),
        (Block(phases=(REST, WORK)),),
        (Block(phases=(WORK, BREAK)),),
        (Block(phases=(WORK,)), Block(phases=(WORK,))),
        (Block(phases=(WARM_UP, PREPARE)), Block(phases=(WORK,))),
        (Block(phases=(WARM_UP,), repeat=2), Block(phases=(WORK,))),
        (Block(phases=(WARM_UP,), set_break_s=5.0), Block(phases=(WORK,))),
        (Block(phases=(WARM_UP, WARM_UP)), Block(phases=(WORK,))),
        (Block(phases=(WORK,)), Block(phases=(WARM_UP,))),
        (Block(phases=(WARM_UP, WORK)),),
        (Block(phases=(REST,)),),
    ],
)
def test_more_than_the_form_can_show_has_no_form(blocks: tuple[Block, ...]) -> None:
    preset = Preset(name="More", blocks=blocks)
    assert form_of(preset) is None
    with pytest.raises(ValueError, match="without a form"):
        preset_of(QuickForm("x"), preset)


def test_warm_up_and_prepare_may_stand_in_blocks_of_their_own() -> None:
    preset = Preset(name="Apart", blocks=(Block(phases=(PREPARE,)), Block(phases=(WARM_UP,)), Block(phases=(WORK,))))
    form = form_of(preset)
    assert form is not None
    assert (form.prepare_s, form.warm_up_s) == (5.0, 60.0)
    assert preset_of(form, preset) == preset


def test_the_numbers_mean_what_they_say() -> None:
    form = QuickForm(
        "x", rounds=6, work_s=40.0, rest_s=20.0, sets=3, set_rest_s=90.0, warm_up_s=120.0, cool_down_s=60.0
    )
    segments = compile_timeline(preset_of(form)).segments
    lengths = [(segment.kind.value, segment.duration_s) for segment in segments]
    one_set = [("work", 40.0), ("rest", 20.0)] * 5 + [("work", 40.0)]
    assert lengths == [
        ("prepare", 10.0), ("warm-up", 120.0),
        *one_set, ("break", 90.0), *one_set, ("break", 90.0), *one_set,
        ("cool-down", 60.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "5 × 3:00 / 1:00"),
        ({"rest_s": 0.0}, "5 × 3:00"),
        ({"work_s": None, "rest_s": 90.0}, "5 × open / 1:30"),
        ({"rounds": 6, "work_s": 40.0, "rest_s": 20.0, "sets": 3}, "3 × (6 × 0:40 / 0:20)"),
    ],
)
def test_the_name_is_made_of_the_numbers(changes: dict[str, float], name: str) -> None:
    form = replace(QuickForm(""), **changes)  # type: ignore[arg-type]
    assert suggested_name(form) == name
    reading = read_draft(draft_of(form))
    assert reading.preset is not None
    assert reading.preset.name == name
    assert reading.name == name
    assert reading.notes[QuickField.NAME].text == "from the numbers"


@pytest.mark.parametrize(
    ("field", "text", "note"),
    [
        (QuickField.WORK, "90", "→ 1:30"),
        (QuickField.WORK, "1m30", "→ 1:30"),
        (QuickField.WORK, " OPEN ", "→ open, until done"),
        (QuickField.WORK, "3", "→ 0:03 (3m is minutes)"),
        (QuickField.WORK, "1:00:00", "→ 1:00:00"),
        (QuickField.REST, "", "→ none"),
        (QuickField.REST, "0:00", "→ none"),
        (QuickField.REST, "None", "→ none"),
        (QuickField.SET_REST, "2m", "→ 2:00, from 2 sets on"),
        (QuickField.ROUNDS, "1", "→ 1 round"),
        (QuickField.ROUNDS, "12x", "→ 12 rounds"),
        (QuickField.SETS, "×3", "→ 3 sets"),
        (QuickField.NAME, "[/foo]", ""),
    ],
)
def test_a_field_echoes_what_it_understood(field: QuickField, text: str, note: str) -> None:
    reading = read_draft({**draft_of(QuickForm("Name")), field: text})
    assert (reading.notes[field].text, reading.notes[field].wrong) == (note, False)
    assert reading.preset is not None


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        (QuickField.WORK, "", "how long?"),
        (QuickField.WORK, "none", '"none" is not a length of time'),
        (QuickField.WORK, "1:75", '"1:75" has 75 seconds after the colon, and 59 is the most'),
        (QuickField.WORK, "-5", '"-5" means -5 s, but a length must be at least 0.1 s'),
        (QuickField.WORK, "99h", '"99h" means 99 hours, but 24 hours is the longest'),
        (QuickField.SET_REST, "open", "this rest cannot be open"),
        (QuickField.ROUNDS, "", "how many?"),
        (QuickField.ROUNDS, "0", "at least 1"),
        (QuickField.ROUNDS, "1000", "at most 999"),
        (QuickField.ROUNDS, "1.5", '"1.5" is no whole number'),
        (QuickField.NAME, "x" * 300, "300 characters, and 60 is the most"),
        (QuickField.NAME, "a\x1b[2Jb", "must be one line without control characters"),
    ],
)
def test_a_field_says_what_is_wrong_with_it(field: QuickField, text: str, problem: str) -> None:
    reading = read_draft({**draft_of(QuickForm("Name")), field: text})
    assert (reading.notes[field].text, reading.notes[field].wrong) == (problem, True)
    assert [other for other, note in reading.notes.items() if note.wrong] == [field]
    assert reading.preset is None
    assert reading.complaint == f"{field.value}: {problem}"


def test_a_workout_too_long_as_a_whole_is_no_fields_fault() -> None:
    draft = {**draft_of(QuickForm("Name")), QuickField.ROUNDS: "30", QuickField.WORK: "20h"}
    reading = read_draft(draft)
    assert not any(note.wrong for note in reading.notes.values())
    assert reading.complaint == "the workout lasts 600:29:10, and 24 hours is the most"
    assert reading.preset is None


def test_lengths_finer_than_a_clock_shows_survive() -> None:
    form = QuickForm("Fine", work_s=12.34567, prepare_s=0.0)
    assert read_draft(draft_of(form)).preset == preset_of(form)
    assert length_text(parse_duration("1m30")) == "1:30"


def test_every_field_says_what_it_takes() -> None:
    assert set(HELP) == set(QuickField)
