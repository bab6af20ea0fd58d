"""When the announcer says what."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.media.cue_files import clip_length_s
from nbd_tui.model.units import Seconds
from nbd_tui.paths import asset
from nbd_tui.session.announcer import in_words
from nbd_tui.store.presets import load_preset_file
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import DueCue, Engine
from nbd_tui.workout.phrases import PAUSE, Label, Phrase
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.speech import Occasion, Remark, Utterance, Voice, plan_speech, say_key
from nbd_tui.workout.timeline import CueKind
from tests.unit.workout.playing import COOL_DOWN, PREPARE, REST, T0, WORK, engine_of
from tests.unit.workout.strategies import presets

WORD_S = {file.stem: clip_length_s(file) for file in Path(asset("voice")).glob("*.wav")}
LABEL_S: Seconds = 1.6


def length_of(phrase: Phrase) -> Seconds | None:
    return sum(LABEL_S if isinstance(word, Label) else 0.2 if word == PAUSE else WORD_S[word] for word in phrase)


WORDS, LABELS = Voice(length_of), Voice(length_of, labels=True)


def occasion(engine: Engine, now: float = T0, **more: object) -> Occasion:
    upcoming = engine.upcoming(now)
    values: dict[str, object] = {"begin": now, "cues": upcoming.cues, **more}
    return Occasion(engine.timeline.segments, upcoming.segments, **values)  # type: ignore[arg-type]


def said(engine: Engine, voice: Voice = WORDS, now: float = T0, **more: object) -> list[tuple[float, str]]:
    return [(round(one.at - T0, 1), in_words(one.phrase)) for one in plan_speech(occasion(engine, now, **more), voice)]


def words(engine: Engine, voice: Voice = WORDS) -> list[str]:
    return [text for _, text in said(engine, voice)]


def builtin(name: str) -> Engine:
    return Engine(compile_timeline(load_preset_file(asset("presets", f"{name}.toml"), builtin=True).preset))


def rounds(noun: str, count: int, between: list[str], after_each: list[str]) -> list[str]:
    names = [f"{noun} {number}" for number in range(1, count)] + [f"last {noun}"]
    return [text for name in names for text in (name, *after_each, *between)][: -len(between) or None]


def test_a_boxing_match_in_exact_words() -> None:
    expected = [*rounds("round", 12, ["rest"], ["10 seconds"])]
    assert words(builtin("boxing-12x3")) == ["get ready", "warm up", *expected, "cool down", "workout complete"]


@pytest.mark.parametrize(("name", "count"), [("boxing-3x2", 3), ("mma-3x5", 3), ("mma-5x5", 5), ("demo", 2)])
def test_other_fights_in_exact_words(name: str, count: int) -> None:
    expected = [*rounds("round", count, ["rest"], ["10 seconds"])]
    assert words(builtin(name)) == ["get ready", "warm up", *expected, "cool down", "workout complete"]


def test_tabata_in_exact_words() -> None:
    assert words(builtin("tabata")) == ["get ready", *rounds("round", 8, ["rest"], []), "workout complete"]


def test_minutes_in_exact_words_each_after_its_bell() -> None:
    engine = builtin("emom-10")
    expected = rounds("minute", 10, [], ["10 seconds"])
    assert words(engine) == ["get ready", *expected, "cool down", "workout complete"]
    second = next(at for at, text in said(engine) if text == "minute 2")
    assert 10 + 60 + 0.5 <= second <= 10 + 60 + 1.0


def test_a_circuit_in_exact_words() -> None:
    stations = [
        text
        for name in [*(f"station {n}" for n in range(2, 6)), "last station"]
        for text in ("rest", name, "10 seconds")
    ]
    assert words(builtin("circuit")) == [
        "get ready", "warm up",
        "set 1, station 1", "10 seconds", *stations, "break",
        "set 2, station 1", "10 seconds", *stations, "break",
        "last set, station 1", "10 seconds", *stations, "cool down", "workout complete",
    ]  # fmt: skip


def test_open_sets_are_announced_up_to_the_first_of_which_the_end_is_not_known() -> None:
    assert words(builtin("strength")) == ["get ready", "warm up", "set 1"]


def test_labels_in_exact_words() -> None:
    assert words(builtin("boxing-3x2"), LABELS) == [
        "Gloves on", "Shadow boxing", *rounds("round", 3, ["rest"], ["10 seconds"]),
        "Walk it off, stretch", "workout complete",
    ]  # fmt: skip


def test_work_is_announced_before_its_countdown_and_rest_after_its_bell() -> None:
    timed = said(engine_of(PREPARE, WORK, REST, WORK, COOL_DOWN))
    ends = {text: (at, text) for at, text in reversed(timed)}
    round_one, rest, ten = ends["round 1"], ends["rest"], ends["10 seconds"]
    assert round_one[0] + WORD_S["round"] + WORD_S["1"] == pytest.approx(7 - 0.4, abs=0.1)
    assert 50 + 1.0 <= rest[0] <= 50 + 1.3
    assert 40 + 0.4 <= ten[0] <= 40 + 0.7
    assert ends["workout complete"][0] == pytest.approx(50 + 20 + 40 + 60 + 1.9, abs=0.1)


def test_without_a_countdown_it_is_said_just_before_the_bell() -> None:
    timed = said(engine_of(PREPARE, WORK, WORK, countdown=False))
    assert timed[1][1] == "round 1"
    assert timed[1][0] + WORD_S["round"] + WORD_S["1"] == pytest.approx(10 - 0.4, abs=0.1)


def test_in_a_very_short_rest_only_what_comes_is_said() -> None:
    short = {"kind": "rest", "duration": 4}
    assert words(engine_of(WORK, short, WORK)) == [
        "round 1", "10 seconds", "last round", "10 seconds", "workout complete",
    ]  # fmt: skip


def test_what_does_not_fit_before_the_bell_is_said_after_it() -> None:
    shortest = {"kind": "rest", "duration": 1.5}
    timed = said(engine_of(WORK, shortest, WORK))
    assert [text for _, text in timed] == ["round 1", "10 seconds", "last round", "10 seconds", "workout complete"]
    assert timed[2][0] > 41.5


def test_halfway_is_said_where_the_preset_sounds_it() -> None:
    assert "halfway" not in words(engine_of(WORK))
    assert "halfway" in words(engine_of(WORK, halfway=True))


def test_other_seconds_left_are_said_as_they_are() -> None:
    assert "15 seconds" in words(engine_of(WORK, clapper_s=15.0))
    assert "10 seconds" not in words(engine_of(WORK, clapper_s=15.0))
    assert not [text for text in words(engine_of(WORK, clapper_s=14.5)) if "seconds" in text]


def test_a_short_label_is_taken_where_the_long_one_does_not_fit() -> None:
    tight = {"kind": "rest", "duration": 8}
    squats = {"kind": "work", "duration": 40, "label": "Squats"}
    slow = Voice(lambda phrase: 9.0 if any(isinstance(word, Label) for word in phrase) else length_of(phrase), True)
    assert "last round" in words(engine_of(squats, tight, squats), slow)
    assert "Squats" in words(engine_of(squats, tight, squats), LABELS)


def test_what_cannot_be_said_is_left_out_and_the_rest_is_said() -> None:
    mute = Voice(lambda phrase: None if "rest" in phrase else length_of(phrase))
    assert words(engine_of(WORK, REST, WORK), mute) == [
        "round 1", "10 seconds", "last round", "10 seconds", "workout complete",
    ]  # fmt: skip


def test_nothing_begins_before_the_moment_it_can_be_heard_and_a_missed_round_comes_after_its_bell() -> None:
    engine = engine_of(PREPARE, WORK)
    engine.start(T0)
    engine.advance(T0 + 8)
    timed = said(engine, now=T0 + 8.0)
    assert timed[0][1] == "work"
    assert 10.5 <= timed[0][0] <= 11.0


def test_what_has_been_said_is_not_said_again() -> None:
    engine = engine_of(PREPARE, WORK)
    bell = next(cue for cue in engine.upcoming(T0).cues if cue.cue.kind is CueKind.ROUND_START)
    heard = {say_key(bell.key): (T0 + 5.0, T0 + 6.0)}
    assert "work" not in [text for _, text in said(engine, heard=heard)]


def test_a_remark_waits_for_the_beeps() -> None:
    engine = engine_of(PREPARE, WORK)
    engine.start(T0)
    engine.advance(T0 + 8.8)
    remark = Remark("r", T0 + 8.8, (("go",),))
    (spoken,) = [one for one in plan_speech(occasion(engine, T0 + 8.8, remarks=(remark,)), WORDS) if one.key == "r"]
    assert spoken.at == pytest.approx(T0 + 9.35, abs=0.01)
    assert spoken.end < T0 + 10


def test_seconds_left_that_would_run_into_the_countdown_are_not_said() -> None:
    assert "5 seconds" in words(engine_of(WORK, clapper_s=5.0))
    assert "4 seconds" not in words(engine_of(WORK, clapper_s=4.0))


def test_a_label_that_would_run_into_the_countdown_gives_way_to_the_kind() -> None:
    warm_up = {"kind": "warm-up", "duration": 10, "label": "Rope"}
    long = Voice(lambda phrase: 7.0 if isinstance(phrase[0], Label) else length_of(phrase), labels=True)
    assert words(engine_of(warm_up, WORK), long)[0] == "warm up"


@settings(max_examples=60)
@given(presets(), st.booleans(), st.floats(0.0, 60.0), st.floats(0.3, 6.0))
def test_utterances_keep_clear_of_each_other_of_beeps_and_of_the_ends_of_phases(
    preset: Preset, labels: bool, later_s: float, label_s: float
) -> None:
    engine = Engine(compile_timeline(preset))
    engine.start(T0)
    engine.advance(T0 + later_s)
    voice = Voice(
        lambda phrase: sum(label_s if isinstance(w, Label) else 0.2 if w == PAUSE else WORD_S[w] for w in phrase),
        labels=labels,
    )
    upcoming = engine.upcoming(T0 + later_s)
    spoken = plan_speech(occasion(engine, T0 + later_s), voice)
    assert list(spoken) == sorted(spoken, key=lambda one: one.at)
    assert len({one.key for one in spoken}) == len(spoken)
    cues = {say_key(cue.key): cue for cue in upcoming.cues}
    following = [one.at for one in spoken[1:]] + [float("inf")]
    for one, after in zip(spoken, following, strict=False):
        assert one.at >= T0 + later_s
        assert after >= one.end + 0.25 - 1e-6
        assert not [cue for cue in upcoming.cues if cue.at - 0.1 < one.end and one.at < cue.at + attack_s(cue)]
        assert is_within(one, cues[one.key], engine, later_s)


def attack_s(cue: DueCue) -> Seconds:
    return 0.3 if cue.cue.kind is CueKind.COUNTDOWN else 0.35


def is_within(one: Utterance, cue: DueCue, engine: Engine, later_s: float) -> bool:
    if cue.cue.kind is CueKind.FINISH:
        return one.at > cue.at
    spans = [(run.start_at, run.end_at or float("inf")) for run in engine.upcoming(T0 + later_s).segments]
    return any(start - 1e-9 <= one.at and one.end <= end + 1e-9 for start, end in spans)
