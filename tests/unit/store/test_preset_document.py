"""The text of a preset's file: written anew, and changed with the user's own words kept."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.errors import PresetError
from nbd_tui.model.arc import Arc
from nbd_tui.paths import asset
from nbd_tui.store.preset_document import changed_text, new_text
from nbd_tui.workout.music import BandWish, PinWish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, CueSettings, Phase, Preset, PresetMusic, parse_preset
from nbd_tui.workout.quick import QuickForm, form_of, preset_of
from tests.unit.workout.strategies import presets

COMMENTED = """\
# My Friday.
name = "Friday"   # as in the gym's plan

# Before it.
[[blocks]]
[[blocks.phases]]
kind = "prepare"
duration = 10 # seconds
# The rope.
[[blocks.phases]]
kind = "warm-up"
duration = "3m"

# The rounds.
[[blocks]]
repeat = 5 # rounds
[[blocks.phases]]
kind = "work"
duration = '3:00'
label = "Round {n}"
# Corner.
[[blocks.phases]]
kind = "rest"
duration = "1:00"
# The end.
"""

INLINE = """\
name = "Inline"
blocks = [ # all of them
  { repeat = 5, phases = [ { kind = "work", duration = 60 }, { kind = "rest", duration = 10 } ] }, # rounds
]
# end
"""


def read(text: str) -> Preset:
    return parse_preset(tomllib.loads(text))[0]


def changed(text: str, **changes: object) -> str:
    """The file after the form has changed it."""
    preset = read(text)
    form = form_of(preset)
    assert form is not None
    return changed_text(text, preset_of(replace(form, **changes), preset))  # type: ignore[arg-type]


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


RICH = st.builds(
    lambda preset, name, description, label, pin: preset.model_copy(
        update={
            "name": name,
            "description": description,
            "music": PresetMusic(
                pins={PhaseKind.WORK: PinWish(path=pin), PhaseKind.COOL_DOWN: PinWish(path="~/calm.m3u", from_s=62)},
                bands={PhaseKind.COOL_DOWN: BandWish(bpm=(50.5, 60)), PhaseKind.WORK: BandWish(energy=(0, 1))},
                arc=Arc.UNDERDOG,
                second_wind_s=0,
            ),
            "blocks": (
                *preset.blocks,
                Block(
                    phases=(Phase(kind=PhaseKind.WORK, duration_s=0.123456, label=label, music=PinWish(path=pin)),),
                    music=PinWish(album=name),
                    round_music={3: PinWish(path=pin, from_s=0.0, drop_s=83.5)},
                ),
            ),
        }
    ),
    presets(),
    st.sampled_from(["Plain", 'quo"ted', "back\\slash", "日本 [x] #no", "'single'"]),
    st.sampled_from(["", "two\nlines", "tab\there", '"""', "é"]),
    st.sampled_from(["", "{n} of {total}", "{{brace}}", "#1"]),
    st.sampled_from(["a", 'C:\\music "x"', "日本"]),
)


@given(RICH)
def test_a_new_file_says_what_the_preset_says(preset: Preset) -> None:
    assert read(new_text(preset)) == preset


@given(RICH, RICH)
def test_any_file_can_be_changed_into_any_preset(before: Preset, after: Preset) -> None:
    text = new_text(before)
    assert changed_text(text, before) == text
    assert read(changed_text(text, after)) == after


@given(presets(), presets())
def test_a_file_on_one_line_can_be_changed_too(before: Preset, after: Preset) -> None:
    blocks = [
        f"{{ repeat = {block.repeat}, sets = {block.sets}, phases = ["
        + ", ".join(f'{{ kind = "{phase.kind}", duration = "open" }}' for phase in block.phases)
        + "] }"
        for block in before.blocks
    ]
    text = f'name = "Any"\nblocks = [{", ".join(blocks)}]\n'
    assert read(changed_text(text, after)) == after


def test_a_new_file_looks_like_those_that_come_with_the_program() -> None:
    for file in asset("presets").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        assert new_text(read(text)) == text


def test_nothing_changed_is_nothing_written() -> None:
    assert changed(COMMENTED) == COMMENTED
    assert changed(INLINE) == INLINE


def test_only_what_changed_is_written_anew() -> None:
    text = changed(COMMENTED, rounds=7, rest_s=45.0)
    assert text == COMMENTED.replace("repeat = 5", "repeat = 7").replace('"1:00"', '"0:45"')


def test_the_same_length_keeps_the_way_it_was_written() -> None:
    text = changed(COMMENTED, name="Saturday")
    assert 'name = "Saturday"   # as in the gym\'s plan' in text
    assert 'duration = "3m"' in text
    assert "duration = 10 # seconds" in text


def test_comments_about_what_follows_outlive_what_they_follow() -> None:
    text = changed(COMMENTED, prepare_s=0.0, rest_s=0.0)
    kept = " ".join(comments(text))
    for comment in ("My Friday.", "Before it.", "The rope.", "The rounds.", "rounds", "Corner.", "The end."):
        assert comment in kept
    without = " ".join(comments(changed(COMMENTED, prepare_s=0.0, warm_up_s=0.0)))
    for comment in ("Before it.", "The rounds.", "Corner."):
        assert comment in without


def test_new_phases_come_where_they_belong() -> None:
    text = changed(changed(COMMENTED, prepare_s=0.0, warm_up_s=0.0), warm_up_s=60.0, cool_down_s=None, prepare_s=5.0)
    kinds = [[phase.kind.value for phase in block.phases] for block in read(text).blocks]
    assert kinds == [["prepare", "warm-up"], ["work", "rest"], ["cool-down"]]
    assert 'label = "Round {n}"' in text


def test_values_in_braces_keep_their_braces_and_comments() -> None:
    text = changed(INLINE, rounds=7, sets=2, set_rest_s=30.0, warm_up_s=60.0, rest_s=0.0)
    assert comments(text) == ["all of them", "rounds", "end"]
    assert "[[blocks]]" not in text


def test_keys_of_a_newer_schema_stay() -> None:
    text = "schema_version = 9\nmood = 'dark'\n" + COMMENTED.replace("repeat = 5", "repeat = 5\ntempo = 140")
    after = changed(text, rounds=3)
    assert "mood = 'dark'" in after
    assert "tempo = 140" in after
    assert tomllib.loads(after)["schema_version"] == 9


def test_back_to_a_default_takes_the_key_away() -> None:
    preset = read(COMMENTED)
    text = changed_text(COMMENTED, preset.model_copy(update={"cues": CueSettings(halfway=True, countdown=False)}))
    assert "[cues]" in text
    assert changed_text(text, preset).count("halfway") == 0


@pytest.mark.parametrize("text", ["", "x", "name = 5", 'name = "x"\nblocks = 3'])
def test_what_is_no_preset_is_left_alone(text: str) -> None:
    with pytest.raises(PresetError, match="without harm"):
        changed_text(text, preset_of(QuickForm("x")))


def test_what_no_file_can_say_is_refused() -> None:
    with pytest.raises(PresetError, match="cannot be written"):
        new_text(preset_of(QuickForm("x")).model_copy(update={"name": "x" * 300}))
